"""Puts GBFS feeds together: of one jurisdiction or of all, in version 3.0 or as its 2.3 twin."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from functions.shelter_alerts import configuration
from functions.shelter_alerts.feeds import gbfs, gbfs_twin, looking
from functions.shelter_alerts.feeds.gbfs import Feed, System
from functions.shelter_alerts.feeds.standing import Standing
from functions.shelter_alerts.items import instant
from shared import config
from shared.errors import NotFound
from shared.jurisdiction import Jurisdiction
from shared.text import Text

VERSIONS: Final = (gbfs.VERSION, gbfs_twin.VERSION)
#: The system of all jurisdictions' shelters. The manifest does not list it, as it repeats the others.
WHOLE: Final = "simpul"


def rendered(
    version: str, jurisdiction_id: str | None, name: str, language: str, api: str, now: datetime
) -> Feed:
    """Return a feed of a jurisdiction's system, or of the whole.

    Raises:
        NotFound: there is no such version, system or feed.
    """
    if version not in VERSIONS or name not in gbfs.TTL_S:
        raise NotFound
    if jurisdiction_id is not None and jurisdiction_id not in config.jurisdiction_ids():
        raise NotFound
    if name == "manifest":
        if version != gbfs.VERSION or jurisdiction_id is not None:
            raise NotFound
        return gbfs.feed(name, gbfs.manifest(_systems(api)), _hour(now))
    system = _system(version, jurisdiction_id, api)
    if name == "gbfs" and version == gbfs_twin.VERSION:
        found = gbfs.feed(name, gbfs_twin.discovery(system), _hour(now))
        seconds = int(_hour(now).timestamp())
        return {**found, "version": version, "last_updated": seconds}
    found = _feed(name, system, jurisdiction_id, now)
    return found if version == gbfs.VERSION else gbfs_twin.twin_of(name, found, language)


def _feed(name: str, system: System, jurisdiction_id: str | None, now: datetime) -> Feed:
    if name == "gbfs":
        return gbfs.feed(name, gbfs.discovery(system), _hour(now))
    if name == "system_information":
        return gbfs.feed(name, gbfs.system_information(system), _hour(now))
    if name == "vehicle_types":
        return gbfs.feed(name, gbfs.vehicle_types(), _hour(now))
    asked = None if jurisdiction_id is None else (jurisdiction_id,)
    standings = looking.standings_of_all(asked, now)
    if name == "station_information":
        return gbfs.feed(name, gbfs.station_information(standings), _hour(now))
    if name == "station_status":
        return gbfs.feed(name, gbfs.station_status(standings), _newest(standings, now))
    return gbfs.feed(name, gbfs.system_alerts(_crowded(standings)), _newest(standings, now))


def _crowded(standings: Sequence[Standing]) -> list[gbfs.Crowded]:
    return [
        gbfs.Crowded(
            alert_id=f"{one.shelter.id}-full",
            standing=one,
            at_ms=one.counted_ms or 0,
        )
        for one in standings
        if one.is_known and one.present and not any(one.free.values())
    ]


def _systems(api: str) -> list[tuple[str, dict[str, str]]]:
    return [
        (
            _system_id(each),
            {version: f"{api}/gbfs/{version}/{each}/gbfs.json" for version in sorted(VERSIONS)},
        )
        for each in config.jurisdiction_ids()
    ]


def _system(version: str, jurisdiction_id: str | None, api: str) -> System:
    known = {each: config.load(each) for each in config.jurisdiction_ids()}
    whose = known[jurisdiction_id] if jurisdiction_id else _first(list(known.values()))
    told = configuration.shelters_of(whose.id).feed
    below = f"/{jurisdiction_id}" if jurisdiction_id else ""
    return System(
        system_id=_system_id(jurisdiction_id) if jurisdiction_id else WHOLE,
        name=_name([whose] if jurisdiction_id else list(known.values())),
        operator=told.operator,
        contact=told.contact,
        base_url=f"{api}/gbfs/{version}{below}",
        manifest_url=f"{api}/gbfs/{gbfs.VERSION}/manifest.json",
    )


def _system_id(jurisdiction_id: str) -> str:
    return f"{WHOLE}-{jurisdiction_id}"


def _first(known: list[Jurisdiction]) -> Jurisdiction:
    return next((one for one in known if one.default), known[0])


def _name(of: list[Jurisdiction]) -> Text:
    return Text(
        "Titik kumpul " + ", ".join(one.name.id for one in of),
        "Shelters of " + ", ".join(one.name.en for one in of),
    )


def _newest(standings: Sequence[Standing], now: datetime) -> datetime:
    """Return when the newest of what is told became known."""
    known = [
        at_ms
        for one in standings
        for at_ms in (one.reported_ms, one.counted_ms)
        if at_ms is not None
    ]
    return instant(max(known)) if known else _hour(now)


def _hour(now: datetime) -> datetime:
    """Return the beginning of the hour: for so long what rarely changes may be kept."""
    return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
