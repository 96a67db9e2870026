"""What notices say among themselves, one message for each to be told, and what partners are sent.

The JSON Schemas in `events/contracts/` are made from these. The envelope of webhooks (type,
timestamp, data) is that of Standard Webhooks.
"""

import sys
from typing import Literal

if sys.version_info >= (3, 12):
    from typing import TypedDict
else:
    from typing_extensions import TypedDict  # pydantic makes schemas of no other before 3.12

Channel = Literal["email", "sms"]


class NoticeDueV1(TypedDict):
    """A complaint's reporter is to be told of something by one channel."""

    type: Literal["notice_due.v1"]
    complaint_id: str
    occasion: str
    channel: Channel
    version: int  #: of the complaint after the step; 0 where none is meant
    once: str  #: the same for each repetition: the version, or the day of rejected photos
    at: str  #: when it happened


class ComplaintShownV1(TypedDict):
    """Anyone may read from now on of a routed complaint at a place: neighbours may be told."""

    type: Literal["complaint_shown.v1"]
    complaint_id: str
    jurisdiction_id: str
    at: str


class AlertAskedV1(TypedDict):
    """Somebody asked for alerts: the address is to confirm that it was them."""

    type: Literal["alert_asked.v1"]
    alert: str
    asked_at: str  #: the same for each repetition


class AlertsDueV1(TypedDict):
    """The further subscribers of one place are to hear of a complaint: those after `after`."""

    type: Literal["alerts_due.v1"]
    complaint_id: str
    place: str
    after: str
    at: str


class AlertDueV1(TypedDict):
    """One subscriber is to hear of a complaint near a place that they follow."""

    type: Literal["alert_due.v1"]
    alert: str
    complaint_id: str
    at: str


class WebhookDueV1(TypedDict):
    """A partner is to be told of a complaint's progress."""

    type: Literal["webhook_due.v1"]
    partner: str
    complaint_id: str
    version: int
    status: str
    previous_status: str | None
    at: str


class ComplaintProgress(TypedDict):
    """How a complaint stands. What is null is not the partner's to know, or not known yet."""

    complaint_id: str
    version: int  #: counts up; of two messages the one with the higher version is the later
    status: str
    previous_status: str | None  #: null: it is new
    jurisdiction_id: str
    public: bool  #: GET /complaints/{complaint_id} shows it to anyone
    service_code: str | None
    agency: str | None
    vehicle_code: str | None  #: of a vehicle of the partner's own
    created_at: str | None


class ComplaintProgressedWebhookV1(TypedDict):
    """A webhook: a complaint was received or came into another status."""

    type: Literal["complaint.progressed.v1"]
    timestamp: str  #: when it happened
    data: ComplaintProgress


class Nothing(TypedDict):
    """No fields."""


class TrialWebhookV1(TypedDict):
    """A webhook that tells nothing: somebody tries whether they arrive."""

    type: Literal["webhook.test.v1"]
    timestamp: str
    data: Nothing
