"""What happens to payments in a simulation: their fates, and the notifications that tell of them.

A fate is played on the bank's transaction and told in waves: the second wave happens only when the
merchant has asked about the first, as a reversal or refund comes after a payment was believed.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from cli import provider_simulator_messages as messages
from cli.provider_simulator_bank import Bank
from cli.provider_simulator_messages import Message, SnapSender

#: How often each fate is met, of a thousand orders, and what the order then is in our words.
FATES: Final[Mapping[str, tuple[int, str]]] = {
    "paid": (560, "paid"),
    "paid, told at once": (80, "paid"),
    "fee imposed": (50, "paid"),
    "paid twice": (30, "paid"),
    "expired": (60, "expired"),
    "cancelled": (30, "cancelled"),
    "denied": (30, "denied"),
    "late": (30, "expired"),
    "reversed": (30, "reversed"),
    "refunded": (40, "refunded"),
    "refund asked for": (10, "refunded"),
    "partly refunded": (20, "partially_refunded"),
    "charged back": (10, "charged_back"),
    "another amount": (20, "quarantined"),
}
#: What is charged besides, where a fee is put on top; and what is wrong with another amount.
_FEE: Final = 700
_WRONG_BY: Final = 500


def drawn(random: Random) -> str:
    """Return a fate by chance."""
    return random.choices(list(FATES), [weight for weight, _ in FATES.values()])[0]


@dataclass(frozen=True, kw_only=True)
class Stage:
    """What fates are played on."""

    bank: Bank
    server_keys: Mapping[str, str]  #: by jurisdiction
    acquirer: SnapSender  #: which tells of second payments
    now: Callable[[], datetime]

    def told(self, order_id: str, **how: object) -> Message:
        """Return Midtrans' notification about an order as it is now."""
        transaction = self.bank.find(order_id)
        key = self.server_keys[transaction.jurisdiction_id]
        return messages.midtrans(transaction, key, **how)

    def pay(self, order_id: str) -> None:
        """Let an order's payment be settled."""
        self.bank.move(order_id, "settlement", paid_at=self.now())


def waves(stage: Stage, order_id: str, fate: str) -> Iterator[list[Message]]:
    """Play a fate on an order that was charged; yield what is told of it, wave by wave.

    A wave begins when the next one is asked for.
    """
    bank = stage.bank
    pending = [stage.told(order_id)]
    match fate:
        case "paid" | "paid twice":
            stage.pay(order_id)
            more = [_second_payment(stage, order_id)] if fate == "paid twice" else []
            yield [*pending, stage.told(order_id), *more]
        case "paid, told at once":
            stage.pay(order_id)
            yield [stage.told(order_id)]
        case "fee imposed" | "another amount":
            found = bank.find(order_id)
            if fate == "fee imposed":
                bank.change(order_id, gross=found.amount + _FEE)
            else:  # nothing says that a fee was put on top
                wrong = found.amount + _WRONG_BY
                bank.change(order_id, gross=wrong, amount=wrong)
            stage.pay(order_id)
            yield [stage.told(order_id)]
        case "expired" | "cancelled" | "denied":
            bank.move(order_id, {"expired": "expire", "cancelled": "cancel"}.get(fate, "deny"))
            yield [*pending, stage.told(order_id)]
        case "late":
            bank.move(order_id, "expire")
            ended = stage.told(order_id)
            stage.pay(order_id)
            yield [*pending, ended, stage.told(order_id)]
        case _:
            stage.pay(order_id)
            yield [*pending, stage.told(order_id)]
            yield list(_afterwards(stage, order_id, fate))


