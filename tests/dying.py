"""Lets a process die right before or right after any of its AWS calls, and tells which it made."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.endpoint import Endpoint


class Died(BaseException):
    """The process is gone: nothing of ours may catch it."""


@contextmanager
def dying(call: int | None = None, when: str = "before") -> Iterator[list[str]]:
    """Let the process die "before" or "after" its AWS call of that number, the first being 0.

    Yields the names of the calls made so far.
    """
    made: list[str] = []
    make_request = Endpoint.make_request

    def watched(self: Any, operation_model: Any, request_dict: Any) -> Any:
        here = len(made)
        made.append(operation_model.name)
        if (here, when) == (call, "before"):
            raise Died
        response = make_request(self, operation_model, request_dict)
        if (here, when) == (call, "after"):
            raise Died
        return response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Endpoint, "make_request", watched)
        yield made
