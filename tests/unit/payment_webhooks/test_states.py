"""The case table, row by row, without a table or a queue."""

from dataclasses import replace
from datetime import timedelta

import pytest

from functions.payment_webhooks import facts, posting, states
from functions.payment_webhooks.facts import NotConfirmed
from functions.payment_webhooks.notice import RefundNotice
from functions.payment_webhooks.record import BILL_PAID, Bill, OrderStatus
from tests.unit.payment_webhooks.orders import FARES, PAID, SEEN, a_notice, an_order

FEE = 14
CLEARING = "clearing:midtrans"
PENALTIES = "revenue:semarang-bapenda:4.1.01.15.99"
GATE_REFUND = RefundNotice(key="r-1", amount=1_000, confirmed=False, at=PAID)


def after(*told, order=None, unasked=False):
    """Return an order after notices, each confirmed by the provider as it was told."""
    found = order or an_order()
    for one in told:
        notice, answer = one if isinstance(one, tuple) else (one, one)
        answer = None if unasked else answer
        done = states.settle(found, notice, answer, fee=lambda _: FEE, at=SEEN)
        found = done.after
    return found


def books(order):
    """Return kinds of entries with their lines."""
    return {
        fact.kind: dict(implied.amounts)
        for fact, implied in posting.implied(order).items()
        if implied.amounts
    }


def test_an_order_is_paid_once_and_less_the_fee():
    paid = after(a_notice())
    assert (paid.status, paid.paid_amount, paid.version) == ("paid", 3_500, 2)
    assert books(paid) == {"sale": {CLEARING: 3_486, "mdr:midtrans": 14, FARES: -3_500}}
    again = states.settle(paid, a_notice(), a_notice(), fee=lambda _: FEE, at=SEEN)
    assert (again.claim, again.after) == (None, paid)
    assert states.is_repeated(paid, a_notice())


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["pending"], "pending"),
        (["authorize"], "pending"),
        (["pending", "expire"], "expired"),
        (["pending", "cancel"], "cancelled"),
        (["pending", "deny"], "denied"),
        (["failure"], "failed"),
        (["settlement", "pending"], "paid"),
        (["authorize", "capture"], "paid"),
        (["expire", "settlement"], "expired"),
        (["settlement", "deny"], "reversed"),
        (["capture", "cancel"], "reversed"),
        (["chargeback"], "charged_back"),
        (["refund"], "refunded"),
    ],
)
def test_the_status_follows_from_what_was_told(words, status):
    order = after(*(a_notice(word) for word in words))
    assert order.status == status
    assert (order.stale_at is not None) == (status == "pending")


def test_an_order_without_a_transaction_is_as_it_was():
    assert states.derived(an_order(), SEEN).status == "created"
    assert states.derived(an_order(), SEEN).stale_at == SEEN + states.STALE_AFTER
    given_up = states.closed(an_order(), SEEN)
    assert (given_up.status, given_up.version, given_up.stale_at) == ("expired", 2, None)
    late = after(a_notice(), order=given_up)
    assert (late.status, late.held_reason) == ("expired", "late")
    assert books(late)["late"] == {FARES: 3_500, "suspense:late": -3_500}


def test_an_attempt_that_was_denied_leaves_the_order_open_for_another():
    first = after(a_notice("deny"), a_notice("pending", transaction_id="t-2"))
    assert first.status == "pending"
    assert after(a_notice(transaction_id="t-2"), order=first).status == "paid"


@pytest.mark.parametrize("answer", ["pending", "expire", "failure", "authorize", "unknown:x"])
def test_a_payment_that_the_provider_contradicts_is_held(answer):
    with pytest.raises(NotConfirmed):
        after((a_notice(), a_notice(answer)))


@pytest.mark.parametrize(
    ("told", "answer"),
    [
        ("deny", "pending"),
        ("refund", "settlement"),
        ("chargeback", "settlement"),
        ("chargeback", "partial_chargeback"),
        ("partial_chargeback", "refund"),
    ],
)
def test_so_is_what_comes_after_a_payment(told, answer):
    paid = after(a_notice())
    with pytest.raises(NotConfirmed):
        after((a_notice(told), a_notice(answer)), order=paid)


