"""A category is found in what citizens write, as they write it."""

import math
from typing import Any

import pytest

from functions.agency_routing import keywords, shipped, suggest, text
from functions.agency_routing.decide import TRIAGE, decide
from shared import config
from shared.jurisdiction import TextThresholds
from tests.small_config import SEMARANG
from tests.unit.agency_routing.facts import agency, facts, rule, with_rules


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
