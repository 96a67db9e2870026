"""Agencies' and operators' API: the queue's HTTP twin, work lists, the triage desk, actions."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import cache
from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler import Response

from functions.agency_routing import settings, views
from shared import config, ids
from shared.access import Caller
from shared.clock import WIB, now
from shared.complaints.items import LATE, OVERDUE
from shared.complaints.law import OPEN, Status
from shared.complaints.photo_views import PhotoView, all_photos
from shared.complaints.record import Complaint
from shared.complaints.store import ComplaintStore
from shared.cursors import cursor_to, page_size, place_at
from shared.errors import Forbidden, InvalidInput, NotFound
from shared.http import ApiResolver, Request, reply
from shared.text import Text

if TYPE_CHECKING:
    from shared.complaints.deliveries import Deliveries
    from shared.complaints.listings import ComplaintListings

app = ApiResolver("agency_routing")


@cache
def complaints() -> ComplaintStore:
    return ComplaintStore(settings.complaints_table())


@cache
def deliveries() -> "Deliveries":
    """Return what is known of deliveries in the complaints table."""
    from shared.complaints.deliveries import Deliveries

    return Deliveries(settings.complaints_table())


@cache
def listings() -> "ComplaintListings":
    """Return the lists of complaints by time and place; no work list needs them."""
    from shared.complaints.listings import ComplaintListings

    return ComplaintListings(settings.complaints_table())


def caller() -> Caller:
    return app.incoming.caller(settings.clients_parameter_prefix())


@app.post("/agencies/<agency>/messages/receive")
def receive(agency: str) -> Response[str]:
    from functions.agency_routing import arrivals, requests, twin

    _check_acts_for(agency)
    found = twin.receive(agency, app.incoming.parse(requests.ReceiveRequest).max)
    for one in found.messages:
        if arrival := arrivals.read_receipt(one.receipt)[0]:
            deliveries().received(*arrival, agency, now())
    wait = {} if found.messages else {"Retry-After": str(twin.RETRY_AFTER_S)}
    return reply(found, headers=wait)


@app.post("/agencies/<agency>/messages/ack")
def acknowledge(agency: str) -> Response[str]:
    from functions.agency_routing import arrivals, requests, twin

    _check_acts_for(agency)
    receipt = app.incoming.parse(requests.AckRequest).receipt
    twin.delete(agency, receipt)
    if arrival := arrivals.read_receipt(receipt)[0]:
        arrivals.acknowledge(arrival, agency, now=now(), store=complaints())
    return reply(views.Done())


@app.post("/agencies/<agency>/messages/extend")
def extend(agency: str) -> Response[str]:
    from functions.agency_routing import requests, twin

    _check_acts_for(agency)
    body = app.incoming.parse(requests.ExtendRequest)
    twin.extend(agency, body.receipt, body.seconds)
    return reply(views.Done())


@app.get("/agencies/<agency>/complaints")
def work_list(agency: str) -> Response[str]:
    if not caller().may_read(agency) or not _exists(agency):
        raise Forbidden
    return _work(agency, app.incoming)


@app.get("/agencies/<agency>/complaints/<complaint_id>")
def work_detail(agency: str, complaint_id: str) -> Response[str]:
    reader = caller()
    if not (reader.may_read(agency) or reader.desks):
        raise Forbidden
    found = complaints().with_timeline(_number(complaint_id), consistent=True)
    if found is None:
        raise NotFound
    complaint, timeline = found
    if complaint.assignment is None or complaint.assignment.agency != agency:
        raise NotFound
    if not (reader.may_read(agency) or complaint.jurisdiction_id in reader.desks):
        raise Forbidden  # a desk follows what it handed over, and nothing else of another's
    desk = complaint.jurisdiction_id in reader.desks
    return reply(views.work_detail(complaint, timeline, _photos(complaint), desk=desk))


@app.get("/agencies/<agency>/templates")
def templates(agency: str) -> Response[str]:
    """Answer what an action may choose from, of the agency's jurisdiction or of the one asked for."""
    if not caller().may_read(agency) or not _exists(agency):
        raise Forbidden
    wanted = app.incoming.query.get("jurisdiction_id") or agency.split("-", 1)[0]
    if wanted not in config.jurisdiction_ids():
        listed = ", ".join(config.jurisdiction_ids())
        raise InvalidInput.at(
            "jurisdiction_id",
            "not_a_choice",
            Text(f"Pilih salah satu: {listed}.", f"Choose one of: {listed}."),
        )
    return reply(views.desk_words(config.load(wanted)))


@app.get("/triage")
def triage() -> Response[str]:
    """Answer what waits for an operator of a jurisdiction."""
    return _work(config.load(_desk()).triage, app.incoming)


@app.get("/triage/stuck")
def stuck() -> Response[str]:
    """Answer what agencies were sent in vain, for an operator of the jurisdiction where it entered."""
    request = app.incoming
    found, place = deliveries().stuck(
        _desk(),
        after=place_at(request.query.get("cursor")),
        limit=page_size(request.query.get("limit")),
    )
    return _page(found, place)


