"""QRIS: Indonesia's QR code for payments, as its text is put together and taken apart.

The text is EMVCo's "merchant-presented mode": fields of a two-digit tag, a two-digit length in
characters and a value; some hold fields themselves; the last is a checksum over all before it.
Only a dynamic code that an acquirer made carries an order; a static one says whose it is.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final

from shared.emv import (
    InvalidQris,
    is_digits,
    put_together,
    taken_apart,
    with_checksum,
    without_checksum,
)

__all__ = [
    "AdditionalData",
    "InvalidQris",
    "MerchantAccount",
    "Qris",
    "Tip",
    "build",
    "parse",
]

Fields = tuple[tuple[str, str], ...]

#: Under which the national registry's entry of a merchant stands, with its NMID.
NATIONAL_DOMAIN: Final = "ID.CO.QRIS.WWW"
NATIONAL_TAG: Final = "51"

_VERSION: Final = ("00", "01")
_STATIC, _DYNAMIC = "11", "12"
_RUPIAH: Final = "360"
_COUNTRY: Final = "ID"
_ACCOUNT_TAGS: Final = frozenset(f"{tag:02}" for tag in range(26, 52))
_AMOUNT: Final = re.compile(r"([0-9]{1,13})(\.0{0,2})?")
_PERCENTAGE: Final = re.compile(r"[0-9]{1,2}(\.[0-9]{1,2})?")
_MOST_RUPIAH: Final = 10**13 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class MerchantAccount:
    """A merchant as one scheme knows it (tags 26 to 51)."""

    tag: str
    domain: str  #: of the acquirer or switch, such as "COM.GO-JEK.WWW"
    pan: str | None = None  #: the merchant's number with the acquirer
    merchant_id: str | None = None  #: under `NATIONAL_DOMAIN`: the NMID
    criteria: str | None = None  #: UMI, UKE, UME, UBE or URE: how large the merchant is
    other: Fields = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tip:
    """What is paid on top: neither part set leaves it to the payer."""

    amount: int | None = None  #: rupiah
    percentage: str | None = None  #: as written: "5" or "2.50"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdditionalData:
    """What a code says besides (tag 62); "***" asks the payer's app for it."""

    bill_number: str | None = None
    mobile_number: str | None = None
    store_label: str | None = None
    loyalty_number: str | None = None
    reference_label: str | None = None
    customer_label: str | None = None
    terminal_label: str | None = None
    purpose: str | None = None
    requested_of_customer: str | None = None
    other: Fields = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Qris:
    """What a code says. Amounts in rupiah; `other` holds fields that have no name here."""

    merchant_name: str
    merchant_city: str
    merchant_category_code: str
    accounts: tuple[MerchantAccount, ...]
    is_dynamic: bool = False  #: for one payment; a static code is for many
    amount: int | None = None
    postal_code: str | None = None
    tip: Tip | None = None
    additional: AdditionalData = field(default_factory=AdditionalData)
    other: Fields = ()

    @property
    def nmid(self) -> str | None:
        """The merchant's number in the national registry."""
        for account in self.accounts:
            if account.domain.upper() == NATIONAL_DOMAIN:
                return account.merchant_id
        return None


_OF_ACCOUNT: Final[Mapping[str, str]] = {
    "00": "domain",
    "01": "pan",
    "02": "merchant_id",
    "03": "criteria",
}
_OF_ADDITIONAL: Final[Mapping[str, str]] = {
    f"{number:02}": one.name for number, one in enumerate(fields(AdditionalData)[:-1], start=1)
}
#: Those of the code itself that `Qris` has a name for, or that always say the same.
_NAMED: Final = _ACCOUNT_TAGS | {"00", "01", "63", *(str(tag) for tag in range(52, 63))}


def parse(payload: str) -> Qris:
    """Return what a code's text says.

    Raises:
        InvalidQris: it is no text of a QRIS code, or its checksum is another.
    """
    found = taken_apart(without_checksum(payload.strip()), "the code")
    if next(iter(found.items()), None) != _VERSION:
        raise InvalidQris("00: a code begins with 000201")
    if "63" in found:
        raise InvalidQris("63: a checksum that is not at the end")
    _expect(found, "53", _RUPIAH)
    _expect(found, "58", _COUNTRY)
    accounts = tuple(_account(tag, found[tag]) for tag in found if tag in _ACCOUNT_TAGS)
    if not accounts:
        raise InvalidQris("26-51: no merchant account")
    method = found.get("01", _STATIC)
    if method not in {_STATIC, _DYNAMIC}:
        raise InvalidQris(f"01: neither {_STATIC} nor {_DYNAMIC}")
    category = _needed(found, "52")
    if not is_digits(category, 4):
        raise InvalidQris("52: not four digits")
    return Qris(
        merchant_name=_needed(found, "59"),
        merchant_city=_needed(found, "60"),
        merchant_category_code=category,
        accounts=accounts,
        is_dynamic=method == _DYNAMIC,
        amount=_rupiah(found["54"], "54") if "54" in found else None,
        postal_code=found.get("61"),
        tip=_tip(found),
        additional=_additional(found.get("62")),
        other=tuple((tag, value) for tag, value in found.items() if tag not in _NAMED),
    )


