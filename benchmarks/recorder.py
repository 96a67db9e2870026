"""Sees every AWS call that a handler makes, through botocore's own events, and what it costs."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from botocore.handlers import BUILTIN_HANDLERS

from benchmarks import capacity, moto_cloud, scenario

Item = Mapping[str, Any]
#: A write as (table, key), by which its item is found before and after.
Target = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One AWS call: what was asked, the bytes answered, and the units that DynamoDB charges."""

    service: str
    operation: str
    params: Mapping[str, Any]
    answer: bytes
    base_writes: float = 0
    index_writes: float = 0
    reads: float = 0


class Recorder:
    """Records calls while `recording`; and always, how much CPU time was not the handler's own."""

    def __init__(self) -> None:
        self._calls: list[Call] | None = None
        self._before: Sequence[Item | None] = ()
        self._params: Mapping[str, Any] = {}
        self._asked = 0.0
        self._cloud_seconds = 0.0

    def install(self) -> None:
        """Hear of the calls of every client that is made from now on, before moto answers them."""
        BUILTIN_HANDLERS[:0] = [
            ("provide-client-params", self._on_params),
            ("before-send", self._on_send),
        ]
        BUILTIN_HANDLERS.extend([("before-parse", self._on_answer), ("after-call", self._on_done)])

    @contextmanager
    def recording(self) -> Iterator[list[Call]]:
        """Give the list to which each call of the block is added."""
        self._calls = []
        try:
            yield self._calls
        finally:
            self._calls = None

    @contextmanager
    def uncounted(self) -> Iterator[None]:
        """Add the block to what is not the handler's."""
        begun = time.process_time()
        try:
            yield
        finally:
            self._cloud_seconds += time.process_time() - begun

    def own_cpu(self) -> float:
        """Return this process's CPU time so far, without moto's answering."""
        return time.process_time() - self._cloud_seconds

    def _on_params(self, params: Mapping[str, Any], **_: Any) -> None:
        self._params = params
        if self._calls is not None:
            self._before = [moto_cloud.stored(*target) for target in _targets(params)]

    def _on_send(self, **_: Any) -> None:
        self._asked = time.process_time()

    def _on_answer(self, **_: Any) -> None:
        self._cloud_seconds += time.process_time() - self._asked

    def _on_done(self, http_response: Any, parsed: Any, model: Any, **_: Any) -> None:
        if self._calls is None:
            return
        self._calls.append(
            Call(
                service=model.service_model.service_name,
                operation=model.name,
                params=dict(self._params),
                answer=http_response.content,
                **self._units(model, parsed),
            )
        )

    def _units(self, model: Any, parsed: Mapping[str, Any]) -> dict[str, float]:
        if model.service_model.service_name != "dynamodb":
            return {}
        if model.name in ("GetItem", "Query"):
            found = parsed.get("Items") or [parsed.get("Item", {})]
            consistent = self._params.get("ConsistentRead", False)
            return {"reads": capacity.read_units(found, consistent=consistent)}
        if model.name == "BatchGetItem":  # each item is charged by itself
            asked = self._params["RequestItems"]
            each = (
                capacity.read_units([one], consistent=asked[table].get("ConsistentRead", False))
                for table, found in parsed.get("Responses", {}).items()
                for one in found
            )
            return {"reads": sum(each)}
        base = indexes = 0.0
        for (table, key), old in zip(_targets(self._params), self._before, strict=True):
            new = moto_cloud.stored(table, key)
            base += capacity.write_units(old, new, transaction=model.name == "TransactWriteItems")
            indexes += sum(
                capacity.index_units(one, old, new) for one in scenario.indexes_of(table)
            )
        return {"base_writes": base, "index_writes": indexes}


def _targets(params: Mapping[str, Any]) -> list[Target]:
    """Return which items a call writes."""
    if "TransactItems" in params:
        return [target for one in params["TransactItems"] for target in _targets(*one.values())]
    if "Item" in params:
        item = params["Item"]
        return [(params["TableName"], {"pk": item["pk"], "sk": item["sk"]})]
    # S3's calls have a key as well, but no table.
    return [(params["TableName"], params["Key"])] if {"TableName", "Key"} <= params.keys() else []
