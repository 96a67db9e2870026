"""The messages about alerts, versioned: to ourselves, to Dishub's queue and to partners."""

import sys
from typing import Literal, NotRequired

from functions.shelter_alerts.vehicle import CountedType

if sys.version_info >= (3, 12):
    from typing import TypedDict
else:
    from typing_extensions import TypedDict  # pydantic makes schemas of no other before 3.12

StateName = Literal["normal", "warning", "full", "over", "unknown"]


class ShelterTimerV1(TypedDict):
    """A clock of a shelter's alert may have rung. Whoever finds that it has not does nothing."""

    type: Literal["shelter_timer.v1"]
    shelter_id: str
    seq: int
    revision: int


class AlertSaidV1(TypedDict):
    """Something was said of a shelter: whoever is to know is to be told, once.

    It is the alert as it was written then. Times are milliseconds since 1970 (UTC).
    """

    type: Literal["alert_said.v1"]
    shelter_id: str
    seq: int
    action: Literal["trigger", "update", "resolve"]
    state: StateName
    previous_state: StateName
    level: int
    levels: dict[str, int]
    since_ms: int
    at_ms: int
    opened_seq: int
    follows: list[int] | None
    occupancy: dict[str, int]
    capacity: dict[str, int]
    silenced: bool
    acknowledged: bool


class TypeCountV1(TypedDict):
    """How one type of vehicle fares in a shelter."""

    occupancy: int
    capacity: int
    state: StateName


class OptionV1(TypedDict):
    """Another shelter, where there is room."""

    id: str
    name: str
    vehicle_type: CountedType
    distance_m: int
    free: int
    reason: Literal["nearest", "nearer_full"]


class ShelterAlertV1(TypedDict):
    """A shelter's alert was raised, changed, was said again, or is over.

    `dedup_key` and `seq` name it once and for all; a higher `seq` is newer. `severity` and `state`
    are of the type of vehicle that fares worst. Times are RFC 3339 in UTC, distances metres.
    """

    type: Literal["shelter_alert.v1"]
    alert_id: str
    dedup_key: str
    seq: int
    action: Literal["trigger", "update", "resolve"]
    severity: Literal["info", "warning", "error", "critical"]
    state: StateName
    previous_state: StateName
    jurisdiction_id: str
    shelter_id: str
    shelter_name: str
    district: str
    lat: float
    long: float
    occupancy: int
    capacity: int
    by_type: dict[str, TypeCountV1]
    since: str
    observed_at: str
    silenced: bool
    acknowledged: bool
    nearest: list[OptionV1]


class ShelterAlertWebhookV1(TypedDict):
    """What a partner's server is told, as Standard Webhooks wants it."""

    type: Literal["shelter.alert.v1"]
    timestamp: str
    data: ShelterAlertV1


class ShelterWebhookDueV1(TypedDict):
    """One partner is to be told of one alert."""

    type: Literal["shelter_webhook_due.v1"]
    partner: str
    alert: ShelterAlertV1


class DistrictDueV1(TypedDict):
    """A district's subscribers are to be told what has gathered."""

    type: Literal["district_due.v1"]
    jurisdiction_id: str
    district: str
    due_ms: NotRequired[int]


def timer_message(shelter_id: str, seq: int = 0, revision: int = 0) -> ShelterTimerV1:
    """Return the message that asks whether a clock has rung."""
    return {
        "type": "shelter_timer.v1",
        "shelter_id": shelter_id,
        "seq": seq,
        "revision": revision,
    }
