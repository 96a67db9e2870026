"""Numbers of orders: `SMG-BRT-7K3F9Q2M1XWZ4`, derived, so that a repeat finds the first one."""

import hashlib
import re
from collections.abc import Iterator
from typing import Final

from shared.ids import complaint_numbers

#: How the number begins of a payment that nobody ordered: no jurisdiction's numbers do.
NOBODYS: Final = "IDN"
#: … and how it goes on.
UNORDERED: Final = "OTH"
#: Crockford's letters alone: its check character U is passed over, since people read it as V.
PATTERN: Final = r"^[A-Z]{3}-[A-Z]{3}-[0-9A-HJKMNP-TV-Z]{13}$"
_NUMBER: Final = re.compile(PATTERN[1:-1])


def order_numbers(prefix: str, order_code: str, key_hash: str) -> Iterator[str]:
    """Return the numbers for a key's hash (hexadecimal): the first, and the next for a collision.

    A number is the jurisdiction's prefix, what is paid for, 60 bits in Crockford base32, and
    Crockford's check character.
    """
    numbers = complaint_numbers(f"{prefix}-{order_code}", key_hash)
    return (number for number in numbers if not number.endswith("U"))


def number_of_payment(prefix: str, order_code: str, provider: str, transaction_id: str) -> str:
    """Return the number of an order that a payment without one makes: always the same."""
    told = hashlib.sha256(f"{provider}\n{transaction_id}".encode()).hexdigest()
    return next(order_numbers(prefix, order_code, told))


def number_unordered(provider: str, transaction_id: str) -> str:
    """Return the number of a payment that nobody ordered.

    It says nothing of whose it is: a later notice may tell less of the place, and must find it.
    """
    return number_of_payment(NOBODYS, UNORDERED, provider, transaction_id)


def is_order_number(text: str) -> bool:
    """Tell whether a text has the form of an order's number, to the letter."""
    return _NUMBER.fullmatch(text) is not None


def read_order_number(text: str) -> str | None:
    """Return the number that a person typed, in any case and with spaces around it, or None."""
    typed = text.strip().upper()
    return typed if is_order_number(typed) else None
