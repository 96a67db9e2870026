"""The record of a complaint, as every context sees it: no word of who wrote it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shared.complaints.law import Action, Status
from shared.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Whose a complaint is now. `no` counts up; an action on an older one is refused."""

    no: int
    agency: str
    rule: str  #: the routing rule, or "operator", or "returned"
    because: Text
    at: datetime


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
    visibility: str
    visibility_chosen: bool = True  #: by the reporter; else the category's default, once known
    anonymous: bool
    contact_shared: bool = False  #: the reporter lets the agency see the contact data
    channel: str
    vehicle_code: str | None = None
    language: str = "id"
    drafted_at: datetime | None = None
    created_at: datetime
    updated_at: datetime
    dispatch_due_at: datetime
    due_at: datetime
    #: Every assignment there has been; the last is the current one.
    assignments: tuple[Assignment, ...] = ()
    #: The mark that something is still to be sent: when it was set, and for which assignment.
    undelivered_since: str | None = None

    @property
    def assignment(self) -> Assignment | None:
        """The current assignment; None until the complaint is routed."""
        return self.assignments[-1] if self.assignments else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One thing that was done to a complaint. Entries are only ever added."""

    action_id: str
    fingerprint: str  #: hash of the request, so that a repeat is told from a reuse
    version: int  #: of the complaint after it
    at: datetime
    action: Action
    status: Status  #: after it
    agency: str  #: whose the complaint was when it was done
    to_agency: str | None = None  #: whose it became, where the action moves it
    actor: str  #: who did it; never shown to the public
    public_note: str | None = None
    internal_note: str | None = None
