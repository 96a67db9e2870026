"""What is known of one transaction, merged from notices: a set, so that their order is nothing.

Two sets are kept apart: what notices told (`facts`), and what the provider confirmed when it was
asked, or signed for (`confirmed`). Money moves by what is confirmed.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from functions.payment_webhooks.notice import Notice
from functions.payment_webhooks.record import CHALLENGE, PaidTransaction, Refund

PAID: Final = frozenset({"capture", "settlement"})
REFUNDED: Final = frozenset({"refund", "partial_refund"})
CHARGED_BACK: Final = frozenset({"chargeback", "partial_chargeback"})
#: What can only become of a payment that was made.
AFTER: Final = REFUNDED | CHARGED_BACK
#: What ends a transaction before it is paid, and undoes a payment where the channel allows it.
UNDONE: Final = frozenset({"deny", "cancel"})
#: What ends a transaction before it is paid. A payment in spite of it is late.
CLOSED: Final = UNDONE | {"expire", "failure"}

#: The weight of facts, the heaviest first: which of them is said of a transaction.
_WEIGHT: Final = (
    "chargeback",
    "partial_chargeback",
    "refund",
    "partial_refund",
    "settlement",
    "capture",
    "cancel",
    "expire",
    "deny",
    "failure",
    CHALLENGE,
    "authorize",
    "pending",
)
#: The provider whose signature covers no status: that it refunded all says not that the bank did.
_UNSIGNED: Final = "midtrans"
_ACCEPTED: Final = (None, "", "accept")
_OK: Final = (None, "200")


class NotConfirmed(Exception):
    """The provider does not confirm (yet) what a notice says: it is held, and comes again."""


def fact_of(notice: Notice) -> str:
    """Return the fact that a notice tells: its status, or that a payment waits for a review."""
    if notice.status in PAID and not is_accepted(notice):
        return CHALLENGE
    return notice.status


def is_accepted(notice: Notice) -> bool:
    """Tell whether a payment is one: neither challenged nor with another code than success."""
    fraud = notice.fraud_status.lower() if notice.fraud_status else None
    return fraud in _ACCEPTED and notice.status_code in _OK


def is_settled(one: PaidTransaction) -> bool:
    """Tell whether money came in, whatever became of it since."""
    confirmed = PAID.union(AFTER).intersection(one.confirmed)
    undone = PAID.intersection(one.facts) and UNDONE.intersection(one.confirmed)
    return bool(confirmed or undone)


def is_reversed(one: PaidTransaction) -> bool:
    """Tell whether the provider took the whole payment back, as if it had not been."""
    return is_settled(one) and bool(UNDONE.intersection(one.confirmed))


def is_late(one: PaidTransaction) -> bool:
    """Tell whether a transaction was paid though it had ended."""
    ended = CLOSED.intersection(one.facts) or CLOSED.intersection(one.confirmed)
    return is_settled(one) and not is_reversed(one) and bool(ended)


def returned(one: PaidTransaction) -> Mapping[str, Refund]:
    """Return the refunds and chargebacks of a payment that count; "full" is all that keys leave.

    A provider may say that all was refunded or charged back without listing it.
    """
    listed, rest = {}, one.amount or 0
    for key, refund in sorted(one.refunds.items()):
        if not refund.excess:
            # Of a refund of an imposed fee, what was never ours is not ours to give.
            listed[key] = replace(refund, amount=min(refund.amount, rest))
            rest -= listed[key].amount
    if rest and "chargeback" in one.confirmed and not has_excess(one):
        return listed | {"full": Refund(amount=rest, confirmed=True, chargeback=True)}
    if rest and "refund" in one.confirmed and not one.refunds:
        return {"full": Refund(amount=rest, confirmed=one.provider != _UNSIGNED)}
    return listed


def has_excess(one: PaidTransaction) -> bool:
    """Tell whether more was to be given back than was paid."""
    return any(refund.excess for refund in one.refunds.values())


def repeats(known: PaidTransaction | None, notice: Notice) -> bool:
    """Tell whether a notice says nothing that is not known. One without its refunds may.

    An end may too, of a payment that the provider still called paid when it was asked.
    """
    if known is None or fact_of(notice) not in known.facts:
        return False
    if notice.status in UNDONE and is_settled(known) and not is_reversed(known):
        return False
    if notice.status in AFTER and notice.status != "chargeback" and not notice.refunds:
        return notice.proven and notice.status == "refund"
    return all(
        one.key in known.refunds and (known.refunds[one.key].confirmed or not one.confirmed)
        for one in notice.refunds
    )


def needs_confirmation(known: PaidTransaction | None, notice: Notice) -> bool:
    """Tell whether the provider is to be asked before a notice is believed.

    It is when money moves and the signature proves no status; when a payment and its undoing are
    both told, so that one of them is over; and when amounts are missing.
    """
    fact = fact_of(notice)
    known_facts = set(known.facts) if known else set()
    if fact in UNDONE:
        return known is not None and is_settled(known)
    if fact not in PAID | AFTER:
        return False
    if not notice.proven or known_facts & UNDONE:
        return True
    amount_known = notice.amount is not None or (known is not None and known.amount is not None)
    lacks_refunds = notice.status == "refund" or _is_partial(notice)
    return not amount_known or (lacks_refunds and not notice.refunds)


def _is_partial(notice: Notice) -> bool:
    return notice.status in {"partial_refund", "partial_chargeback"}


def merged(
    known: PaidTransaction | None, notice: Notice, confirmation: Notice | None
) -> PaidTransaction:
    """Return what is known of a transaction after a notice and the provider's answer about it.

    `confirmation` is None if the provider was not asked, or cannot be.

    Raises:
        NotConfirmed: the provider says something else, or the amount is known to nobody.
    """
    before = known or PaidTransaction(provider=notice.provider, status=notice.status)
    fact = fact_of(notice)
    proved = _proved(before, notice, confirmation)
    facts = {*before.facts, fact}
    charged, amount = _amounts(before, notice, confirmation)
    after = replace(
        before,
        facts=tuple(sorted(facts)),
        confirmed=tuple(sorted({*before.confirmed, *proved})),
        amount=amount,
        charged=charged if charged != amount else None,
        channel=before.channel
        or notice.channel
        or (confirmation.channel if confirmation else None),
        status=next((word for word in _WEIGHT if word in facts | proved), fact),
    )
    if not is_settled(after):
        return after
    if after.amount is None:
        raise NotConfirmed("its amount is not known")
    paid_at = before.paid_at or (confirmation and confirmation.paid_at) or notice.paid_at
    after = replace(after, paid_at=paid_at, refunds=_refunds(after, notice, confirmation))
    if is_reversed(after):
        return replace(after, status=min(UNDONE.intersection(after.confirmed)))
    return after


def _proved(before: PaidTransaction, notice: Notice, confirmation: Notice | None) -> set[str]:
    """Return what is proven by a notice, or by the provider's answer.

    Where both a payment and its undoing were told, and the provider cannot be asked, the undoing
    is the later of them.
    """
    fact = fact_of(notice)
    if confirmation is not None:
        answer = fact_of(confirmation)
        if not _agrees(fact, answer):
            raise NotConfirmed(f"{fact} is told, {answer} is answered")
        return {answer}
    if not notice.proven:
        return set()
    together = {*before.facts, fact}
    undone = together & UNDONE if together & (PAID | AFTER) else set()
    return undone | ({fact} - UNDONE)


def _agrees(fact: str, answer: str) -> bool:
    """Tell whether a provider's answer bears out what was told, or something later than it."""
    if fact in PAID:
        return answer in PAID | AFTER | UNDONE
    if fact in UNDONE:
        return answer in PAID | AFTER | UNDONE
    if fact in CHARGED_BACK:
        return answer in {"chargeback", fact}
    if fact in REFUNDED:
        return answer in AFTER
    return True


