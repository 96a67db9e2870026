"""Conditional writes to DynamoDB: who was refused and why, and patience while others write."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from botocore.exceptions import ClientError

from shared.errors import Busy

_CONDITION = ("ConditionalCheckFailed", "ConditionalCheckFailedException")
#: What passes by itself: others write the same items, or the table catches its breath.
_PASSING = {
    "TransactionConflict",
    "TransactionConflictException",
    "TransactionInProgressException",
    "ThrottlingError",
    "ThrottlingException",
    "ProvisionedThroughputExceeded",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
}
_WAITS_S = (0.05, 0.2, 0.5)

Result = TypeVar("Result")


def patiently(write: Callable[[], Result]) -> Result:
    """Write; while something passing stands in the way, wait a little and try again.

    Raises:
        Busy: it did not pass (HTTP 503, with Retry-After).
        ClientError: anything else that DynamoDB refused.
    """
    waits = iter(_WAITS_S)
    while True:
        try:
            return write()
        except ClientError as error:
            if _PASSING.isdisjoint(_codes(error)):
                raise
            wait_s = next(waits, None)
            if wait_s is None:
                raise Busy(headers={"Retry-After": "1"}) from error
            time.sleep(wait_s)


def refused(error: ClientError, write: int = 0) -> bool:
    """Tell whether the condition of a write was not met; of a transaction, of the one numbered."""
    codes = _codes(error)
    return len(codes) > write and codes[write] in _CONDITION


def old_item(error: ClientError, write: int = 0) -> Mapping[str, Any] | None:
    """Return the item that stood in the way of a refused write, where it was asked for.

    Of a transaction, of the write numbered.
    """
    if reasons := _reasons(error):
        return reasons[write].get("Item")
    return error.response.get("Item")  # type: ignore[return-value]


def _codes(error: ClientError) -> Sequence[str]:
    """Return the code of each write of a cancelled transaction, or of the only write."""
    if reasons := _reasons(error):
        return [str(reason.get("Code")) for reason in reasons]
    return [error.response["Error"]["Code"]]


def _reasons(error: ClientError) -> Sequence[Mapping[str, Any]]:
    return error.response.get("CancellationReasons", ())
