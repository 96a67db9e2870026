"""The text classifier: what it sees in a text, its file, its scores, and who it suggests."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.agency_routing import classifier, shipped, suggest
from functions.agency_routing.classifier import (
    Classifier,
    Header,
    UnreadableModel,
    from_bytes,
    likelihoods,
    to_bytes,
)
from functions.agency_routing.decide import TRIAGE, Facts, decide
from functions.agency_routing.features import Feature, features, key_of
from functions.agency_routing.text import read
from shared import config
from tests.small_config import SEMARANG, changed

HEADER = Header(
    labels=("jalan-rusak", "sampah"),
    scales=(0.5, 0.25),
    biases=(-1.0, -0.5),
    pieces=False,
    texts=4,
    slope=2.0,
    keywords=0.25,
)


def a_model(**weights: tuple[int, int]) -> Classifier:
    """Return a model that knows these words, each of rarity 1."""
    rows = sorted((key_of(word), row) for word, row in weights.items())
    return Classifier(
        HEADER, [key for key, _ in rows], [16] * len(rows), [one for _, row in rows for one in row]
    )


SMALL = a_model(aspal=(4, -2), sampah=(-4, 8), bau=(0, 4))


def found(text: str, *, pieces: bool = False) -> list[Feature]:
    language = config.load("semarang").language
    return features(read(text, language.spelling), language.stop_words, pieces=pieces)


# Features


@pytest.mark.parametrize(
    ("raw", "prepared"),
    [
        ("JALANNYA RUSAAAK PARAH!!", "jalan rusak parah"),
        ("jln desa kami sdh rusak, mohon diperbaiki", "jalan desa rusak baik"),
        ("Sampahe ora diangkut2 min", "sampah angkut"),
        ("tolong pak, 3 lampu jalan di desa mati", "lampu jalan desa mati"),
    ],
)
def test_a_raw_text_and_a_prepared_one_have_the_same_features(raw, prepared):
    assert {one.key for one in found(raw)} == {one.key for one in found(prepared)}


def test_words_count_once_each_and_with_the_word_before():
    assert [(one.said, one.count) for one in found("sampah menumpuk sampah")] == [
        ("sampah", 2),
        ("menumpuk", 1),
        ("sampah menumpuk", 1),
        ("menumpuk sampah", 1),
    ]


def test_pieces_of_words_are_found_only_if_asked_for():
    assert {one.said for one in found("got", pieces=True)} == {"got"}
    keys = {one.key for one in found("got", pieces=True)}
    assert keys == {
        key_of(name) for name in ("got", "3_go", "3got", "3ot_", "4_got", "4got_", "5_got_")
    }
    assert len(found("got")) == 1


def test_a_features_key_is_the_same_in_every_process():
    assert key_of("jalan rusak") == 0xB228273B


# Scores


def test_a_text_scores_by_its_known_words_each_by_its_share():
    alone = SMALL.scores(SMALL.weighed(found("aspal")))
    assert alone == {"jalan-rusak": 4 * 0.5 - 1, "sampah": -2 * 0.25 - 0.5}
    both = SMALL.scores(SMALL.weighed(found("sampah bau entah apa")))
    assert both["sampah"] == pytest.approx((8 + 4) / 2**0.5 * 0.25 - 0.5)


def test_a_word_said_again_counts_but_less_than_the_first_time():
    weighed = SMALL.weighed(found("sampah sampah bau"))
    shares = {one.feature.said: one.share for one in weighed}
    assert shares["bau"] < shares["sampah"] < 2 * shares["bau"]


def test_a_text_of_unknown_words_scores_what_any_text_does():
    assert SMALL.weighed(found("qwerty")) == []
    assert SMALL.scores([]) == {"jalan-rusak": -1.0, "sampah": -0.5}


def test_the_words_that_speak_for_a_label_come_strongest_first():
    weighed = SMALL.weighed(found("aspal bau sampah"))
    assert [said for said, _ in SMALL.decisive(weighed, "sampah")] == ["sampah", "bau"]
    assert [said for said, _ in SMALL.decisive(weighed, "jalan-rusak")] == ["aspal"]
    values = [value for _, value in SMALL.decisive(weighed, "sampah")]
    assert values == pytest.approx([8 * 0.25 / 3**0.5, 4 * 0.25 / 3**0.5])


@given(st.dictionaries(st.text(max_size=3), st.floats(-700, 700), min_size=1, max_size=5))
def test_likelihoods_sum_to_one_in_the_order_of_the_odds(log_odds):
    likely = likelihoods(log_odds)
    assert sum(likely.values()) == pytest.approx(1)
    assert max(likely.values()) == likely[max(log_odds, key=log_odds.__getitem__)]


def test_nothing_has_no_likelihoods():
    assert likelihoods({}) == {}


# The file


def test_a_model_is_read_as_it_was_written():
    again = from_bytes(to_bytes(SMALL))
    assert again.header == SMALL.header
    assert list(again.keys) == list(SMALL.keys)
    assert list(again.rarities) == list(SMALL.rarities)
    assert list(again.weights) == list(SMALL.weights)


def test_a_model_is_the_same_file_on_a_machine_of_the_other_byte_order(monkeypatch):
    written = to_bytes(SMALL)
    body = written.partition(b"\n")[2]
    assert body[:4] == min(SMALL.keys).to_bytes(4, "little")
    monkeypatch.setattr("sys.byteorder", "big")
    turned = to_bytes(SMALL).partition(b"\n")[2]
    assert turned[:4] == min(SMALL.keys).to_bytes(4, "big")  # of this machine, turned
    assert list(from_bytes(to_bytes(SMALL)).keys) == list(SMALL.keys)


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"\n",
        b"not json\n",
        b"[]\n",
        b'{"form": "simpul-text-0"}\n',
        b'{"form": "simpul-text-1"}\n',
        b'{"form": "simpul-text-1", "colour": 1}\n',
        to_bytes(SMALL)[:-1],
        to_bytes(SMALL) + b"\0",
        "tidak".encode("utf-16") + b"\n",
    ],
)
def test_what_is_no_model_is_refused(broken):
    with pytest.raises(UnreadableModel):
        from_bytes(broken)


def test_the_shipped_model_is_small_and_knows_the_configured_categories():
    assert shipped.FILE.stat().st_size <= 1_000_000
    codes = {one.service_code for one in config.load("semarang").categories}
    assert set(shipped.classifier().header.labels) == codes
    line = shipped.FILE.read_bytes().partition(b"\n")[0]
    assert json.loads(line)["form"] == classifier.FORM


# Suggestions


def test_keywords_and_the_model_speak_together():
    text = "sampah di aspal yang bau"
    words = read(text, {})
    model = replace(SMALL, header=replace(HEADER, keywords=0.0))
    alone = suggest.ranked(words, SEMARANG, model)
    together = suggest.ranked(words, SEMARANG, SMALL)
    assert together[0].service_code == "sampah"

    def odds(ranked):
        share = {one.service_code: one.confidence for one in ranked}
        return share["sampah"] / share["pungli"]

    assert odds(together) > odds(alone)


def test_a_class_that_is_likelier_here_is_likelier_before_a_text_is_read():
    doubled = SEMARANG.text.model_copy(update={"prior": {"lingkungan": 2.0}})
    words = read("sampah di aspal", {})
    before = {one.service_code: one.confidence for one in suggest.ranked(words, SEMARANG, SMALL)}
    after = {
        one.service_code: one.confidence
        for one in suggest.ranked(words, changed(SEMARANG, id="lain", text=doubled), SMALL)
    }
    ratio = (after["sampah"] / after["jalan-rusak"]) / (before["sampah"] / before["jalan-rusak"])
    assert ratio == pytest.approx(2.0)


def test_a_category_that_the_model_has_not_learned_is_found_by_its_keywords():
    ranked = suggest.ranked(read("pungli pungli", {}), SEMARANG, SMALL)
    assert (ranked[0].service_code, ranked[0].words) == ("pungli", ("pungli",))
    others = {one.service_code: one for one in ranked}
    assert others["lainnya"].words == ()


def test_the_fewer_words_say_something_the_less_sure_a_suggestion_is():
    few = suggest.ranked(read("sampah", {}), SEMARANG, SMALL)
    more = suggest.ranked(read("bau sampah", {}), SEMARANG, SMALL)
    assert sum(one.confidence for one in few) == pytest.approx(0.5)
    assert sum(one.confidence for one in more) == pytest.approx(0.75)


def test_words_that_no_keyword_lists_are_the_models():
    ranked = suggest.ranked(read("bau bau", {}), SEMARANG, SMALL)
    by_code = {one.service_code: one for one in ranked}
    assert by_code["sampah"].words == ("bau",)


def test_where_no_word_says_anything_nothing_is_suggested():
    assert suggest.ranked(read("selamat pagi", {}), SEMARANG, SMALL) == []


def test_a_class_is_as_likely_as_its_categories_together():
    ranked = suggest.ranked(read("jalan sampah", {}), SEMARANG, SMALL)
    classes = suggest.by_class(ranked, SEMARANG)
    assert sum(classes.values()) == pytest.approx(sum(one.confidence for one in ranked))
    assert list(classes.values()) == sorted(classes.values(), reverse=True)
    jateng = config.load("jateng")
    ranked = suggest.ranked(read("jalan berlubang, lampu mati", {}), jateng, shipped.classifier())
    infrastructure = {
        one.service_code for one in jateng.categories if one.laporgub_class == "infrastruktur"
    }
    together = sum(one.confidence for one in ranked if one.service_code in infrastructure)
    assert suggest.by_class(ranked, jateng)["infrastruktur"] == pytest.approx(together)


def test_categories_as_likely_all_have_their_say():
    unsure = replace(SMALL, header=replace(HEADER, slope=0.0, keywords=0.0))
    asked = Facts(
        service_code=None,
        kind="complaint",
        description="aspal bau sampah",
        address_string=None,
        attributes={},
        lat=None,
        long=None,
    )
    decision = decide(asked, SEMARANG, lambda: unsure)
    assert decision.rule == TRIAGE
    shares = [share for _, share in decision.suggestions]
    assert shares == pytest.approx([0.875 / 4] * 3)