@pytest.mark.parametrize("answer", ["refund", "deny", "cancel", "chargeback", "capture"])
def test_a_provider_may_know_more_already(answer):
    assert after((a_notice(), a_notice(answer))).transactions["t-1"].amount == 3_500


def test_what_is_asked_of_the_provider():
    order = an_order()
    paid = after(a_notice())
    asks = states.is_to_be_confirmed
    assert asks(order, a_notice())
    assert asks(order, a_notice("partial_refund", refunds=(GATE_REFUND,)))
    assert not asks(order, a_notice("pending"))
    assert not asks(order, a_notice("deny"))
    assert asks(paid, a_notice("deny"))
    assert not asks(paid, a_notice("expire"))
    assert not asks(order, a_notice(proven=True))
    assert asks(order, a_notice(proven=True, amount=None))
    assert not asks(paid, a_notice("chargeback", proven=True, amount=None))
    # Of a wallet's QRIS nobody lists what was given back: all of it, unless the provider knows more.
    assert asks(paid, a_notice("refund", proven=True))
    assert not asks(paid, a_notice("refund", proven=True, refunds=(GATE_REFUND,)))
    assert asks(paid, a_notice("partial_refund", proven=True))
    assert asks(after(a_notice("cancel")), a_notice(proven=True))


def test_a_signed_status_needs_no_confirmation():
    told = a_notice(proven=True, provider="gopay")
    assert after(told, unasked=True).status == "paid"
    undone = a_notice("cancel", proven=True, provider="gopay")
    assert after(told, undone, unasked=True).status == "reversed"
    assert after(undone, told, unasked=True).status == "reversed"
    assert after(undone, unasked=True).status == "cancelled"
    # Asked, the provider may say that the payment came after the end.
    assert after((told, told), (undone, told)).held_reason == "late"
    full = a_notice("refund", proven=True, provider="gopay")
    assert set(books(after(told, full, unasked=True))) == {
        "sale",
        "refund_pending",
        "refund_settled",
    }


def test_an_amount_that_nobody_knows_is_held():
    with pytest.raises(NotConfirmed):
        after(a_notice(proven=True, amount=None), unasked=True)
    with pytest.raises(NotConfirmed):
        after(a_notice("partial_refund"))
    told = a_notice("partial_refund", refunds=(GATE_REFUND,))
    other = replace(told, refunds=(replace(GATE_REFUND, key="r-2"),))
    with pytest.raises(NotConfirmed):
        after((told, other))


def test_refunds_are_owed_first_and_paid_once_the_bank_says_so():
    pending = a_notice("partial_refund", refunds=(GATE_REFUND,))
    order = after(a_notice(), pending)
    assert (order.status, order.refunded_amount, order.revoked) == (
        "partially_refunded",
        1_000,
        False,
    )
    assert books(order)["refund_pending"] == {FARES: 1_000, "refunds_payable": -1_000}
    assert "refund_settled" not in books(order)
    settled = a_notice("partial_refund", refunds=(replace(GATE_REFUND, confirmed=True),))
    assert not states.is_repeated(order, settled)
    order = after(settled, pending, order=order)
    assert books(order)["refund_settled"] == {"refunds_payable": 1_000, CLEARING: -1_000}
    assert states.is_repeated(order, settled)
    assert states.is_repeated(order, pending)


def test_what_a_refund_notice_lacks_may_be_new():
    order = after(a_notice(), a_notice("partial_refund", refunds=(GATE_REFUND,)))
    assert not states.is_repeated(order, a_notice("partial_refund"))
    assert not states.is_repeated(order, a_notice("refund"))
    told = a_notice("partial_refund", proven=True, refunds=(GATE_REFUND,))
    signed = after(a_notice(proven=True), told, unasked=True)
    assert not states.is_repeated(signed, replace(told, refunds=()))
    whole = replace(GATE_REFUND, amount=3_500)
    listed = after(a_notice(), a_notice("refund", refunds=(whole,)))
    assert not states.is_repeated(listed, a_notice("refund"))
    full = after(a_notice("refund", proven=True), unasked=True)
    assert states.is_repeated(full, a_notice("refund", proven=True))
    assert states.is_repeated(after(a_notice("chargeback")), a_notice("chargeback"))


