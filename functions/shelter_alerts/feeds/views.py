"""What the public reads of shelters beside GBFS."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from functions.shelter_alerts.nearest import Reason
from functions.shelter_alerts.vehicle import CountedType
from shared.models import View

State = Literal["normal", "full", "over", "unknown"]


class ShelterView(View):
    """A shelter as it stands. Occupancy and free places are null where nobody ever reported."""

    shelter_id: str
    jurisdiction_id: str
    name: str
    district: str
    lat: float
    long: float
    state: State  #: unknown: nobody reports just now; the numbers are the last known
    capacity: dict[str, int]
    occupancy: dict[str, int] | None
    free: dict[str, int] | None
    reported_at: datetime | None


class ShelterList(View):
    """The shelters of a jurisdiction, or of all."""

    shelters: list[ShelterView]


class ShelterDetail(ShelterView):
    """A shelter with its fence, a GeoJSON polygon."""

    stop_id: str  #: by which MDS and CDS name it
    fence: dict[str, object]


class ChoiceView(View):
    """A shelter to go to, or that was passed over, and why."""

    shelter_id: str
    name: str
    lat: float
    long: float
    distance_m: int
    free: int
    reason: Reason
    explanation: str


class NearestView(View):
    """Where a vehicle should go, the best first, and nearer shelters that were passed over."""

    vehicle_type: CountedType
    shelters: list[ChoiceView]
    passed_over: list[ChoiceView]


class RedirectView(NearestView):
    """Where a vehicle was sent: the first of `shelters`, whose place is kept for it until then."""

    device_id: str
    kept_until: datetime | None  #: null: no shelter has room


class HourView(View):
    """An hour of a shelter for one type of vehicle."""

    hour: datetime
    vehicle_type: CountedType
    total_sessions: int = Field(description="Stays that began in it")
    turnover: float = Field(description="… for each place")
    average_dwell_time: int | None = Field(description="Seconds, of the stays that ended in it")
    occupancy_percent: float = Field(description="-1: nobody reported for most of it")
    minutes_full: int
    minutes_over: int


class History(View):
    """A day of a shelter (WIB), hour by hour as far as it has come."""

    shelter_id: str
    day: date
    hours: list[HourView]


class GbfsFeed(View):
    """A feed of GBFS, whose own schemas say what `data` holds."""

    last_updated: datetime | int
    ttl: int
    version: Literal["3.0", "2.3"]
    data: dict[str, object]
