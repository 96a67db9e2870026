"""Measures each handler's cold import beside a bare boto3 client's, in fresh processes."""

import os
from collections.abc import Callable, Mapping

from benchmarks import notifications, scenario
from benchmarks.figures import Figure, Row, Section
from benchmarks.timing import Timings, programs_in_turns
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
    "payment_webhooks.api": ("sqs",),
    "payment_webhooks.books.api": ("dynamodb",),
    "payment_webhooks.orders.api": ("dynamodb",),
    "payment_webhooks.on_notification": ("dynamodb", "s3"),
    "payment_webhooks.on_settlement_file": ("dynamodb", "s3"),
    "payment_webhooks.every_minute": ("dynamodb",),
    "payment_webhooks.every_hour": ("dynamodb", "s3", "sqs"),
    "shelter_alerts.on_movement": ("dynamodb",),
    "shelter_alerts.every_minute": ("dynamodb", "sqs"),
    "shelter_alerts.outbox": ("sqs",),
    "shelter_alerts.on_timer": ("dynamodb", "sqs"),
    "shelter_alerts.on_alert": ("dynamodb", "sqs"),
    "shelter_alerts.mds.api": ("dynamodb", "sqs"),
    "shelter_alerts.alerts.api": ("dynamodb",),
    "shelter_alerts.feeds.api": ("dynamodb",),
    "shelter_alerts.redirects.api": ("dynamodb",),
}
#: What some first requests import besides, and is held to the same budget: the row's name and how
#: the program goes on.
FIRST_REQUESTS: Mapping[str, tuple[str, Callable[[], str]]] = {
    "payment_webhooks.api": ("with RSA, for BI-SNAP", notifications.first_verification),
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
        if entry in FIRST_REQUESTS:
            name, rest = FIRST_REQUESTS[entry]
            programs[name] = f"{programs[entry]}\n{rest()}"
    environment = {**scenario.ENVIRONMENT, "PATH": os.environ["PATH"]}
    found = programs_in_turns(programs, rounds=rounds, environment=environment)
    bare = found["bare"]
    rows = []
    for entry in ENTRIES:
        clients = ", ".join(CLIENTS[entry])
        rows.append(
            _row(f"{entry} ({clients})", found[entry], bare, found.get(FASTAPI.get(entry, "")))
        )
        if entry in FIRST_REQUESTS:
            name, _ = FIRST_REQUESTS[entry]
            rows.append(_row(f"{entry} ({clients}), {name}", found[name], bare))
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


def _row(name: str, ours: Timings, bare: Timings, fastapi: Timings | None = None) -> Row:
    return Row(
        name,
        (
            Figure(ours.over(bare), _MOST_OVER_BARE),
            Figure(ours.least / bare.least),
            Figure(fastapi.over(bare)) if fastapi else "",
            Figure(ours.median * 1000, digits=0),
            Figure(bare.median * 1000, digits=0),
        ),
    )


def _program(module: str, clients: tuple[str, ...]) -> str:
    made = "; ".join(f"aws.{name}()" for name in clients)
    return f"import {module}; from shared import aws; {made}"