@pytest.mark.parametrize("amounts", [(3_501,), (2_000, 1_501)])
def test_refunds_that_exceed_the_payment_are_not_posted(amounts):
    given = tuple(
        RefundNotice(key=f"r-{n}", amount=amount, confirmed=True)
        for n, amount in enumerate(amounts)
    )
    order = after(a_notice(), a_notice("refund", refunds=given))
    assert (order.status, order.held_reason) == ("quarantined", "refunds_exceed")
    assert order.refunded_amount == sum(amounts[:-1])
    assert order.transactions["t-1"].refunds[f"r-{len(amounts) - 1}"].excess
    assert facts.has_excess(order.transactions["t-1"])


def test_a_chargeback_takes_what_is_left():
    part = RefundNotice(key="cb", amount=500, confirmed=True)
    order = after(a_notice(), a_notice("partial_chargeback", refunds=(part,)))
    assert (order.status, order.refunded_amount, order.revoked) == ("charged_back", 500, True)
    assert books(order)["chargeback"] == {FARES: 500, CLEARING: -500}
    order = after(a_notice("chargeback", refunds=(part,)), order=order)
    assert order.refunded_amount == 3_500
    whole = RefundNotice(key="cb", amount=4_000, confirmed=True)
    assert after(a_notice("chargeback", refunds=(whole,))).status == "quarantined"


def test_a_fee_on_top_is_not_ours():
    told = a_notice(amount=3_525, original_amount=3_500)
    order = after(told)
    assert (order.status, order.paid_amount) == ("paid", 3_500)
    assert books(order) == {"sale": {CLEARING: 3_500, FARES: -3_500}}
    given = RefundNotice(key="r", amount=3_525, confirmed=False)
    order = after(replace(told, status="refund", refunds=(given,)), order=order)
    assert (order.status, order.refunded_amount) == ("refunded", 3_500)
    # Only one of two tells what it was before the fee: it is the same payment.
    bare = replace(told, original_amount=None)
    assert after((bare, told)).paid_amount == 3_500
    late = after(bare, replace(told, status="capture"))
    assert (late.status, late.paid_amount) == ("paid", 3_500)
    assert after(a_notice(original_amount=4_000)).paid_amount == 3_500


def test_another_amount_is_quarantined_until_it_is_given_back():
    told = a_notice(amount=9_000)
    order = after(told)
    assert (order.status, order.held_reason) == ("quarantined", "amount_mismatch")
    assert books(order) == {
        "amount_mismatch": {
            CLEARING: 8_986,
            "mdr:midtrans": 14,
            "suspense:amount_mismatch": -9_000,
        }
    }
    given = RefundNotice(key="r", amount=9_000, confirmed=True)
    order = after(a_notice("refund", amount=9_000, refunds=(given,)), order=order)
    assert order.status == "refunded"


def test_an_order_nobody_made_is_in_suspense():
    order = after(a_notice(), order=an_order(origin="unknown", credits=()))
    assert (order.status, order.held_reason) == ("quarantined", "unknown")
    assert set(books(order)) == {"unknown_order"}


def test_a_second_payment_is_a_surplus_until_one_is_given_back():
    order = after(a_notice(), a_notice(transaction_id="t-2", proven=True, provider="qris"))
    assert (order.status, order.paid_amount) == ("paid", 7_000)
    assert books(order)["overpayment"] == {FARES: 3_500, "suspense:overpayment": -3_500}
    given = RefundNotice(key="r", amount=3_500, confirmed=True)
    told = a_notice("refund", transaction_id="t-2", provider="qris", refunds=(given,))
    order = after(told, order=order)
    assert order.status == "paid"
    assert "overpayment" not in books(order)
    assert order.provider == "midtrans"


def test_an_order_is_the_providers_that_was_paid():
    denied = a_notice("deny", provider="gopay")
    paid = a_notice(provider="qris", transaction_id="t-2")
    assert after(denied).provider == "gopay"
    assert after(denied, paid).provider == "qris"
    assert after(paid, denied).provider == "qris"


