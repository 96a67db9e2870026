"""What the table `shelters` holds of alerts, as plain values, and the keys."""

from collections.abc import Mapping
from typing import Any, Final

from functions.shelter_alerts.alerts.alert import Action, Alert
from functions.shelter_alerts.alerts.states import State
from functions.shelter_alerts.alerts.timers import Waits
from functions.shelter_alerts.configuration import jurisdiction_of
from functions.shelter_alerts.items import Key, as_text

#: First in the sort key of a shelter's alert, which its id follows.
CAPACITY: Final = "CAPACITY#"
REPORTING: Final = "REPORTING"
#: In the index `by_due`: alerts that are to be looked at, and districts to be told of.
ALERTS_DUE: Final = "ALERTS"
DISTRICTS_DUE: Final = "DISTRICTS"


def alerts_partition(jurisdiction_id: str) -> str:
    """Return the partition of a jurisdiction's alerts."""
    return f"A#{jurisdiction_id}"


def alert_key(shelter_id: str) -> Key:
    """Return the key of a shelter's alert."""
    return {"pk": alerts_partition(jurisdiction_of(shelter_id)), "sk": f"{CAPACITY}{shelter_id}"}


def shelter_in(sort_key: str) -> str:
    """Return of which shelter an alert is, by its sort key."""
    return sort_key.removeprefix(CAPACITY)


def reporting_key(jurisdiction_id: str) -> Key:
    """Return the key under which it is kept who reports of a jurisdiction's fleets."""
    return {"pk": alerts_partition(jurisdiction_id), "sk": REPORTING}


def district_key(jurisdiction_id: str, district: str) -> Key:
    """Return the key of what a district's subscribers are about to be told."""
    return {"pk": f"G#{jurisdiction_id}", "sk": district}


def cap_key(jurisdiction_id: str, sent: str, identifier: str) -> Key:
    """Return the key of a CAP message; `sent` is its time as `as_text` writes it."""
    return {"pk": f"CAP#{jurisdiction_id}", "sk": f"{sent}#{identifier}"}


def alert_values(alert: Alert, waits: Waits) -> dict[str, Any]:
    """Return an alert as plain values of its item; None means absent."""
    due_ms = alert.due_ms(waits)
    return {
        **alert_key(alert.shelter_id),
        "seq": alert.seq,
        "revision": alert.revision,
        "state": str(alert.state),
        "level": alert.level,
        "since_ms": alert.since_ms,
        "previous": str(alert.previous),
        "action": str(alert.action) if alert.action else None,
        "at_ms": alert.at_ms,
        "opened_seq": alert.opened_seq,
        "follows": list(alert.follows) if alert.follows else None,
        "levels": dict(alert.levels) or None,
        "clocks": {str(level): at for level, at in alert.clocks.items()} or None,
        "occupancy": dict(alert.occupancy),
        "counted_ms": alert.counted_ms or None,
        "capacity": dict(alert.capacity),
        "history": [list(one) for one in alert.history],
        "acknowledged_by": alert.acknowledged_by,
        "silenced_by": alert.silenced_by,
        "silenced_ms": alert.silenced_ms or None,
        "silenced_until_ms": alert.silenced_until_ms or None,
        "due_shard": ALERTS_DUE if due_ms is not None else None,
        "due_at": as_text(due_ms) if due_ms is not None else None,
    }


def alert_from(values: Mapping[str, Any]) -> Alert:
    """Return the alert that an item holds."""
    follows = values.get("follows")
    return Alert(
        shelter_id=shelter_in(values["sk"]),
        seq=values["seq"],
        revision=values["revision"],
        level=values["level"],
        unknown=values["state"] == State.UNKNOWN,
        since_ms=values["since_ms"],
        previous=State(values["previous"]),
        action=Action(values["action"]) if "action" in values else None,
        at_ms=values["at_ms"],
        opened_seq=values["opened_seq"],
        follows=(follows[0], follows[1]) if follows else None,
        levels=values.get("levels", {}),
        clocks={int(level): at for level, at in values.get("clocks", {}).items()},
        occupancy=values["occupancy"],
        counted_ms=values.get("counted_ms", 0),
        capacity=values["capacity"],
        history=tuple((at, level) for at, level in values["history"]),
        acknowledged_by=values.get("acknowledged_by"),
        silenced_by=values.get("silenced_by"),
        silenced_ms=values.get("silenced_ms", 0),
        silenced_until_ms=values.get("silenced_until_ms", 0),
    )
