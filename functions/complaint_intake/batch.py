"""Takes drafts in that were written without a network: up to 25 at once, each on its own.

No draft depends on another. Each is answered in its place as it would have been alone, so a
client keeps exactly those whose answer tells it to send again.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import Response
from pydantic import Field, SkipValidation, ValidationError

from functions.complaint_intake import intake
from functions.complaint_intake.submission import Submission, SubmissionReceipt
from shared.errors import BodyTooLarge, Busy, InvalidInput, Problem, described
from shared.http import Request, problem_body, reply
from shared.models import Body, View
from shared.text import Text
from shared.validation import faults_of

Accept = Callable[..., tuple[SubmissionReceipt, HTTPStatus]]

MOST_DRAFTS = 25
MOST_BYTES = 512 * 1024
MOST_BYTES_OF_A_DRAFT = 64 * 1024
#: As many as botocore keeps connections open to one service.
AT_ONCE = 10
#: Until the answer is due. The function has 15 s, and must still say what became of each draft.
_WITHIN_S = 11.0


class Draft(Submission):
    """A submission with the key by which it is stored once, however often it is sent."""

    key: str = Field(
        max_length=128, description="A UUID or at least 128 random bits, made with the draft"
    )


class Batch(Body):
    """The body of `POST /complaints/batch`. A draft that is not acceptable spoils no other."""

    drafts: Annotated[
        list[Annotated[Draft, SkipValidation]], Field(min_length=1, max_length=MOST_DRAFTS)
    ]


class DraftOutcome(View):
    """What became of one draft: the receipt (201, or 200 on a repeat), or the problem.

    Of 500 and 503 it is not known whether it is stored: the same draft with the same key, sent
    again, is stored once either way.
    """

    key: str | None
    status: int = Field(examples=[201, 200, 400, 409, 413, 500, 503])
    receipt: SubmissionReceipt | None = None
    problem: dict[str, Any] | None = Field(default=None, description="RFC 9457 problem details")


class BatchOutcome(View):
    """What became of each draft, in the order in which they were sent."""

    results: list[DraftOutcome]


class NotSure(Problem):
    """Something broke while a draft was being stored."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    code = "outcome_unknown"
    title = Text(
        "Belum pasti tersimpan; kirim ulang dengan kunci yang sama",
        "It may not be stored; send it again with the same key",
    )


def answered(request: Request, accept: Accept, logger: Logger) -> Response[str]:
    """Store each draft of a batch once, at the same time, and answer draft by draft.

    Raises:
        InvalidInput: the body is no batch.
        BodyTooLarge: it is over 512 KB.
    """
    drafts = _drafts(request.read(MOST_BYTES))
    results: list[DraftOutcome | None] = [None] * len(drafts)
    of_key = defaultdict(list)
    for place, draft in enumerate(drafts):
        try:
            key, submission = _read(draft)
        except Problem as problem:
            results[place] = _refused(draft, problem, request)
        else:
            of_key[key].append((place, submission))

    def store(key: str) -> None:
        """Store the drafts of one key in their order: the first wins, as it would alone."""
        for place, submission in of_key[key]:
            results[place] = _stored(drafts[place], submission, key, request, accept, logger)

    pool = ThreadPoolExecutor(AT_ONCE)
    wait([pool.submit(store, key) for key in of_key], timeout=_WITHIN_S)
    pool.shutdown(wait=False, cancel_futures=True)
    outcome = BatchOutcome(
        results=[
            result or _refused(draft, Busy(NotSure.title), request)
            for draft, result in zip(drafts, results, strict=True)
        ]
    )
    statuses = [result.status for result in outcome.results]
    logger.info(
        "batch", drafts=len(drafts), statuses={one: statuses.count(one) for one in {*statuses}}
    )
    again = any(status >= HTTPStatus.INTERNAL_SERVER_ERROR for status in statuses)
    return reply(outcome, headers={"Retry-After": "1"} if again else {})


def _drafts(content: bytes) -> Sequence[Any]:
    try:
        read = json.loads(content)
    except (ValueError, RecursionError):
        raise InvalidInput.at("", "json_invalid", _NOT_JSON) from None
    try:
        return Batch.model_validate(read).drafts
    except ValidationError as error:
        raise InvalidInput(faults=faults_of(error, Batch)) from None


_NOT_JSON = Text("Isi permintaan bukan JSON yang sah.", "The body is not valid JSON.")


def _read(draft: Any) -> tuple[str, Submission]:
    """Return a draft's key and what it says.

    It is written out and read as the body of a single submission would be, so that the same
    draft means the same either way: its repeat may come alone.
    """
    if not isinstance(draft, dict):
        raise InvalidInput.at("", "model_type", Text("Isilah objek.", "Give an object."))
    said = {name: value for name, value in draft.items() if name != "key"}
    try:
        body = json.dumps(said)
    except RecursionError:
        raise InvalidInput.at("", "json_invalid", _NOT_JSON) from None
    if len(body) > MOST_BYTES_OF_A_DRAFT and len(_utf8(said)) > MOST_BYTES_OF_A_DRAFT:
        raise BodyTooLarge(
            Text("Satu laporan paling besar 64 KB.", "A draft may have at most 64 KB.")
        )
    key = draft.get("key")
    if not isinstance(key, str):
        code = "string_type" if "key" in draft else "missing"
        raise InvalidInput.at("key", code, Text("Isilah dengan UUID.", "Give a UUID."))
    try:
        submission = Submission.model_validate_json(body)
    except ValidationError as error:
        raise InvalidInput(faults=faults_of(error, Submission)) from None
    return intake.idempotency_key(key, "", field="key"), submission


def _utf8(said: Mapping[str, Any]) -> bytes:
    """Return JSON without escapes: what a client that writes UTF-8 has sent."""
    written = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return written.encode("utf-8", "surrogatepass")


def _stored(
    draft: Any, submission: Submission, key: str, request: Request, accept: Accept, logger: Logger
) -> DraftOutcome:
    try:
        receipt, status = accept(submission, key=key, channel="mobile")
    except Problem as problem:
        return _refused(draft, problem, request)
    except Exception as error:  # noqa: BLE001 (logged, and the other drafts go on)
        logger.error("draft not stored", **described(error))
        return _refused(draft, NotSure(), request)
    return DraftOutcome(key=draft["key"], status=status, receipt=receipt)


def _refused(draft: Any, problem: Problem, request: Request) -> DraftOutcome:
    key = draft.get("key") if isinstance(draft, dict) else None
    return DraftOutcome(
        # Half a surrogate pair can be written in JSON, and in no answer.
        key=key if isinstance(key, str) and key.isprintable() else None,
        status=problem.status,
        problem=problem_body(problem, request),
    )
