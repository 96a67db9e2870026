"""Where a jurisdiction's shelters are, what they hold and who reports of fleets: `shelters.toml`."""

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from functools import cache, cached_property
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from functions.shelter_alerts.alerts.notified import PartnerServer, Subscriber, Timings
from functions.shelter_alerts.geometry import Grid, Place, crosses_itself, distance_m, overlap
from functions.shelter_alerts.vehicle import CountedType
from shared import config
from shared.clock import WIB
from shared.jurisdiction import Slug
from shared.text import Text

NAME: Final = "shelters"
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: Final[tuple[Day, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

#: A fence has three corners at least, and its first again.
_FEWEST_CORNERS: Final = 4
#: What is drawn further from its middle is a slip of the pen, not a shelter.
_FURTHEST_CORNER_M: Final = 1_000
#: Within which latitude and longitude can be written: Java and what surrounds it.
Latitude = Annotated[float, Field(ge=-11, le=6)]
Longitude = Annotated[float, Field(ge=95, le=141)]
Corner = tuple[Latitude, Longitude]
Places = Annotated[int, Field(strict=True, ge=1, le=2000)]


def _wib(at: time) -> time:
    if at.tzinfo is not None:
        raise ValueError("times are WIB; leave the zone out")
    return at


HourOfDay = Annotated[time, AfterValidator(_wib)]


class _Model(BaseModel):
    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True)


class Rule(_Model):
    """Another capacity at some hours (WIB), in the shape of a rule of MDS Policy."""

    rule_type: Literal["count"] = "count"
    rule_units: Literal["devices"] = "devices"
    maximum: Places
    vehicle_types: tuple[CountedType, ...] = ()  #: none: each of them
    start_time: HourOfDay = time(0)
    end_time: HourOfDay = time(23, 59, 59)  #: before `start_time`: on the day after
    days: Annotated[tuple[Day, ...], Field(min_length=1)] = DAYS  #: on which it starts

    def holds_at(self, at: datetime) -> bool:
        """Tell whether it holds at an instant."""
        local = at.astimezone(WIB)
        now, today = local.time().replace(microsecond=0), DAYS[local.weekday()]
        if self.start_time <= self.end_time:
            return today in self.days and self.start_time <= now <= self.end_time
        yesterday = DAYS[(local - timedelta(days=1)).weekday()]
        return (today in self.days and now >= self.start_time) or (
            yesterday in self.days and now <= self.end_time
        )


class Shelter(_Model):
    """A gathering point with a fence and so many places for each type of vehicle."""

    id: Slug
    name: Text
    district: Annotated[str, Field(min_length=1, max_length=64)]
    centre: Corner
    fence: tuple[Corner, ...]  #: latitude and longitude of each corner, the last the first again
    capacity: Mapping[CountedType, Places]
    rules: tuple[Rule, ...] = ()  #: of several that hold, the first

    @property
    def stop_id(self) -> str:
        """The UUID by which MDS and CDS name it; it follows from the id."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:simpul:shelter:{self.id}"))

    def capacity_at(self, at: datetime) -> Mapping[CountedType, int]:
        """Return how many vehicles of each type it holds at an instant."""
        holding = [rule for rule in reversed(self.rules) if rule.holds_at(at)]
        found = dict(self.capacity)
        for rule in holding:
            for counted in rule.vehicle_types or tuple(found):
                found[counted] = rule.maximum
        return found

    @model_validator(mode="after")
    def _can_be_stood_in(self) -> Self:
        if not self.capacity:
            raise ValueError("`capacity` is empty; say how many of which type it holds")
        if len(self.fence) < _FEWEST_CORNERS or self.fence[0] != self.fence[-1]:
            raise ValueError("`fence` is not closed; give three corners or more, then the first")
        if len(set(self.fence)) != len(self.fence) - 1 or crosses_itself(self.fence):
            raise ValueError("`fence` crosses itself; give its corners in the order of walking")
        if max(distance_m(self.centre, corner) for corner in self.fence) > _FURTHEST_CORNER_M:
            raise ValueError(
                f"a corner of `fence` is over {_FURTHEST_CORNER_M} m from `centre`; is it "
                "latitude first, longitude second?"
            )
        if Grid([(self.id, self.fence)]).at(*self.centre) is None:
            raise ValueError("`centre` is outside `fence`; move it in")
        for rule in self.rules:
            if unknown := set(rule.vehicle_types) - set(self.capacity):
                raise ValueError(
                    f"a rule is for {min(unknown)!r}, of which `capacity` says nothing"
                )
        return self


class Provider(_Model):
    """Who reports of a fleet: its machine client, and its id in MDS."""

    id: Slug
    provider_id: uuid.UUID
    name: Annotated[str, Field(min_length=1, max_length=64)]


class Feed(_Model):
    """Who answers for the public feeds: GBFS names an operator and an address for questions."""

    operator: Annotated[str, Field(min_length=1, max_length=100)]
    contact: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=100)]


class Shelters(_Model):
    """Everything about shelters that differs between jurisdictions."""

    shelters: tuple[Shelter, ...]
    providers: tuple[Provider, ...] = ()
    agency: Slug | None = None  #: on whose queue alerts are put
    timings: Timings = Timings()
    subscribers: tuple[Subscriber, ...] = ()
    partners: tuple[PartnerServer, ...] = ()
    feed: Feed

    def __hash__(self) -> int:
        return hash(tuple(one.id for one in self.shelters))  # lets derived tables be cached

    @cached_property
    def shelter_by_id(self) -> Mapping[str, Shelter]:
        """Shelters by id."""
        return {one.id: one for one in self.shelters}

    @cached_property
    def provider_by_client(self) -> Mapping[str, Provider]:
        """Providers by the id of their machine client."""
        return {one.id: one for one in self.providers}

    @cached_property
    def provider_ids(self) -> frozenset[str]:
        """The ids by which MDS knows those who report."""
        return frozenset(str(one.provider_id) for one in self.providers)

    @cached_property
    def districts(self) -> frozenset[str]:
        """The districts in which there are shelters."""
        return frozenset(one.district for one in self.shelters)

    @model_validator(mode="after")
    def _each_has_its_own_ground(self) -> Self:
        _once("shelter", (one.id for one in self.shelters))
        _once("provider", (one.id for one in self.providers))
        _once("provider_id", (str(one.provider_id) for one in self.providers))
        check_ground(self.shelters)
        _once("subscriber", (one.id for one in self.subscribers))
        _once("partner", (one.id for one in self.partners))
        for subscriber in self.subscribers:
            if unknown := set(subscriber.districts) - self.districts:
                raise ValueError(
                    f"subscriber {subscriber.id!r} is for {min(unknown)!r}, "
                    "a district without shelters"
                )
        return self


def check_ground(shelters: Iterable[Shelter]) -> None:
    """Check that no two shelters have ground in common.

    Raises:
        ValueError: two have; it names them.
    """
    seen: list[tuple[tuple[float, ...], Shelter]] = []
    for shelter in shelters:
        box = _box(shelter.fence)
        for other, before in seen:
            if _touch(box, other) and overlap(shelter.fence, before.fence):
                raise ValueError(
                    f"shelter {shelter.id!r} overlaps {before.id!r}; draw their fences apart"
                )
        seen.append((box, shelter))


def shelters_of(jurisdiction_id: str) -> Shelters:
    """Return a jurisdiction's configuration of shelters.

    Raises:
        KeyError: there is no such jurisdiction.
        ConfigError: its `shelters.toml` cannot be used.
    """
    return config.part(jurisdiction_id, NAME, Shelters)


def jurisdiction_of(shelter_id: str) -> str:
    """Return the jurisdiction in whose shelters' ids this one is; they begin with its id."""
    return shelter_id.partition("-")[0]


@cache
def all_shelters() -> Mapping[str, Shelter]:
    """Return the shelters of all jurisdictions, by id."""
    return {
        shelter.id: shelter
        for each in config.jurisdiction_ids()
        for shelter in shelters_of(each).shelters
    }


@cache
def all_fences() -> Grid:
    """Return the fences of all shelters."""
    return Grid((shelter.id, shelter.fence) for shelter in all_shelters().values())


def _box(fence: Iterable[Place]) -> tuple[float, ...]:
    lats, lngs = zip(*fence, strict=True)
    return min(lats), min(lngs), max(lats), max(lngs)


def _touch(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def _once(what: str, names: Iterable[str]) -> None:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise ValueError(f"{what} {twice[0]!r} is defined twice; keep one")
