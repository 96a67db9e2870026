"""QRIS: what a code says, what is refused, and that both directions agree."""

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.emv import checksum
from shared.qris import AdditionalData, InvalidQris, MerchantAccount, Qris, Tip, build, parse


def tlv(tag, value):
    return f"{tag}{len(value):02}{value}"


def crc(text):
    """Return the checksum, bit by bit as the standard describes it."""
    register = 0xFFFF
    for byte in text.encode():
        register ^= byte << 8
        for _ in range(8):
            register = (register << 1) ^ (0x1021 if register & 0x8000 else 0)
            register &= 0xFFFF
    return f"{register:04X}"


def a_payload(**changes):
    """Return a payload put together by hand; None takes a field out."""
    parts = {
        "00": "01",
        "01": "11",
        "26": tlv("00", "COM.GO-JEK.WWW")
        + tlv("01", "936009143999999999")
        + tlv("02", "G999999999")
        + tlv("03", "UMI"),
        "51": tlv("00", "ID.CO.QRIS.WWW") + tlv("02", "ID1020999999999") + tlv("03", "UMI"),
        "52": "4111",
        "53": "360",
        "58": "ID",
        "59": "BRT Trans Semarang",
        "60": "SEMARANG",
        "61": "50241",
        "62": tlv("07", "BUS-017"),
    } | {name.removeprefix("f"): value for name, value in changes.items()}
    text = "".join(tlv(tag, value) for tag, value in sorted(parts.items()) if value is not None)
    return text + "6304" + crc(text + "6304")


def refusal(payload):
    with pytest.raises(InvalidQris) as error:
        parse(payload)
    return str(error.value)


def test_the_checksum_is_the_standards():
    assert checksum("123456789") == "29B1"
    assert checksum("00020163") == crc("00020163")


def test_a_static_code_says_whose_it_is():
    found = parse(a_payload())
    assert not found.is_dynamic
    assert (found.amount, found.tip) == (None, None)
    assert found.nmid == "ID1020999999999"
    assert (found.merchant_name, found.merchant_city) == ("BRT Trans Semarang", "SEMARANG")
    assert (found.merchant_category_code, found.postal_code) == ("4111", "50241")
    assert found.accounts[0] == MerchantAccount(
        tag="26",
        domain="COM.GO-JEK.WWW",
        pan="936009143999999999",
        merchant_id="G999999999",
        criteria="UMI",
    )
    assert found.additional == AdditionalData(terminal_label="BUS-017")
    assert found.other == ()


def test_a_dynamic_code_has_an_amount():
    found = parse(a_payload(f01="12", f54="3500"))
    assert found.is_dynamic
    assert found.amount == 3500


@pytest.mark.parametrize("amount", ["3500", "3500.00", "3500.0", "3500."])
def test_an_amount_is_whole_rupiah_however_it_is_written(amount):
    assert parse(a_payload(f54=amount)).amount == 3500


@pytest.mark.parametrize("amount", ["0", "0.00", "3500.50", "3,500", "-1", "٣", "x", "1" * 14])
def test_what_is_no_amount_is_refused(amount):
    assert refusal(a_payload(f54=amount)).startswith("54:")


def test_a_code_without_its_kind_is_static():
    assert not parse(a_payload(f01=None)).is_dynamic


@pytest.mark.parametrize(
    ("changes", "tip"),
    [
        ({"f55": "01"}, Tip()),
        ({"f55": "02", "f56": "500.00"}, Tip(amount=500)),
        ({"f55": "03", "f57": "2.50"}, Tip(percentage="2.50")),
    ],
)
def test_a_tip_is_left_to_the_payer_or_fixed_or_a_percentage(changes, tip):
    assert parse(a_payload(**changes)).tip == tip


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"f00": "02"}, "00:"),
        ({"f00": None}, "00:"),
        ({"f01": "13"}, "01:"),
        ({"f26": None, "f51": None}, "26-51:"),
        ({"f26": tlv("01", "9360")}, "26:"),
        ({"f26": "COM.GO-JEK.WWW"}, "field 26:"),
        ({"f52": None}, "52:"),
        ({"f52": "41"}, "52:"),
        ({"f53": "840"}, "53:"),
        ({"f53": None}, "53:"),
        ({"f55": "04"}, "55:"),
        ({"f55": "02"}, "56:"),
        ({"f55": "02", "f56": "x"}, "56:"),
        ({"f55": "03"}, "57:"),
        ({"f55": "03", "f57": "100"}, "57:"),
        ({"f58": "SG"}, "58:"),
        ({"f59": None}, "59:"),
        ({"f60": None}, "60:"),
        ({"f62": "07"}, "field 62:"),
        ({"f62": tlv("07", "a") + tlv("07", "b")}, "field 62:"),
        ({"f62": "0700"}, "field 62:"),
        ({"f62": "0705BUS"}, "field 62:"),
        ({"f63": "ABCD"}, "63:"),
    ],
)
def test_what_is_missing_or_wrong_is_named(changes, where):
    assert refusal(a_payload(**changes)).startswith(where)


@pytest.mark.parametrize("payload", ["", " ", "0002016304", "6304FFFF", "x" * 40, "https://x"])
def test_what_is_no_code_at_all_is_refused(payload):
    assert refusal(payload)


def test_a_code_may_have_space_around_it_and_its_checksum_small_letters():
    payload = a_payload()
    assert parse(f" {payload}\n") == parse(payload)
    assert parse(payload[:-4] + payload[-4:].lower()) == parse(payload)


