"""What officers see of shelters' alerts, and what they say of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import Field

from functions.shelter_alerts.alerts.alert import Alert
from functions.shelter_alerts.alerts.messages import StateName
from functions.shelter_alerts.configuration import Shelter, jurisdiction_of
from functions.shelter_alerts.items import as_text
from shared.models import Body, View

#: A week: who wants more quiet than that should change the shelter's capacity.
_LONGEST_SILENCE_MIN: Final = 7 * 24 * 60


class Silence(Body):
    """For how long people are not told of a shelter's alert; 0 ends a silence."""

    minutes: Annotated[int, Field(ge=0, le=_LONGEST_SILENCE_MIN)]


class Acknowledgement(Body):
    """Which news of the alert is taken up; what was said since is not."""

    seq: Annotated[int, Field(ge=1)]


class WatchedShelter(View):
    """A shelter as those see it who watch it: what is said of it, and who is there now."""

    shelter_id: str
    name: str
    jurisdiction_id: str
    district: str
    state: StateName
    seq: int
    since: str | None
    occupancy: Mapping[str, int]
    capacity: Mapping[str, int]
    acknowledged_by: str | None
    silenced_until: str | None


class WatchList(View):
    """The shelters that somebody watches, the worst first."""

    shelters: list[WatchedShelter]
    kind: Literal["shelter_watch"] = "shelter_watch"


def watched(shelter: Shelter, alert: Alert, now: datetime, *, language: str) -> WatchedShelter:
    """Return a shelter as its watchers see it."""
    now_ms = round(now.timestamp() * 1000)
    return WatchedShelter(
        shelter_id=shelter.id,
        name=shelter.name.in_language(language),
        jurisdiction_id=jurisdiction_of(shelter.id),
        district=shelter.district,
        state=alert.state.value,
        seq=alert.seq,
        since=as_text(alert.since_ms) if alert.since_ms else None,
        occupancy=alert.occupancy,
        capacity={str(each): places for each, places in shelter.capacity_at(now).items()},
        acknowledged_by=alert.acknowledged_by,
        silenced_until=as_text(alert.silenced_until_ms) if alert.is_silenced(now_ms) else None,
    )
