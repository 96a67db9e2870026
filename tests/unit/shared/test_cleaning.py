"""Texts as they are kept: composed, without HTML and without what nobody sees."""

import re
import time
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.cleaning import absent_if_blank, cleaned

TAG = re.compile(r"<[A-Za-z/!?][^>]*>")
ENTITY = re.compile(r"&(#\d+|#[xX][0-9a-fA-F]+|\w+);")

#: What HTML is made of, so that any heap of it is drawn.
pieces = st.lists(
    st.sampled_from(["<b>", "</b>", "<script>", "</STYLE>", "<!--", "-->", "&lt;", "&gt;", "&amp;"])
    | st.text("<>/!?&;#60b -\u0301\u200b\x00\u0338", max_size=3)
    | st.text(max_size=3),
    max_size=14,
).map("".join)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Lampu <b>mati</b> total", "Lampu mati total"),
        ("<p>Lampu mati</p><p>sejak Senin</p>", "Lampu mati  sejak Senin"),
        ("Lampu<br>mati", "Lampu mati"),
        ("Lampu<BR/>mati", "Lampu mati"),
        ('<a href="https://contoh.id/?a=1&b=2" title="x">di sini</a>', "di sini"),
        ("Jalan <!-- catatan > rahasia --> rusak", "Jalan   rusak"),
        ("Jalan <!-- tak ditutup> rusak", "Jalan   rusak"),
        ("Jalan <!-- tak ditutup", "Jalan <!-- tak ditutup"),
        ("<!DOCTYPE html><p>Banjir", "Banjir"),
        ("<?xml version='1.0'?>Banjir", "Banjir"),
        ("Banjir<script>alert('1 > 0')</script> lagi", "Banjir  lagi"),
        ("Banjir<SCRIPT type=x>a</sCript > lagi", "Banjir  lagi"),
        ("Banjir<style>p {color: red}</style> lagi", "Banjir  lagi"),
        ("Banjir<script>tak ditutup", "Banjir tak ditutup"),
        ("Banjir</script> lagi", "Banjir  lagi"),
        ("<scr<script>ipt>Banjir", "ipt>Banjir"),
        ("<<b>b>Banjir", "b>Banjir"),
        ("&lt;b&gt;Banjir&lt;/b&gt;", "Banjir"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("Satpol PP &amp; Dishub", "Satpol PP & Dishub"),
        ("Rp&nbsp;5.000", "Rp\xa05.000"),
        ("&#60;i&#x3E;Banjir", "Banjir"),
        ("Banjir&#0;&#8203; lagi", "Banjir\ufffd lagi"),
        ("jalan&parah; R&D, AT&T, rusak&reg", "jalan&parah; R&D, AT&T, rusak&reg"),
        ("&bukan-entitas;", "&bukan-entitas;"),
        ("suhu <5 derajat", "suhu <5 derajat"),
        ("suhu <5 derajat > 3 hari", "suhu <5 derajat > 3 hari"),
        ("terima kasih <3", "terima kasih <3"),
        ("harga <seratus ribu", "harga <seratus ribu"),
        ("a < b dan c > d", "a < b dan c > d"),
        ("ka<b>li</b>", "kali"),
        ("cafe<i>\u0301</i>", "café"),
        ("<\u212a>", ""),
        ("&#x3c;&#x212a;>", ""),
        ("kerja\u00adbakti\u2060", "kerjabakti"),
    ],
)
def test_markup_goes_and_what_is_meant_stays(typed, kept):
    assert cleaned(typed) == kept


@given(pieces)
@example("<<!--<b>-->b>")
@example("</<b>b>")
def test_no_tag_is_ever_left(text):
    assert not TAG.search(cleaned(text))


@given(pieces)
@example("e<b>\u0301")
def test_a_cleaned_text_is_clean_unless_it_was_escaped_twice(text):
    once = cleaned(text)
    if not ENTITY.search(once):
        assert cleaned(once) == once


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="<&")))
def test_a_text_without_markup_loses_only_what_nobody_sees(text):
    seen = re.sub(r"\s", "", cleaned(text))
    assert re.sub(r"\s", "", cleaned(re.sub(r"[\x00-\x1f]", "", text))) == seen


@pytest.mark.parametrize(
    ("start", "middle"),
    [
        *product(
            ["", "<b>"], ["<", "<a", "<!--", "<!--a>", "<script>", "</style>", "<<b>", "&lt;"]
        ),
        ("<" * 30000, "b>"),
        ("&", "amp;"),
        ("<style>", "</style"),
    ],
)
def test_no_text_takes_long(start, middle):
    text = start + middle * 30000
    begun = time.process_time()
    cleaned(text)
    assert time.process_time() - begun < 1


@pytest.mark.parametrize("given", ["", "  ", "\u200b", "<p></p>", "<!-- kosong -->"])
def test_what_leaves_nothing_counts_as_absent(given):
    assert absent_if_blank(given) is None


@pytest.mark.parametrize("given", [None, 5, ["a"]])
def test_what_is_no_text_is_left_for_others_to_refuse(given):
    assert cleaned(given) is given
