"""Tokens of tickets: signed, of one spelling, and checked without a network."""

import base64
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from functions.payment_webhooks import tickets
from functions.payment_webhooks.configuration import payments_of
from functions.payment_webhooks.record import Order
from functions.payment_webhooks.tickets import NotATicket, SigningKey, Ticket, ticket_in
from tests.unit.payment_webhooks.orders import an_order

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))
PRODUCT = payments_of("semarang").product_by_code["tiket-sam-poo-kong"]


def private(key: Ed25519PrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def public(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def raw(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


SIGNING = SigningKey("k1", private(KEY))
PUBLIC = {"k1": raw(KEY)}


def an_order_of_tickets(**changes: Any) -> Order:
    values: dict[str, Any] = {
        "order_id": "SMG-TIX-7K3F9Q2M1XWZ4",
        "product": "tiket-sam-poo-kong",
        "kind": "ticket",
        "site": "sam-poo-kong",
        "amount": 60_000,
        "quantity": 3,
        "details": {
            "fare_class": "general",
            "valid_from": "2026-11-23",
            "valid_until": "2026-12-22",
        },
    }
    return an_order(**values | changes)


TICKET = tickets.tickets_of(an_order_of_tickets())[1]
TOKEN = tickets.issued(TICKET, SIGNING)


def signed(header: dict[str, Any], claims: Any) -> str:
    """A token made by this test's own means."""

    def part(value: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    text = f"{part(header)}.{part(claims)}"
    proof = base64.urlsafe_b64encode(KEY.sign(text.encode())).decode().rstrip("=")
    return f"{text}.{proof}"


HEADER = {"alg": "EdDSA", "kid": "k1"}
CLAIMS = {
    "iss": "semarang",
    "jti": "SMG-TIX-7K3F9Q2M1XWZ4.2",
    "product": "x",
    "fare_class": "general",
    "nbf": 0,
    "exp": 9,
}


def test_an_order_of_three_gives_three_tickets_of_their_own():
    found = tickets.tickets_of(an_order_of_tickets())
    assert [one.id for one in found] == [f"SMG-TIX-7K3F9Q2M1XWZ4.{n}" for n in (1, 2, 3)]
    assert tickets.tickets_of(an_order()) == ()


def test_a_ticket_holds_from_the_first_morning_to_the_last_midnight_in_wib():
    assert TICKET.valid_from == datetime(2026, 11, 22, 17, tzinfo=UTC)
    assert TICKET.valid_until == datetime(2026, 12, 22, 17, tzinfo=UTC)
    assert TICKET.holds_at(TICKET.valid_from)
    assert not TICKET.holds_at(TICKET.valid_from - timedelta(seconds=1))
    assert not TICKET.holds_at(TICKET.valid_until)


def test_a_ticket_of_which_nothing_is_noted_holds_on_the_day_of_its_order():
    (first, *_) = tickets.tickets_of(an_order_of_tickets(details={}))
    assert first.valid_from == datetime(2026, 2, 28, 17, tzinfo=UTC)
    assert first.valid_until - first.valid_from == timedelta(days=1)
    assert first.fare_class == "general"


def test_a_ticket_is_for_its_visits_day_or_for_some_days_from_now():
    today, visit = date(2026, 11, 23), date(2026, 12, 1)
    assert tickets.validity(PRODUCT, today, visit) == (visit, visit)
    assert tickets.validity(PRODUCT, today, None) == (today, date(2026, 12, 22))


def test_a_partial_refund_takes_the_last_tickets_first():
    order = an_order_of_tickets()
    assert [tickets.most_refunded(order, n) for n in (1, 2, 3)] == [40_000, 20_000, 0]


def test_a_token_is_read_back_as_its_ticket():
    assert ticket_in(TOKEN, PUBLIC) == TICKET
    assert ticket_in(f" {TOKEN}\n", PUBLIC) == TICKET
    nowhere = tickets.tickets_of(an_order_of_tickets(site=None))[0]
    assert ticket_in(tickets.issued(nowhere, SIGNING), PUBLIC) == nowhere


def test_the_same_ticket_always_has_the_same_token():
    assert tickets.issued(TICKET, SIGNING) == TOKEN


def test_a_token_is_short_enough_for_a_qr_that_a_phone_shows():
    assert len(TOKEN) < 400


def test_a_token_is_a_jws_by_anyones_reckoning():
    head, claims, proof = (
        base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in TOKEN.split(".")
    )
    assert json.loads(head) == {"alg": "EdDSA", "kid": "k1", "typ": "JWT"}
    assert json.loads(claims)["exp"] == TICKET.valid_until.timestamp()
    KEY.public_key().verify(proof, TOKEN.rpartition(".")[0].encode())
    assert ticket_in(signed(HEADER, CLAIMS), PUBLIC).number == 2


@pytest.mark.parametrize("place", range(len(TOKEN)))
def test_a_token_with_any_byte_changed_is_none(place):
    for flip in (0x01, 0x02, 0x20, 0x41):
        changed = TOKEN[:place] + chr(ord(TOKEN[place]) ^ flip) + TOKEN[place + 1 :]
        with pytest.raises(NotATicket):
            ticket_in(changed.strip("\n "), PUBLIC)


@given(st.integers(0, len(TOKEN) - 1), st.integers(0, 0x10FFFF).filter(lambda n: n >> 11 != 27))
def test_a_token_with_any_letter_replaced_is_none(place, code):
    changed = TOKEN[:place] + chr(code) + TOKEN[place + 1 :]
    if changed != TOKEN:
        with pytest.raises(NotATicket):
            ticket_in(changed, PUBLIC)


@given(st.text())
def test_no_text_is_a_token_by_chance(text):
    with pytest.raises(NotATicket):
        ticket_in(text, PUBLIC)


@pytest.mark.parametrize(
    "token",
    [
        TOKEN + "A" * 1024,
        TOKEN + "=",
        TOKEN.rpartition(".")[0],
        TOKEN + ".x",
        signed({"alg": "none", "kid": "k1"}, CLAIMS),
        signed({"alg": "HS256", "kid": "k1"}, CLAIMS),
        signed({"alg": "EdDSA"}, CLAIMS),
        signed({"alg": "EdDSA", "kid": "k2"}, CLAIMS),
        signed(HEADER, [1]),
        signed(HEADER, {}),
        signed(HEADER, CLAIMS | {"jti": 7}),
        signed(HEADER, CLAIMS | {"jti": "SMG-TIX-7K3F9Q2M1XWZ4"}),
        signed(HEADER, CLAIMS | {"jti": "SMG-TIX-7K3F9Q2M1XWZ4.0"}),
        signed(HEADER, CLAIMS | {"jti": "SMG-TIX-7K3F9Q2M1XWZ4.101"}),
        signed(HEADER, CLAIMS | {"jti": "SMG-TIX.1"}),
        signed(HEADER, CLAIMS | {"exp": 10**20}),
        signed(HEADER, CLAIMS | {"nbf": "now"}),
        "bm8.bm8.bm8",
        "W1td.bm8.bm8",
        "e.e.e",
        "é.e.e",
    ],
)
def test_what_is_signed_otherwise_or_says_something_else_is_no_ticket(token):
    with pytest.raises(NotATicket):
        ticket_in(token, PUBLIC)


def test_a_ticket_of_another_key_is_none():
    forged = tickets.issued(TICKET, SigningKey("k1", private(OTHER)))
    with pytest.raises(NotATicket):
        ticket_in(forged, PUBLIC)
    with pytest.raises(NotATicket):
        ticket_in(TOKEN, {"k1": b"short"})


def test_keys_rotate_and_old_tickets_still_hold():
    rotated = {
        "keys": [
            {"kid": "k2", "private": private(OTHER)},
            {"kid": "k1", "public": public(KEY)},
            {"kid": "k0"},
            {"private": private(KEY)},
            "nonsense",
        ]
    }
    known = tickets.verifying_keys(rotated)
    assert known == {"k2": raw(OTHER), "k1": raw(KEY)}
    assert ticket_in(TOKEN, known) == TICKET
    new = tickets.issued(TICKET, tickets.signing_key(rotated))
    assert tickets.signing_key(rotated).kid == "k2"
    assert ticket_in(new, known) == TICKET


@pytest.mark.parametrize("secret", [{}, {"keys": "x"}, {"keys": [{"kid": "k", "public": "x"}]}])
def test_a_secret_without_a_private_key_signs_nothing(secret):
    with pytest.raises(KeyError):
        tickets.signing_key(secret)


def test_a_gate_takes_the_keys_from_a_key_set():
    listed = tickets.key_set(PUBLIC)
    (key,) = listed
    assert (key["kty"], key["crv"], key["kid"], key["alg"]) == ("OKP", "Ed25519", "k1", "EdDSA")
    assert tickets.keys_in({"keys": [*listed, {"kty": "RSA", "kid": "r"}]}) == PUBLIC
    assert tickets.keys_in({}) == {}


def test_a_ticket_is_known_by_its_orders_number_and_its_own():
    assert isinstance(TICKET, Ticket)
    assert TICKET.id == "SMG-TIX-7K3F9Q2M1XWZ4.2"
