"""Proves who sent a notification, from its raw bytes, before anything of it is believed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from functions.payment_webhooks.keys import Keys
from functions.payment_webhooks.providers import gobiz, midtrans, snap, snap_services, values
from functions.payment_webhooks.providers.snap_services import Service
from functions.payment_webhooks.refusal import Reason, Refused

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Proven:
    """A body that a provider signed; `sender` is whose key fitted: a jurisdiction or a provider."""

    body: Body
    sender: str


def from_midtrans(raw: bytes, keys: Keys) -> Proven:
    """Return a notification of Midtrans; its sender is the jurisdiction whose server key fitted.

    Raises:
        Refused: it is malformed, or no key fits.
        Unavailable: the keys cannot be had.
    """
    body = _object(raw)
    fields = midtrans.checked(body)

    def owners(secret: Body) -> Iterator[str]:
        for jurisdiction_id in secret:
            for key in _texts(values.mapping(secret[jurisdiction_id]).get("server_keys")):
                if midtrans.fits(fields, key):
                    yield jurisdiction_id

    return Proven(body, _fitting(keys, owners, "signature_key"))


def from_gobiz(raw: bytes, headers: Mapping[str, str], keys: Keys) -> Proven:
    """Return a notification of GoBiz; `headers` have lower-case names.

    Raises:
        Refused: it is unsigned or malformed, or no secret fits.
        Unavailable: the secrets cannot be had.
    """
    signature = _signature(headers, gobiz.SIGNATURE_HEADER)

    def owners(secret: Body) -> Iterator[str]:
        for one in _texts(secret.get("secrets")):
            if gobiz.verify(body=raw, signature=signature, secret=one):
                yield gobiz.PROVIDER

    sender = _fitting(keys, owners, gobiz.SIGNATURE_HEADER)
    body = _object(raw)
    gobiz.checked(body)
    return Proven(body, sender)


def from_snap(
    service: Service,
    raw: bytes,
    headers: Mapping[str, str],
    keys: Keys,
    paths: Sequence[str],
) -> Proven:
    """Return a request of BI-SNAP; its sender is the provider whose public key fitted.

    `paths` are those that it may have signed: the one that was registered with it.
    There is no window for the timestamp: a retry may carry the first one.

    Raises:
        Refused: it is unsigned or malformed, or no key fits.
        Unavailable: the keys cannot be had.
    """
    signature = _signature(headers, snap.SIGNATURE_HEADER)
    timestamp = headers.get(snap.TIMESTAMP_HEADER.lower(), "").strip()
    if not timestamp:
        raise Refused(Reason.MISSING, snap.TIMESTAMP_HEADER)
    if not snap.is_timestamp(timestamp):
        raise Refused(Reason.FORMAT, snap.TIMESTAMP_HEADER)

    def owners(secret: Body) -> Iterator[str]:
        for provider, key in _public_keys(secret, service):
            for path in paths:
                if snap.verify(
                    method="POST",
                    path=path,
                    body=raw,
                    timestamp=timestamp,
                    signature=signature,
                    public_key_pem=key,
                ):
                    yield provider

    sender = _fitting(keys, owners, snap.SIGNATURE_HEADER)
    body = _object(raw)
    snap_services.check(service, body)
    return Proven(body, sender)


def _public_keys(secret: Body, service: Service) -> Iterator[tuple[str, str]]:
    """Yield the keys that a service is taken from, each with its owner.

    A provider whose entry lists `services` speaks for those alone, so that a wallet that pays
    bills cannot tell of an acquirer's payments.
    """
    for provider, entry in secret.items():
        known = values.mapping(entry)
        services = known.get("services")
        if not isinstance(services, list) or service.provider in services:
            for key in _texts(known.get("public_keys")):
                yield provider, key


def _fitting(keys: Keys, owners: Any, field: str) -> str:
    sender: str | None = keys.fitting(owners)
    if sender is None:
        raise Refused(Reason.SIGNATURE, field)
    return sender


def _signature(headers: Mapping[str, str], name: str) -> str:
    signature = headers.get(name.lower(), "").strip()
    if not signature:
        raise Refused(Reason.UNSIGNED, name)
    return signature


def _object(raw: bytes) -> Body:
    body = values.object_of(raw)
    if body is None:
        raise Refused(Reason.BODY)
    return body


def _texts(given: Any) -> Iterator[str]:
    """Yield the keys of a list, or the one that stands in its place; empty ones prove nothing."""
    for one in given if isinstance(given, list) else [given]:
        if isinstance(one, str) and one:
            yield one
