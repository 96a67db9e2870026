"""Runs a handler in a process of its own, which may be made to die at any of its AWS calls."""

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any

from botocore.endpoint import Endpoint

DIED = 70


@dataclass(frozen=True, slots=True)
class Death:
    """Dying right before or right after the AWS call number `call` (from 0) is made."""

    call: int
    when: str  #: "before" or "after"


@dataclass(frozen=True, slots=True)
class Run:
    """What a handler's process came to: its answer (None: it died), and the calls it made."""

    answer: Any
    calls: tuple[str, ...]
    died: bool


def run(handler: str, event: Mapping[str, Any], death: Death | None = None) -> Run:
    """Run a handler (`module.name`) on an event in a forked process, and die there if told to."""
    with tempfile.TemporaryDirectory() as folder:
        calls, answer = Path(folder, "calls"), Path(folder, "answer")
        pid = os.fork()
        if pid == 0:
            _be_a_lambda(handler, event, death, calls, answer)
        _, status = os.waitpid(pid, 0)
        code = os.waitstatus_to_exitcode(status)
        if code not in (0, DIED):
            raise AssertionError(f"{handler} failed with {code}: {answer.read_text()}")
        return Run(
            answer=json.loads(answer.read_text()) if code == 0 else None,
            calls=tuple(calls.read_text().split()) if calls.exists() else (),
            died=code == DIED,
        )


def _be_a_lambda(
    handler: str, event: Mapping[str, Any], death: Death | None, calls: Path, answer: Path
) -> None:
    """Answer the event and leave; never return to the test that forked this process."""
    try:
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        _watch(death, calls)
        module, name = handler.rsplit(".", 1)
        result = getattr(import_module(module), name)(event, _Context())
        answer.write_text(json.dumps(result))
    except BaseException as error:  # noqa: BLE001 - whatever it is, this process ends here
        answer.write_text(repr(error))
        os._exit(1)
    os._exit(0)


def _watch(death: Death | None, calls: Path) -> None:
    """Note each AWS call that botocore makes, and die at the one named."""
    numbers = count()
    one_at_a_time = Lock()  # a handler may call from several threads
    make_request = Endpoint.make_request

    def watched(self: Any, operation_model: Any, request_dict: Any) -> Any:
        with one_at_a_time, calls.open("a") as log:
            here = next(numbers)
            log.write(f"{operation_model.service_model.service_name}.{operation_model.name}\n")
        if death == Death(here, "before"):
            os._exit(DIED)
        response = make_request(self, operation_model, request_dict)
        if death == Death(here, "after"):
            os._exit(DIED)
        return response

    Endpoint.make_request = watched  # type: ignore[method-assign]


class _Context:
    function_name = "test"
    memory_limit_in_mb = 128
    invoked_function_arn = "arn:aws:lambda:ap-southeast-3:000000000000:function:test"
    aws_request_id = "test"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 60_000
