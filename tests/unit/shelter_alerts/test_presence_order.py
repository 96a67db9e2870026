"""Presence under any interleaving, duplication and delay equals that of the ordered history."""

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
)

from functions.shelter_alerts import presence
from functions.shelter_alerts.geometry import Grid
from functions.shelter_alerts.movement import Kind, Movement
from tests.unit.shelter_alerts.fleet import NOON, a_movement, a_vehicle

SHELTERS = ("a", "b", "c")
#: Three squares of about 110 m in a row; b lies 11 m from a, c far away.
FENCES = Grid(
    (name, [(0.0, west), (0.001, west), (0.001, west + 0.001), (0.0, west + 0.001), (0.0, west)])
    for name, west in (("a", 110.0), ("b", 110.0011), ("c", 110.1))
)
MIDDLE = {"a": (0.0005, 110.0005), "b": (0.0005, 110.0016), "c": (0.0005, 110.1005)}
NOWHERE = (0.01, 110.05)
DEVICES = ("one", "two")

#: More than these, of which none is ever seen.
EVERYWHERE = (*SHELTERS, *(f"far-{n}" for n in range(9)))

explicit = st.one_of(
    st.tuples(st.just(Kind.ENTER), st.sampled_from(EVERYWHERE)),
    st.tuples(st.just(Kind.EXIT), st.sampled_from((*EVERYWHERE, None))),
)


def replayed(movements: list[Movement]) -> str | None:
    """Return where the ordered history of explicit events leaves a vehicle."""
    there: str | None = None
    for one in sorted({each.moment: each for each in movements}.values(), key=lambda m: m.moment):
        if one.kind is Kind.ENTER:
            there = one.place
        elif one.place in {there, None}:
            there = None
    return there


class Fleet(RuleBasedStateMachine):
    """Two vehicles, and what the table would hold of who is where."""

    on_the_way = Bundle("on_the_way")
    told = Bundle("told")

    @initialize()
    def begin(self) -> None:
        self.now_ms = NOON
        self.serial = 0
        self.vehicles = {one: a_vehicle(device_id=one) for one in DEVICES}
        self.present: dict[str, set[str]] = {one: set() for one in EVERYWHERE}
        self.delivered: dict[str, list[Movement]] = {one: [] for one in DEVICES}

    def deliver(self, movement: Movement) -> None:
        before = self.vehicles[movement.device_id]
        change = presence.move(before, movement, FENCES, self.now_ms)
        self.follow(change)
        if not change.late:
            self.delivered[movement.device_id].append(movement)

    def follow(self, change: presence.Change) -> None:
        """Write what the store would: leave the old shelter, come to the new one."""
        if change.moves:
            device = change.after.device_id
            if change.before.shelter_id:
                self.present[change.before.shelter_id].remove(device)
            if change.after.shelter_id:
                assert device not in self.present[change.after.shelter_id]
                self.present[change.after.shelter_id].add(device)
        self.vehicles[change.after.device_id] = change.after

    def a_fix(self, device: str, place: tuple[float, float], speed: float | None) -> Movement:
        self.now_ms += 1_000
        self.serial += 1
        lat, lng = place
        return a_movement(
            self.now_ms,
            device_id=device,
            event_id=f"{self.serial:05}",
            lat=lat,
            lng=lng,
            accuracy_m=8.0,
            speed_mps=speed,
        )

    @rule(
        target=on_the_way,
        device=st.sampled_from(DEVICES),
        what=explicit,
        age_s=st.integers(0, 16 * 60),
    )
    def happen(self, device, what, age_s):
        kind, place = what
        self.serial += 1
        return a_movement(
            self.now_ms - age_s * 1_000,
            kind,
            device_id=device,
            event_id=f"{self.serial:05}",
            place=place,
        )

    @rule(target=told, movement=consumes(on_the_way))
    def arrive(self, movement):
        self.deliver(movement)
        return movement

    @rule(movement=told)
    def arrive_again(self, movement):
        self.deliver(movement)

    @rule(seconds=st.integers(1, 300))
    def wait(self, seconds):
        self.now_ms += seconds * 1_000

    @invariant()
    def who_is_present_is_who_the_vehicles_say_they_are(self):
        held = {(shelter, one) for shelter, ones in self.present.items() for one in ones}
        said = {(one.shelter_id, device) for device, one in self.vehicles.items() if one.shelter_id}
        assert held == said

    @invariant()
    def no_vehicle_is_in_two_shelters(self):
        everyone = [one for ones in self.present.values() for one in ones]
        assert len(everyone) == len(set(everyone))


@given(
    told=st.lists(st.tuples(explicit, st.integers(0, 15 * 60)), max_size=30),
    again=st.lists(st.integers(0, 29), max_size=10),
    chance=st.randoms(use_true_random=False),
)
def test_in_whatever_order_all_of_it_comes_in_presence_is_that_of_the_ordered_history(
    told, again, chance
):
    movements = [
        a_movement(NOON - age_s * 1_000, kind, place=place, event_id=f"{number:05}")
        for number, ((kind, place), age_s) in enumerate(told)
    ]
    order = [*movements, *(movements[n] for n in again if n < len(movements))]
    chance.shuffle(order)
    vehicle = a_vehicle()
    for one in order:
        vehicle = presence.move(vehicle, one, FENCES, NOON).after
    assert vehicle.shelter_id == replayed(movements)


class Told(Fleet):
    """Explicit events alone."""

    @invariant()
    def presence_is_that_of_the_ordered_history(self):
        for device, vehicle in self.vehicles.items():
            assert vehicle.shelter_id == replayed(self.delivered[device])


class Seen(Fleet):
    """Explicit events, places and silence, in any order."""

    @rule(
        target=Fleet.on_the_way,
        device=st.sampled_from(DEVICES),
        place=st.sampled_from((*MIDDLE.values(), NOWHERE)),
        speed=st.sampled_from((None, 0.0, 9.0)),
        number=st.integers(1, 3),
    )
    def be_somewhere(self, device, place, speed, number):
        return multiple(*(self.a_fix(device, place, speed) for _ in range(number)))

    @rule(device=st.sampled_from(DEVICES), silence_s=st.integers(0, 900))
    def be_worked_through(self, device, silence_s):
        self.follow(presence.expire(self.vehicles[device], self.now_ms - silence_s * 1_000))

    @rule(device=st.sampled_from(DEVICES), shelter=st.sampled_from((*SHELTERS, None)))
    def two_places_in_order_settle_it(self, device, shelter):
        place = MIDDLE[shelter] if shelter else NOWHERE
        for _ in range(2):
            self.deliver(self.a_fix(device, place, 9.0))
        assert self.vehicles[device].shelter_id == shelter


TestToldInAnyOrder = Told.TestCase
TestSeenInAnyOrder = Seen.TestCase
