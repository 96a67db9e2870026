"""Other systems' API: Open311 GeoReport v2, and the updates that FixMyStreet exchanges.

Each route imports what it needs itself, so that a cold start pays for its first request only.
"""

import os
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler import Response

from functions.complaint_intake.open311.keys import KeyStore, actor_of
from functions.complaint_intake.open311.parameters import Parameters, not_found
from functions.complaint_intake.open311.paths import BASE
from functions.complaint_intake.open311.resolver import GeoReportResolver
from shared import aws, config, ids
from shared.clock import now
from shared.complaints.listings import ComplaintListings
from shared.complaints.store import ComplaintStore
from shared.errors import InvalidInput, NotFound
from shared.text import Text

if TYPE_CHECKING:
    from functions.complaint_intake.open311.pictures import Links
    from functions.complaint_intake.open311.shapes import ServiceRequest
    from shared.complaints.photos import PhotoStore
    from shared.complaints.record import Complaint, TimelineEntry
    from shared.jurisdiction import Jurisdiction

app = GeoReportResolver("complaint_intake")

_FOR_A_MINUTE = "public, max-age=60"
_FOR_A_MOMENT = "public, max-age=5"
_NEVER = "no-store"


@cache
def complaints() -> ComplaintStore:
    return ComplaintStore(os.environ["COMPLAINTS_TABLE"])


@cache
def listings() -> ComplaintListings:
    return ComplaintListings(os.environ["COMPLAINTS_TABLE"])


@cache
def keys() -> KeyStore:
    return KeyStore(os.environ["COMPLAINTS_TABLE"], aws.dynamodb())


@cache
def photos() -> "PhotoStore":
    from shared.complaints.photos import PhotoStore

    # What is known of photos is all that is read here: the pictures themselves are our own API's.
    return PhotoStore(os.environ["COMPLAINTS_TABLE"], bucket="")


@app.get(f"{BASE}/discovery")
def discovery() -> Response[str]:
    from functions.complaint_intake.open311 import services

    found = services.discovery(
        _base_url(),
        [config.load(one) for one in config.jurisdiction_ids()],
        kind="production" if os.environ["STAGE"] == "prod" else "test",
        language=app.incoming.language,
    )
    return app.answer("discovery", found, cache_control=_FOR_A_MINUTE, bare=True)


@app.get(f"{BASE}/services")
def service_list() -> Response[str]:
    from functions.complaint_intake.open311 import services

    found = services.services(_jurisdiction(app.asked), app.incoming.language)
    return app.answer("services", found, cache_control=_FOR_A_MINUTE)


@app.get(f"{BASE}/services/<service_code>")
def service_definition(service_code: str) -> Response[str]:
    from functions.complaint_intake.open311 import services

    jurisdiction = _jurisdiction(app.asked)
    found = services.definition(jurisdiction, service_code, app.incoming.language)
    return app.answer("service_definition", found, cache_control=_FOR_A_MINUTE)


@app.get(f"{BASE}/requests")
def request_list() -> Response[str]:
    from functions.complaint_intake.open311 import listing

    asked = app.asked
    numbers = listing.numbers_of(asked)
    if numbers is None:
        jurisdiction = _jurisdiction(asked)
        query = listing.query_of(asked, jurisdiction, now())
        found = listing.found(query, jurisdiction.id, listings())
    else:
        within = _named(asked)
        found = [
            one
            for one in listings().many(numbers)
            if _seen(one) and within in (None, one.jurisdiction_id)
        ]
    return app.answer("service_requests", _shown(found, asked), cache_control=_FOR_A_MOMENT)


@app.get(f"{BASE}/requests/<service_request_id>")
def request(service_request_id: str) -> Response[str]:
    asked = app.asked
    complaint, timeline = _known(service_request_id, "service_request_id", asked)
    shown = _shown([complaint], asked, timeline)
    return app.answer("service_requests", shown, cache_control=_FOR_A_MOMENT)


@app.get(f"{BASE}/tokens/<token>")
def token(token: str) -> Response[str]:
    """Answer the id of a token: ids are known at once, so each is its own token."""
    from functions.complaint_intake.open311.shapes import TokenAnswer

    complaint, _ = _known(token, "token", app.asked)
    answer = [TokenAnswer(service_request_id=complaint.complaint_id, token=token)]
    return app.answer("service_requests", answer, cache_control=_FOR_A_MOMENT)


@app.post(f"{BASE}/requests")
def submit() -> Response[str]:
    from functions.complaint_intake import intake
    from functions.complaint_intake.open311 import posting
    from functions.complaint_intake.open311.services import service_named
    from functions.complaint_intake.open311.shapes import RequestReceipt

    asked = app.asked
    client = keys().client_of(asked.text("api_key"))
    jurisdiction = _jurisdiction(asked)
    category = service_named(jurisdiction, asked.required("service_code"))
    posted = posting.posted(asked, jurisdiction, category)
    instant, secret = now(), aws.secret(os.environ["COMPLAINT_ID_SECRET"])
    derived = posting.derived_key(secret, client, asked, instant)
    try:
        complaint, _ = intake.stored_once(
            posted.submission,
            key=intake.idempotency_key(app.incoming.headers.get("idempotency-key"), derived),
            channel="open311",
            language=app.incoming.language,
            now=instant,
            id_secret=secret,
            store=complaints(),
            reporters_table=os.environ["REPORTERS_TABLE"],
            client=client,
            media_url=posted.media_url,
        )
    except InvalidInput as problem:
        raise posting.as_sent(problem) from None
    notice = category.notice.in_language(app.incoming.language) if category.notice else None
    receipt = RequestReceipt(service_request_id=complaint.complaint_id, service_notice=notice)
    return app.answer("service_requests", [receipt], cache_control=_NEVER)