def test_no_changed_character_is_taken():
    payload = a_payload(f54="3500")
    for place, character in enumerate(payload):
        other = "1" if character != "1" else "2"
        with pytest.raises(InvalidQris):
            parse(payload[:place] + other + payload[place + 1 :])


@given(st.text())
def test_any_text_is_read_or_refused_and_raises_nothing_else(text):
    whole = "000201" + text + "6304"
    for payload in (text, whole + checksum(whole)):
        with suppress(InvalidQris):
            assert parse(payload).accounts


def test_fields_without_a_name_are_kept():
    found = parse(a_payload(f64=tlv("00", "EN"), f80="x", f62=tlv("50", "own")))
    assert found.other == (("64", tlv("00", "EN")), ("80", "x"))
    assert found.additional.other == (("50", "own"),)


def test_a_code_without_national_entry_has_no_nmid():
    assert parse(a_payload(f51=None)).nmid is None


def test_the_national_entry_may_stand_under_another_tag():
    moved = tlv("00", "id.co.qris.www") + tlv("02", "ID1")
    assert parse(a_payload(f51=None, f27=moved)).nmid == "ID1"


def test_what_was_read_is_built_as_it_was():
    payload = a_payload(f01="12", f54="3500", f55="02", f56="500", f64=tlv("00", "EN"))
    assert build(parse(payload)) == payload


def test_a_static_code_becomes_one_for_a_payment():
    found = parse(build(parse(a_payload()), amount=3500, is_dynamic=True))
    assert found == replace(parse(a_payload()), amount=3500, is_dynamic=True)


def printable(most, least=1):
    return st.text(
        st.characters(min_codepoint=32, max_codepoint=126), min_size=least, max_size=most
    )


def trimmed(most):
    return printable(most).filter(lambda text: text == text.strip())


accounts = st.lists(
    st.builds(
        MerchantAccount,
        tag=st.integers(26, 51).map(str),
        domain=printable(20),
        pan=st.none() | printable(15),
        merchant_id=st.none() | printable(15),
        criteria=st.none() | st.sampled_from(["UMI", "UKE", "UME", "UBE", "URE"]),
        other=st.just(()) | printable(10).map(lambda text: (("04", text),)),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda one: one.tag,
).map(lambda found: tuple(sorted(found, key=lambda one: one.tag)))
rupiah = st.integers(1, 10**13 - 1)
tips = st.one_of(
    st.just(Tip()),
    rupiah.map(lambda amount: Tip(amount=amount)),
    st.from_regex(r"[0-9]{1,2}(\.[0-9]{1,2})?", fullmatch=True).map(
        lambda text: Tip(percentage=text)
    ),
)
codes = st.builds(
    Qris,
    merchant_name=printable(25),
    merchant_city=printable(15),
    merchant_category_code=st.from_regex(r"[0-9]{4}", fullmatch=True),
    accounts=accounts,
    is_dynamic=st.booleans(),
    amount=st.none() | rupiah,
    postal_code=st.none() | printable(10),
    tip=st.none() | tips,
    additional=st.builds(
        AdditionalData,
        bill_number=st.none() | printable(20),
        terminal_label=st.none() | printable(20),
        purpose=st.none() | printable(20),
        other=st.just(()) | printable(10).map(lambda text: (("50", text),)),
    ),
    other=st.just(()) | printable(20).map(lambda text: (("64", text), ("80", text))),
)


@given(codes)
def test_what_is_built_is_read_again(code):
    payload = build(code)
    assert parse(payload) == code
    assert build(parse(payload)) == payload
    assert payload.endswith(crc(payload[:-4]))


NAMED = {
    "merchant_name": "Halte Simpang Lima",
    "merchant_city": "SEMARANG",
    "merchant_category_code": "4111",
    "accounts": (MerchantAccount(tag="51", domain="ID.CO.QRIS.WWW", merchant_id="ID1"),),
}


def test_a_code_is_built_from_its_fields_alone():
    assert parse(build(**NAMED, amount=3500, is_dynamic=True)).amount == 3500
    with pytest.raises(TypeError):
        build(merchant_name="x")


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"merchant_name": "x" * 26}, "59:"),
        ({"merchant_name": ""}, "59:"),
        ({"merchant_name": "Kafé"}, "59:"),
        ({"merchant_city": "x" * 16}, "60:"),
        ({"postal_code": "x" * 11}, "61:"),
        ({"merchant_category_code": "41"}, "52:"),
        ({"accounts": ()}, "26-51:"),
        ({"accounts": (MerchantAccount(tag="52", domain="x"),)}, "52:"),
        ({"accounts": (MerchantAccount(tag="26", domain=""),)}, "26, 00:"),
        ({"accounts": (MerchantAccount(tag="26", domain="x" * 96),)}, "26:"),
        ({"accounts": (MerchantAccount(tag="26", domain="x"),) * 2}, "26:"),
        ({"amount": 0}, "54:"),
        ({"amount": -1}, "54:"),
        ({"amount": 10**13}, "54:"),
        ({"amount": 1.5}, "54:"),
        ({"amount": True}, "54:"),
        ({"amount": "3500"}, "54:"),
        ({"tip": Tip(amount=0)}, "56:"),
        ({"tip": Tip(percentage="100")}, "57:"),
        ({"additional": AdditionalData(bill_number="\n")}, "62, 01:"),
        ({"other": (("59", "x"),)}, "59:"),
        ({"other": (("6", "x"),)}, "6:"),
    ],
)
def test_what_makes_no_code_is_named(changes, where):
    with pytest.raises(InvalidQris) as error:
        build(**(NAMED | changes))
    assert str(error.value).startswith(where)
