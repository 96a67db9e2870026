"""Tickets: a signed token each, which a gate can check without a network, and how long it holds.

A token is a JWS (RFC 7515) in its compact form, signed with Ed25519 (RFC 8037), whose claims are
those of a JWT: any library for these reads it. Nothing of a token is stored; the same order
always gives the same ones.
"""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Final

from functions.payment_webhooks.configuration import Product
from functions.payment_webhooks.order_ids import is_order_number
from functions.payment_webhooks.record import Order
from shared.clock import WIB
from shared.days import day_of

TICKET: Final = "ticket"  #: the kind of product
_ALGORITHM: Final = "EdDSA"
_LONGEST_TOKEN: Final = 1024
_PUBLIC_BYTES: Final = 32
_PARTS: Final = 3
_MOST: Final = 100
_DAY: Final = timedelta(days=1)


class NotATicket(Exception):
    """A token that no key of ours has signed, or that is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One entrance: the `number`-th of an order."""

    order_id: str
    number: int  #: 1 to the order's quantity
    jurisdiction_id: str
    product: str
    fare_class: str
    site: str | None
    valid_from: datetime
    valid_until: datetime  #: not included

    @property
    def id(self) -> str:
        """The order's number and the ticket's within it: `SMG-TIX-7K3F9Q2M1XWZ4.2`."""
        return f"{self.order_id}.{self.number}"

    def holds_at(self, at: datetime) -> bool:
        """Tell whether it lets in at an instant."""
        return self.valid_from <= at < self.valid_until


@dataclass(frozen=True, slots=True)
class SigningKey:
    """What tickets are signed with: `private` is PEM (PKCS 8)."""

    kid: str
    private: str


def validity(product: Product, ordered_on: date, visit_on: date | None) -> tuple[date, date]:
    """Return the first and last day (WIB) of a ticket: of the visit, or from its order on."""
    if visit_on is not None:
        return visit_on, visit_on
    return ordered_on, ordered_on + timedelta(days=product.days_valid - 1)


def tickets_of(order: Order) -> tuple[Ticket, ...]:
    """Return the tickets that an order is for: none, unless it is for tickets."""
    if order.kind != TICKET:
        return ()
    ordered_on = day_of(order.created_at).isoformat()
    first = date.fromisoformat(order.details.get("valid_from", ordered_on))
    last = date.fromisoformat(order.details.get("valid_until", ordered_on))
    return tuple(
        Ticket(
            order_id=order.order_id,
            number=number,
            jurisdiction_id=order.jurisdiction_id,
            product=order.product,
            fare_class=order.details.get("fare_class", "general"),
            site=order.site,
            valid_from=_begins(first),
            valid_until=_begins(last + _DAY),
        )
        for number in range(1, order.quantity + 1)
    )