@app.get(f"{BASE}/servicerequestupdates")
def updates() -> Response[str]:
    from functions.complaint_intake.open311 import listing
    from functions.complaint_intake.open311.requests import request_update

    asked = app.asked
    key = asked.text("api_key")
    own = actor_of(keys().client_of(key)) if key else None
    jurisdiction = _jurisdiction(asked)
    steps = listing.updates_of(asked, jurisdiction.id, listings(), now=now(), without=own)
    language, pictures = app.incoming.language, _pictures([one for one, _ in steps])
    shown = [
        request_update(one, entry, language, pictures.get(one.complaint_id, {}))
        for one, entry in steps
    ]
    return app.answer("service_request_updates", shown, cache_control=_NEVER)


@app.post(f"{BASE}/servicerequestupdates")
def update() -> Response[str]:
    from functions.complaint_intake.open311.shapes import UpdateReceipt
    from functions.complaint_intake.open311.updates import taken, update_of

    asked = app.asked
    client = keys().client_of(asked.text("api_key"))
    update_id = taken(
        update_of(asked),
        client=client,
        jurisdiction_id=_named(asked),
        secret=aws.secret(os.environ["COMPLAINT_ID_SECRET"]),
        now=now(),
        store=complaints(),
    )
    receipt = [UpdateReceipt(update_id=update_id)]
    return app.answer("service_request_updates", receipt, cache_control=_NEVER)


def _jurisdiction(asked: Parameters) -> "Jurisdiction":
    """Return the jurisdiction that a request is about.

    Raises:
        InvalidInput: it names none.
        NotFound: there is no such jurisdiction.
    """
    return config.load(_named(asked) or asked.required("jurisdiction_id"))


def _named(asked: Parameters) -> str | None:
    """Return the jurisdiction that a request names, by its path or its parameter; None if none.

    Raises:
        NotFound: there is no such jurisdiction, or not at this address.
    """
    own, given = app.place.jurisdiction_id, asked.text("jurisdiction_id")
    known = (own,) if own else config.jurisdiction_ids()
    if given is not None and given not in known:
        raise not_found("jurisdiction_id", given, known)
    return given or own


def _known(
    typed: str, field: str, asked: Parameters
) -> "tuple[Complaint, Sequence[TimelineEntry]]":
    """Return the complaint of a number, and what was done to it.

    Raises:
        NotFound: there is none, none that the public may know of, or not in this jurisdiction.
    """
    within, number = _named(asked), ids.read_complaint_number(typed)
    found = complaints().with_timeline(number) if number else None
    if found and _seen(found[0]) and within in (None, found[0].jurisdiction_id):
        return found
    raise NotFound(Text(f"{field}: tidak ditemukan.", f"{field}: not found."))


def _seen(complaint: "Complaint") -> bool:
    from functions.complaint_intake.views import seen_by_all

    return seen_by_all(complaint, config.load(complaint.jurisdiction_id))


def _shown(
    found: "Sequence[Complaint]",
    asked: Parameters,
    timeline: "Sequence[TimelineEntry] | None" = None,
) -> "Sequence[ServiceRequest]":
    """Return complaints as requests; `timeline` is that of the only one, if it was read already."""
    from functions.complaint_intake.open311.requests import extended_request, service_request

    language, pictures = app.incoming.language, _pictures(found)
    extended, shown = asked.is_true("extensions"), []
    for one in found:
        steps = _timeline(one) if extended and timeline is None else timeline or ()
        show = extended_request if extended else service_request
        shown.append(
            show(
                one,
                config.load(one.jurisdiction_id),
                language,
                timeline=steps,
                pictures=pictures.get(one.complaint_id, {}),
            )
        )
    return shown


def _timeline(complaint: "Complaint") -> "Sequence[TimelineEntry]":
    found = complaints().with_timeline(complaint.complaint_id)
    return found[1] if found else ()


def _pictures(found: "Sequence[Complaint]") -> "Mapping[str, Links]":
    """Return links to the pictures of complaints, most of which have none."""
    if not any(one.photo_ids for one in found):
        return {}
    from functions.complaint_intake.open311.pictures import links

    return links(found, photos(), _base_url().removesuffix(BASE))


def _base_url() -> str:
    """Return the address at which the API was called, without the part that this request adds."""
    if base := os.environ.get("OPEN311_URL"):
        return base
    context = app.incoming.event["requestContext"]
    return f"https://{context['domainName']}{context['path'].partition(BASE)[0]}{BASE}"


handler = app.lambda_handler
