"""Lets tickets in, each once: at an open gate, and afterwards for a gate that had no network."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Protocol

from functions.payment_webhooks.configuration import Client
from functions.payment_webhooks.record import Order
from functions.payment_webhooks.tickets import NotATicket, Ticket, most_refunded, ticket_in
from shared.clock import to_text
from shared.days import day_of
from shared.errors import Conflict
from shared.text import Text


class Outcome(StrEnum):
    """What became of a scan."""

    REDEEMED = "redeemed"
    DUPLICATE = "already_redeemed"
    INVALID = "invalid"  #: no ticket of ours
    ELSEWHERE = "wrong_site"
    NOT_VALID_NOW = "not_valid_now"
    NOT_PAID = "not_paid"
    REVOKED = "revoked"
    UNKNOWN = "unknown"  #: signed by us, of an order that is not there


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """A scan and its outcome.

    `earlier` is the redemption that stands in its way, or the one that it made when it came first.
    """

    outcome: Outcome
    scan_id: str
    ticket: Ticket | None = None
    earlier: Mapping[str, Any] | None = None


class Store(Protocol):
    """Where orders and scans are kept."""

    def order(self, order_id: str) -> Order | None:
        """Return an order."""

    def redeem(
        self, order_id: str, number: int, redemption: Mapping[str, Any], *, most_refunded: int
    ) -> dict[str, Any] | None:
        """Let a ticket in, or return what stands in its way."""

    def scanned(self, partition_key: str, scan_id: str, scan: Mapping[str, Any]) -> None:
        """Keep a scan."""


class NotLetIn(Conflict):
    """The ticket does not let in; `code` says why."""

    code = "not_let_in"
    title = Text("Tiket tidak berlaku", "The ticket does not let in")

    def __init__(self, scan: Scanned) -> None:
        earlier = scan.earlier or {}
        when = Text(
            f" Dipakai {earlier.get('at', '')} di {earlier.get('gate') or 'gerbang lain'}.",
            f" Used {earlier.get('at', '')} at {earlier.get('gate') or 'another gate'}.",
        )
        said = _SENTENCES[scan.outcome]
        super().__init__(Text(said.id + when.id, said.en + when.en) if scan.earlier else said)
        self.code = str(scan.outcome)  # type: ignore[misc]


_SENTENCES: Final[Mapping[Outcome, Text]] = {
    Outcome.DUPLICATE: Text("Tiket ini sudah dipakai.", "This ticket has been used."),
    Outcome.INVALID: Text("Ini bukan tiket kami.", "This is no ticket of ours."),
    Outcome.ELSEWHERE: Text("Tiket ini untuk tempat lain.", "This ticket is for another place."),
    Outcome.NOT_VALID_NOW: Text(
        "Tiket ini tidak berlaku hari ini.", "This ticket is not for today."
    ),
    Outcome.NOT_PAID: Text("Tiket ini belum dibayar.", "This ticket has not been paid for."),
    Outcome.REVOKED: Text("Tiket ini sudah dikembalikan.", "This ticket was given back."),
    Outcome.UNKNOWN: Text("Pesanan tiket ini tidak ada.", "There is no order of this ticket."),
}


def scan(
    token: str,
    *,
    scan_id: str,
    gate: str | None,
    at: datetime,
    redeemer: Client,
    jurisdiction_id: str,
    keys: Callable[[], Mapping[str, bytes]],
    store: Store,
    offline: bool = False,
) -> Scanned:
    """Redeem a ticket by its token, scanned at an instant by a gate's client; keep the scan.

    The same scan (`scan_id`) sent again has the same outcome. `offline`: it let somebody in
    before we were asked.
    """
    done = _redeemed(token, scan_id, gate, at, redeemer, jurisdiction_id, keys, store)
    ticket = done.ticket
    if done.outcome is Outcome.REDEEMED and done.earlier:
        at = datetime.fromisoformat(done.earlier["at"])  # sent again, it is still the same scan
    day = day_of(at).isoformat()
    store.scanned(
        scans_of(jurisdiction_id, redeemer.site or (ticket.site if ticket else None), day),
        f"{scan_id}#{redeemer.id}#{gate or '-'}",  # gates may number their scans alike
        {
            "outcome": str(done.outcome),
            "order_id": ticket.order_id if ticket else None,
            "ticket_number": ticket.number if ticket else None,
            "product": ticket.product if ticket else None,
            "gate": gate,
            "at": to_text(at),
            "offline": offline or None,
        },
    )
    return done


def scans_of(jurisdiction_id: str, site: str | None, day: str) -> str:
    """Return the partition of a site's scans on a day (WIB)."""
    return f"S#{jurisdiction_id}#{site or '-'}#{day}"


def _redeemed(
    token: str,
    scan_id: str,
    gate: str | None,
    at: datetime,
    redeemer: Client,
    jurisdiction_id: str,
    keys: Callable[[], Mapping[str, bytes]],
    store: Store,
) -> Scanned:
    try:
        ticket = ticket_in(token, keys())
    except NotATicket:
        return Scanned(outcome=Outcome.INVALID, scan_id=scan_id)
    refusal = _standing_in_the_way(ticket, at, redeemer, jurisdiction_id)
    if refusal:
        return Scanned(outcome=refusal, scan_id=scan_id, ticket=ticket)
    order = store.order(ticket.order_id)
    if order is None or not 0 < ticket.number <= order.quantity:
        return Scanned(outcome=Outcome.UNKNOWN, scan_id=scan_id, ticket=ticket)
    before = store.redeem(
        ticket.order_id,
        ticket.number,
        {"gate": gate, "at": to_text(at), "scan_id": scan_id, "client": redeemer.id},
        most_refunded=most_refunded(order, ticket.number),
    )
    if before is None:
        return Scanned(outcome=Outcome.REDEEMED, scan_id=scan_id, ticket=ticket)
    earlier = (before.get("redeemed") or {}).get(str(ticket.number))
    same = {"scan_id": scan_id, "gate": gate, "client": redeemer.id}
    if earlier and all(earlier.get(name) == value for name, value in same.items()):
        return Scanned(outcome=Outcome.REDEEMED, scan_id=scan_id, ticket=ticket, earlier=earlier)
    return Scanned(
        outcome=_reason(before, earlier), scan_id=scan_id, ticket=ticket, earlier=earlier
    )


def _standing_in_the_way(
    ticket: Ticket, at: datetime, redeemer: Client, jurisdiction_id: str
) -> Outcome | None:
    if ticket.jurisdiction_id != jurisdiction_id or ticket.product not in redeemer.products:
        return Outcome.ELSEWHERE
    if redeemer.site and ticket.site and redeemer.site != ticket.site:
        return Outcome.ELSEWHERE
    return None if ticket.holds_at(at) else Outcome.NOT_VALID_NOW


def _reason(order: Mapping[str, Any], earlier: Mapping[str, Any] | None) -> Outcome:
    if earlier:
        return Outcome.DUPLICATE
    if not order:
        return Outcome.UNKNOWN
    if order.get("revoked") or order["status"] in {"paid", "partially_refunded"}:
        return Outcome.REVOKED
    return Outcome.NOT_PAID
