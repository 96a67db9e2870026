"""Tickets let in once, at a gate or afterwards; treasurers give money back."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import EndpointConnectionError

from functions.payment_webhooks import provider_client, tickets
from functions.payment_webhooks.calling import ProviderUnavailable
from functions.payment_webhooks.orders import api
from shared import aws
from shared.clock import to_text
from shared.dynamo import from_item
from tests.aws_double import PAYMENTS, answering, items
from tests.builders import officer_claims
from tests.selling import (
    GATE,
    NOON,
    OTHER_GATE,
    SECRETS,
    SELLER,
    TREASURER,
    Provider,
    call,
    client_of,
    machine,
    open_shop,
    ordered,
    tell,
    tell_refund,
    the_order,
)

pytestmark = pytest.mark.usefixtures("aws_double")
AT_THE_GATE = machine(GATE, "gate/redeem")


@pytest.fixture(autouse=True)
def provider(aws_double: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    played = Provider()
    open_shop()
    monkeypatch.setattr(provider_client, "provider_client", lambda: client_of(played))
    monkeypatch.setattr(api, "now", lambda: NOON)
    for kept in (api.desk, api.keys):
        kept.cache_clear()
    yield played
    for kept in (api.desk, api.keys):
        kept.cache_clear()


def paid_tickets(quantity: int = 1, **body: Any) -> dict[str, Any]:
    order = ordered(product="tiket-sam-poo-kong", quantity=quantity, **body)
    tell(order["order_id"])
    return shown(order["order_id"])


def shown(order_id: str) -> dict[str, Any]:
    order: dict[str, Any] = call("GET", f"/orders/{order_id}", claims=machine(SELLER))[1]
    return order


def redeem(token: str, claims: Any = AT_THE_GATE, **body: Any) -> tuple[int, Any]:
    return call("POST", "/tickets/redemptions", {"token": token, **body}, claims=claims)[:2]


def refund(order_id: str, key: str | None = None, claims: Any = TREASURER, **body: Any) -> Any:
    headers = {"Idempotency-Key": key or str(uuid4())}
    given = {"reason": "batal berkunjung", **body}
    path = f"/orders/{order_id}/refunds"
    return call("POST", path, given, claims=claims, headers=headers)[:2]


def fail(**_: Any) -> None:
    """Stand in for an AWS service that cannot be reached."""
    raise EndpointConnectionError(endpoint_url="https://aws.test")


def scans() -> list[dict[str, Any]]:
    return [one for one in map(from_item, items(PAYMENTS)) if one["pk"].startswith("S#")]


def test_tickets_are_issued_once_they_are_paid_and_can_be_checked_with_the_public_keys():
    order = ordered(product="tiket-sam-poo-kong", quantity=2)
    assert (order["tickets"], order["amount"]) == ([], 40_000)
    tell(order["order_id"])
    found = shown(order["order_id"])["tickets"]
    status, key_set, headers = call("GET", "/tickets/keys")
    assert (status, headers["Cache-Control"]) == (200, "public, max-age=300")
    known = tickets.keys_in(key_set)
    read = [tickets.ticket_in(one["token"], known) for one in found]
    assert [one.id for one in read] == [one["ticket_id"] for one in found]
    assert [one.number for one in read] == [1, 2]
    assert all(one.holds_at(NOON) for one in read)
    assert call("GET", "/tickets/keys", headers={"If-None-Match": headers["ETag"]})[0] == 304


def test_no_private_key_is_told_to_anybody():
    assert set(call("GET", "/tickets/keys")[1]["keys"][0]) == {
        "kty", "crv", "kid", "x", "use", "alg",
    }  # fmt: skip


def test_a_ticket_lets_in_once():
    order = paid_tickets(2)
    one, other = (ticket["token"] for ticket in order["tickets"])
    status, done = redeem(one, gate="G1")
    assert (status, done["outcome"], done["redeemed_at"]) == (200, "redeemed", to_text(NOON))
    assert done["ticket_id"] == f"{order['order_id']}.1"
    status, problem = redeem(one, gate="G2")
    assert (status, problem["code"]) == (409, "already_redeemed")
    assert "G1" in problem["detail"]
    assert redeem(other)[0] == 200
    assert [one["redeemed_at"] for one in shown(order["order_id"])["tickets"]] == [
        to_text(NOON)
    ] * 2
    assert sorted(one["outcome"] for one in scans()) == ["already_redeemed", "redeemed", "redeemed"]
    assert {one["pk"] for one in scans()} == {"S#semarang#sam-poo-kong#2026-11-23"}


def test_the_same_scan_sent_again_has_the_same_outcome():
    (ticket,) = paid_tickets()["tickets"]
    scan = {"scan_id": str(uuid4()), "gate": "G1"}
    assert [redeem(ticket["token"], **scan)[0] for _ in range(2)] == [200, 200]
    assert redeem(ticket["token"], scan_id=scan["scan_id"], gate="G2")[0] == 409
    assert len(scans()) == 2


def test_a_scan_sent_again_keeps_the_time_of_the_first_even_after_midnight(monkeypatch):
    (ticket,) = paid_tickets()["tickets"]
    scan = {"scan_id": str(uuid4()), "gate": "G1"}
    first = redeem(ticket["token"], **scan)
    monkeypatch.setattr(api, "now", lambda: NOON + timedelta(days=1))
    assert redeem(ticket["token"], **scan) == first
    assert len(scans()) == 1


def test_the_payments_news_does_not_undo_a_redemption():
    order = paid_tickets(2)
    redeem(order["tickets"][0]["token"])
    tell_refund(order["order_id"], "dashboard-1", 20_000)
    assert the_order(order["order_id"]).redeemed.keys() == {"1"}


@pytest.mark.parametrize(
    ("told", "code"), [(None, "not_paid"), ("expire", "not_paid"), ("pending", "not_paid")]
)
def test_a_ticket_that_is_not_paid_lets_nobody_in(told, code):
    order = ordered(product="tiket-sam-poo-kong")
    if told:
        tell(order["order_id"], told)
    (ticket,) = tickets.tickets_of(the_order(order["order_id"]))
    token = tickets.issued(ticket, tickets.signing_key(SECRETS["tickets"]))
    status, problem = redeem(token)
    assert (status, problem["code"]) == (409, code)


def test_a_reversed_or_refunded_ticket_is_revoked():
    order = paid_tickets()
    tell(order["order_id"], "deny")
    assert redeem(order["tickets"][0]["token"])[1]["code"] == "revoked"
    assert shown(order["order_id"])["tickets"] == []
    other = paid_tickets()
    tell_refund(other["order_id"], "k", 20_000)
    assert redeem(other["tickets"][0]["token"])[1]["code"] == "revoked"


def test_a_partial_refund_revokes_the_last_tickets():
    order = paid_tickets(3)
    tell_refund(order["order_id"], "k", 20_000)
    assert [redeem(one["token"])[0] for one in order["tickets"]] == [200, 200, 409]
    assert len(shown(order["order_id"])["tickets"]) == 2


def test_a_ticket_is_for_its_site_its_day_and_its_own_gates():
    order = paid_tickets(visit_on="2026-11-24")
    token = order["tickets"][0]["token"]
    assert redeem(token)[1]["code"] == "not_valid_now"
    assert redeem(token, machine(OTHER_GATE, "gate/redeem"))[1]["code"] == "wrong_site"
    assert redeem("e30.e30.e30")[1]["code"] == "invalid"
    outcomes = sorted(one["outcome"] for one in scans())
    assert outcomes == ["invalid", "not_valid_now", "wrong_site"]


@pytest.mark.parametrize(
    "claims", [machine(SELLER), machine(SELLER, "gate/redeem"), TREASURER, machine("cl-gone")]
)
def test_only_gates_redeem(claims):
    (ticket,) = paid_tickets()["tickets"]
    assert redeem(ticket["token"], claims)[0] == 403


def test_an_order_that_is_gone_lets_nobody_in():
    order = paid_tickets()
    stored = the_order(order["order_id"])
    aws.dynamodb().delete_item(
        TableName=PAYMENTS, Key={"pk": {"S": f"O#{stored.order_id}"}, "sk": {"S": "ORDER"}}
    )
    assert redeem(order["tickets"][0]["token"])[1]["code"] == "unknown"


def test_scans_of_a_gate_without_network_are_redeemed_in_their_order_and_duplicates_reported():
    order = paid_tickets(2)
    one, other = (ticket["token"] for ticket in order["tickets"])
    early, late = NOON - timedelta(hours=2), NOON - timedelta(hours=1)
    sent = [
        {"scan_id": "b", "token": one, "scanned_at": to_text(late), "gate": "G2"},
        {"scan_id": "a", "token": one, "scanned_at": to_text(early), "gate": "G1"},
        {"scan_id": "c", "token": other, "scanned_at": "2026-11-23T12:00:00"},
        {"scan_id": "d", "token": "x", "scanned_at": to_text(NOON + timedelta(days=9))},
    ]
    claims = AT_THE_GATE
    for _ in range(2):  # sent again, it is the same
        status, done, _ = call("POST", "/tickets/redemptions", {"scans": sent}, claims=claims)
        assert status == 200
        outcomes = [(one["scan_id"], one["outcome"]) for one in done["results"]]
        assert outcomes == [
            ("b", "already_redeemed"),
            ("a", "redeemed"),
            ("c", "redeemed"),
            ("d", "invalid"),
        ]
        assert done["results"][0]["redeemed_at"] == to_text(early)
        assert done["results"][0]["gate"] == "G1"
    assert len(scans()) == 4
    assert all(one["offline"] for one in scans())
    assert redeem(one)[0] == 409


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"token": "x", "scans": []},
        {"scans": "x"},
        {"scans": [{"token": "x"}]},
        {"token": ""},
        {"token": ["x"]},
        [],
    ],
)
def test_a_gate_sends_a_ticket_or_scans(body):
    status, problem, _ = call("POST", "/tickets/redemptions", body, claims=AT_THE_GATE)
    assert (status, problem["code"]) == (400, "invalid_input")


def test_a_treasurer_gives_all_back_and_the_notification_says_when(provider):
    order = paid_tickets()
    status, asked = refund(order["order_id"])
    assert (status, asked["amount"], asked["outcome"]) == (202, 20_000, "accepted")
    method, url, given = provider.asked[-1]
    assert (method, url) == ("POST", f"https://midtrans.test/v2/{order['order_id']}/refund")
    assert given == {
        "refund_key": asked["refund_key"],
        "amount": 20_000,
        "reason": "batal berkunjung",
    }
    assert shown(order["order_id"])["status"] == "paid"
    assert redeem(order["tickets"][0]["token"])[1]["code"] == "revoked"
    tell_refund(order["order_id"], asked["refund_key"], 20_000)
    assert shown(order["order_id"])["status"] == "refunded"
    assert refund(order["order_id"])[1]["code"] == "not_refundable"


def test_the_same_refund_asked_again_is_the_same_and_the_provider_is_asked_once(provider):
    order, key = paid_tickets(2), str(uuid4())
    first = refund(order["order_id"], key, amount=20_000)
    assert refund(order["order_id"], key, amount=20_000) == first
    assert refund(order["order_id"], key) == first
    assert refund(order["order_id"], key, amount=1)[0] == 400
    assert len([one for one in provider.asked if one[1].endswith("refund")]) == 1


def test_a_provider_that_does_not_answer_is_asked_again_with_the_same_key(provider):
    order, key = paid_tickets(), str(uuid4())
    provider.answers = [ProviderUnavailable("down")]
    assert refund(order["order_id"], key)[1]["code"] == "provider_unavailable"
    assert refund(order["order_id"], key)[0] == 202
    one, other = (given["refund_key"] for _, url, given in provider.asked if "refund" in url)
    assert one == other


def test_who_sends_no_key_goes_on_with_a_refund_that_was_not_answered(provider):
    order = paid_tickets(2)
    path, body = f"/orders/{order['order_id']}/refunds", {"reason": "hujan", "amount": 20_000}
    provider.answers = [ProviderUnavailable("died")]
    assert call("POST", path, body, claims=TREASURER)[0] == 503
    status, one, _ = call("POST", path, body, claims=TREASURER)
    assert status == 202
    other = call("POST", path, body, claims=TREASURER)[1]
    keys = [given["refund_key"] for _, url, given in provider.asked if "refund" in url]
    assert keys == [one["refund_key"], one["refund_key"], other["refund_key"]]
    assert one["refund_key"] != other["refund_key"]


def test_without_the_tickets_key_a_gate_is_asked_to_come_again():
    with answering(aws._client("secretsmanager"), "before-parameter-build", fail):
        status, problem, headers = call("GET", "/tickets/keys")
    assert (status, problem["code"], headers["Retry-After"]) == (503, "busy", "30")


def test_a_refund_that_the_provider_refuses_is_taken_back(provider):
    order, key = paid_tickets(), str(uuid4())
    provider.answers = [{"status_code": "414", "status_message": "no"}]
    assert refund(order["order_id"], key)[1]["code"] == "refund_refused"
    assert refund(order["order_id"], key)[1]["code"] == "refund_refused"
    assert redeem(order["tickets"][0]["token"])[0] == 200


def test_no_more_is_given_back_than_was_paid():
    order = paid_tickets(3)
    assert refund(order["order_id"], amount=60_001)[1]["errors"][0]["code"] == "exceeds"
    assert refund(order["order_id"], amount=40_000)[0] == 202
    assert refund(order["order_id"], amount=20_001)[0] == 400
    tell_refund(order["order_id"], "of the dashboard", 20_000)
    assert refund(order["order_id"])[1]["code"] == "not_refundable"


def test_used_tickets_are_given_back_only_if_it_is_meant():
    order = paid_tickets(2)
    redeem(order["tickets"][1]["token"])
    assert refund(order["order_id"], amount=20_000)[1]["code"] == "already_redeemed"
    assert refund(order["order_id"], amount=20_000, even_if_redeemed=True)[0] == 202


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        (machine(SELLER), 403),
        (officer_claims("operator:semarang"), 403),
        (officer_claims("treasurer:jateng"), 403),
        (officer_claims("treasurer"), 202),
    ],
)
def test_only_the_jurisdictions_treasurer_refunds(claims, status):
    order = paid_tickets()
    assert refund(order["order_id"], claims=claims)[0] == status


def test_what_is_not_paid_or_paid_too_long_ago_is_not_refunded(monkeypatch):
    order = ordered(product="tiket-sam-poo-kong")
    assert refund(order["order_id"])[1]["code"] == "not_refundable"
    assert refund("SMG-TIX-0000000000000")[0] == 404
    paid = paid_tickets()
    monkeypatch.setattr(api, "now", lambda: NOON + timedelta(days=45))
    assert refund(paid["order_id"])[0] == 202
    later = paid_tickets(visit_on="2027-01-10")
    monkeypatch.setattr(api, "now", lambda: NOON + timedelta(days=46))
    status, problem = refund(later["order_id"])
    assert (status, problem["code"]) == (409, "not_refundable")
    assert (
        "45 days"
        in call(
            "POST",
            f"/orders/{later['order_id']}/refunds",
            {"reason": "late"},
            claims=TREASURER,
            headers={"Accept-Language": "en"},
        )[1]["detail"]
    )
