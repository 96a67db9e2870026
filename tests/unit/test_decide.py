"""How a complaint finds its agency: rules and their order, areas, words, and how often it is right."""

import json
import math
import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from functions.agency_routing import keywords, shipped, suggest, text
from functions.agency_routing.decide import GIVEN_BACK, TRIAGE, Facts, areas_of, decide
from shared import config
from shared.jurisdiction import Jurisdiction, Rule, TextThresholds, When
from shared.text import Text
from tests.small_config import SEMARANG

SAMPLES = Path(__file__).parents[2] / "events" / "samples" / "complaints.jsonl"
IN_SEMARANG = (-6.99, 110.42)
IN_SOLO = (-7.56, 110.82)


def facts(description: str = "", service_code: str | None = None, **others: Any) -> Facts:
    given = {
        "kind": "complaint",
        "address_string": None,
        "attributes": {},
        "lat": None,
        "long": None,
        **others,
    }
    return Facts(service_code=service_code, description=description, **given)


def agency(jurisdiction_id: str, *args: Any, **kwargs: Any) -> str:
    return decide(facts(*args, **kwargs), config.load(jurisdiction_id)).agency


def areas(**given: Any) -> frozenset[str]:
    jurisdiction = config.load("jateng")
    asked = facts(**given)
    words = text.read(asked.description, jurisdiction.language.spelling)
    return areas_of(asked, words, jurisdiction)


def with_rules(*rules: Rule, of: str = "jateng") -> Jurisdiction:
    return config.load(of).model_copy(update={"rules": rules})


def rule(name: str, to: str, **when: Any) -> Rule:
    return Rule(id=name, agency=to, when=When(**when), because=Text("Sebab.", "Because."))


# A named category


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


# Words


def test_every_run_of_up_to_four_words_is_a_phrase():
    words = ["satu", "dua", "tiga", "empat", "lima"]
    assert text.read(" ".join(words), {}).phrases == {
        " ".join(words[start:end])
        for start in range(5)
        for end in range(start + 1, min(start + 5, 6))
    }


def test_a_wildcard_takes_any_ending_but_no_shorter_beginning():
    assert text.read("pasar johar", {}).matches("pasar joh*")
    assert text.read("johar", {}).matches("johar*")
    assert not text.read("joha", {}).matches("johar*")
    assert not text.read("pasar jo", {}).matches("pasar joh*")


def test_the_two_words_of_a_pair_may_have_one_to_three_others_between():
    apart = text.roots(("satu", "dua", "tiga", "empat", "lima", "enam"), ()).apart
    assert {pair for pair in apart if pair.startswith("satu")} == {
        "satu tiga",
        "satu empat",
        "satu lima",
    }


@pytest.mark.parametrize(
    ("said", "score", "words"),
    [
        ("sampah", 1.0, ("sampah",)),
        ("sampah sampah sampah", 1.0, ("sampah",)),
        ("sampahnya", keywords.BY_ROOT, ("sampah",)),
        ("jalan berlubang", 2.0, ("jalan berlubang",)),
        ("jalanan lubang", 2.0, ("jalan berlubang",)),
        ("jalan sangat berlubang", 2.0 * keywords.APART, ("jalan berlubang",)),
        ("aspalnya", 1.0, ("aspal*",)),
        ("penerangan", 1.0, ("penerangan",)),
    ],
)
def test_a_keyword_weighs_its_words_less_if_they_stand_apart_or_only_the_root_is_there(
    said, score, words
):
    light = SEMARANG.categories[1].model_copy(
        update={"service_code": "lampu", "keywords": ("terang", "penerangan")}
    )
    jurisdiction = SEMARANG.model_copy(update={"categories": (*SEMARANG.categories, light)})
    (one,) = keywords.pointed(text.read(said, {}), jurisdiction).values()
    assert (one.points, one.words) == (score, words)


def test_words_just_clear_enough_are_clear_enough():
    cases = (
        ("confidence", facts("Sampah menumpuk"), "sampah", None),
        ("overrule", facts("Sampah menumpuk", "jalan-rusak"), "sampah", "jalan-rusak"),
    )
    words = text.read("Sampah menumpuk", SEMARANG.language.spelling)
    likeliest = suggest.ranked(words, SEMARANG, shipped.classifier())[0].confidence
    for name, asked, clear, unclear in cases:
        for threshold, code in ((likeliest, clear), (math.nextafter(likeliest, 1), unclear)):
            thresholds: dict[str, Any] = {"confidence": 0.1, "overrule": 0.1, name: threshold}
            jurisdiction = SEMARANG.model_copy(update={"text": TextThresholds(**thresholds)})
            assert decide(asked, jurisdiction).service_code == code, name


