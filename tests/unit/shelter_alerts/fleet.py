"""Builds movements and vehicles of a small fleet."""

from typing import Any

from functions.shelter_alerts.movement import Kind, Movement
from functions.shelter_alerts.vehicle import Stay, Vehicle

PROVIDER = "7a3f1f80-7d55-4f6e-9f6a-1c2d3e4f5a6b"
OTHER_PROVIDER = "0b9d2c1e-33a4-4c58-8a7b-9c8d7e6f5a4b"
DEVICE = "c0ffee00-0000-4000-8000-000000000001"
#: 2026-11-20T05:00:00Z, a Friday noon in Semarang.
NOON = 1_795_150_800_000


def a_movement(at_ms: int = NOON, kind: Kind = Kind.TELEMETRY, **changes: Any) -> Movement:
    """Return something told of a vehicle: by default where it was, and nothing else."""
    place = {"lat": -6.984, "lng": 110.409} if kind in {Kind.TELEMETRY, Kind.EVENT} else {}
    told = {"provider_id": PROVIDER, "device_id": DEVICE, "event_id": f"e-{at_ms}", **place}
    return Movement(**{**told, "at_ms": at_ms, "kind": kind, **changes})


def a_vehicle(**changes: Any) -> Vehicle:
    """Return a vehicle of which nothing is known."""
    return Vehicle(**{"provider_id": PROVIDER, "device_id": DEVICE, **changes})


def a_stay(shelter_id: str = "semarang-tugu-muda", **changes: Any) -> Stay:
    """Return a stay that goes on."""
    told = {"session_id": "s-1", "arrived_ms": NOON, "vehicle_type": "motorcycle"}
    return Stay(**{"shelter_id": shelter_id, **told, **changes})
