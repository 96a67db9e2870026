"""How a complaint finds its agency: rules and their order, areas, words, and how often it is right."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from functions.agency_routing.decide import GIVEN_BACK, TRIAGE, Facts, decide
from shared import config
from shared.jurisdiction import Jurisdiction, TextThresholds, When
from shared.text import Text
from tests.small_config import SEMARANG
from tests.unit.agency_routing.facts import agency, facts, rule, with_rules

SAMPLES = Path(__file__).parents[2] / "events" / "samples" / "complaints.jsonl"


@pytest.mark.parametrize(
    ("owner", "in_semarang", "in_jateng"),
    [
        ("kota", "semarang-dpu", "jateng-diskominfo"),
        ("kabupaten", "semarang-diskominfo", "jateng-diskominfo"),
        ("provinsi", "jateng-dpubmck", "jateng-dpubmck"),
        ("nasional", "jateng-sp4n", "jateng-sp4n"),
    ],
)
def test_a_damaged_road_goes_to_its_owner(owner, in_semarang, in_jateng):
    road = {"service_code": "jalan-rusak", "attributes": {"pemilik_jalan": owner}}
    assert agency("semarang", **road) == in_semarang
    assert agency("jateng", **road) == in_jateng


def test_the_reporters_answer_about_the_owner_outweighs_the_words():
    answer = {"pemilik_jalan": "kota"}
    said = "Jalan nasional katanya, tapi papan namanya jalan kota"
    assert agency("semarang", said, "jalan-rusak", attributes=answer) == "semarang-dpu"


def test_words_name_a_roads_owner_where_the_reporter_did_not():
    assert agency("semarang", "jln pantura berlubang", "jalan-rusak") == "jateng-sp4n"
    assert agency("semarang", "jalan provinsi ambles", "jalan-rusak") == "jateng-dpubmck"
    assert agency("semarang", "jalan ambles", "jalan-rusak") == "semarang-dpu"


def test_a_village_road_waits_for_an_operator_and_any_other_is_the_provinces():
    assert agency("jateng", "jalan desa kami rusak", "jalan-rusak") == "jateng-diskominfo"
    assert agency("jateng", "jalan rusak di Blora", "jalan-rusak") == "jateng-dpubmck"


@pytest.mark.parametrize(
    ("service_code", "expected"),
    [
        ("jalan-rusak", "semarang-dpu"),
        ("sampah", "semarang-dlh"),
        ("lampu-jalan", "semarang-disperkim"),
        ("parkir-liar", "semarang-dishub"),
        ("pkl", "semarang-satpolpp"),
        ("air-bersih", "semarang-pdam"),
        ("kependudukan", "semarang-dispendukcapil"),
        ("kebakaran", "semarang-damkar"),
    ],
)
def test_the_province_hands_the_citys_own_matters_to_the_city(service_code, expected):
    in_the_city = {"kabupaten_kota": "kota-semarang"}
    assert agency("jateng", "", service_code, attributes=in_the_city) == expected


def test_the_province_keeps_what_is_its_own_inside_the_city():
    in_the_city = {"kabupaten_kota": "kota-semarang"}
    assert agency("jateng", "", "upah-phk", attributes=in_the_city) == "jateng-disnakertrans"


@pytest.mark.parametrize(
    ("description", "service_code", "expected"),
    [
        ("SMAN 3 menahan ijazah", "sekolah", "jateng-disdikbud"),
        ("SMP 3 menahan rapor", "sekolah", "semarang-disdik"),
        ("pajak motor saya", "pajak-kendaraan", "jateng-bapenda"),
        ("halte trans jateng bocor", "transportasi-umum", "jateng-dishub"),
        ("halte bocor", "transportasi-umum", "semarang-dishub"),
        ("listrik padam", "listrik", "jateng-esdm"),
        ("galian c", "tambang", "jateng-esdm"),
        ("laporan polisi mandek", "kepolisian-hukum", "jateng-sp4n"),
        ("sertifikat tanah PTSL belum jadi", "perizinan", "jateng-sp4n"),
        ("izin usaha lama", "perizinan", "semarang-dpmptsp"),
    ],
)
def test_the_city_hands_over_what_is_not_its_own(description, service_code, expected):
    assert agency("semarang", description, service_code) == expected


def test_what_lies_outside_the_city_waits_for_an_operator():
    outside = {"kabupaten_kota": "kab-demak"}
    decision = decide(facts("", "sampah", attributes=outside), config.load("semarang"))
    assert (decision.agency, decision.rule) == ("semarang-diskominfo", "di-luar-kota")


# The order and the conditions of rules


def test_the_first_rule_that_holds_wins():
    first = rule("satu", "jateng-dinkes", category=("sampah",))
    second = rule("dua", "jateng-dlhk", category=("sampah",))
    asked = facts("", "sampah")
    assert decide(asked, with_rules(first, second)).rule == "satu"
    assert decide(asked, with_rules(second, first)).rule == "dua"


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        ({"kind": ("information",)}, False),
        ({"kind": ("aspiration", "complaint")}, True),
        ({"keywords": ("pasar", "terminal")}, True),
        ({"keywords": ("terminal",)}, False),
        ({"keywords": ("pas*",)}, True),
        ({"keywords": ("pasar joh*",)}, True),
        ({"not_keywords": ("pasar johar",)}, False),
        ({"not_keywords": ("terminal",)}, True),
        ({"area": ("kota-semarang", "kab-demak")}, True),
        ({"area": ("kab-demak",)}, False),
        ({"attributes": {"pemilik_jalan": ("kota", "provinsi")}}, True),
        ({"attributes": {"pemilik_jalan": ("nasional",)}}, False),
        ({"attributes": {"nomor_tiang": ("1",)}}, False),
        ({"keywords": ("pasar",), "kind": ("information",)}, False),
    ],
)
def test_a_rule_holds_when_all_its_conditions_do(when, holds):
    asked = facts("Pasar Johar kotor", "sampah", attributes={"pemilik_jalan": "kota"})
    decision = decide(asked, with_rules(rule("satu", "jateng-dlhk", **when)))
    assert decision.rule == ("satu" if holds else TRIAGE)


# Why


def test_a_decision_says_why_in_both_languages():
    asked = facts(
        "Pungutan liar di samsat", "jalan-rusak", attributes={"pemilik_jalan": "nasional"}
    )
    because = decide(asked, config.load("jateng")).because
    assert because.id.startswith("Jalan nasional")
    assert because.en.startswith("National roads")


def test_a_decision_from_words_names_them_and_the_category():
    because = decide(facts("rusunawa kami bocor"), config.load("semarang")).because
    assert because.id.startswith("Kata “rusunawa”")
    assert re.search(r"menunjuk pada kategori Rumah susun \(\d\d%\)\. Disperkim", because.id)
    assert because.en.startswith("The words “rusunawa”")
    assert re.search(r"point to the category Public housing blocks \(\d\d%\)\. ", because.en)


def test_a_decision_names_the_words_that_a_rule_asked_for():
    because = decide(facts("pantura rusak", "jalan-rusak"), config.load("jateng")).because
    assert because.id.startswith("Disebut “pantura”.")
    assert because.en.startswith("It mentions “pantura”.")


def test_of_many_words_that_a_rule_asked_for_five_are_named():
    numbers = ("satu", "dua", "tiga", "empat", "lima", "enam")
    asked = facts(" ".join(numbers), "sampah")
    because = decide(asked, with_rules(rule("satu", "jateng-dlhk", keywords=numbers))).because
    five = "“satu”, “dua”, “tiga”, “empat”, “lima”"
    assert because == Text(f"Disebut {five}. Sebab.", f"It mentions {five}. Because.")


# Triage


def test_what_nothing_points_to_goes_to_triage():
    decision = decide(facts("selamat pagi"), config.load("jateng"))
    assert (decision.agency, decision.rule) == ("jateng-diskominfo", TRIAGE)
    assert decision.service_code is None
    assert decision.because == Text(
        "Tidak ada aturan yang cocok; petugas akan memilah.",
        "No rule fits; an operator will sort it.",
    )


def test_words_that_point_two_ways_go_to_triage_with_the_alternatives():
    sure = TextThresholds(confidence=0.9)
    jurisdiction = config.load("semarang").model_copy(update={"text": sure})
    decision = decide(facts("sampah dan pohon", "lainnya"), jurisdiction)
    assert (decision.agency, decision.rule) == ("semarang-diskominfo", TRIAGE)
    assert decision.service_code == "lainnya"
    assert "Sampah" in decision.because.id
    assert "Taman dan pohon" in decision.because.id
    assert "Parks and trees" in decision.because.en
    assert len(decision.suggestions) == 3
    assert {code for code, _ in decision.suggestions[:2]} == {"sampah", "taman-pohon"}
    shares = [share for _, share in decision.suggestions]
    assert shares == sorted(shares, reverse=True)


def test_three_alternatives_are_named_strongest_first_and_alike_ones_by_their_codes():
    pattern = SEMARANG.categories[1]
    more = (
        pattern.model_copy(
            update={"service_code": code, "keywords": (code,), "name": Text(code, f"{code}-en")}
        )
        for code in ("pohon", "banjir", "taman")
    )
    fields = {name: getattr(SEMARANG, name) for name in Jurisdiction.model_fields}
    jurisdiction = Jurisdiction(**fields | {"categories": (*SEMARANG.categories, *more)})
    doubting = jurisdiction.model_copy(update={"text": TextThresholds(confidence=1.0)})
    because = decide(facts("taman, pohon, banjir, sampah"), doubting).because
    assert re.fullmatch(
        r"Belum pasti; kemungkinan: Sampah \(\d+%\), banjir \(\d+%\), pohon \(\d+%\)\.", because.id
    )
    assert re.fullmatch(
        r"Not certain; it may be: Waste \(\d+%\), banjir-en \(\d+%\), pohon-en \(\d+%\)\.",
        because.en,
    )


def test_one_weak_word_alone_goes_to_triage():
    assert decide(facts("truk"), config.load("semarang")).rule == TRIAGE


# How often it is right


@pytest.mark.parametrize(("half", "at_least"), [("open", 0.9), ("frozen", 0.9)])
def test_sample_complaints_reach_their_agency(half, at_least):
    """The frozen half measures; its texts are not for tuning, so only the figure is shown."""
    lines = SAMPLES.read_text(encoding="utf-8").splitlines()
    samples = [sample for sample in map(json.loads, lines) if sample["set"] == half]
    hits = sum(_is_right(sample) for sample in samples)
    accuracy = round(hits / len(samples), 3)
    print(f"{half}: {accuracy}")
    del lines, samples
    assert accuracy >= at_least


def _is_right(sample: dict[str, Any]) -> bool:
    submission = {"service_code": None, "description": "", **sample["submission"]}
    asked = {key: value for key, value in submission.items() if key in Facts.__slots__}
    return bool(agency(submission["jurisdiction_id"], **asked) == sample["expected_agency"])


def test_of_categories_as_likely_within_one_agency_the_hidden_one_decides_who_may_read():
    road = SEMARANG.categories[0]
    more = tuple(
        road.model_copy(update={"service_code": code, "keywords": (code,), "visibility": seen})
        for code, seen in (("alpha", "public"), ("beta", "secret"))
    )
    rule = SEMARANG.rules[0].model_copy(
        update={"id": "both", "when": When(category=("alpha", "beta"))}
    )
    fields = {name: getattr(SEMARANG, name) for name in Jurisdiction.model_fields}
    changed = {"categories": (*SEMARANG.categories, *more), "rules": (rule,)}
    decision = decide(facts("alpha beta"), Jurisdiction(**fields | changed))
    assert (decision.rule, decision.service_code) == ("both", "beta")


GRAFT = "petugas puskesmas minta sogokan biar dapat nomor antrean"


@pytest.mark.parametrize(
    "said",
    [
        GRAFT,
        "petugas kelurahan minta duit rokok 50rb buat stempel surat pengantar",
        "ngurus izin disuruh kasih amplop dulu ke petugas perizinan",
        "proyek jalan di mark up, fee 10 persen ke kepala dinas",
        "dana desa dikorupsi pak kades buat beli mobil",
    ],
)
@pytest.mark.parametrize("jurisdiction_id", ["semarang", "jateng"])
def test_who_tells_of_graft_is_not_sent_to_the_accused_in_the_open(jurisdiction_id, said):
    jurisdiction = config.load(jurisdiction_id)
    decision = decide(facts(said), jurisdiction)
    assert (decision.agency, decision.service_code) == (f"{jurisdiction_id}-inspektorat", "pungli")
    assert jurisdiction.category_by_code["pungli"].visibility == "secret"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("lampu jalan mati sebulan, jangan dikorupsi dong anggarannya", "semarang-disperkim"),
        ("jalan baru 2 bulan sudah berlubang lagi, kayaknya dikorupsi", "semarang-dpu"),
        ("tukang parkir minta uang lebih dari tarif, tidak dikasih karcis", "semarang-dishub"),
    ],
)
def test_who_grumbles_of_graft_by_the_way_still_reaches_who_mends_it(said, expected):
    assert agency("semarang", said) == expected


def test_words_that_prevail_are_told_without_a_share():
    because = decide(facts(GRAFT), config.load("semarang")).because
    assert because.id.startswith("Kata “sogok” menentukan kategori Pungutan liar dan korupsi. ")
    assert because.en.startswith("The words “sogok” decide the category Illegal levies and graft. ")


def test_words_that_prevail_leave_what_the_citizen_named():
    decision = decide(facts(GRAFT, "puskesmas"), config.load("semarang"))
    assert decision.service_code == "puskesmas"
    other = decide(facts(GRAFT, "lainnya"), config.load("semarang"))
    assert other.service_code == "pungli"


def test_a_category_that_is_gone_since_the_submission_counts_as_not_named():
    known = decide(facts("jalan berlubang"), SEMARANG)
    assert decide(facts("jalan berlubang", service_code="dulu-ada"), SEMARANG) == known


# What an agency gave back


@pytest.mark.parametrize(
    ("returned_by", "expected"),
    [
        ((), ("semarang-dpu", "jalan")),
        (("semarang-dlh",), ("semarang-dpu", "jalan")),
        (("semarang-dpu",), ("semarang-diskominfo", GIVEN_BACK)),
        (("semarang-dlh", "semarang-dpu"), ("semarang-diskominfo", GIVEN_BACK)),
    ],
)
def test_an_agency_that_gave_it_back_does_not_get_it_again(returned_by, expected):
    decision = decide(facts(service_code="jalan-rusak", returned_by=returned_by), SEMARANG)
    assert (decision.agency, decision.rule) == expected
    assert decision.service_code == "jalan-rusak"


def test_why_it_does_not_go_there_again_is_said_with_the_agencys_name():
    given_back = facts(service_code="jalan-rusak", returned_by=("semarang-dpu",))
    assert decide(given_back, SEMARANG).because == Text(
        "SEMARANG-DPU sudah mengembalikan laporan ini; petugas akan memilah.",
        "SEMARANG-DPU has given this back before; an operator will sort it.",
    )
    to_sp4n = SEMARANG.model_copy(update={"rules": (rule("nasional", "jateng-sp4n"),)})
    because = decide(facts(returned_by=("jateng-sp4n",)), to_sp4n).because
    assert because.en.startswith("jateng-sp4n has given this back")


def test_who_names_another_category_for_what_was_given_back_is_not_corrected_by_words():
    said = facts("pju mati, penerangan jalan padam, lampu jalan mati", service_code="ppdb")
    corrected = decide(said, config.load("semarang"))
    assert corrected.service_code == "lampu-jalan"
    again = decide(replace(said, returned_by=("semarang-disperkim",)), config.load("semarang"))
    assert (again.service_code, again.agency) == ("ppdb", "semarang-disdik")
