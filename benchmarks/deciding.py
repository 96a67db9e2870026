"""Measures the routing decision, loading the configuration, and turning items into attributes."""

import json
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import cycle
from pathlib import Path
from typing import Any

from benchmarks import samples, scenario, stub_aws
from benchmarks.figures import Figure, Row, Section
from benchmarks.rehearsal import Step, rehearsed
from benchmarks.timing import in_fresh_process, in_turns
from functions.agency_routing import shipped

_KEY = {"pk": {"S": "C#SMG-7ZK3Q9M4T0XWH"}, "sk": {"S": "RECORD"}}
_CALL = "one bare DynamoDB call"
_RULES = "decide: the category is named"
_WORDS = "decide: the words must tell it"
_LOADED = "load the text classifier"
_SUGGESTED = "suggest categories: keywords and classifier"
_JSON = "load a jurisdiction, compiled JSON"
_TOML = "load a jurisdiction, TOML"
_TO_OURS, _TO_BOTO3 = "an item to attributes, shared.dynamo", "the same, boto3's TypeSerializer"
_FROM_OURS, _FROM_BOTO3 = (
    "attributes to values, shared.dynamo",
    "the same, boto3's TypeDeserializer",
)
#: The most microseconds that a row may take.
_MOST = {_LOADED: 50_000.0, _SUGGESTED: 5_000.0}
#: Each row with what it is compared to.
_BESIDE: Mapping[str, str] = {
    _RULES: _CALL,
    _WORDS: _CALL,
    _JSON: _TOML,
    _TO_OURS: _TO_BOTO3,
    _FROM_OURS: _FROM_BOTO3,
}


def measure(*, rounds: int = 15) -> Section:
    """Return the CPU time of what a request does besides talking, each beside a yardstick."""
    _, steps = in_fresh_process(rehearsed, 2)
    answer = stub_aws.answer_name("GetItem", json.dumps({"Key": _KEY}).encode())
    with stub_aws.serving({answer: b"{}"}) as endpoint:
        rows = in_fresh_process(_measured, steps["submit, anonymous"], endpoint, rounds)
    return Section(
        title="Deciding, configuration, attributes",
        how=(
            "CPU time in one process, median of the rounds. The texts are all sample complaints, "
            "once with the category that an officer would name, once without one. The text "
            f"classifier's file has {shipped.FILE.stat().st_size / 1000:.0f} kB."
        ),
        columns=("µs", "beside", "×"),
        rows=rows,
    )


def _measured(step: Step, endpoint: str, rounds: int) -> list[Row]:
    os.environ.update(scenario.ENVIRONMENT, AWS_ENDPOINT_URL=endpoint)
    with tempfile.TemporaryDirectory() as packaged:
        quick = _deciders() | _serializers(step.calls[0].params["Item"]) | {_CALL: _bare_call()}
        found = in_turns(quick, rounds=rounds, calls=len(samples.read()))
        found |= in_turns(_loaders(Path(packaged)), rounds=rounds, calls=2)
    return [
        Row(
            name,
            (
                Figure(timings.median * 1e6, _MOST.get(name), digits=1),
                _BESIDE.get(name, ""),
                Figure(timings.over(found[_BESIDE[name]])) if name in _BESIDE else "",
            ),
        )
        for name, timings in found.items()
    ]


def _bare_call() -> Callable[[], object]:
    from shared import aws

    return lambda: aws.dynamodb().get_item(TableName=scenario.COMPLAINTS, Key=_KEY)


def _deciders() -> dict[str, Callable[[], object]]:
    from functions.agency_routing.decide import decide

    def deciding(*, named: bool) -> Callable[[], object]:
        cases = []
        for sample, complaint in zip(samples.read(), samples.received(), strict=True):
            facts, jurisdiction = samples.case(complaint)
            code = sample["expected_category"] if named else None
            known = code if code in jurisdiction.category_by_code else None
            cases.append((replace(facts, service_code=known), jurisdiction))
        turn = cycle(cases)
        return lambda: decide(*next(turn))

    return {
        _RULES: deciding(named=True),
        _WORDS: deciding(named=False),
        _SUGGESTED: _suggesting(),
    }


def _suggesting() -> Callable[[], object]:
    from functions.agency_routing import suggest, text

    cases = [samples.case(complaint) for complaint in samples.received()]
    turn = cycle(cases)

    def suggested() -> object:
        text.root.cache_clear()  # as in a function that has read nothing yet
        facts, jurisdiction = next(turn)
        words = text.read(facts.description, jurisdiction.language.spelling)
        return suggest.ranked(words, jurisdiction, shipped.classifier())

    return suggested


def _loaders(packaged: Path) -> dict[str, Callable[[], object]]:
    from shared import config

    first = config.jurisdiction_ids()[0]
    (packaged / f"{first}.json").write_text(config.compiled(first), encoding="utf-8")
    load = config.load.__wrapped__  # past its cache
    return {
        _LOADED: shipped.classifier.__wrapped__,
        _JSON: lambda: load(first, packaged),
        _TOML: lambda: load(first),
    }


def _serializers(item: Mapping[str, Any]) -> dict[str, Callable[[], object]]:
    from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

    from shared.dynamo import from_item, to_item

    values = from_item(item)
    decimals = {
        name: Decimal(str(value)) if isinstance(value, float) else value
        for name, value in values.items()
    }
    serialize, deserialize = TypeSerializer().serialize, TypeDeserializer().deserialize
    return {
        _TO_OURS: lambda: to_item(values),
        _TO_BOTO3: lambda: {name: serialize(value) for name, value in decimals.items()},
        _FROM_OURS: lambda: from_item(item),
        _FROM_BOTO3: lambda: {name: deserialize(value) for name, value in item.items()},
    }