@app.get("/triage/late")
def late() -> Response[str]:
    """Answer the late complaints that have come as far as the triage desk, and further."""
    request = app.incoming
    found, place = listings().late(
        _desk(),
        (LATE, OVERDUE),
        agency=request.query.get("agency"),
        after=place_at(request.query.get("cursor")),
        limit=page_size(request.query.get("limit")),
    )
    return _page(found, place)


def _desk() -> str:
    """Return the jurisdiction asked for, or the operator's only one."""
    request = app.incoming
    desks = sorted(caller().desks)
    wanted = request.query.get("jurisdiction_id") or (desks[0] if len(desks) == 1 else None)
    if wanted is None and desks:
        raise InvalidInput.at(
            "jurisdiction_id",
            "missing",
            Text(f"Pilih salah satu: {', '.join(desks)}.", f"Choose one of: {', '.join(desks)}."),
        )
    if wanted not in desks:
        raise Forbidden
    return wanted


@app.get("/triage/<complaint_id>")
def triage_detail(complaint_id: str) -> Response[str]:
    """Answer a complaint of the operator's jurisdiction, whichever agency has it."""
    desks = caller().desks
    if not desks:
        raise Forbidden
    found = complaints().with_timeline(_number(complaint_id), consistent=True)
    if found is None or found[0].jurisdiction_id not in desks:
        raise NotFound
    return reply(views.work_detail(*found, _photos(found[0]), desk=True))


@app.post("/complaints/<complaint_id>/actions")
def action(complaint_id: str) -> Response[str]:
    from functions.agency_routing import requests
    from functions.agency_routing.act import act

    who = caller()
    outcome = act(
        _number(complaint_id),
        app.incoming.parse(requests.ActionRequest),
        who,
        now=now(),
        store=complaints(),
    )
    return reply(outcome)


def _photos(complaint: Complaint) -> Sequence[PhotoView]:
    """Return a complaint's photos with links of a quarter of an hour; most have none.

    A part's are those of what it is a part of: both were written of together.
    """
    if complaint.part_of:
        complaint = complaints().get(complaint.part_of) or complaint
    if not complaint.photo_ids:
        return ()
    from shared.complaints.photos import PhotoStore

    store = PhotoStore(settings.complaints_table(), settings.photos_bucket())
    known = store.many(complaint.photo_ids, consistent=True)
    return all_photos(complaint, known, store.link, app.incoming.language)


def _check_acts_for(agency: str) -> None:
    if not caller().acts_for(agency):
        raise Forbidden(Text("Ini bukan antrean dinas Anda.", "This is not your agency's queue."))


def _exists(agency: str) -> bool:
    return any(agency in config.load(one).agency_by_code for one in config.jurisdiction_ids())


def _work(agency: str, request: Request) -> Response[str]:
    statuses = _statuses(request.query.get("status"))
    before = _due_before(request.query, statuses)
    limit = page_size(request.query.get("limit"))
    after = place_at(request.query.get("cursor"))
    found, place = complaints().work(agency, statuses, after=after, before=before, limit=limit)
    return _page(found, place)


def _page(found: Sequence[Complaint], place: str | None) -> Response[str]:
    listed = [views.work_item(one) for one in found]
    return reply(views.WorkList(complaints=listed, cursor=cursor_to(place)))


def _statuses(asked: str | None) -> tuple[Status, ...]:
    if asked is None:
        return OPEN
    try:
        return (Status(asked),)
    except ValueError:
        listed = ", ".join(Status)
        raise InvalidInput.at(
            "status",
            "not_a_choice",
            Text(f"Pilih salah satu: {listed}.", f"Choose one of: {listed}."),
        ) from None


def _due_before(query: Mapping[str, str], statuses: Sequence[Status]) -> datetime | None:
    """Return before when work is due that is asked for: named, or now for what is overdue.

    Only open work has a due date to be asked for by.
    """
    overdue, before = query.get("overdue", "false"), query.get("due_before")
    field = "due_before" if before else "overdue"
    if overdue not in ("true", "false"):
        raise InvalidInput.at(
            "overdue", "not_a_choice", Text("Pilih: true, false.", "Choose one of: true, false.")
        )
    if before is None and overdue == "false":
        return None
    if not set(statuses) <= set(OPEN):
        raise InvalidInput.at(
            field,
            "not_with_this_status",
            Text("Hanya untuk aduan yang masih terbuka.", "This goes with open complaints only."),
        )
    named = _instant(before) if before else None
    return min(filter(None, (named, now() if overdue == "true" else None)))


def _instant(asked: str) -> datetime:
    """Return an instant in RFC 3339, or the beginning of a day in western Indonesia."""
    try:
        instant = datetime.fromisoformat(asked)
        if instant.tzinfo is None:
            instant = datetime.combine(date.fromisoformat(asked), time(), tzinfo=WIB)
        return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidInput.at(
            "due_before",
            "invalid_instant",
            Text(
                "Isi tanggal (2026-11-27) atau waktu dengan zona.",
                "Give a day (2026-11-27) or an instant with its offset.",
            ),
        ) from None


def _number(typed: str) -> str:
    if number := ids.read_complaint_number(typed):
        return number
    raise NotFound


handler = app.lambda_handler
