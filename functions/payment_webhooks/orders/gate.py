"""A gate's request: one ticket now, or the scans that it made while it had no network."""

from collections.abc import Callable, Mapping
from datetime import datetime

from functions.payment_webhooks.configuration import Client
from functions.payment_webhooks.orders.redeeming import NotLetIn, Outcome, Scanned, Store, scan
from functions.payment_webhooks.orders.requests import RedemptionRequest, Scan
from functions.payment_webhooks.orders.views import Redemptions, RedemptionView
from shared.clock import WIB, to_text
from shared.errors import InvalidInput
from shared.text import Text

Keys = Callable[[], Mapping[str, bytes]]


def redeemed(
    request: RedemptionRequest,
    *,
    fallback_scan_id: str,
    redeemer: Client,
    jurisdiction_id: str,
    keys: Keys,
    store: Store,
    now: datetime,
) -> RedemptionView | Redemptions:
    """Redeem what a gate sends.

    Raises:
        NotLetIn: the one ticket does not let in; `code` says why.
        InvalidInput: neither a ticket nor scans, or both.
    """
    if (request.token is None) == (request.scans is None):
        raise InvalidInput.at(
            "token",
            "one_of",
            Text("Kirim `token` atau `scans`.", "Send either `token` or `scans`."),
        )
    if request.token is not None:
        done = scan(
            request.token,
            scan_id=request.scan_id or fallback_scan_id,
            gate=request.gate,
            at=now,
            redeemer=redeemer,
            jurisdiction_id=jurisdiction_id,
            keys=keys,
            store=store,
        )
        if done.outcome is not Outcome.REDEEMED:
            raise NotLetIn(done)
        return _view(done, request.gate, now)
    scans = request.scans or []
    known = keys()
    # In the order in which they were made: of two scans of a ticket the first is the good one.
    done_by_place = {
        place: scan(
            one.token,
            scan_id=one.scan_id,
            gate=one.gate or request.gate,
            at=_scanned_at(one, now),
            redeemer=redeemer,
            jurisdiction_id=jurisdiction_id,
            keys=lambda: known,
            store=store,
            offline=True,
        )
        for place, one in sorted(enumerate(scans), key=lambda pair: _scanned_at(pair[1], now))
    }
    return Redemptions(
        results=[
            _view(done_by_place[place], one.gate or request.gate, _scanned_at(one, now))
            for place, one in enumerate(scans)
        ]
    )


def _scanned_at(one: Scan, now: datetime) -> datetime:
    """Return when a scan was made: in WIB if the gate names no offset, and never in the future."""
    at = one.scanned_at if one.scanned_at.tzinfo else one.scanned_at.replace(tzinfo=WIB)
    return min(at, now)


def _view(done: Scanned, gate: str | None, at: datetime) -> RedemptionView:
    ticket, is_in = done.ticket, done.outcome is Outcome.REDEEMED
    first = done.earlier or ({"at": to_text(at), "gate": gate} if is_in else {})
    return RedemptionView(
        outcome=str(done.outcome),
        scan_id=done.scan_id,
        ticket_id=ticket.id if ticket else None,
        product=ticket.product if ticket else None,
        fare_class=ticket.fare_class if ticket else None,
        redeemed_at=first.get("at"),
        gate=first.get("gate"),
    )
