"""The record of a complaint, as every context sees it: no word of who wrote it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Final

from shared.complaints.law import Action, Actor, Status
from shared.complaints.visibility import PUBLIC, SECRET
from shared.text import Text

#: The rules of assignments that people made, not the router: an agency's return to the desk, the
#: reporter's "not done", an operator, who may also split a complaint or take back a merger.
RETURNED: Final = "returned"
REOPENED: Final = "reopened"
OPERATOR: Final = "operator"
SPLIT: Final = "split"
UNMERGED: Final = "unmerged"
BY_PEOPLE: Final = (RETURNED, REOPENED, OPERATOR, SPLIT, UNMERGED)


class Level(IntEnum):
    """How far up it was reported that a complaint is due soon, or late."""

    NONE = 0
    WARNED = 1  #: its agency
    HEAD = 2  #: the agency's head
    TRIAGE = 3  #: the triage desk
    PUBLIC = 4  #: everyone, of public complaints


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Whose a complaint is now. `no` counts up; an action on an older one is refused."""

    no: int
    agency: str
    rule: str  #: the routing rule, or one of `BY_PEOPLE`
    because: Text
    at: datetime
    said_in: str | None = None  #: the step whose words the agency reads with it
    #: Categories that the text may mean, with how sure (0 to 1): for whoever decides.
    suggestions: Mapping[str, float] = field(default_factory=dict)
    queued_at: datetime | None = None  #: when it was last put on the agency's queue
    resends: int = 0  #: how often it was sent again, since nobody had acknowledged it
    resent_at: datetime | None = None  #: … and when last
    stuck_at: datetime | None = None  #: when it had been as often as it is to be
    received_at: datetime | None = None  #: the agency's program took it over HTTP
    acknowledged_at: datetime | None = None  #: the agency said so, or took any action
    accepted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """A complaint. `version` counts its changes; contact data is in another table."""

    complaint_id: str
    jurisdiction_id: str
    key_hash: str  #: HMAC of the idempotency key
    fingerprint: str  #: HMAC of the submission's content
    token_epoch: int = 0
    version: int = 1
    status: Status = Status.RECEIVED
    kind: str
    service_code: str | None  #: the citizen's category, then the one it was routed by
    description: str
    lat: float | None = None
    long: float | None = None
    address_string: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    photo_ids: tuple[str, ...] = ()
    media_url: str | None = None  #: a link that another city's system gave; for the agency
    visibility: str
    visibility_chosen: bool = True  #: by the reporter; else the category's default, once known
    anonymous: bool
    contact_shared: bool = False  #: the reporter lets the agency see the contact data
    notify: bool = False  #: the reporter wishes to be told of progress
    channel: str
    client: str | None = None  #: whose Open311 key it came with
    device: str | None = None  #: a pseudonym of the device, another one each day
    vehicle_code: str | None = None
    vehicle_known: bool | None = None  #: whether a partner registered it; None: not looked up
    vehicle_partner: str | None = None
    hidden: bool = False  #: the desk keeps it from the public
    public_description: str | None = None  #: what the public reads instead of the description
    part_of: str | None = None  #: the complaint that was split into this one and others
    parts: tuple[str, ...] = ()  #: … and those, of the one that was split
    duplicate_of: str | None = None  #: the complaint that says the same
    duplicates: int = 0  #: how many were merged into this one, and not taken out again
    suspicion: str | None = None  #: why it may be spam; until an operator says it is not
    language: str = "id"
    drafted_at: datetime | None = None
    created_at: datetime
    updated_at: datetime
    dispatch_due_at: datetime
    due_at: datetime  #: by the jurisdiction's own promise
    legal_due_at: datetime | None = None  #: by the law
    paused_at: datetime | None = None  #: both clocks stand still since then
    escalation: int = 0  #: a `Level`
    planned_at: datetime | None = None  #: when the agency means to do it
    owed_by: datetime | None = None  #: resolved conditionally: what is owed is due then
    rejected_for: str | None = None  #: the reason, one of the jurisdiction's
    closed_at: datetime | None = None
    #: The next thing that falls due by itself, and when: see `clocks`.
    clock: str | None = None
    clock_at: datetime | None = None
    supporters: int = 0  #: others who say "me too"
    not_fixed: int = 0  #: others who say that it is not done
    erasure_requested_at: datetime | None = None
    erased_at: datetime | None = None
    #: Every assignment there has been; the last is the current one.
    assignments: tuple[Assignment, ...] = ()
    #: The mark that something is still to be sent: when it was set, and at which version.
    undelivered_since: str | None = None
    #: What the mark is for (see `marks`); None: the current assignment alone.
    undelivered_action: str | None = None

    @property
    def assignment(self) -> Assignment | None:
        """The current assignment; None until the complaint is routed."""
        return self.assignments[-1] if self.assignments else None

    @property
    def is_public(self) -> bool:
        """Whether anyone may read it and lists may show it."""
        return self.visibility == PUBLIC and self.suspicion is None and not self.hidden

    @property
    def follows(self) -> str | None:
        """The complaint that this one depends on, or moves with."""
        return self.part_of or self.duplicate_of

    @property
    def is_forgotten(self) -> bool:
        """Whether its reporter is forgotten, or about to be: nothing may be added to it any more."""
        return bool(self.erasure_requested_at or self.erased_at)

    @property
    def agency_may_ask_who(self) -> bool:
        """Whether its agency reads the contact: the reporter allowed it, and it is not secret."""
        return self.contact_shared and self.visibility != SECRET

    @property
    def returned_by(self) -> tuple[str, ...]:
        """The agencies that gave it back: whose it was just before each return."""
        pairs = zip(self.assignments, self.assignments[1:], strict=False)
        given = (before.agency for before, after in pairs if after.rule == RETURNED)
        return tuple(dict.fromkeys(given))


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One thing that was done to a complaint. Entries are only ever added."""

    action_id: str
    fingerprint: str  #: hash of the request, so that a repeat is told from a reuse
    version: int  #: of the complaint after it
    at: datetime
    action: Action
    status: Status  #: after it
    agency: str | None  #: whose the complaint was when it was done; None: not routed yet
    to_agency: str | None = None  #: whose it became, where the action moves it
    actor: str  #: who did it; never shown to the public
    role: Actor  #: … and as what
    public_note: str | None = None
    internal_note: str | None = None
    replaced: str | None = None  #: what the public read until then; for the desk alone
    photo_ids: tuple[str, ...] = ()
    until: datetime | None = None  #: the day that was named: planned, or owed by
    code: str | None = None  #: a reason or an outcome, as the jurisdiction codes it
    related: tuple[str, ...] = ()  #: other complaints: its parts, or what it is a duplicate of


class PhotoStatus(StrEnum):
    """How far a photo is."""

    WAITING = "waiting"  #: named by a complaint, and not looked at yet
    READY = "ready"
    REJECTED = "rejected"
    ERASED = "erased"  #: whatever of it is still under way is to be deleted


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """What is known of a photo. It belongs to one complaint for good, once that has named it."""

    photo_id: str
    status: PhotoStatus = PhotoStatus.WAITING
    complaint_id: str | None = None
    code: str | None = None  #: why it was rejected
    reason: Text | None = None
    at: datetime | None = None  #: when it was looked at
    tied: bool = False  #: nothing is left to be done to tie it to its complaint
