"""How anyone acts on a complaint: by the law's table, once, on the version that was read."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from shared.complaints import family, marks
from shared.complaints.law import (
    DONE,
    OPEN,
    TRANSITIONS,
    Action,
    Actor,
    Note,
    Status,
    Transition,
    allowed,
)
from shared.complaints.record import Complaint, TimelineEntry
from shared.errors import Conflict, Forbidden, InvalidInput, NotFound
from shared.text import Text

#: Statuses in which a day that work is planned for stays as it is.
_PLANNED = (Status.IN_PROGRESS, Status.NEEDS_INFORMATION)


class IllegalAction(Conflict):
    """The complaint's status does not allow the action."""

    code = "illegal_action"


class VersionConflict(Conflict):
    """The complaint has changed since the client saw it."""

    code = "version_conflict"
    title = Text(
        "Laporan sudah berubah; baca lagi lalu ulangi.",
        "The complaint has changed; read it again and repeat.",
    )


class ActionIdReused(Conflict):
    """The action id was used for another action."""

    code = "action_id_reused"
    title = Text(
        "action_id ini sudah dipakai untuk tindakan lain.",
        "This action_id was used for another action.",
    )


class StaleVersion(Exception):
    """The complaint has changed since the version that the change was made from."""


class ActionRepeated(Exception):
    """The action has been recorded already."""


@dataclass(frozen=True, slots=True)
class Change:
    """A complaint after an action, the timeline entry to add, and what else is written with them."""

    complaint: Complaint
    entry: TimelineEntry
    created: tuple[Complaint, ...] = ()  #: the parts that it was split into
    learned: Mapping[str, Any] | None = None  #: the item of a labelled example: see `examples`


class Store(Protocol):
    """What an action needs of the complaint store."""

    def get(self, complaint_id: str) -> Complaint | None:
        """Return a complaint as it is now."""
        ...

    def action(self, complaint_id: str, action_id: str) -> TimelineEntry | None:
        """Return the entry that an action made."""
        ...

    def record_action(
        self,
        before: Complaint,
        after: Complaint,
        entry: TimelineEntry,
        *,
        created: Sequence[Complaint] = (),
        learned: Mapping[str, Any] | None = None,
    ) -> None:
        """Write change, entry and what comes with them together.

        Raises:
            ActionRepeated: the action has been recorded already.
            StaleVersion: the complaint has changed since `before`.
        """
        ...


def possible(complaint: Complaint, actors: Collection[Actor]) -> tuple[Action, ...]:
    """Return what any of these actors could do now.

    What the law says, but for what its parts, or those that follow it, forbid. Nothing once its
    reporter is forgotten: what is added then, nothing takes away again.
    """
    if complaint.is_forgotten:
        return ()
    withheld = family.withheld(complaint)
    return tuple(one for one in allowed(complaint.status, actors) if one not in withheld)


def transition_of(
    complaint: Complaint,
    action: Action,
    actors: Collection[Actor],
    could: Collection[Action] | None = None,
) -> Transition:
    """Return what the law says of an action of one of these actors in the complaint's status.

    `could` are the actions that were possible, where a context knows more than the law's table.

    Raises:
        IllegalAction: it is not allowed; says which are.
    """
    could = possible(complaint, actors) if could is None else could
    if action not in could:
        raise IllegalAction(
            Text(
                f"Tidak bisa {action} saat {complaint.status}; yang bisa: {', '.join(could) or '–'}.",
                f"Cannot {action} while {complaint.status}; possible: {', '.join(could) or '–'}.",
            )
        )
    return TRANSITIONS[complaint.status, action]


def check_note(transition: Transition, public: str | None, internal: str | None = None) -> None:
    """Check that an action brings the words that the law asks for.

    Raises:
        InvalidInput: it does not.
    """
    if transition.note is Note.PUBLIC and not public:
        raise InvalidInput.at(
            "public_note",
            "missing",
            Text("Tulis jawaban untuk warga.", "Write the answer that the citizen will read."),
        )
    if transition.note is Note.ANY and not (public or internal):
        raise InvalidInput.at(
            "internal_note",
            "missing",
            Text("Tulis catatan publik atau internal.", "Write a public or an internal note."),
        )


def moved(complaint: Complaint, to: Status, now: datetime) -> Complaint:
    """Return a complaint in another status, a version on; closed from when it is first done.

    What belongs to the status that it leaves is gone: the day planned for, the day by which
    something is owed, the reason why it was rejected. One that is open is no duplicate any more;
    one that is done has those moved that follow it.
    """
    done = to in DONE
    after = replace(
        complaint,
        status=to,
        version=complaint.version + 1,
        updated_at=now,
        closed_at=(complaint.closed_at or now) if done else None,
        duplicate_of=None if to in OPEN else complaint.duplicate_of,
        planned_at=complaint.planned_at if to in _PLANNED else None,
        owed_by=complaint.owed_by if to is Status.RESOLVED_CONDITIONALLY else None,
        rejected_for=complaint.rejected_for if to is Status.REJECTED else None,
    )
    if done and complaint.status not in DONE and family.moves_others(complaint):
        return marks.to_move_followers(after, now)
    return after


def replaced_text(before: Complaint, after: Complaint) -> str | None:
    """Return the redaction that a change replaces; None if there was none, or it stays.

    The reporter's own words are no redaction: they stay in the record.
    """
    same = before.public_description == after.public_description
    return None if same else before.public_description


def take(
    complaint_id: str,
    action_id: str,
    *,
    actor: str,
    fingerprint: str,
    change: Callable[[Complaint], Change],
    store: Store,
) -> TimelineEntry:
    """Take an action once, or return what it did when it was first taken.

    Whether it is a repeat is looked up only when something stands in the way, since that is
    what a repeat meets: its own doing. `fingerprint` tells a repeat from another action.

    Raises:
        NotFound: there is no such complaint.
        Problem: what `change` raises, unless this very action was taken before.
        VersionConflict: the complaint changed meanwhile.
        ActionIdReused: the id was used for another action.
    """
    complaint = store.get(complaint_id)
    if complaint is None:
        raise NotFound
    refusal: Exception
    try:
        made = change(complaint)
        store.record_action(
            complaint, made.complaint, made.entry, created=made.created, learned=made.learned
        )
    except (Conflict, Forbidden) as problem:
        refusal = problem
    except (ActionRepeated, StaleVersion):
        refusal = VersionConflict()
    else:
        return made.entry
    entry = store.action(complaint_id, action_id)
    if entry is None or entry.actor != actor:
        raise refusal
    if entry.fingerprint != fingerprint:
        raise ActionIdReused
    return entry
