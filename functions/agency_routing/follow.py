"""Moves the complaints that follow one that is done: its whole, its parts, its duplicates.

A complaint that is done carries a mark until those that follow it have been seen to (see `marks`),
and so does one that was split, while its parts are not hidden or redacted as it is. A crash in
between, a repeat or a lost event changes nothing: each is moved once, by its own version, and
whoever comes second finds nothing left to move.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final, Protocol

from functions.agency_routing.merge import sorted_again
from shared import config
from shared.complaints import family, marks
from shared.complaints.acting import ActionRepeated, StaleVersion, Store, moved, replaced_text
from shared.complaints.clocks import wound
from shared.complaints.law import DONE, OPEN, TRANSITIONS, Action, Actor, Status
from shared.complaints.record import Complaint, TimelineEntry
from shared.text import Text

#: Who did it, in the timeline.
CLOCK: Final = "clock"
#: How many duplicates one message moves; for more, the mark is set anew and brings another.
PAGE: Final = 25
#: How often a step is tried while others change the complaint.
_TRIES: Final = 3
#: Of a part's answer, as much as the whole's quotes.
_LONGEST_QUOTE: Final = 300

_ALL_PARTS = Text("Semua bagian laporan ini sudah ditangani:", "All parts of this report are done:")
_NOT_FOR_ALL = Text("satu bagian", "one part")
_ENDS = {
    Status.RESOLVED: Text("selesai", "resolved"),
    Status.CLOSED: Text("selesai", "resolved"),
    Status.REJECTED: Text("tidak dapat ditindaklanjuti", "cannot be acted upon"),
    Status.WITHDRAWN: Text("ditarik", "withdrawn"),
}
_SAME_IS_DONE = Text(
    "Laporan yang sama sudah selesai ditangani.", "The report of the same matter is resolved."
)
_SAME_IS_GONE = Text(
    "Laporan yang digabungkan dengannya tidak dilanjutkan; petugas akan memilah ulang.",
    "The report that it was merged into is not pursued; an operator will sort it again.",
)


class NotListedYet(Exception):
    """The index does not know of every follower yet: the message is to come again."""


class Followers(Store, Protocol):
    """What following needs of the complaint store."""

    def with_timeline(
        self, complaint_id: str, *, consistent: bool = False
    ) -> tuple[Complaint, Sequence[TimelineEntry]] | None:
        """Return a complaint and what was done to it, oldest first."""
        ...

    def followers(self, complaint_id: str, *, after: str, limit: int) -> Sequence[str]:
        """Return the numbers of complaints that follow this one, in their order."""
        ...

    def count_followers(self, complaint_id: str) -> int:
        """Return how many followers of a complaint the index knows of by now."""
        ...


def move_followers(complaint: Complaint, *, now: datetime, store: Followers) -> Complaint | None:
    """Move what follows a complaint that is marked for it; return it marked for the rest, if any.

    What was hidden or redacted of one that was split is so of its parts then.

    Raises:
        StaleVersion: a follower kept changing meanwhile; the same may be done again.
        NotListedYet: a follower is so new that the index has not heard of it.
    """
    if marks.keeps_back_parts(complaint):
        _keep_back(complaint, now, store)
    after = marks.followers_after(complaint)
    if after is None or complaint.status not in DONE:
        return None
    if complaint.part_of:
        _end_the_whole(complaint.part_of, now, store)
    if complaint.status in {Status.WITHDRAWN, Status.REJECTED}:
        for number in complaint.parts:
            _take(number, _among(*OPEN), _withdrawn, Action.WITHDRAW, now, store)
    if not complaint.duplicates:
        return None
    last = _move_duplicates(complaint, after, now, store)
    return None if last is None else marks.to_move_more(complaint, last, now)


def _move_duplicates(
    complaint: Complaint, after: str, now: datetime, store: Followers
) -> str | None:
    """Move a page of duplicates; return the last number of it, None if there are no more."""
    made: Made
    if complaint.status in {Status.WITHDRAWN, Status.REJECTED}:
        action, made, note = Action.UNMERGE, _unmerged, _SAME_IS_GONE
    else:
        action, made, note = Action.FOLLOW, _as_it_is, _how_it_ended(complaint, store)
    page = store.followers(complaint.complaint_id, after=after, limit=PAGE)
    for number in page:
        _take(number, _among(Status.DUPLICATE), made, action, now, store, note=note)
    if len(page) == PAGE:
        return page[-1]
    present = store.get(complaint.complaint_id)
    expected = present.duplicates + len(present.parts) if present else 0
    if store.count_followers(complaint.complaint_id) < expected:
        raise NotListedYet
    return None


def _keep_back(whole: Complaint, now: datetime, store: Followers) -> None:
    """Keep from the public, of each part, what is kept of the whole: it carries the same words.

    Nothing is shown again with the whole: of that the desk decides for each.
    """

    def hidden(part: Complaint, _action_id: str, _now: datetime) -> Complaint:
        return replace(part, hidden=True)

    def redacted(part: Complaint, _action_id: str, _now: datetime) -> Complaint:
        return replace(part, public_description=whole.public_description)

    why = Text(
        f"Seperti laporan {whole.complaint_id}, induknya.",
        f"Like report {whole.complaint_id}, of which it is a part.",
    )
    for number in whole.parts:
        if whole.hidden:
            _take(number, lambda part: not part.hidden, hidden, Action.HIDE, now, store, why=why)
        if whole.public_description is not None:
            _take(number, partial(_reads_as, whole), redacted, Action.REDACT, now, store, why=why)


def _reads_as(whole: Complaint, part: Complaint) -> bool:
    """Tell whether the public reads of a part what it must not read of the whole any more."""
    same = part.description == whole.description
    return same and part.public_description != whole.public_description


def _end_the_whole(number: str, now: datetime, store: Followers) -> None:
    """Resolve the complaint that was split, if the last of its parts is done."""
    whole = store.get(number)
    if whole is None or not family.is_divided(whole):
        return
    parts = [store.with_timeline(one, consistent=True) for one in whole.parts]
    known = [one for one in parts if one is not None]
    if any(part.status not in DONE for part, _ in known):
        return
    lines = [_line(part, timeline) for part, timeline in known]
    note = Text(
        "\n".join((_ALL_PARTS.id, *(one.id for one in lines))),
        "\n".join((_ALL_PARTS.en, *(one.en for one in lines))),
    )
    _take(number, _among(Status.IN_PROGRESS), _told, Action.FOLLOW, now, store, note=note)


def _line(part: Complaint, timeline: Sequence[TimelineEntry]) -> Text:
    """Return how a part ended; of one that is not public, that alone."""
    end = _ENDS[part.status]
    if not part.is_public or part.assignment is None:
        return Text(f"– {_NOT_FOR_ALL.id}: {end.id}", f"– {_NOT_FOR_ALL.en}: {end.en}")
    said = _last_words(timeline)
    named = f"– {part.complaint_id} ({_short_name(part.assignment.agency)})"
    return Text(f"{named}: {end.id}. {said}".strip(), f"{named}: {end.en}. {said}".strip())


def _short_name(agency: str) -> str:
    return config.load(agency.split("-", 1)[0]).agency_by_code[agency].short_name


def _last_words(timeline: Sequence[TimelineEntry]) -> str:
    """Return what an agency or the desk said last to the public."""
    said = (one.public_note for one in reversed(timeline) if one.role is not Actor.REPORTER)
    found = next(filter(None, said), "")
    return found if len(found) <= _LONGEST_QUOTE else found[: _LONGEST_QUOTE - 1] + "…"


def _how_it_ended(complaint: Complaint, store: Followers) -> Text:
    """Return what the reporters of duplicates are told of what was resolved."""
    found = store.with_timeline(complaint.complaint_id) if complaint.is_public else None
    said = _last_words(found[1]) if found else ""
    return Text(f"{_SAME_IS_DONE.id} {said}".strip(), f"{_SAME_IS_DONE.en} {said}".strip())


#: Makes of a complaint that was moved what else the step does to it: its action id, and the time.
Made = Callable[[Complaint, str, datetime], Complaint]


def _among(*statuses: Status) -> Callable[[Complaint], bool]:
    return lambda complaint: complaint.status in statuses


def _as_it_is(moved_on: Complaint, _action_id: str, _now: datetime) -> Complaint:
    return moved_on


def _told(moved_on: Complaint, action_id: str, now: datetime) -> Complaint:
    return marks.to_tell(moved_on, action_id, now)


def _withdrawn(moved_on: Complaint, action_id: str, now: datetime) -> Complaint:
    return marks.to_tell(moved_on, action_id, now, alone=True)


def _unmerged(moved_on: Complaint, action_id: str, now: datetime) -> Complaint:
    again = sorted_again(moved_on, now, config.load(moved_on.jurisdiction_id))
    moved_on = replace(moved_on, assignments=(*moved_on.assignments, again))
    return marks.to_assign(moved_on, now, said_in=action_id)


def _take(
    number: str,
    wanted: Callable[[Complaint], bool],
    made: Made,
    action: Action,
    now: datetime,
    store: Followers,
    *,
    note: Text | None = None,
    why: Text | None = None,
) -> None:
    """Take a step of the clock on a complaint, once, while it is `wanted` of it.

    The public reads the `note`; only agency and desk read `why`.

    Raises:
        StaleVersion: others kept changing it.
    """
    for _ in range(_TRIES):
        before = store.get(number)
        if before is None or before.is_forgotten or not wanted(before):
            return
        action_id = f"{action}-{before.version}"
        after = moved(before, TRANSITIONS[before.status, action].to, now)
        after = wound(made(after, action_id, now), config.load(before.jurisdiction_id))
        current, new = before.assignment, after.assignment
        entry = TimelineEntry(
            action_id=action_id,
            fingerprint=action_id,
            version=after.version,
            at=now,
            action=action,
            status=after.status,
            agency=current.agency if current else None,
            to_agency=new.agency if new and new is not current else None,
            actor=CLOCK,
            role=Actor.CLOCK,
            public_note=note.in_language(before.language) if note else None,
            internal_note=why.in_language(before.language) if why else None,
            replaced=replaced_text(before, after),
            related=tuple(filter(None, (before.follows,))),
        )
        try:
            store.record_action(before, after, entry)
        except (ActionRepeated, StaleVersion):
            continue
        return
    raise StaleVersion
