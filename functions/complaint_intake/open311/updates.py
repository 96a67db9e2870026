"""What another system's update may do to a complaint: mostly tell its agency something.

A system that submitted a complaint speaks for its reporter, so it may do what the law lets a
reporter do: answer, reopen, withdraw. What others send is a note, and they move nothing.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field, ValidationError

from functions.complaint_intake import dialogue
from functions.complaint_intake.open311.keys import actor_of
from functions.complaint_intake.open311.parameters import Parameters
from functions.complaint_intake.open311.posting import Link, OfTheirOwn
from functions.complaint_intake.open311.requests import update_id
from functions.complaint_intake.open311.statuses import STANDARD, UpdateStatus
from functions.complaint_intake.replies import Reply
from shared import config, ids
from shared.cleaning import Cleaned
from shared.complaints.acting import (
    ActionIdReused,
    Change,
    IllegalAction,
    Store,
    VersionConflict,
    moved,
    take,
    transition_of,
)
from shared.complaints.clocks import wound
from shared.complaints.law import Action, Actor, Status
from shared.complaints.record import REOPENED, Complaint, TimelineEntry
from shared.errors import Conflict, Fault, InvalidInput, NotFound
from shared.models import Body
from shared.text import Text
from shared.validation import faults_of

#: As long as what a reporter may say.
_MOST_CHARACTERS: Final = 4000
#: How often an update is tried while others change the complaint.
_TRIES: Final = 3
#: Statuses that say: as far as the sender is concerned, it is over.
_OVER: Final = frozenset({UpdateStatus.CLOSED, UpdateStatus.FIXED, UpdateStatus.CANCELLED})
#: Statuses that only the agency that works a complaint can give it.
_AGENCYS: Final = frozenset(
    {
        UpdateStatus.DUPLICATE,
        UpdateStatus.NOT_COUNCILS_RESPONSIBILITY,
        UpdateStatus.NO_FURTHER_ACTION,
        UpdateStatus.INTERNAL_REFERRAL,
    }
)
_ID_REUSED: Final = Text(
    "update_id: sudah dipakai untuk pembaruan lain.",
    "update_id: this was used for another update.",
)


class NotTheirs(Conflict):
    """The status is not one that the sender may bring about."""

    code = "status_not_allowed"
    title = Text("Status ini bukan wewenang pengirim", "This status is not the sender's to set")


class _Update(Body):
    """The fields of a posted update that are used; who wrote it is not kept."""

    service_request_id: OfTheirOwn
    update_id: OfTheirOwn
    status: UpdateStatus = Field(strict=False)
    description: Annotated[str, Field(max_length=_MOST_CHARACTERS), Cleaned] = ""
    media_url: list[Link] = Field(default_factory=list, max_length=10)


@dataclass(frozen=True, slots=True)
class Update:
    """An update of a complaint, and the words that it brings."""

    complaint_id: str
    update_id: str  #: the sender's own
    status: UpdateStatus
    words: str
    happened: datetime


def update_of(given: Parameters) -> Update:
    """Return the update that the parameters of a request make.

    Raises:
        InvalidInput: something is missing or wrong; every fault names its field.
        NotFound: its request has an id that cannot be one.
    """
    faults: list[Fault] = []
    body = {
        name: value
        for name in _Update.model_fields
        if name != "media_url" and (value := given.text(name))
    }
    if "status" in body:
        body["status"] = body["status"].lower()
    read: _Update | None = None
    try:
        read = _Update.model_validate(body | {"media_url": [*given.given.get("media_url", ())]})
    except ValidationError as error:
        faults += (
            Fault(one.field.split(".")[0], one.code, one.message)
            for one in faults_of(error, _Update)
        )
    happened: datetime | None = None
    try:
        given.required("updated_datetime")
        happened = given.instant("updated_datetime")
    except InvalidInput as problem:
        faults += problem.faults
    words = "\n".join([read.description, *read.media_url]).strip() if read else ""
    if read and not words:
        said = Text("Tulis apa yang terjadi.", "This was not provided: say what happened.")
        faults.append(Fault("description", "missing", said))
    if len(words) > _MOST_CHARACTERS:
        most = f"{_MOST_CHARACTERS}"
        said = Text(
            f"Paling banyak {most} huruf, tautan termasuk.",
            f"Give at most {most} characters, links included.",
        )
        faults.append(Fault("description", "string_too_long", said))
    if faults or read is None or happened is None:
        raise InvalidInput(faults=faults)
    number = ids.read_complaint_number(read.service_request_id)
    if number is None:
        raise unknown_request()
    return Update(number, read.update_id, read.status, words, happened)


def unknown_request() -> NotFound:
    """Return the problem of a request that there is not, or that nobody may know of."""
    return NotFound(Text("service_request_id: tidak ditemukan.", "service_request_id: not found."))


def taken(
    update: Update,
    *,
    client: str,
    jurisdiction_id: str | None,
    secret: bytes,
    now: datetime,
    store: Store,
) -> str:
    """Take an update once, and return the id under which it would be fetched.

    Raises:
        NotFound: there is no such complaint, or not in the jurisdiction, or it is not the
            client's to know of.
        Conflict: its status is not the client's to bring about, or the update's id was used for
            another.
    """
    action_id = UUID(ids.keyed_hash(secret, "open311 update", client, update.update_id)[:32])
    fingerprint = ids.keyed_hash(
        secret, update.complaint_id, update.status, update.words, update.happened.isoformat()
    )

    def change(complaint: Complaint) -> Change:
        if jurisdiction_id not in (None, complaint.jurisdiction_id):
            raise unknown_request()
        if not (complaint.is_public or complaint.client == client):
            raise unknown_request()
        made = _change(complaint, update, str(action_id), client, now)
        entry = replace(made.entry, actor=actor_of(client), fingerprint=fingerprint)
        return Change(made.complaint, entry)

    tries = 0
    while True:
        tries += 1
        try:
            entry = take(
                update.complaint_id,
                str(action_id),
                actor=actor_of(client),
                fingerprint=fingerprint,
                change=change,
                store=store,
            )
            return update_id(update.complaint_id, entry)
        except VersionConflict:
            if tries == _TRIES:
                raise
        except NotFound:
            raise unknown_request() from None
        except ActionIdReused:
            raise ActionIdReused(_ID_REUSED) from None
        except IllegalAction as problem:
            why = problem.detail or problem.title
            raise IllegalAction(Text(f"status: {why.id}", f"status: {why.en}")) from None


def effect(complaint: Complaint, said: UpdateStatus, client: str) -> Action:
    """Return what an update's status brings about: a note, or what a reporter may do.

    A status that says what we say already is an echo: systems send the one that they last heard
    with every comment. So `closed` withdraws only what was never done, and only `reopen` reopens.

    Raises:
        NotTheirs: it is not for the client to bring about.
    """
    own = complaint.client == client
    if STANDARD[complaint.status] == "closed":
        if said is not UpdateStatus.REOPEN:
            return Action.NOTE
        if own:
            return Action.REOPEN
        raise NotTheirs(
            Text(
                "status: hanya sistem pengirim laporan ini yang dapat membukanya kembali.",
                "status: only the system that submitted this request may reopen it.",
            )
        )
    if said in _AGENCYS:
        raise NotTheirs(
            Text(
                f"status: {said.upper()} hanya dapat ditetapkan dinas.",
                f"status: {said.upper()} is for the agency to decide.",
            )
        )
    if said in _OVER:
        if not own:
            raise NotTheirs(
                Text(
                    "status: hanya sistem pengirim laporan ini yang dapat menariknya.",
                    "status: only the system that submitted this request may withdraw it.",
                )
            )
        was_done = any(one.rule == REOPENED for one in complaint.assignments)
        return Action.NOTE if was_done else Action.WITHDRAW
    if own and complaint.status is Status.NEEDS_INFORMATION:
        return Action.ANSWER
    return Action.NOTE


def _change(
    complaint: Complaint, update: Update, action_id: str, client: str, now: datetime
) -> Change:
    action = effect(complaint, update.status, client)
    jurisdiction = config.load(complaint.jurisdiction_id)
    if action is not Action.NOTE:
        reply = {"action": action, "action_id": UUID(action_id), "note": update.words}
        return dialogue.apply(complaint, Reply.model_validate(reply), now, jurisdiction)
    transition = transition_of(complaint, action, (Actor.AGENCY,))
    changed = wound(moved(complaint, transition.to, now), jurisdiction)
    entry = TimelineEntry(
        action_id=action_id,
        fingerprint="",
        version=changed.version,
        at=now,
        action=action,
        status=changed.status,
        agency=complaint.assignment.agency if complaint.assignment else None,
        actor=actor_of(client),
        role=Actor.PUBLIC,
        internal_note=f"{client}: {update.words}",
    )
    return Change(changed, entry)