def test_words_name_the_category_that_the_citizen_did_not():
    decision = decide(facts("Sampah menumpuk di TPS"), config.load("semarang"))
    assert (decision.agency, decision.service_code) == ("semarang-dlh", "sampah")


def test_something_else_says_nothing_so_the_words_decide():
    decision = decide(facts("Sampah menumpuk di TPS", "lainnya"), config.load("semarang"))
    assert decision.service_code == "sampah"


@pytest.mark.parametrize(
    "said",
    [
        "lampu jalan mati sejak kemarin",
        "LAMPUNE DALAN MATI KAWIT WINGI!!!",
        "pju di gang kami paaadam",
        "lampu2 di jln kampung pada matiii",
        "lampu di depan rumah saya mati",
        "mohon terang jalan umum",
        "mohon penerangannya, jalanan gelap gulita",
    ],
)
def test_slang_javanese_typos_affixes_and_stems_are_read_alike(said):
    assert agency("semarang", said) == "semarang-disperkim"


@pytest.mark.parametrize(
    "forms",
    [
        ("aspal", "diaspal", "pengaspalan", "mengaspal"),
        ("terang", "penerangan", "menerangi", "diterangi"),
        ("rusak", "kerusakan", "merusak", "perusakan", "rusake"),
        ("baik", "perbaiki", "perbaikan", "diperbaiki", "memperbaiki"),
        ("bakar", "kebakaran", "dibakar", "membakar", "pembakaran", "terbakarnya"),
        ("keruk", "pengerukan", "mengeruk", "dikeruk"),
        ("duduk", "diduduki", "pendudukan"),
        ("sampah", "sampahe", "sampahnya"),
        ("tani", "petani", "pertanian"),
        ("sapu", "menyapu", "penyapu"),
    ],
)
def test_the_forms_of_a_word_have_one_root(forms):
    assert len({text.root(form) for form in forms}) == 1


@pytest.mark.parametrize("word", ["meter", "berat", "dinas", "beras", "ke", "rt", "112"])
def test_what_only_looks_like_an_affix_stays(word):
    assert text.root(word) == word


def test_an_abbreviation_keeps_its_repeated_letters():
    assert text.read("PPPK guruuu", {}).tokens == ("pppk", "guru")


def test_the_citizens_category_stands_where_any_word_fits_it():
    said = "KIS PBI nonaktif, UHC ditolak, bansos juga dicabut"
    assert agency("semarang", said, "bansos") == "semarang-dinsos"


def test_the_classifier_is_not_even_loaded_where_the_category_decides():
    def never() -> Any:
        raise AssertionError("loaded")

    asked = facts("KIS PBI nonaktif", "bpjs-kesehatan")
    assert decide(asked, config.load("semarang"), never).agency == "semarang-dinkes"


def test_a_named_category_without_a_rule_goes_to_triage_with_what_the_text_suggests():
    only = with_rules(rule("satu", "jateng-dlhk", category=("sampah",)))
    decision = decide(facts("jalan berlubang dan rusak parah", "jalan-rusak"), only)
    assert (decision.rule, decision.service_code) == (TRIAGE, "jalan-rusak")
    assert decision.suggestions[0][0] == "jalan-rusak"


def test_overwhelming_words_correct_a_category_that_none_of_them_fits():
    decision = decide(facts("KIS PBI nonaktif, BPJS ditolak", "makam"), config.load("semarang"))
    assert decision.agency == "semarang-dinkes"
    assert "BPJS" in decision.because.id


def test_a_few_words_do_not_correct_the_citizens_category():
    assert agency("semarang", "dokter lama", "makam") == "semarang-disperkim"


def test_what_was_filed_as_hidden_is_never_moved_into_the_open():
    said = "KIS PBI nonaktif, BPJS ditolak"
    assert agency("semarang", said, "perempuan-anak") == "semarang-dp3a"


