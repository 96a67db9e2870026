"""What reporters may still do about their own complaint: answer, confirm, reopen, withdraw, reroute."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from functions.complaint_intake import subject
from functions.complaint_intake.replies import Reply, ReplyOutcome
from functions.complaint_intake.submission import MOST_NAMED
from shared import config
from shared.complaints import marks
from shared.complaints.acting import (
    Change,
    Store,
    VersionConflict,
    moved,
    take,
    transition_of,
)
from shared.complaints.clocks import wound
from shared.complaints.law import Action, Actor, Note, Status, allowed
from shared.complaints.reassigning import given_back
from shared.complaints.record import Complaint, TimelineEntry
from shared.complaints.visibility import stricter
from shared.errors import InvalidInput
from shared.jurisdiction import Jurisdiction
from shared.text import Text

#: Who acted, in the timeline: whoever holds the tracking token.
REPORTER: Final = "reporter"
_NOT_DONE: Final = Text(
    "Pelapor menyatakan belum selesai.", "The reporter says that it is not done."
)
#: How often a reply is tried while others change the complaint.
_TRIES = 3
#: What goes with which action alone.
_BELONGS_WITH = {
    "photo_ids": (Action.ANSWER, Action.REOPEN),
    "service_code": (Action.REROUTE,),
    "attributes": (Action.REROUTE,),
}


def reply(complaint_id: str, said: Reply, *, now: datetime, store: Store) -> ReplyOutcome:
    """Do what a reporter asks, or answer a repeated request as the first time.

    That it is the reporter who asks has been checked before. The reporter has named no version,
    so what others do meanwhile is no obstacle unless it forbids the action.

    Raises:
        NotFound: there is no such complaint.
        Conflict: its status does not allow it, or the action id was used for something else.
        InvalidInput: something that goes with the action is missing, unknown or too much.
    """
    tries = 0
    while True:
        tries += 1
        try:
            entry = take(
                complaint_id,
                str(said.action_id),
                actor=REPORTER,
                fingerprint=said.fingerprint,
                change=lambda complaint: apply(
                    complaint, said, now, config.load(complaint.jurisdiction_id)
                ),
                store=store,
            )
            break
        except VersionConflict:
            if tries == _TRIES:
                raise
    return ReplyOutcome(
        complaint_id=complaint_id,
        action_id=entry.action_id,
        version=entry.version,
        status=entry.status,
        possible=list(_by_law(entry.status)),
    )


def possible(complaint: Complaint, now: datetime, jurisdiction: Jurisdiction) -> tuple[Action, ...]:
    """Return what the reporter may do now: what the law says, reopening within its term.

    Nothing once they are forgotten: nobody could work on a complaint without its words.
    """
    if complaint.is_forgotten:
        return ()
    term = timedelta(days=jurisdiction.dialogue.reopen_days)
    late = complaint.closed_at is not None and now > complaint.closed_at + term
    return tuple(
        action for action in _by_law(complaint.status) if not (action is Action.REOPEN and late)
    )


def apply(complaint: Complaint, said: Reply, now: datetime, jurisdiction: Jurisdiction) -> Change:
    """Return the change that a reply makes. `jurisdiction` is the complaint's.

    Raises:
        IllegalAction: the complaint's status does not allow it, or it comes too late.
        InvalidInput: something that goes with the action is missing, unknown or too much.
    """
    action, action_id = Action(said.action), str(said.action_id)
    transition = transition_of(
        complaint, action, (Actor.REPORTER,), possible(complaint, now, jurisdiction)
    )
    _check(said, action)
    if transition.note is Note.PUBLIC and not said.note:
        raise InvalidInput.at(
            "note",
            "missing",
            Text("Tulis jawaban atau alasannya.", "Write the answer, or the reason."),
        )
    changed = replace(
        moved(complaint, transition.to, now),
        photo_ids=_all_photos(complaint.photo_ids, said.photo_ids),
    )
    match action:
        case Action.ANSWER:
            changed = marks.to_tell(changed, action_id, now)
        case Action.REOPEN:
            again = given_back(changed, _NOT_DONE, now, jurisdiction)
            changed = marks.to_assign(again, now, said_in=action_id)
        case Action.WITHDRAW:
            changed = _withdrawn(changed, action_id, now)
        case Action.REROUTE:
            changed = marks.to_assign(_rerouted(changed, said, jurisdiction), now)
    current, new = complaint.assignment, changed.assignment
    entry = TimelineEntry(
        action_id=action_id,
        fingerprint=said.fingerprint,
        version=changed.version,
        at=now,
        action=action,
        status=changed.status,
        agency=current.agency if current else None,
        to_agency=new.agency if new and new is not current else None,
        actor=REPORTER,
        role=Actor.REPORTER,
        public_note=said.note,
        photo_ids=tuple(said.photo_ids),
    )
    return Change(wound(changed, jurisdiction), entry)


def _by_law(status: Status) -> tuple[Action, ...]:
    return allowed(status, (Actor.REPORTER,))


def _check(said: Reply, action: Action) -> None:
    """Check that a reply brings nothing that goes with another action."""
    for field, actions in _BELONGS_WITH.items():
        if getattr(said, field) and action not in actions:
            named = ", ".join(actions)
            raise InvalidInput.at(
                field,
                "not_with_this_action",
                Text(f"Hanya untuk tindakan {named}.", f"This goes with {named} only."),
            )


def _all_photos(before: Sequence[str], added: Sequence[str]) -> tuple[str, ...]:
    photo_ids = tuple(dict.fromkeys((*before, *added)))
    if added and len(photo_ids) > MOST_NAMED:
        raise InvalidInput.at(
            "photo_ids",
            "too_long",
            Text(
                f"Paling banyak {MOST_NAMED} foto untuk satu laporan; sudah ada {len(before)}.",
                f"A complaint has at most {MOST_NAMED} photos; there are {len(before)} already.",
            ),
        )
    return photo_ids


def _withdrawn(complaint: Complaint, action_id: str, now: datetime) -> Complaint:
    """Return a withdrawn complaint: its agency hears of that alone; without one, nobody does."""
    if complaint.assignment:
        return marks.to_tell(complaint, action_id, now, alone=True)
    return marks.without_agency(complaint)


def _rerouted(complaint: Complaint, said: Reply, jurisdiction: Jurisdiction) -> Complaint:
    """Return a complaint in the category that the reporter names now, for routing to decide.

    Raises:
        InvalidInput: none is named, it is the same or unknown, or an answer is not possible.
    """
    if said.service_code is None:
        raise InvalidInput.at(
            "service_code",
            "missing",
            Text("Pilih kategori yang tepat.", "Name the category that it belongs to."),
        )
    if said.service_code == complaint.service_code:
        raise InvalidInput.at(
            "service_code",
            "same_category",
            Text("Pilih kategori yang lain.", "Name another category than it has."),
        )
    subject.check(said.service_code, said.attributes, jurisdiction)
    return replace(
        complaint,
        service_code=said.service_code,
        attributes={**complaint.attributes, **said.attributes},
        visibility=_visibility(complaint, said.service_code, jurisdiction),
    )


def _visibility(complaint: Complaint, service_code: str, jurisdiction: Jurisdiction) -> str:
    """Return who may read a complaint in its new category: never more people than before.

    Unless the old one said nothing, and so was private only until the right one was known.
    """
    before = jurisdiction.category_by_code.get(complaint.service_code or "")
    default = subject.default_visibility(jurisdiction.category_by_code[service_code])
    if complaint.visibility_chosen:
        return complaint.visibility
    if before is None or before.other:
        return default
    return stricter(complaint.visibility, default)
