"""Measures the CPU time of a warm request beside the barest handler and FastAPI on Mangum.

All three use the same AWS clients. AWS is a stub in another process, so that the client's
work is real and the server's is not counted.
"""

import json
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from benchmarks import scenario, stub_aws
from benchmarks.figures import Figure, Row, Section
from benchmarks.recorder import Call
from benchmarks.rehearsal import LambdaContext, Step, handler, rehearsed
from benchmarks.timing import Timings, in_fresh_process, in_turns

FASTAPI: Mapping[str, str] = {
    "submit, anonymous": "benchmarks.baselines.fastapi_intake",
    "submit, with contact": "benchmarks.baselines.fastapi_intake",
    "public view": "benchmarks.baselines.fastapi_intake",
    "agency action": "benchmarks.baselines.fastapi_routing",
}
STEPS = (
    *FASTAPI,
    "route",
    "batch of 25, a draft",
    "Open311 submit",
    "accept a notification",
    "accept one by BI-SNAP (RSA)",
)

_MOST_OVER_BAREST = 2.0
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")


def measure(*, rounds: int = 21, calls: int = 40, names: Sequence[str] = STEPS) -> Section:
    """Return each operation's CPU time as a multiple of both yardsticks'.

    Raises:
        AssertionError: a yardstick does not answer what the handler answers.
    """
    first, steps = in_fresh_process(rehearsed, 2)
    with stub_aws.serving(_answers(first, steps.values())) as endpoint:
        rows = [
            in_fresh_process(_measured, steps[name], endpoint, rounds=rounds, calls=calls)
            for name in names
        ]
    return Section(
        title="Warm CPU a request",
        how=(
            "CPU time of this process for one request, log line included. The barest handler "
            "parses the body, makes the same AWS calls with ready-made items and serialises the "
            "same answer; it validates, decides and logs nothing. FastAPI + Mangum has the same "
            f"models, rules and calls, and answers the same bytes. Median of {rounds} rounds in "
            f"turns of {calls} requests each; the least of each beside it."
        ),
        columns=(
            "× barest",
            "× barest, least",
            "× FastAPI",
            "× FastAPI, least",
            "ours, µs",
        ),
        rows=rows,
    )


def _measured(step: Step, endpoint: str, *, rounds: int, calls: int) -> Row:
    os.environ.update(scenario.ENVIRONMENT, AWS_ENDPOINT_URL=endpoint)
    contenders = _contenders(step)
    _check_equal({name: one() for name, one in contenders.items()})
    found = in_turns(contenders, rounds=rounds, calls=calls)
    each = len(step.calls) // step.items
    ours, barest, fastapi = found["ours"], found["barest"], found.get("fastapi")
    return Row(
        f"{step.name} ({each} AWS call{'s' if each > 1 else ''})",
        (
            Figure(ours.over(barest), _MOST_OVER_BAREST),
            Figure(ours.least / barest.least),
            *_beside(ours, fastapi),
            Figure(ours.median * 1e6 / step.items, digits=0),
        ),
    )


def _contenders(step: Step) -> Mapping[str, Callable[[], Any]]:
    # Imported here, where the environment names the stub.
    from benchmarks.baselines.barest import barest
    from shared import aws

    clients = {"dynamodb": aws.dynamodb(), "sqs": aws.sqs()}
    handlers = {
        "ours": handler(step.handler),
        "barest": barest(step.calls, step.answer, clients),
    }
    if module := FASTAPI.get(step.name):
        handlers["fastapi"] = handler(module)
    return {name: partial(one, step.event, LambdaContext()) for name, one in handlers.items()}


def _beside(ours: Timings, fastapi: Timings | None) -> Sequence[Figure | str]:
    if fastapi is None:
        return "", ""
    return Figure(ours.over(fastapi), 1.0), Figure(ours.least / fastapi.least)


def _check_equal(answers: Mapping[str, Any]) -> None:
    """Check that all answer the same bytes, instants of this moment apart."""
    seen = {name: _comparable(answer) for name, answer in answers.items()}
    if len(set(seen.values())) > 1:
        raise AssertionError(f"the contenders answer differently: {seen}")


def _comparable(answer: Mapping[str, Any]) -> str:
    if "body" not in answer:
        return json.dumps(answer)
    return f"{int(answer['statusCode'])} {_INSTANT.sub('<instant>', answer['body'])}"


def _answers(first: Sequence[Call], steps: Iterable[Step]) -> Mapping[str, bytes]:
    """Return what the stub answers: what moto answered to the steps that are measured."""
    played = (step for step in steps if step.name in STEPS)
    calls = [*first, *(call for step in played for call in (*step.first, *step.calls))]
    client = json.dumps({"Parameter": {"Value": _agency(calls)}}).encode()
    return {"GetParameter": client} | {
        stub_aws.answer_name(call.operation, json.dumps(call.params).encode()): call.answer
        for call in calls
    }


def _agency(calls: Sequence[Call]) -> str:
    """Return the agency to which the rehearsal's complaint went, told by its queue."""
    url: str = next(call.params["QueueUrl"] for call in calls if call.operation == "SendMessage")
    return url.removeprefix(scenario.ENVIRONMENT["AGENCY_QUEUE_URL_PREFIX"])
