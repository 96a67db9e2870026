"""Whoever looks at a shelter, how often and in whatever order: what is said of it is legal.

Looks overlap: while one is between its count and its write, vehicles come and go, officers act and
others look. Clocks' messages get lost, come twice or late; the minute's sweep rings what is due.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from functions.shelter_alerts import configuration
from functions.shelter_alerts.alerts.alert import Action, Alert, acknowledged, silenced
from functions.shelter_alerts.alerts.evaluate import Evaluator
from functions.shelter_alerts.alerts.states import NORMAL, State
from functions.shelter_alerts.alerts.store import Reporting
from functions.shelter_alerts.items import instant
from functions.shelter_alerts.store import Present
from shared.errors import Busy
from tests.unit.shelter_alerts.fleet import NOON
from tests.unit.shelter_alerts.watching import SHELTER

MINUTE = 60_000
TYPES = ("motorcycle", "car")
PLACES = {"motorcycle": 4, "car": 2}
(PROVIDER,) = (str(one.provider_id) for one in configuration.shelters_of("semarang").providers)
WAITS = configuration.shelters_of("semarang").timings.waits


@dataclass
class Kept:
    """The store of one alert in memory, as conditional as the table."""

    alert: Alert = field(default_factory=lambda: Alert(shelter_id=SHELTER))
    silent: bool = False
    said: list[Alert] = field(default_factory=list)
    meanwhile: list[Any] = field(default_factory=list)  #: what happens before the next write

    def get(self, _shelter_id: str, _jurisdiction_id: str) -> tuple[Alert, Reporting]:
        return self.alert, Reporting(frozenset({PROVIDER} if self.silent else ()))

    def write(self, before: Alert, after: Alert, _waits: Any) -> Alert | None:
        while self.meanwhile:
            self.meanwhile.pop()()
        if (before.revision, before.seq) != (self.alert.revision, self.alert.seq):
            return None
        self.alert = replace(after, revision=before.revision + 1)
        if after.seq != before.seq:
            self.said.append(self.alert)
        return self.alert


class Shelter(RuleBasedStateMachine):
    """A shelter of four motorcycles and two cars, those in it, and those who look at it."""

    @initialize()
    def begin(self) -> None:
        self.now_ms = NOON
        self.kept = Kept()
        self.there: Counter[str] = Counter()
        self.clocks: list[int] = []
        self.untold = False  #: somebody came or went, and no look was asked for yet
        self.evaluator = Evaluator(
            self.kept,  # type: ignore[arg-type]
            self,  # type: ignore[arg-type]
            lambda _, delay_s: self.clocks.append(self.now_ms + delay_s * 1_000),
            self.clock,
        )

    def clock(self) -> datetime:
        return instant(self.now_ms)

    def present(self, _shelter_id: str) -> list[Present]:
        """Return who is there, as the store of vehicles does."""
        return [Present(PROVIDER, "x", each, "x", "x") for each in self.there.elements()]

    def watermarks(self, _provider_id: str) -> dict[int, int]:
        return {0: 0 if self.kept.silent else self.now_ms}

    def look(self, *, if_due: bool = False) -> None:
        self.untold = self.untold and if_due
        try:
            self.evaluator.look(SHELTER, if_due=if_due)
        except Busy:
            self.look(if_due=if_due)  # as the queue brings it again

    @rule(each=st.sampled_from(TYPES), number=st.integers(0, 6))
    def come_or_go(self, each, number):
        """Somebody comes or goes; who tells of it may come later."""
        self.there[each] = number
        self.untold = True

    @rule()
    def be_looked_at(self):
        self.look()

    @rule(each=st.sampled_from(TYPES), number=st.integers(0, 6), looked=st.booleans())
    def change_while_one_looks(self, each, number, looked):
        def meanwhile() -> None:
            self.come_or_go(each, number)
            if looked:
                self.look()

        self.kept.meanwhile = [meanwhile]
        self.look()
        self.kept.meanwhile = []

    @rule(each=st.sampled_from(TYPES))
    def come_and_leave_while_one_looks(self, each):
        """One look counts one more, another counts them gone again, and the first alone writes."""
        before = self.there[each]
        self.come_or_go(each, before + 1)
        self.change_while_one_looks(each, before, looked=True)

    @rule(seconds=st.integers(1, 400))
    def wait(self, seconds):
        self.now_ms += seconds * 1_000

    @rule(twice=st.booleans())
    def ring(self, twice):
        """Clocks ring that were set, or are heard of by the sweep alone."""
        self.clocks = [at_ms for at_ms in self.clocks if at_ms > self.now_ms]
        for _ in range(1 + twice):
            self.look(if_due=True)

    @rule()
    def fall_silent_or_speak(self):
        self.kept.silent = not self.kept.silent
        self.look()

    @precondition(lambda self: self.kept.alert.is_open)
    @rule()
    def be_taken_up(self):
        before = self.kept.alert
        assert self.kept.write(before, acknowledged(before, "officer:1"), WAITS)

    @rule(minutes=st.integers(0, 90))
    def be_silenced(self, minutes):
        before, until_ms = self.kept.alert, self.now_ms + minutes * MINUTE
        assert self.kept.write(before, silenced(before, "officer:1", self.now_ms, until_ms), WAITS)

    @rule()
    def quiet_follows(self):
        """Nothing else happens for long enough, and the sweep rings each minute."""
        if self.untold:
            self.look()
        for _ in range(20):
            self.now_ms += MINUTE
            self.look(if_due=True)
        alert = self.kept.alert
        assert alert.occupancy == dict(+self.there)
        if self.kept.silent:
            assert alert.state is State.UNKNOWN
        else:
            assert alert.level == max(alert.levels.values(), default=NORMAL)
            assert not alert.clocks

    @invariant()
    def what_is_said_is_legal(self):
        said = self.kept.said
        assert [one.seq for one in said] == list(range(1, len(said) + 1))
        open_seq, before = 0, State.NORMAL
        for one in said:
            assert one.previous is before
            assert bool(open_seq) is (one.action in {Action.UPDATE, Action.RESOLVE})
            if one.action is Action.TRIGGER:
                open_seq = one.seq
            if open_seq:
                assert one.opened_seq == open_seq
            if one.action is Action.RESOLVE:
                open_seq = 0
            assert one.is_open is bool(open_seq)
            before = one.state

    @invariant()
    def nothing_is_said_twice_at_once(self):
        times = [one.at_ms for one in self.kept.said]
        assert times == sorted(times)
        for one, other in zip(self.kept.said, self.kept.said[1:], strict=False):
            if one.state is other.state:
                assert other.at_ms > one.at_ms


TestLookedAtInAnyOrder = Shelter.TestCase


@pytest.fixture(autouse=True)
def _a_small_shelter(monkeypatch: pytest.MonkeyPatch) -> None:
    small = configuration.all_shelters()[SHELTER].model_copy(update={"capacity": PLACES})
    monkeypatch.setattr(configuration, "all_shelters", lambda: {SHELTER: small})
