"""What can go wrong with a request: one small family, answered as RFC 9457 problems."""

import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, ClassVar

from shared.text import Text


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with the input: which field, a stable code, and what to do."""

    field: str
    code: str
    message: Text


class Problem(Exception):
    """A request that cannot be done, with a stable `code` that clients may branch on."""

    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_REQUEST
    code: ClassVar[str] = "bad_request"
    title: ClassVar[Text] = Text(
        "Permintaan tidak dapat diproses", "The request cannot be processed"
    )

    def __init__(
        self,
        detail: Text | None = None,
        *,
        faults: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__((detail or self.title).en)
        self.detail = detail
        self.faults = tuple(faults)
        self.headers = dict(headers or {})


def described(error: BaseException) -> dict[str, Any]:
    """Return what a log may say of an unexpected error: its kind and where it arose.

    Not its message, which may quote what a citizen wrote.
    """
    answer = getattr(error, "response", None)
    code = answer.get("Error", {}).get("Code") if isinstance(answer, dict) else None
    frames = traceback.extract_tb(error.__traceback__)
    return {
        "exception_name": type(error).__name__,
        "aws_code": code,
        "trace": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }


class InvalidInput(Problem):
    """Something in the request is not acceptable; the faults say what."""

    code = "invalid_input"
    title = Text("Isian tidak dapat diterima", "The input cannot be accepted")

    @classmethod
    def at(cls, field: str, code: str, message: Text) -> "InvalidInput":
        """Return the problem for a single fault."""
        return cls(message, faults=[Fault(field, code, message)])


class BodyTooLarge(Problem):
    """The body is over the limit of the route."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "body_too_large"
    title = Text("Isi permintaan terlalu besar", "The request body is too large")


class NotFound(Problem):
    """There is no such thing, or none that this caller may know of."""

    status = HTTPStatus.NOT_FOUND
    code = "not_found"
    title = Text("Tidak ditemukan", "Not found")


class Forbidden(Problem):
    """The caller is known, but may not do this."""

    status = HTTPStatus.FORBIDDEN
    code = "forbidden"
    title = Text("Tidak diizinkan", "Not allowed")


class Conflict(Problem):
    """The request does not fit the present state."""

    status = HTTPStatus.CONFLICT
    code = "conflict"
    title = Text("Bertentangan dengan keadaan sekarang", "In conflict with the present state")


class KeyReused(Conflict):
    """The idempotency key was used for something else."""

    code = "idempotency_key_reused"
    title = Text(
        "Kunci ini sudah dipakai untuk permintaan lain; kirim dengan Idempotency-Key baru.",
        "This key was used for another request; send with a new Idempotency-Key.",
    )


class Busy(Problem):
    """Others are writing the same thing just now; the same request may be sent again."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "busy"
    title = Text("Sedang sibuk, silakan kirim ulang", "Busy; please send again")