def test_a_keyword_of_several_categories_is_shared_among_them():
    jurisdiction = config.load("semarang")
    words = text.read("truk", jurisdiction.language.spelling)
    found = keywords.pointed(words, jurisdiction)
    assert len(found) > 1
    assert sum(one.points for one in found.values()) == pytest.approx(1.0)


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


# The time of day


@pytest.mark.parametrize(
    ("when", "created_at", "holds"),
    [
        ({"weekdays": ("mon",)}, "2026-11-22T17:00:00+00:00", True),  # 00.00 WIB on Monday
        ({"weekdays": ("mon",)}, "2026-11-22T16:59:59+00:00", False),
        ({"weekdays": ("sat", "sun")}, "2026-11-22T16:59:59+00:00", True),
        ({"hours": ("07:00-15:30",)}, "2026-11-23T00:00:00+00:00", True),
        ({"hours": ("07:00-15:30",)}, "2026-11-22T23:59:59+00:00", False),
        ({"hours": ("07:00-15:30",)}, "2026-11-23T08:29:00+00:00", True),
        ({"hours": ("07:00-15:30",)}, "2026-11-23T08:30:00+00:00", False),
        ({"hours": ("22:00-05:00",)}, "2026-11-23T15:00:00+00:00", True),
        ({"hours": ("22:00-05:00",)}, "2026-11-23T21:59:00+00:00", True),
        ({"hours": ("22:00-05:00",)}, "2026-11-23T22:00:00+00:00", False),
        ({"hours": ("22:00-05:00", "06:00-07:00")}, "2026-11-22T23:30:00+00:00", True),
        ({"hours": ("22:00-05:00",), "weekdays": ("tue",)}, "2026-11-23T15:00:00+00:00", False),
        ({"hours": ("22:00-05:00",)}, None, False),
        ({"weekdays": ("mon",)}, None, False),
    ],
)
def test_a_rule_may_hold_on_some_weekdays_and_hours_of_western_indonesia(when, created_at, holds):
    at = datetime.fromisoformat(created_at) if created_at else None
    asked = facts("", "sampah", created_at=at)
    decision = decide(asked, with_rules(rule("satu", "jateng-dlhk", **when)))
    assert decision.rule == ("satu" if holds else TRIAGE)


# Areas


def test_the_attribute_outweighs_the_address():
    assert areas(
        attributes={"kabupaten_kota": "kab-demak"}, address_string="Jl. Pemuda, Kota Semarang"
    ) == {"kab-demak"}


def test_the_address_outweighs_the_point():
    lat, long = IN_SEMARANG
    assert areas(address_string="Mranggen, Demak", lat=lat, long=long) == {"kab-demak"}


def test_the_point_outweighs_the_description():
    lat, long = IN_SOLO
    assert areas(description="di Blora", lat=lat, long=long) == {"kota-surakarta"}


def test_the_description_is_asked_last():
    assert areas(description="di Blora", lat=-8.9, long=110.0) == {"kab-blora"}
    assert areas(description="di mana saja", lat=None, long=None) == frozenset()


@pytest.mark.parametrize(
    ("lat", "long", "inside"),
    [
        (-7.0, 110.4, True),
        (-7.1, 110.3, True),
        (-6.9, 110.5, True),
        (-7.11, 110.4, False),
        (-6.89, 110.4, False),
        (-7.0, 110.29, False),
        (-7.0, 110.51, False),
        (-7.0, None, False),
        (None, 110.4, False),
    ],
)
def test_a_point_lies_in_an_area_whose_box_holds_it_edges_included(lat, long, inside):
    area = SEMARANG.areas[0].model_copy(update={"boxes": ((-7.1, 110.3, -6.9, 110.5),)})
    jurisdiction = SEMARANG.model_copy(update={"areas": (area,)})
    found = areas_of(facts(lat=lat, long=long), text.read("", {}), jurisdiction)
    assert found == ({"kota-semarang"} if inside else frozenset())


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("di Semarang", {"kota-semarang"}),
        ("di kota semarang", {"kota-semarang"}),
        ("Kab. Semarang", {"kab-semarang"}),
        ("Ungaran, Semarang", {"kab-semarang"}),
        ("antara Semarang dan Demak", {"kab-demak"}),
        ("Banyumanik", {"kota-semarang"}),
    ],
)
def test_semarang_alone_is_the_city_unless_another_area_is_named(said, expected):
    assert areas(description=said) == expected


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
