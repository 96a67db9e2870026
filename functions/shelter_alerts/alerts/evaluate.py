"""Looks at a shelter: counts it and moves its alert, as often as anyone likes, with the same end.

The only count of a shelter there is: what the public reads of it is the same item. Who writes looks
again. So two that look at once cannot leave behind what only one of them saw: whoever wrote last has
seen the shelter after it wrote.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from functions.shelter_alerts import configuration
from functions.shelter_alerts.alerts.alert import Alert, Seen, looked_at
from functions.shelter_alerts.alerts.messages import ShelterTimerV1, timer_message
from functions.shelter_alerts.alerts.store import AlertStore, Reporting
from functions.shelter_alerts.alerts.timers import Waits
from functions.shelter_alerts.presence import SILENT_MS
from functions.shelter_alerts.store import VehicleStore
from shared.errors import Busy

#: Looks after which somebody else must be writing all the time; the queue brings it again.
_MOST_LOOKS: Final = 8
#: SQS delays a message so long at most; for what rings later the sweep looks each minute.
MOST_DELAY_S: Final = 900


@dataclass(frozen=True, slots=True)
class Evaluator:
    """Who looks at shelters. `wait` sends a message so many seconds later; `clock` tells the time."""

    alerts: AlertStore
    vehicles: VehicleStore
    wait: Callable[[ShelterTimerV1, int], None]
    clock: Callable[[], datetime]

    def look(self, shelter_id: str, *, if_due: bool = False) -> Alert | None:
        """Look at a shelter; return its alert, or None if there is no such shelter (any more).

        `if_due`: only if one of its clocks has rung.

        Raises:
            Busy: others write it all the time.
        """
        shelter = configuration.all_shelters().get(shelter_id)
        if shelter is None:
            return None
        jurisdiction_id = configuration.jurisdiction_of(shelter_id)
        waits = configuration.shelters_of(jurisdiction_id).timings.waits
        for _ in range(_MOST_LOOKS):
            alert, reporting = self.alerts.get(shelter_id, jurisdiction_id)
            now = self.clock()
            now_ms = round(now.timestamp() * 1000)
            due_ms = alert.due_ms(waits)
            if if_due and (due_ms is None or due_ms > now_ms):
                return alert
            occupancy, present = self._count(shelter_id)
            seen = Seen(
                occupancy=occupancy,
                capacity={str(each): n for each, n in shelter.capacity_at(now).items()},
                reporting=self._reports(jurisdiction_id, present, reporting, now_ms),
            )
            after = looked_at(alert, seen, waits, now_ms)
            if after is alert:
                return alert
            written = self.alerts.write(alert, after, waits)
            if written is not None and written.due_ms(waits) != due_ms:
                self._set_clock(written, waits, now_ms)
            if_due = False
        raise Busy

    def _count(self, shelter_id: str) -> tuple[Mapping[str, int], frozenset[str]]:
        """Return how many of each type are there, and whose they are."""
        counted: Counter[str] = Counter()
        providers = set()
        for one in self.vehicles.present(shelter_id):
            counted[one.vehicle_type] += 1
            providers.add(one.provider_id)
        return counted, frozenset(providers)

    def _reports(
        self, jurisdiction_id: str, present: frozenset[str], reporting: Reporting, now_ms: int
    ) -> bool:
        """Tell whether anybody reports: of who is there or, where nobody is, of any fleet."""
        configured = configuration.shelters_of(jurisdiction_id).provider_ids
        concerned = present or configured
        if not concerned or not concerned <= reporting.silent:
            return True
        return any(
            not is_silent(self.vehicles.watermarks(each).values(), now_ms) for each in concerned
        )

    def _set_clock(self, alert: Alert, waits: Waits, now_ms: int) -> None:
        due_ms = alert.due_ms(waits)
        if due_ms is not None and due_ms - now_ms <= MOST_DELAY_S * 1000:
            message = timer_message(alert.shelter_id, alert.seq, alert.revision)
            self.wait(message, max(0, -(-(due_ms - now_ms) // 1000)))


def is_silent(watermarks: Iterable[int], now_ms: int) -> bool:
    """Tell whether a provider told nothing for three heartbeats, from its shards' watermarks."""
    return now_ms - max(watermarks, default=0) > SILENT_MS
