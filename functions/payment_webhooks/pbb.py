"""Bills of the land and building tax (PBB): object numbers, what is owed, and who pays a bill."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

from functions.payment_webhooks.configuration import Penalty
from functions.payment_webhooks.penalties import penalty_of
from functions.payment_webhooks.record import Order
from shared.clock import to_text
from shared.dynamo import to_item
from shared.errors import InvalidInput
from shared.ids import complaint_numbers
from shared.text import Text

RECORD: Final = "BILL"  #: sort key of a bill
UNPAID: Final = "unpaid"
PAID: Final = "paid"
FIRST_YEAR: Final = 1985  #: of Law 12/1985, which made the tax
_DIGITS: Final = 18
#: Province, city, district, village, block, number, flag.
_PARTS: Final = (2, 2, 3, 3, 3, 4, 1)
_FLAGS: Final = "079"
_BETWEEN: Final = re.compile(r"[ .\-]")
#: As the tax office prints it: 33.74.010.001.001-0001.0
_PRINTED: Final = "{}.{}.{}.{}.{}-{}.{}"
_CUSTOMER: Final = re.compile(r"([0-9]{18})((?:[0-9]{2}){1,2})")
_RECEIPT_LENGTH: Final = 16  #: as an NTPD's


@dataclass(frozen=True, slots=True)
class Nop:
    """A tax object's number (NOP): 18 digits."""

    digits: str

    @property
    def parts(self) -> tuple[str, ...]:
        """Province, city, district, village, block, number and flag."""
        found, rest = [], self.digits
        for length in _PARTS:
            found.append(rest[:length])
            rest = rest[length:]
        return tuple(found)

    @property
    def printed(self) -> str:
        """The number as the tax office prints it: 33.74.010.001.001-0001.0."""
        return _PRINTED.format(*self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxBill:
    """A bill: of one object and tax year. `status` is "unpaid" or "paid"."""

    jurisdiction_id: str
    nop: str
    year: int
    principal: int  #: rupiah
    due_on: date
    taxpayer: str = ""  #: masked: enough to know one's own, not to learn another's
    status: str = UNPAID
    paid_by: str | None = None  #: the order
    paid_at: str | None = None
    receipt_number: str | None = None

    @property
    def is_paid(self) -> bool:
        """Whether it is paid."""
        return self.status == PAID


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What is to be paid for a bill on a day and by a channel, in rupiah."""

    principal: int
    penalty: int

    @property
    def total(self) -> int:
        """Principal and penalty."""
        return self.principal + self.penalty


def nop_of(text: str, prefixes: Iterable[str] = ()) -> Nop:
    """Return the NOP that a text is: 18 digits, with or without dots, dashes and spaces.

    `prefixes` are those that a jurisdiction's numbers begin with; none: any.

    Raises:
        InvalidInput: it is none.
    """
    digits = _BETWEEN.sub("", text)
    if len(digits) != _DIGITS or not (digits.isascii() and digits.isdigit()):
        raise _wrong("format", "NOP terdiri atas 18 angka.", "A NOP has 18 digits.")
    if digits[-1] not in _FLAGS:
        raise _wrong(
            "flag", "Angka terakhir NOP adalah 0, 7, atau 9.", "A NOP ends with 0, 7 or 9."
        )
    known = tuple(prefixes)
    if known and not digits.startswith(known):
        listed = ", ".join(known)
        raise _wrong(
            "elsewhere",
            f"NOP ini milik daerah lain; di sini NOP berawalan {listed}.",
            f"This NOP is another region's; here they begin with {listed}.",
        )
    return Nop(digits)


def bill_named(customer_no: str) -> tuple[str, int] | None:
    """Return the NOP and tax year that a virtual account's customer number says, or None.

    It is the NOP and the year, in four digits, or in two where a bank takes twenty at most.
    """
    found = _CUSTOMER.fullmatch(_BETWEEN.sub("", customer_no))
    if found is None or found[1][-1] not in _FLAGS:
        return None
    year = int(found[2]) if len(found[2]) > 2 else _century(int(found[2]))  # noqa: PLR2004
    return (found[1], year) if year >= FIRST_YEAR else None


def owed(bill: TaxBill, day: date, channel: str, rules: Iterable[Penalty]) -> Owed:
    """Return what is to be paid for a bill on a day (WIB) by a channel."""
    penalty = penalty_of(bill.principal, bill.due_on, day, channel, rules)
    return Owed(principal=bill.principal, penalty=penalty)


def receipt_number(order_id: str, transaction_id: str) -> str:
    """Return the number (like an NTPD) that proves a payment: 16 letters and digits.

    It follows from the payment, so it is the same however often that is told, and another one
    for a payment that follows a reversal.
    """
    told = hashlib.sha256(f"receipt\n{order_id}\n{transaction_id}".encode()).hexdigest()
    numbers = complaint_numbers("", told)
    return (next(numbers) + next(numbers)).replace("-", "")[:_RECEIPT_LENGTH]


def bill_key(nop: str, year: int) -> dict[str, Any]:
    """Return the key of a bill's item."""
    return to_item({"pk": f"B#{nop}#{year}", "sk": RECORD})


def claim_of_bill(order: Order, at: datetime, receipt: str) -> dict[str, Any]:
    """Return the update that makes an order the one that paid its bill.

    It is for a transaction (without the table's name). Its condition is not met if the bill was
    paid by another order, or does not exist; the same order may claim it again.
    """
    bill = order.bill
    assert bill is not None  # noqa: S101 (an order of a tax has one)
    return {
        "Key": bill_key(bill.nop, bill.year),
        "UpdateExpression": (
            "SET #status = :paid, paid_by = :order, paid_at = :at, receipt_number = :receipt"
        ),
        "ConditionExpression": "#status = :unpaid OR paid_by = :order",
        "ExpressionAttributeNames": {"#status": "status"},
        "ExpressionAttributeValues": to_item(
            {
                ":paid": PAID,
                ":unpaid": UNPAID,
                ":order": order.order_id,
                ":at": to_text(at),
                ":receipt": receipt,
            }
        ),
    }


def release_of_bill(order: Order) -> dict[str, Any]:
    """Return the update that makes a bill unpaid again, as its order's payment was taken back.

    Its condition is not met if another order has paid the bill meanwhile: then it stays paid.
    """
    bill = order.bill
    assert bill is not None  # noqa: S101 (an order of a tax has one)
    return {
        "Key": bill_key(bill.nop, bill.year),
        "UpdateExpression": "SET #status = :unpaid REMOVE paid_by, paid_at, receipt_number",
        "ConditionExpression": "paid_by = :order",
        "ExpressionAttributeNames": {"#status": "status"},
        "ExpressionAttributeValues": to_item({":unpaid": UNPAID, ":order": order.order_id}),
    }


def bill_values(bill: TaxBill) -> dict[str, Any]:
    """Return a bill as plain values of its item, its key apart; None means absent."""
    return {
        "jurisdiction_id": bill.jurisdiction_id,
        "nop": bill.nop,
        "year": bill.year,
        "principal": bill.principal,
        "due_on": bill.due_on.isoformat(),
        "taxpayer": bill.taxpayer or None,
        "status": bill.status,
        "paid_by": bill.paid_by,
        "paid_at": bill.paid_at,
        "receipt_number": bill.receipt_number,
    }


def bill_from(values: Mapping[str, Any]) -> TaxBill:
    """Return the bill that an item holds."""
    return TaxBill(
        jurisdiction_id=values["jurisdiction_id"],
        nop=values["nop"],
        year=values["year"],
        principal=values["principal"],
        due_on=date.fromisoformat(values["due_on"]),
        taxpayer=values.get("taxpayer", ""),
        status=values["status"],
        paid_by=values.get("paid_by"),
        paid_at=values.get("paid_at"),
        receipt_number=values.get("receipt_number"),
    )


def masked(name: str) -> str:
    """Return a name of which each word has kept its first letter: "B*** S******"."""
    return " ".join(word[0] + "*" * (len(word) - 1) for word in name.split())


def _century(year: int) -> int:
    return year + (2000 if year < FIRST_YEAR % 100 else 1900)


def _wrong(
    code: Literal["format", "flag", "elsewhere"], indonesian: str, english: str
) -> Exception:
    return InvalidInput.at("nop", code, Text(indonesian, english))
