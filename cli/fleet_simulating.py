"""Plays fleets against a deployment, and compares what it says of its shelters with the truth."""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import Any, Final

from cli.fleet_access import fleet_of, token_of
from cli.fleet_telling import Fleet, Teller
from cli.fleet_world import Crowd, World
from cli.surroundings import Surroundings
from functions.shelter_alerts.configuration import all_shelters, shelters_of
from shared import config

#: Simulated seconds between two moments at which the city moves.
_STEP_S: Final = 10.0
#: Places settle after two that came in order.
_FIXES: Final = 2
_SETTLES_WITHIN_S: Final = 120.0
#: How long after its end a simulation goes on for crowds that nobody noticed.
_NOTICED_WITHIN_S: Final = 180.0
#: After so many looks, a second apart, the vehicles tell again where they are.
_LOOKS_A_TELLING: Final = 10

Counts = Mapping[str, Mapping[str, int]]
#: Called with the simulated seconds, the truth, and what the deployment says.
Watch = Callable[[float, Counts, Counts], None]
#: Tells whether the deployment noticed the crowd in a shelter.
Noticed = Callable[[str], bool]


@dataclass(frozen=True, kw_only=True)
class Simulated:
    """What was played, and in which shelters the deployment says otherwise (truth, told)."""

    truth: Counts
    different: Mapping[str, tuple[Mapping[str, int], Mapping[str, int]]]
    sent: Mapping[str, int]
    vanished: int
    took_s: float
    tell_again: Callable[[], None]  #: lets all vehicles tell once more where they are

    def summary(self) -> dict[str, Any]:
        """Return it for a machine."""
        return {
            "shelters": len(self.truth),
            "present": sum(sum(one.values()) for one in self.truth.values()),
            "vanished": self.vanished,
            "sent": dict(self.sent),
            "different": {
                name: {"truth": dict(truth), "told": dict(told)}
                for name, (truth, told) in self.different.items()
            },
            "took_s": round(self.took_s, 1),
        }


def simulated(
    around: Surroundings,
    *,
    vehicles: int,
    minutes: float,
    speed: float,
    seed: int,
    crowds: Sequence[Crowd] = (),
    noticed: Noticed = lambda _: False,
    watch: Watch | None = None,
    settles_within_s: float = _SETTLES_WITHIN_S,
    sleep: Callable[[float], None] = time.sleep,
) -> Simulated:
    """Let a city of vehicles move for so many simulated minutes, `speed` times as fast as real.

    Only the city is faster: the times that are told are the clock's own, since what is told late,
    or ahead of time, counts for nothing. Crowds without a time to leave do so once they are
    noticed, and it goes on until then, as far as three minutes of the clock.

    Raises:
        CannotContinue: a jurisdiction has no fleet, or the API refused what was told.
    """
    began = time.monotonic()
    known = {each: shelters_of(each) for each in config.jurisdiction_ids()}
    fleets = {}
    for each, shelters in known.items():
        name, client = fleet_of(around, each)
        provider_id = str(shelters.provider_by_client[name].provider_id)
        fleets[each] = Fleet(provider_id, token_of(around, client))
    chance = Random(seed)  # noqa: S311 (to be repeatable, not secret)
    world = World({each: one.shelters for each, one in known.items()}, chance, minutes)
    world.people(vehicles, crowds)
    teller = Teller(around.outputs.api_url, fleets, all_shelters(), Random(seed), around.http)  # noqa: S311
    teller.register(world.vehicles)
    # Played before, the same vehicles may still be where they then were.
    teller.settle([(one, _now_ms()) for one in world.absent()])
    ends_s = minutes * 60
    patient_s = ends_s + _NOTICED_WITHIN_S * speed
    while world.now_s < ends_s or (world.staying() and world.now_s < patient_s):
        started = time.monotonic()
        for shelter_id in filter(noticed, world.staying()):
            world.let_go(shelter_id)
        teller.tell([(one, _now_ms()) for one in world.step(_STEP_S)])
        if watch:
            watch(world.now_s, world.occupancy(), told(around))
        sleep(max(0.0, _STEP_S / speed - (time.monotonic() - started)))

    def tell_again() -> None:
        teller.settle([(one, _now_ms()) for one in world.settled()])

    for _ in range(_FIXES):
        tell_again()
        sleep(0.05)  # the next ones have a later time
    truth = world.occupancy()
    different = settled(around, truth, tell_again, sleep, settles_within_s)
    return Simulated(
        truth=truth,
        different=different,
        sent=teller.sent,
        vanished=sum(one.vanished for one in world.vehicles),
        took_s=time.monotonic() - began,
        tell_again=tell_again,
    )


def told(around: Surroundings) -> dict[str, Counter[str]]:
    """Return how many of each type the deployment says are in each shelter."""
    answer = around.http.get(f"{around.outputs.api_url}/shelters")
    answer.raise_for_status()
    return {one["shelter_id"]: Counter(one["occupancy"] or {}) for one in answer.json()["shelters"]}


def settled(
    around: Surroundings,
    truth: Counts,
    tell_again: Callable[[], None],
    sleep: Callable[[float], None],
    within_s: float,
) -> Mapping[str, tuple[Mapping[str, int], Mapping[str, int]]]:
    """Wait until the deployment says what is true; return where it does not in the end.

    Meanwhile the vehicles go on telling, as fleets do: of two places, one may have overtaken the
    other, and only two in order settle where a vehicle is.
    """
    deadline = time.monotonic() + within_s
    for look in count(1):
        said = told(around)
        different = {
            name: (counts, said.get(name, Counter()))
            for name, counts in truth.items()
            if Counter(counts) != said.get(name, Counter())  # without zeros, as Counters compare
        }
        if not different or time.monotonic() > deadline:
            return different
        if look % _LOOKS_A_TELLING == 0:
            tell_again()
        sleep(1.0)
    raise AssertionError("looked for ever")


def _now_ms() -> int:
    return round(time.time() * 1000)