def most_refunded(order: Order, number: int) -> int:
    """Return up to which refund (rupiah) the `number`-th ticket of an order still lets in.

    A refund of some of them takes the last ones first.
    """
    return order.amount - number * (order.amount // order.quantity)


def issued(ticket: Ticket, key: SigningKey) -> str:
    """Return a ticket's token."""
    header = {"alg": _ALGORITHM, "kid": key.kid, "typ": "JWT"}
    claims = {
        "iss": ticket.jurisdiction_id,
        "jti": ticket.id,
        "product": ticket.product,
        "fare_class": ticket.fare_class,
        "site": ticket.site,
        "nbf": int(ticket.valid_from.timestamp()),
        "exp": int(ticket.valid_until.timestamp()),
    }
    present = {name: value for name, value in claims.items() if value is not None}
    signed = f"{_encoded(_json(header))}.{_encoded(_json(present))}"
    return f"{signed}.{_encoded(_private(key.private).sign(signed.encode()))}"


def ticket_in(token: str, public_keys: Mapping[str, bytes]) -> Ticket:
    """Return the ticket that a token is; whether it holds just now is another question.

    `public_keys` are the raw 32 bytes of each key by its id. Of one token there is one spelling:
    any other byte makes it none.

    Raises:
        NotATicket: it was not signed by one of them, or is no token.
    """
    if len(token) > _LONGEST_TOKEN or not token.isascii():
        raise NotATicket("length")
    parts = token.strip().split(".")
    if len(parts) != _PARTS:
        raise NotATicket("parts")
    header = _object(_decoded(parts[0]))
    key = public_keys.get(str(header.get("kid")))
    if header.get("alg") != _ALGORITHM or key is None:
        raise NotATicket("key")
    if not _is_signed(key, _decoded(parts[2]), f"{parts[0]}.{parts[1]}".encode()):
        raise NotATicket("signature")
    return _ticket(_object(_decoded(parts[1])))


def signing_key(secret: Mapping[str, Any]) -> SigningKey:
    """Return the key to sign with: the first of the secret's that has a private part.

    Raises:
        KeyError: there is none.
    """
    for one in _entries(secret):
        if isinstance(one.get("private"), str):
            return SigningKey(str(one["kid"]), one["private"])
    raise KeyError("private")


def verifying_keys(secret: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the public keys of a secret by id: of all that may have signed what still holds.

    An entry that has but a `public` part (PEM) verifies, and signs nothing any more.
    """
    found = {}
    for one in _entries(secret):
        if isinstance(one.get("private"), str):
            found[str(one["kid"])] = _raw(_private(one["private"]).public_key())
        elif isinstance(one.get("public"), str):
            found[str(one["kid"])] = _raw(_public(one["public"]))
    return found


def key_set(public_keys: Mapping[str, bytes]) -> list[dict[str, str]]:
    """Return public keys as a JSON Web Key Set lists them (RFC 7517, RFC 8037)."""
    return [
        {
            "kty": "OKP",
            "crv": "Ed25519",
            "kid": kid,
            "x": _encoded(raw),
            "use": "sig",
            "alg": _ALGORITHM,
        }
        for kid, raw in public_keys.items()
    ]


def keys_in(key_set: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the public keys that a JSON Web Key Set lists, by id; others than Ed25519 left out."""
    return {
        str(one["kid"]): _decoded(one["x"])
        for one in key_set.get("keys", [])
        if one.get("crv") == "Ed25519"
    }


def _ticket(claims: Mapping[str, Any]) -> Ticket:
    try:
        order_id, _, number = claims["jti"].partition(".")
        ticket = Ticket(
            order_id=order_id,
            number=int(number),
            jurisdiction_id=claims["iss"],
            product=claims["product"],
            fare_class=claims["fare_class"],
            site=claims.get("site"),
            valid_from=datetime.fromtimestamp(claims["nbf"], UTC),
            valid_until=datetime.fromtimestamp(claims["exp"], UTC),
        )
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
        raise NotATicket("claims") from error
    if not is_order_number(order_id) or not 0 < ticket.number <= _MOST:
        raise NotATicket("claims")
    return ticket


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=WIB).astimezone(UTC)


def _entries(secret: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    keys = secret.get("keys")
    for one in keys if isinstance(keys, list) else []:
        if isinstance(one, dict) and one.get("kid"):
            yield one


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _object(content: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise NotATicket("json") from error
    if not isinstance(found, dict):
        raise NotATicket("json")
    return found


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    try:
        content = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotATicket("base64") from error
    if _encoded(content) != text:  # spare bits that decoding passes over
        raise NotATicket("base64")
    return content


def _is_signed(key: bytes, signature: bytes, signed: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature  # costs a cold start 20 ms
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    if len(key) != _PUBLIC_BYTES:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, signed)
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=8)
def _private(pem: str) -> Any:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    return load_pem_private_key(pem.encode(), password=None)


def _public(pem: str) -> Any:
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    return load_pem_public_key(pem.encode())


def _raw(key: Any) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    raw: bytes = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return raw
