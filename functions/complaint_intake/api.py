"""Citizens' API: the categories, a complaint submitted, and its way followed."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from itertools import chain
from typing import Any, TypeVar
from uuid import uuid4

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel

from functions.complaint_intake import views
from functions.complaint_intake.alerts import routes as alerts
from functions.complaint_intake.pages import routes as pages
from functions.complaint_intake.related_views import relatives, with_whole
from functions.complaint_intake.settings import settings
from functions.complaint_intake.stores import acceptor, complaints, listings, reporters
from shared import aws, config, ids
from shared.clock import now
from shared.complaints.photo_views import PhotoView
from shared.complaints.record import Complaint
from shared.complaints.visibility import SECRET
from shared.errors import Forbidden, NotFound
from shared.http import ApiResolver, cacheable, redirect, reply
from shared.text import Text

app = ApiResolver("complaint_intake")
app.include_router(alerts.router)
app.include_router(pages.router)

Said = TypeVar("Said", bound=BaseModel)

_PUBLIC_FOR_A_MINUTE = "public, max-age=60"
_ALWAYS_ASK_AGAIN = "private, no-cache"


_WRONG_TOKEN = Forbidden(
    Text(
        "Token pelacakan tidak cocok dengan laporan ini.",
        "The tracking token does not belong to this complaint.",
    )
)


@app.get("/categories")
def categories() -> Response[str]:
    from functions.complaint_intake import intake, offered

    request = app.incoming
    jurisdiction = intake.jurisdiction_named(request.query.get("jurisdiction_id", ""))
    view = offered.categories(jurisdiction, request.language)
    return cacheable(view, request, cache_control=_PUBLIC_FOR_A_MINUTE)


@app.post("/complaints")
def submit() -> Response[str]:
    from functions.complaint_intake import intake
    from functions.complaint_intake.submission import Submission

    request = app.incoming
    key = intake.idempotency_key(request.headers.get("idempotency-key"), str(uuid4()))
    accept = acceptor(request.language)
    receipt, status = accept(request.parse(Submission), key=key, channel="mobile")
    return reply(receipt, status=status, headers={"Location": f"complaints/{receipt.complaint_id}"})


@app.post("/complaints/batch")
def submit_batch() -> Response[str]:
    from functions.complaint_intake import batch

    aws.dynamodb()  # a client is made by one thread only, then used by many
    return batch.answered(app.incoming, acceptor(app.incoming.language), app.logger)


@app.get("/complaints/nearby")
def similar() -> Response[str]:
    from functions.complaint_intake.nearby import nearby

    request = app.incoming
    view = nearby(request.query, language=request.language, now=now(), listings=listings())
    return cacheable(view, request, cache_control="public, max-age=15")


@app.get("/overdue")
def overdue() -> Response[str]:
    from functions.complaint_intake import late, late_pages

    return late_pages.answered(late.overdue, app.incoming, listings())


@app.get("/debts")
def debts() -> Response[str]:
    from functions.complaint_intake import late, late_pages

    return late_pages.answered(late.debts, app.incoming, listings())


@app.get("/complaints/<complaint_id>")
def show(complaint_id: str) -> Response[str]:
    request = app.incoming
    number = _number(complaint_id)
    token = request.headers.get("x-tracking-token")
    found = complaints().with_timeline(number, consistent=token is not None)
    if found is None:
        raise NotFound
    complaint, timeline = found
    jurisdiction = config.load(complaint.jurisdiction_id)
    view: views.PublicComplaint
    seen = views.seen_by_all(complaint, jurisdiction)
    if token is not None:
        if not _opens(token, complaint):
            raise _WRONG_TOKEN if seen else NotFound
        photos = _photos(complaint, own=True)
        view = views.reporters(
            complaint, timeline, jurisdiction, request.language, now(), photos, _others(complaint)
        )
        cache_control = _ALWAYS_ASK_AGAIN
    elif seen:
        others = _others(complaint)
        whose = with_whole(complaint, others)
        photos = [*chain.from_iterable(_photos(one, own=False) for one in whose)]
        view = views.public(complaint, timeline, jurisdiction, request.language, photos, others)
        cache_control = "public, max-age=5"
    else:
        raise NotFound  # that it exists is nobody's business
    return cacheable(
        view, request, cache_control=cache_control, vary="Accept-Language, X-Tracking-Token"
    )


@app.post("/complaints/<complaint_id>/replies")
def answer(complaint_id: str) -> Response[str]:
    from functions.complaint_intake import dialogue, replies

    own = _of_its_reporter(complaint_id)
    said = app.incoming.parse(replies.Reply)
    return reply(dialogue.reply(own.complaint_id, said, now=now(), store=complaints()))


@app.post("/complaints/<complaint_id>/support")
def support(complaint_id: str) -> Response[str]:
    from functions.complaint_intake import support as voices

    return _counted(complaint_id, voices.SupportRequest, voices.support)


@app.post("/complaints/<complaint_id>/not-fixed")
def not_fixed(complaint_id: str) -> Response[str]:
    from functions.complaint_intake import support as voices

    return _counted(complaint_id, voices.NotFixedReport, voices.not_fixed)


@app.get("/complaints/<complaint_id>/contact")
def contact(complaint_id: str) -> Response[str]:
    """Answer the agency that works a complaint, if the reporter allowed it.

    Who reported a secret one is for the triage desk alone, which may always ask.
    """
    caller = app.incoming.caller(settings().clients_parameter_prefix)
    complaint = complaints().get(_number(complaint_id))
    if complaint is None:
        raise NotFound
    assignment = complaint.assignment
    may = assignment is not None and caller.acts_for(assignment.agency)
    shared = complaint.contact_shared
    if complaint.visibility == SECRET:
        may, shared = complaint.jurisdiction_id in caller.desks, True
    if not may:
        raise Forbidden
    given = reporters().contact(complaint.complaint_id) if shared else None
    if given is None:
        raise NotFound(
            Text("Pelapor tidak membagikan kontak.", "The reporter has shared no contact.")
        )
    reporters().log(complaint.complaint_id, what="contact read", by=caller.id, at=now())
    app.logger.info("contact read", complaint_id=complaint.complaint_id, caller=caller.id)
    shown = views.SharedContact.model_fields.keys() & given.keys()
    return reply(views.SharedContact(**{name: given[name] for name in shown}))


@app.put("/complaints/<complaint_id>/notices")
def choose_notices(complaint_id: str) -> Response[str]:
    from functions.complaint_intake.notices import unsubscribing

    complaint = _of_its_reporter(complaint_id)
    wanted = app.incoming.parse(unsubscribing.NoticeSettingsBody)
    return reply(unsubscribing.change(complaint.complaint_id, wanted))


@app.get("/notices/unsubscribe")
def ask_to_unsubscribe() -> Response[str]:
    from functions.complaint_intake.notices import unsubscribing

    return unsubscribing.page(app.incoming)


@app.post("/notices/unsubscribe")
def unsubscribe() -> Response[str]:
    from functions.complaint_intake.notices import unsubscribing

    return unsubscribing.stop(app.incoming)


@app.post("/photos")
def offer_photo() -> Response[str]:
    from functions.complaint_intake.photos import requests, upload

    asked = app.incoming.parse(requests.PhotoRequest)
    return reply(upload.offer(asked.content_type), status=HTTPStatus.CREATED)


@app.post("/complaints/<complaint_id>/photos")
def add_photos(complaint_id: str) -> Response[str]:
    from functions.complaint_intake.photos import requests, showing

    request = app.incoming
    complaint = _of_its_reporter(complaint_id)
    more = request.parse(requests.MorePhotos)
    grown = showing.add(complaint, more.photo_ids, complaints=complaints(), photos=showing.store())
    shown = showing.for_reporter(grown, request.language)
    return reply(requests.ComplaintsPhotos(photos=shown))


@app.get("/complaints/<complaint_id>/photos/<photo_id>")
def show_photo(complaint_id: str, photo_id: str) -> Response[str]:
    from functions.complaint_intake.photos import showing

    complaint = complaints().get(_number(complaint_id))
    link = showing.public_link(complaint, photo_id, app.incoming.query.get("size"))
    return redirect(link, cache_control=_PUBLIC_FOR_A_MINUTE)


@app.get("/open-data/<jurisdiction_id>/<month>")
def open_data(jurisdiction_id: str, month: str) -> Response[str]:
    from functions.complaint_intake.open_data import publishing

    link = publishing.link(jurisdiction_id, month)
    return redirect(link, cache_control=_PUBLIC_FOR_A_MINUTE)


@app.get("/complaints/<complaint_id>/personal-data")
def personal_data(complaint_id: str) -> Response[str]:
    from functions.complaint_intake.rights import serving

    own = _of_its_reporter(complaint_id, even_forgotten=True)
    language = app.incoming.language
    return reply(serving.export(own.complaint_id, by=serving.TOKEN, now=now(), language=language))


@app.delete("/complaints/<complaint_id>/personal-data")
def forget(complaint_id: str) -> Response[str]:
    from functions.complaint_intake.rights import serving

    own = _of_its_reporter(complaint_id, even_forgotten=True)
    asked = serving.erase(own.complaint_id, by=serving.TOKEN, now=now())
    app.logger.info("erasure requested", complaint_id=own.complaint_id, erase_by=asked.erase_by)
    return reply(asked, status=HTTPStatus.ACCEPTED)


def _number(typed: str) -> str:
    number = ids.read_complaint_number(typed)
    if number is None:
        raise NotFound(
            Text(
                "Nomor laporan tidak sah; periksa lagi tulisannya.",
                "This is not a complaint number; check the spelling.",
            )
        )
    return number


def _of_its_reporter(typed: str, *, even_forgotten: bool = False) -> Complaint:
    """Return a complaint to whoever sends its tracking token.

    Forgetting revokes the token; with `even_forgotten` it still shows that it was done.

    Raises:
        NotFound: there is none, or none that this caller may know of.
        Forbidden: it is public, and the token another's or missing.
    """
    complaint = complaints().get(_number(typed))
    if complaint is None:
        raise NotFound
    token = app.incoming.headers.get("x-tracking-token", "")
    revoked = even_forgotten and complaint.is_forgotten
    if not (_opens(token, complaint) or (revoked and _opens(token, complaint, epochs_ago=1))):
        seen = views.seen_by_all(complaint, config.load(complaint.jurisdiction_id))
        raise _WRONG_TOKEN if seen else NotFound
    return complaint


def _counted(complaint_id: str, model: type[Said], count: Callable[..., Any]) -> Response[str]:
    """Count a voice on a public complaint, and answer how many there are."""
    from functions.complaint_intake.voices import VoiceStore

    view, status = count(
        _number(complaint_id),
        app.incoming.parse(model),
        now=now(),
        secret=aws.secret(settings().id_secret),
        store=complaints(),
        counts=VoiceStore(settings().complaints_table),
    )
    return reply(view, status=status)


def _photos(complaint: Complaint, *, own: bool) -> Sequence[PhotoView]:
    """Return a complaint's photos as its reporter or as anyone sees them; most have none."""
    if not complaint.photo_ids:
        return ()
    from functions.complaint_intake.photos import showing

    if own:
        return showing.for_reporter(complaint, app.incoming.language)
    return showing.for_everyone(complaint)


def _others(complaint: Complaint) -> Sequence[Complaint]:
    """Return the parts of a complaint and what it follows; most have none."""
    numbers = relatives(complaint)
    return listings().many(numbers) if numbers else ()


def _opens(token: str, complaint: Complaint, *, epochs_ago: int = 0) -> bool:
    secret = aws.secret(settings().token_secret)
    epoch = complaint.token_epoch - epochs_ago
    expected = ids.tracking_token(secret, complaint.complaint_id, epoch)
    return ids.same(expected, token)


handler = app.lambda_handler
