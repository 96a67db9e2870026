"""The words of MDS 2.0 and CDS 1.1, and their bounds: for the checks and for the API's document."""

from typing import Final, Literal

#: 2018-01-01T00:00:00Z: MDS knows no time before.
EARLIEST_MS: Final = 1_514_764_800_000
LONGEST_TEXT: Final = 255
MOST_LAT: Final = 90.0
MOST_LNG: Final = 180.0
#: No speed or accuracy is larger, in metres a second or metres.
MOST_NUMBER: Final = 10_000_000.0

#: MDS vehicle_type.
VehicleType = Literal[
    "bicycle",
    "bus",
    "cargo_bicycle",
    "car",
    "delivery_robot",
    "moped",
    "motorcycle",
    "scooter_standing",
    "scooter_seated",
    "truck",
    "other",
]
#: MDS propulsion_types.
PropulsionType = Literal[
    "human",
    "electric_assist",
    "electric",
    "combustion",
    "combustion_diesel",
    "hybrid",
    "hydrogen_fuel_cell",
    "plug_in_hybrid",
]
#: MDS vehicle_state.
VehicleState = Literal[
    "removed",
    "available",
    "non_operational",
    "reserved",
    "on_trip",
    "stopped",
    "non_contactable",
    "elsewhere",
]
#: CDS event_type, of those that tell something of a shelter.
CurbEventType = Literal[
    "enter_area",
    "exit_area",
    "park_start",
    "park_end",
    "scheduled_report",
    "comms_lost",
    "comms_restored",
    "decommissioned",
]
#: CDS vehicle_type.
CurbVehicleType = Literal[
    "bicycle",
    "cargo_bicycle",
    "car",
    "scooter",
    "moped",
    "motorcycle",
    "truck",
    "van",
    "freight",
    "other",
    "unspecified",
]