def _amounts(
    before: PaidTransaction, notice: Notice, confirmation: Notice | None
) -> tuple[int | None, int | None]:
    """Return what was charged, and what of it is ours. The provider's answer counts first."""
    sources = [one for one in (confirmation, notice) if one is not None]
    told = [one.amount for one in sources if one.amount is not None]
    charged = next(iter(told), before.charged or before.amount)
    originals = [one.original_amount for one in sources]
    original = next((one for one in originals if one), before.amount if before.charged else None)
    if charged is None or original is None or not 0 < original < charged:
        return charged, charged
    return charged, original


def _refunds(
    after: PaidTransaction, notice: Notice, confirmation: Notice | None
) -> Mapping[str, Refund]:
    """Return the refunds that are known now; the provider's answer says which there are.

    Raises:
        NotConfirmed: the provider lists refunds, but not one that the notice tells of; or nobody
            lists any, though there is one.
    """
    listed = {one.key: one for one in confirmation.refunds} if confirmation else {}
    told = {one.key: one for one in notice.refunds}
    if listed and told.keys() - listed.keys():
        raise NotConfirmed("the provider does not list a refund")
    if _is_partial(notice) and not (listed or told):
        raise NotConfirmed("nobody says how much was refunded")
    refunds = dict(after.refunds)
    by_bank = bool(CHARGED_BACK.intersection(after.confirmed))
    for key, one in sorted((listed or told).items()):
        confirmed = one.confirmed or (key in told and told[key].confirmed)
        old = refunds.get(key)
        if old is None:
            given = sum(other.amount for other in refunds.values() if not other.excess)
            excess = given + one.amount > (after.charged or after.amount or 0)
            old = Refund(amount=one.amount, at=one.at, excess=excess, chargeback=by_bank)
        refunds[key] = replace(old, confirmed=old.confirmed or confirmed)
    return refunds
