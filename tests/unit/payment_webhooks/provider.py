"""A model of the provider: genuine histories of transactions, and what it tells and answers of them."""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

from hypothesis import strategies as st

from functions.payment_webhooks.notice import Notice, RefundNotice
from tests.unit.payment_webhooks.orders import PAID, a_notice

AMOUNT = 3_500


@dataclass(frozen=True)
class History:
    """What the provider told of one transaction, in order, and what it knew at each step."""

    told: tuple[Notice, ...]
    known: tuple[Notice, ...]

    def __repr__(self) -> str:
        return " → ".join(
            f"{one.status}{'!' if one.fraud_status == 'challenge' else ''}"
            f"{[(r.key, r.amount, r.confirmed) for r in one.refunds] or ''}"
            for one in self.told
        )


def _history(steps: list[tuple[str, dict[str, Any]]], base: Any, lacks: bool) -> History:
    known = tuple(base(status, **changes) for status, changes in steps)
    told = tuple(
        replace(one, refunds=()) if lacks and one.status.startswith("partial_") else one
        for one in known
    )
    return History(told=told, known=known)


UNPAID = (
    ("pending",),
    ("pending", "expire"),
    ("pending", "cancel"),
    ("pending", "deny"),
    ("failure",),
    ("authorize", "deny"),
    ("authorize", "cancel"),
    ("authorize", "expire"),
    ("challenge",),
    ("challenge", "deny"),
    ("challenge", "cancel"),
)
PAYING = (
    ("settlement",),
    ("pending", "settlement"),
    ("authorize", "capture"),
    ("authorize", "capture", "settlement"),
    ("challenge", "capture", "settlement"),
    ("pending", "expire", "settlement"),
    ("pending", "cancel", "settlement"),
    ("pending", "deny", "settlement"),
)


@st.composite
def histories(draw: Any, transaction_id: str = "t-1", *, proven: bool = False) -> History:
    """Return a history that the provider's own state machine allows, and late payments besides."""
    fee = draw(st.sampled_from([0, 0, 700]))
    told = {"amount": AMOUNT + fee, "original_amount": AMOUNT if fee else None}
    provider = "gopay" if proven else "midtrans"
    base = partial(
        a_notice, transaction_id=transaction_id, provider=provider, proven=proven, **told
    )
    ends = draw(st.sampled_from(["unpaid", "paid", "undone", "refunded", "charged_back"]))
    if ends == "unpaid":
        words = draw(st.sampled_from(UNPAID))
    elif ends == "undone":
        words = draw(
            st.sampled_from([("authorize", "capture", "cancel"), ("pending", "settlement", "deny")])
        )
    else:
        words = draw(st.sampled_from(PAYING))
    steps: list[tuple[str, dict[str, Any]]] = [
        ("capture", {"fraud_status": "challenge", "status_code": "201"})
        if word == "challenge"
        else (word, {"status_code": "202" if word in ("deny", "expire") else "200"})
        for word in words
    ]
    if ends == "refunded":
        steps += _refunds(draw)
    if ends == "charged_back":
        steps += _chargebacks(draw)
    return _history(steps, base, lacks=draw(st.booleans()) and not proven)


def _parts(draw: Any) -> list[int]:
    """Return amounts of parts of the payment, which may come to all of it."""
    cuts = draw(st.lists(st.integers(1, AMOUNT), min_size=1, max_size=3, unique=True))
    cuts = sorted(cuts)
    return [b - a for a, b in zip([0, *cuts], cuts, strict=False)]


def _refunds(draw: Any) -> list[tuple[str, dict[str, Any]]]:
    steps: list[tuple[str, dict[str, Any]]] = []
    listed: dict[str, RefundNotice] = {}
    for number, amount in enumerate(_parts(draw)):
        key = f"r-{number}"
        for confirmed in (False, True):
            at = PAID + timedelta(hours=number + 1)
            listed[key] = RefundNotice(key=key, amount=amount, confirmed=confirmed, at=at)
            given = sum(one.amount for one in listed.values())
            word = "refund" if given == AMOUNT else "partial_refund"
            steps.append((word, {"refunds": tuple(listed.values())}))
            if not draw(st.booleans()) and not confirmed:
                break
    return steps


def _chargebacks(draw: Any) -> list[tuple[str, dict[str, Any]]]:
    steps: list[tuple[str, dict[str, Any]]] = []
    listed: tuple[RefundNotice, ...] = ()
    if draw(st.booleans()):
        part = draw(st.integers(1, AMOUNT - 1))
        listed = (RefundNotice(key="cb-1", amount=part, confirmed=True, at=PAID),)
        steps.append(("partial_chargeback", {"refunds": listed}))
    if not listed or draw(st.booleans()):
        steps.append(("chargeback", {"refunds": listed}))
    return steps


@st.composite
def deliveries(draw: Any, made: tuple[History, ...]) -> list[tuple[Notice, Notice | None]]:
    """Return notices in any order, any of them again, each with what the provider answers then.

    It never knows less than what it has told, nor less than it answered before.
    """
    numbers = [(h, n) for h, one in enumerate(made) for n in range(len(one.told))]
    order = draw(st.permutations(numbers + draw(st.lists(st.sampled_from(numbers), max_size=5))))
    reached = [0] * len(made)
    found = []
    for h, n in order:
        latest = len(made[h].known) - 1
        reached[h] = draw(st.integers(max(reached[h], n), latest))
        answer = None if made[h].told[n].proven else made[h].known[reached[h]]
        found.append((made[h].told[n], answer))
    return found
