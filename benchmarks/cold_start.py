"""Measures each handler's cold import beside a bare boto3 client's, in fresh processes."""

import os
from collections.abc import Mapping

from benchmarks import scenario
from benchmarks.figures import Figure, Row, Section
from benchmarks.timing import programs_in_turns
from infra.entries import ENTRIES

#: Which clients an entry point makes on its usual way, by their functions in `shared.aws`.
CLIENTS: Mapping[str, tuple[str, ...]] = {
    "complaint_intake.api": ("dynamodb",),
    "complaint_intake.open311.api": ("dynamodb",),
    "complaint_intake.every_month": ("dynamodb", "s3"),
    "complaint_intake.on_photo": ("dynamodb", "s3"),
    "complaint_intake.outbox": ("sqs",),
    "complaint_intake.on_progress": ("dynamodb", "ses"),
    "complaint_intake.on_erasure": ("dynamodb", "s3"),
    "complaint_intake.on_rights_request": ("dynamodb",),
    "complaint_intake.every_day": ("dynamodb", "sqs"),
    "agency_routing.api": ("dynamodb", "sqs"),
    "agency_routing.on_complaint": ("dynamodb", "sqs"),
    "agency_routing.every_quarter_hour": ("dynamodb", "sqs"),
}
#: The same endpoints as FastAPI + Mangum, to be shown beside the entry that they stand for.
FASTAPI: Mapping[str, str] = {
    "complaint_intake.api": "benchmarks.baselines.fastapi_intake",
    "agency_routing.api": "benchmarks.baselines.fastapi_routing",
}

_MOST_OVER_BARE = 1.6
_BARE = 'import boto3; boto3.client("dynamodb")'


def measure(*, rounds: int = 11) -> Section:
    """Return each handler's cold import as a multiple of the bare client's."""
    programs = {"bare": _BARE}
    for entry in ENTRIES:
        programs[entry] = _program(f"functions.{entry}", CLIENTS[entry])
        if module := FASTAPI.get(entry):
            programs[module] = _program(module, CLIENTS[entry])
    environment = {**scenario.ENVIRONMENT, "PATH": os.environ["PATH"]}
    found = programs_in_turns(programs, rounds=rounds, environment=environment)
    bare = found["bare"]
    rows = []
    for entry in ENTRIES:
        ours, fastapi = found[entry], found.get(FASTAPI.get(entry, ""))
        rows.append(
            Row(
                f"{entry} ({', '.join(CLIENTS[entry])})",
                (
                    Figure(ours.over(bare), _MOST_OVER_BARE),
                    Figure(ours.least / bare.least),
                    Figure(fastapi.over(bare)) if fastapi else "",
                    Figure(ours.median * 1000, digits=0),
                    Figure(bare.median * 1000, digits=0),
                ),
            )
        )
    return Section(
        title="Cold import",
        how=(
            "CPU time of a fresh process, from its start, that imports the handler and "
            f"makes its clients, over one that does `{_BARE}`. All have bytecode; median of "
            f"{rounds} rounds in turns, and the least of each. FastAPI is on Mangum, the same domain."
        ),
        columns=("× bare", "× bare, least", "FastAPI × bare", "ours, ms", "bare, ms"),
        rows=rows,
    )


def _program(module: str, clients: tuple[str, ...]) -> str:
    made = "; ".join(f"aws.{name}()" for name in clients)
    return f"import {module}; from shared import aws; {made}"