def build(qris: Qris | None = None, /, **changes: Any) -> str:
    """Return the text of a code: of `qris`, with fields changed, or of the fields of one alone.

    `build(parse(static), amount=3500, is_dynamic=True)`; fields stand in the order of their tags.

    Raises:
        InvalidQris: a value is too long, empty, or no printable ASCII, or a tag is none.
        TypeError: there is no such field, or one is missing.
    """
    made = replace(qris, **changes) if qris else Qris(**changes)
    if not made.accounts:
        raise InvalidQris("26-51: no merchant account")
    if not is_digits(made.merchant_category_code, 4):
        raise InvalidQris("52: not four digits")
    parts = [
        ("01", _DYNAMIC if made.is_dynamic else _STATIC),
        ("52", made.merchant_category_code),
        ("53", _RUPIAH),
        *([("54", _written(made.amount, "54"))] if made.amount is not None else []),
        *_tip_parts(made.tip),
        ("58", _COUNTRY),
        ("59", made.merchant_name),
        ("60", made.merchant_city),
        *([("61", made.postal_code)] if made.postal_code is not None else []),
        *((one.tag, _account_text(one)) for one in made.accounts),
    ]
    if additional := _template(_parts_of(made.additional, _OF_ADDITIONAL), "62"):
        parts.append(("62", additional))
    for tag, _ in made.other:
        if tag in _NAMED:
            raise InvalidQris(f"{tag}: this field has a name")
    return with_checksum(put_together([_VERSION, *sorted([*parts, *made.other])]))


def _needed(found: Mapping[str, str], tag: str) -> str:
    if tag not in found:
        raise InvalidQris(f"{tag}: missing")
    return found[tag]


def _expect(found: Mapping[str, str], tag: str, value: str) -> None:
    if _needed(found, tag).upper() != value:
        raise InvalidQris(f"{tag}: not {value}")


def _rupiah(text: str, tag: str) -> int:
    match = _AMOUNT.fullmatch(text)
    if match is None or int(match[1]) == 0:
        raise InvalidQris(f"{tag}: no amount of whole rupiah above zero")
    return int(match[1])


def _written(amount: int, tag: str) -> str:
    if type(amount) is not int or not 0 < amount <= _MOST_RUPIAH:
        raise InvalidQris(f"{tag}: no amount of whole rupiah above zero")
    return str(amount)


def _account(tag: str, text: str) -> MerchantAccount:
    named, other = _named(taken_apart(text, f"field {tag}"), _OF_ACCOUNT)
    if "domain" not in named:
        raise InvalidQris(f"{tag}: whose account it is, is missing")
    return MerchantAccount(tag=tag, other=other, **named)


def _account_text(account: MerchantAccount) -> str:
    if account.tag not in _ACCOUNT_TAGS:
        raise InvalidQris(f"{account.tag}: no tag of a merchant account")
    return _template(_parts_of(account, _OF_ACCOUNT), account.tag)


def _additional(text: str | None) -> AdditionalData:
    named, other = _named(taken_apart(text or "", "field 62"), _OF_ADDITIONAL)
    return AdditionalData(other=other, **named)


def _named(found: Mapping[str, str], names: Mapping[str, str]) -> tuple[dict[str, str], Fields]:
    """Return a template's fields by their names, and those that have none by their tags."""
    named = {names[tag]: value for tag, value in found.items() if tag in names}
    return named, tuple((tag, value) for tag, value in found.items() if tag not in names)


def _parts_of(template: Any, names: Mapping[str, str]) -> list[tuple[str, str]]:
    named = ((tag, getattr(template, name)) for tag, name in names.items())
    return sorted([*((tag, value) for tag, value in named if value is not None), *template.other])


def _template(parts: Iterable[tuple[str, str]], tag: str) -> str:
    try:
        return put_together(parts)
    except InvalidQris as error:
        raise InvalidQris(f"{tag}, {error}") from None


def _tip(found: Mapping[str, str]) -> Tip | None:
    match found.get("55"):
        case None:
            return None
        case "01":
            return Tip()
        case "02":
            return Tip(amount=_rupiah(_needed(found, "56"), "56"))
        case "03":
            return Tip(percentage=_percentage(_needed(found, "57")))
    raise InvalidQris("55: no kind of tip")


def _percentage(text: str) -> str:
    if not _PERCENTAGE.fullmatch(text):
        raise InvalidQris("57: no percentage")
    return text


def _tip_parts(tip: Tip | None) -> list[tuple[str, str]]:
    if tip is None:
        return []
    if tip.amount is not None:
        return [("55", "02"), ("56", _written(tip.amount, "56"))]
    if tip.percentage is not None:
        return [("55", "03"), ("57", _percentage(tip.percentage))]
    return [("55", "01")]