def test_a_challenged_card_waits():
    told = a_notice("capture", fraud_status="challenge", status_code="201")
    order = after(told, unasked=True)
    assert (order.status, order.held_reason) == ("pending", "challenge")
    order = after(a_notice("capture", fraud_status="Accept"), order=order)
    assert (order.status, order.held_reason) == ("paid", None)


def test_a_challenge_is_one_whatever_its_code_says():
    told = a_notice("capture", fraud_status="challenge")
    assert after(told, unasked=True).held_reason == "challenge"
    odd = a_notice("capture", status_code="201")
    assert after(odd, unasked=True).held_reason == "challenge"


def a_tax(**changes):
    return an_order(
        kind="tax",
        credits=((FARES, 3_000), (PENALTIES, 500)),
        bill=Bill(nop="337401000100100010", year=2026, principal=3_000, penalty=500),
        **changes,
    )


def test_a_tax_has_a_receipt_and_gives_back_its_penalty_first():
    order = after(a_notice(), order=a_tax())
    first = order.receipt_number
    assert first is not None
    more = after(a_notice("pending"), order=order)
    assert more.receipt_number == first
    told = a_notice("partial_refund", refunds=(GATE_REFUND,))
    order = after(told, order=order)
    assert books(order)["refund_pending"] == {
        PENALTIES: 500,
        FARES: 500,
        "refunds_payable": -1_000,
    }
    again = after(a_notice("deny"), order=order)
    assert (again.status, again.receipt_number) == ("reversed", first)


def test_a_bill_that_was_paid_by_another_leaves_the_money_in_suspense():
    order = after(a_notice(), order=a_tax(held_reason=BILL_PAID))
    assert (order.status, order.held_reason) == ("quarantined", BILL_PAID)
    assert books(order)["overpayment"] == {
        FARES: 3_000,
        PENALTIES: 500,
        "suspense:overpayment": -3_500,
    }


def test_principal_and_penalty_may_go_to_one_account():
    order = after(a_notice(), order=replace(a_tax(), credits=((FARES, 3_000), (FARES, 500))))
    assert books(order)["sale"][FARES] == -3_500


def test_a_refund_of_what_was_late_comes_out_of_suspense():
    order = after(a_notice("expire"), a_notice())
    told = a_notice("partial_refund", refunds=(GATE_REFUND,))
    done = states.settle(order, told, told, fee=lambda _: FEE, at=SEEN)
    posted = posting.entries(order, done.after, SEEN)
    assert [entry.kind for entry in posted] == ["late", "refund_pending"]
    assert {line.account: line.amount for line in posted[0].lines} == {
        FARES: -1_000,
        "suspense:late": 1_000,
    }
    # It is posted already, so this entry of it has a name of its own.
    first = posting.entries(an_order(), order, SEEN)
    assert posted[0].entry_id not in {entry.entry_id for entry in first}
    assert done.after.status is OrderStatus.PARTIALLY_REFUNDED


def test_an_entry_says_when_it_happened_and_when_it_was_posted():
    later = SEEN + timedelta(days=1)
    order = after(a_notice())
    (entry,) = posting.entries(an_order(), order, later)
    assert (entry.occurred_at, entry.posted_at) == (PAID, later)
    deny = a_notice("deny")
    done = states.settle(order, deny, deny, fee=lambda _: FEE, at=later)
    (entry,) = posting.entries(order, done.after, later)
    assert (entry.kind, entry.occurred_at) == ("reversal", later)


def test_the_claim_names_what_is_new():
    order = after(a_notice())
    told = a_notice("partial_refund", refunds=(GATE_REFUND,))
    done = states.settle(order, told, told, fee=lambda _: FEE, at=SEEN)
    assert done.claim == "EVENT#midtrans#t-1#partial_refund#r-1#0"
    first = states.settle(an_order(), a_notice(), a_notice(), fee=lambda _: FEE, at=SEEN)
    assert first.claim == "EVENT#midtrans#t-1#settlement##0"
    excess = a_notice("pending", refunds=(GATE_REFUND,))
    claim = states.settle(an_order(), excess, None, fee=lambda _: FEE, at=SEEN).claim
    assert claim == "EVENT#midtrans#t-1#pending#r-1#0"
