"""Plays a wallet in which people pay tax bills: it asks what is owed, pays that, may take it back.

BI-SNAP's virtual accounts as seen by who calls them: inquiry (24), payment and reversal (25).
Written from the standard, and not from our receiver.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any, Final

from cli import provider_simulator_signing as signing
from cli.provider_simulator_bank import Transaction
from cli.provider_simulator_messages import Message, SnapSender, snap_amount
from cli.provider_simulator_orders import Bill
from functions.payment_webhooks.configuration import Payments
from shared.clock import to_text

#: How often each fate is met, of a hundred bills, and what the bill then is in our words.
FATES: Final[Mapping[str, tuple[int, str]]] = {
    "bill paid": (70, "paid"),
    "bill's payment reversed": (20, "unpaid"),
    "bill asked about": (10, "unpaid"),
}
INQUIRY: Final = "/v1.0/transfer-va/inquiry"
PAYMENT: Final = "/v1.0/transfer-va/payment"
REVERSAL: Final = "/v1.0/transfer-va/payment-reversal"
#: What a bill's inquiry is answered when it can be paid.
_MAY_BE_PAID: Final = "2002400"

#: Sends a message now and returns the answer's body.
Ask = Callable[[Message], Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The numbers of virtual accounts that a bank gave to a jurisdiction, and who pays into them."""

    jurisdiction_id: str
    partner: str  #: whose key signs
    service_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A bill in the wallet; `transaction` is its payment, if it came to that."""

    bill: Bill
    fate: str
    transaction: Transaction | None
    service: Service

    def truth(self) -> dict[str, Any]:
        """Return what the wallet knows, and what ours should then say."""
        paid = self.transaction
        return {
            "nop": self.bill.nop,
            "year": self.bill.year,
            "jurisdiction_id": self.service.jurisdiction_id,
            "provider": "va",
            "transaction_id": paid.transaction_id if paid else None,
            "amount": paid.amount if paid else 0,
            "paid_at": to_text(paid.paid_at) if paid and paid.paid_at else None,
            "fate": self.fate,
            "expected_bill": FATES[self.fate][1],
        }


class CannotBePaid(Exception):
    """An inquiry was answered otherwise than that a bill may be paid."""


def services(known: Mapping[str, Payments]) -> list[Service]:
    """Return the virtual accounts into which taxes are paid."""
    return [
        Service(jurisdiction_id=jurisdiction_id, partner=partner.id, service_id=service_id)
        for jurisdiction_id, payments in sorted(known.items())
        if any(product.kind == "tax" for product in payments.products)
        for partner in payments.snap.partners
        if partner.channel == "va"
        for service_id in partner.partner_service_ids
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wallet:
    """A wallet with one jurisdiction's virtual accounts."""

    service: Service
    sender: SnapSender
    now: Callable[[], datetime]
    seed: int = 1

    def asked_for(self, bill: Bill, fate: str, ask: Ask) -> Payment:
        """Ask what is owed for a bill, and return its payment of that, which is yet to be told.

        Raises:
            CannotBePaid: the bill is not known, or was paid before.
        """
        asking = {"inquiryRequestId": self._digest("inquiry", bill)[:32]}
        answer = ask(self._message(INQUIRY, self._account(bill) | asking, bill))
        if answer.get("responseCode") != _MAY_BE_PAID:
            raise CannotBePaid(f"{bill.nop} {bill.year}: {answer.get('responseMessage', answer)}")
        owed = int(answer["virtualAccountData"]["totalAmount"]["value"].removesuffix(".00"))
        if fate == "bill asked about":
            return Payment(bill=bill, fate=fate, transaction=None, service=self.service)
        now = self.now()
        paid = Transaction(
            order_id=f"W{bill.nop}{bill.year}",
            transaction_id=self._digest("payment", bill)[:30],
            jurisdiction_id=self.service.jurisdiction_id,
            channel="va",
            amount=owed,
            gross=owed,
            created_at=now,
            paid_at=now,
            history=("settlement",),
            provider="va",
        )
        return Payment(bill=bill, fate=fate, transaction=paid, service=self.service)

    def waves(self, payment: Payment) -> Iterator[list[Message]]:
        """Tell of a bill's payment, then of its reversal; a wave begins when it is asked for."""
        yield [self._told(payment, payment.transaction)] if payment.transaction else []
        if payment.transaction and FATES[payment.fate][1] == "unpaid":
            yield [self._told(payment, payment.transaction, reversal=True)]

    def _told(self, payment: Payment, paid: Transaction, *, reversal: bool = False) -> Message:
        amount = snap_amount(paid.gross)
        body = {
            **self._account(payment.bill),
            "virtualAccountName": "WAJIB PAJAK",
            "trxId": paid.order_id,
            "paymentRequestId": paid.transaction_id,
            "paidAmount": amount,
            "totalAmount": amount,
            "trxDateTime": signing.snap_time(paid.created_at),
            "referenceNo": str(int(paid.transaction_id[:8], 16)),
            "flagAdvise": "Y" if reversal else "N",
        }
        return self._message(REVERSAL if reversal else PAYMENT, body, payment.bill)

    def _message(self, path: str, body: Mapping[str, Any], bill: Bill) -> Message:
        return self.sender.message(
            path,
            body,
            at=self.now(),
            external_id=str(int(self._digest(path, bill)[:24], 16)),
            order_id=f"W{bill.nop}{bill.year}",
            about=path.rpartition("/")[2],
        )

    def _account(self, bill: Bill) -> dict[str, str]:
        service_id, customer_no = self.service.service_id.rjust(8), f"{bill.nop}{bill.year}"
        return {
            "partnerServiceId": service_id,
            "customerNo": customer_no,
            "virtualAccountNo": service_id + customer_no,
        }

    def _digest(self, about: str, bill: Bill) -> str:
        text = f"{self.seed}|{about}|{bill.nop}|{bill.year}"
        return hashlib.sha256(text.encode()).hexdigest()


def drawn(random: Random) -> str:
    """Return a fate by chance."""
    return random.choices(list(FATES), [weight for weight, _ in FATES.values()])[0]