def _afterwards(stage: Stage, order_id: str, fate: str) -> Iterator[Message]:
    """Play what becomes of a payment that was believed, and tell it."""
    bank, gross = stage.bank, stage.bank.find(order_id).gross
    match fate:
        case "reversed":
            bank.move(order_id, "deny")
        case "charged back":
            bank.move(order_id, "chargeback", charged_back=gross)
        case _:
            amount = max(1, gross // 4) if fate == "partly refunded" else gross
            bank.refund(order_id, f"refund-{order_id}", amount, stage.now())
            yield stage.told(order_id)
            if fate == "refund asked for":
                return
            bank.confirm_refunds(order_id, stage.now())
    yield stage.told(order_id)


def _second_payment(stage: Stage, order_id: str) -> Message:
    """Return an acquirer's word of another payment for an order, by another transaction."""
    first = stage.bank.find(order_id)
    second = stage.bank.begin(
        f"{order_id}/again",
        jurisdiction_id=first.jurisdiction_id,
        channel="qris",
        amount=first.amount,
        created_at=first.created_at,
        provider="qris",
    )
    stage.bank.move(second.order_id, "settlement", paid_at=stage.now())
    paid = stage.bank.find(second.order_id)
    body = messages.snap_qr(paid) | {"originalPartnerReferenceNo": order_id}
    return stage.acquirer.message(
        "/v1.0/qr/qr-mpm-notify",
        body,
        at=stage.now(),
        external_id=_external_id(paid.transaction_id),
        order_id=order_id,
        about="settlement",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a QR stands still, as configuration knows it."""

    jurisdiction_id: str
    product: str
    amounts: tuple[int, ...]  #: that the tariff allows
    outlet: str | None = None
    terminal: str | None = None
    nmid: str | None = None


def paid_at_a_place(
    stage: Stage, place: Place, number: int, random: Random, gobiz_secret: str
) -> Message:
    """Play a payment to a QR that stands still; tell it by GoBiz if it is an outlet's."""
    known = {"outlet": place.outlet, "terminal": place.terminal, "nmid": place.nmid}
    by_gobiz = place.outlet is not None
    reference = f"{'GB' if by_gobiz else 'QR'}-{number}-{random.getrandbits(40):010x}"
    transaction = stage.bank.begin(
        reference,
        jurisdiction_id=place.jurisdiction_id,
        channel="qris",
        amount=random.choice(place.amounts),
        created_at=stage.now() - timedelta(seconds=2),
        provider="gobiz" if by_gobiz else "qris",
        place={name: value for name, value in known.items() if value},
    )
    stage.bank.move(reference, "settlement", paid_at=stage.now())
    transaction = stage.bank.find(reference)
    if by_gobiz:
        return messages.gobiz(transaction, gobiz_secret)
    return stage.acquirer.message(
        "/v1.0/qr/qr-mpm-notify",
        messages.snap_qr(transaction),
        at=stage.now(),
        external_id=_external_id(transaction.transaction_id),
        order_id=reference,
        about="settlement",
    )


def unknown(stage: Stage, order_id: str, jurisdiction_id: str) -> Message:
    """Play the payment of an order that the merchant never made; tell it."""
    stage.bank.begin(
        order_id,
        jurisdiction_id=jurisdiction_id,
        channel="gopay",
        amount=12_500,
        created_at=stage.now(),
    )
    stage.pay(order_id)
    return stage.told(order_id)


def trial(stage: Stage, number: int, jurisdiction_id: str) -> Message:
    """Return what Midtrans' dashboard sends when someone presses its test button."""
    order_id = f"payment_notif_test_G000000001_{number:08x}"
    stage.bank.begin(
        order_id,
        jurisdiction_id=jurisdiction_id,
        channel="credit_card",
        amount=10_000,
        created_at=stage.now(),
        provider="test",
    )
    stage.pay(order_id)
    return stage.told(order_id)


def _external_id(transaction_id: str) -> str:
    """Return digits that no other message of the day has."""
    return str(int(transaction_id.replace("-", "")[:14], 16))


__all__ = ["FATES", "Place", "Stage", "drawn", "paid_at_a_place", "trial", "unknown", "waves"]
