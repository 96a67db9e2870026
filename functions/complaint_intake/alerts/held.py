"""Says all that is held of who follows a place: to themselves, or to an officer for them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from functions.complaint_intake.alerts.subscription import Subscription
from shared.models import View


class AlertSent(View):
    """What a subscriber was told of, when; `at` is null while it is on its way."""

    complaint_id: str | None
    at: datetime | None


class AlertHeld(View):
    """All that is held of a subscriber."""

    alert_id: str
    channel: str
    address: str
    language: str
    jurisdiction_id: str
    service_code: str | None
    lat: float
    long: float
    radius_m: int
    asked_at: datetime
    confirmed_at: datetime | None
    until: datetime
    sent: list[AlertSent]


class AlertForgotten(View):
    """Nothing is held of a subscriber any more that tells who it was."""

    status: Literal["forgotten"] = "forgotten"


def all_held(one: Subscription, address: str, sent: Sequence[Mapping[str, Any]]) -> AlertHeld:
    """Return what is held of a subscriber; `address` as it may be shown, `sent` oldest first."""
    same = AlertHeld.model_fields.keys() - {"address", "sent"}
    return AlertHeld(
        **{name: getattr(one, name) for name in same},
        address=address,
        sent=[
            AlertSent(complaint_id=each.get("complaint_id"), at=each.get("sent_at"))
            for each in sent
        ],
    )
