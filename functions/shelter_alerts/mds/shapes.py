"""The bodies of MDS and CDS for the API's document; requests are checked by hand, not by these."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, RootModel

from functions.shelter_alerts.mds.bulk import MOST_ITEMS
from functions.shelter_alerts.mds.words import (
    EARLIEST_MS,
    LONGEST_TEXT,
    MOST_LAT,
    MOST_LNG,
    MOST_NUMBER,
    CurbEventType,
    CurbVehicleType,
    PropulsionType,
    VehicleState,
    VehicleType,
)

_Text = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]
_Time = Annotated[int, Field(ge=EARLIEST_MS, description="Milliseconds since 1970 (UTC)")]
_Amount = Annotated[float, Field(ge=0, le=MOST_NUMBER)]
_Most = Field(min_length=1, max_length=MOST_ITEMS)


class _Model(BaseModel):
    model_config = ConfigDict(defer_build=True)


class Gps(_Model):
    """A place, with how it was measured."""

    lat: Annotated[float, Field(ge=-MOST_LAT, le=MOST_LAT)]
    lng: Annotated[float, Field(ge=-MOST_LNG, le=MOST_LNG)]
    speed: _Amount | None = None
    horizontal_accuracy: _Amount | None = None


class Telemetry(_Model):
    """Where a vehicle was."""

    device_id: UUID
    provider_id: UUID
    telemetry_id: UUID
    timestamp: _Time
    trip_ids: list[UUID] | None
    journey_id: UUID | None
    stop_id: UUID | None = None
    location: Gps


class Event(_Model):
    """A state that a vehicle came into."""

    device_id: UUID
    provider_id: UUID
    event_id: UUID
    vehicle_state: VehicleState
    event_types: Annotated[list[_Text], Field(min_length=1)]
    timestamp: _Time
    trip_ids: list[UUID] | None = None
    location: Gps


class VehicleChange(_Model):
    """What may change of a vehicle."""

    device_id: UUID
    vehicle_id: _Text | None = None
    vehicle_type: VehicleType | None = None


class Vehicle(_Model):
    """A vehicle as it is registered."""

    device_id: UUID
    provider_id: UUID
    vehicle_id: _Text
    vehicle_type: VehicleType
    propulsion_types: Annotated[list[PropulsionType], Field(min_length=1)]


class VehicleStatus(_Model):
    """What was last written of a vehicle."""

    device_id: UUID
    provider_id: UUID
    last_event: dict[str, Any] | None = None
    last_telemetry: dict[str, Any] | None = None


class Stop(_Model):
    """A shelter as a stop."""

    stop_id: UUID
    name: _Text
    last_updated: _Time
    location: Gps
    status: dict[str, bool]
    capacity: dict[str, int]
    num_vehicles_available: dict[str, int]
    num_vehicles_disabled: dict[str, int]
    num_places_available: dict[str, int] | None = None
    devices: list[str] | None = None


class CurbEvent(_Model):
    """A vehicle came to a shelter, left it, or told that it is there."""

    event_id: UUID
    event_type: CurbEventType
    event_time: _Time
    event_publication_time: _Time
    data_source_type: Literal["data_feed"]
    data_source_device_id: UUID
    curb_zone_id: str | None = None
    event_session_id: UUID | None = None
    event_purpose: _Text | None = None
    vehicle_type: CurbVehicleType | None = None
    event_location: dict[str, Any] | None = None


class Vehicles(RootModel[Annotated[list[Vehicle], _Most]]):
    """Vehicles to register."""


class VehicleChanges(RootModel[Annotated[list[VehicleChange], _Most]]):
    """Vehicles to change."""


class TelemetryList(RootModel[Annotated[list[Telemetry], _Most]]):
    """Where vehicles were."""


class EventList(RootModel[Annotated[list[Event], _Most]]):
    """States that vehicles came into."""


class Stops(RootModel[Annotated[list[Stop], _Most]]):
    """Stops."""


class CurbEvents(RootModel[Annotated[list[CurbEvent], _Most]]):
    """Curb events; a single one may stand without an array."""


class Failure(_Model):
    """An item that was not taken."""

    item: Any
    error: Literal["bad_param", "missing_param", "unregistered", "already_registered"]
    error_description: str
    error_details: list[str]


class BulkReply(_Model):
    """What became of the items."""

    success: int
    total: int
    failures: list[Failure]


class Failed(_Model):
    """Why a request failed as a whole; where its items did, `success` 0 and their failures."""

    error: str | None = None
    error_description: str | None = None
    error_details: list[str] | None = None
    success: int | None = None
    total: int | None = None
    failures: list[Failure] | None = None


class _Shown(_Model):
    version: str
    last_updated: _Time
    ttl: int
    links: dict[str, str] | None = None


class VehicleList(_Shown):
    """Vehicles."""

    vehicles: list[Vehicle]


class StatusList(_Shown):
    """States of vehicles."""

    vehicles_status: list[VehicleStatus]


class StopList(_Shown):
    """Stops."""

    stops: list[Stop]
