"""An agency's work on its own queue: receive natively with its role, accept, answer, delete."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from cli.api import Api, Refused, action_id
from cli.screen import CannotContinue
from cli.signin import machine_client, machine_token, officer_token
from cli.surroundings import Surroundings
from shared.complaints.law import DONE, Action, Status

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

#: For how long a received message is nobody else's, unless said otherwise.
HOLD_S = 5 * 60
#: Renew the role's credentials this long before they end.
MARGIN = timedelta(minutes=5)
#: How often an action is tried again on a complaint that others change meanwhile.
TRIES = 5
#: In which statuses an action has nothing left to do.
PAST = {
    Action.ACCEPT: (Status.ACCEPTED, Status.IN_PROGRESS, Status.NEEDS_INFORMATION, *DONE),
    Action.RESOLVE: DONE,
}
#: Refusals after which only the complaint itself tells what to do. `forbidden` is among them
#: since a complaint that has moved on answers it, but so does a token that is no agency's.
_LOOK_AGAIN = {
    (HTTPStatus.CONFLICT, "version_conflict"),
    (HTTPStatus.CONFLICT, "illegal_action"),
    (HTTPStatus.CONFLICT, "action_id_reused"),
    (HTTPStatus.FORBIDDEN, "forbidden"),
}
#: What SQS says of a receipt whose time has run out.
_EXPIRED = ("InvalidParameterValue", "MessageNotInflight", "ReceiptHandleIsInvalid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A message of the agency's queue: what it says, and the handle by which to delete it."""

    message: dict[str, Any]
    receipt_handle: str
    received_count: int  #: how often it was received, this time included

    @property
    def complaint_id(self) -> str:
        """The complaint that it is about; empty if it is about none, as a shelter's alert."""
        return str(self.message.get("complaint_id", ""))

    @property
    def is_news(self) -> bool:
        """Whether it assigns nothing: it tells what became of a complaint, or of something else."""
        return self.message.get("type") != "complaint_assigned.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a complaint stands after an action; `already` when it was past it, and nothing was done."""

    version: int
    status: Status
    already: bool = False


class Outdated(Exception):
    """The complaint has another assignment since; the message has no more use."""


class AgencyWork:
    """What an agency does with its queue, as its own systems would.

    Receiving and deleting use the agency's IAM role and nothing else; actions use its machine
    client, or an officer of the agency where it has none.
    """

    def __init__(
        self,
        code: str,
        surroundings: Surroundings,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.code = code
        self._surroundings = surroundings
        self._agency = surroundings.outputs.agency(code)
        self._api = Api(surroundings.outputs.api_url, surroundings.http)
        self._now = now
        self._token: str | None = None
        self._sqs: SQSClient | None = None
        self._until = datetime.min.replace(tzinfo=UTC)

    def receive(self, most: int = 10, wait_s: int = 20, hold_s: int = HOLD_S) -> list[Assignment]:
        """Wait up to `wait_s` seconds for messages and return at most `most` (1 to 10) of them.

        Nobody else receives them for `hold_s` seconds.
        """
        answer = self._queue().receive_message(
            QueueUrl=self._agency.queue_url,
            MaxNumberOfMessages=most,
            WaitTimeSeconds=wait_s,
            VisibilityTimeout=hold_s,
            MessageSystemAttributeNames=["ApproximateReceiveCount"],
        )
        return [
            Assignment(
                message=json.loads(message["Body"]),
                receipt_handle=message["ReceiptHandle"],
                received_count=int(message["Attributes"]["ApproximateReceiveCount"]),
            )
            for message in answer.get("Messages", [])
        ]

    @cached_property
    def most_receives(self) -> int:
        """How often a message is received before the queue sets it aside as undeliverable."""
        told = self._queue().get_queue_attributes(
            QueueUrl=self._agency.queue_url, AttributeNames=["RedrivePolicy"]
        )["Attributes"]
        return int(json.loads(told["RedrivePolicy"])["maxReceiveCount"])

    def accept(self, assignment: Assignment) -> Standing:
        """Accept the complaint; again is harmless.

        Raises:
            Outdated: it has another assignment since, perhaps another agency's.
        """
        return self._act(assignment, Action.ACCEPT, int(assignment.message["version"]))

    def resolve(self, assignment: Assignment, answer: str, *, version: int) -> Standing:
        """Answer the citizen and close the complaint, which stands at `version`.

        Raises:
            Outdated: it has another assignment since, perhaps another agency's.
        """
        return self._act(assignment, Action.RESOLVE, version, public_note=answer)

    def put_back(self, assignment: Assignment, *, after_s: int = 0) -> None:
        """Let others receive the message, at once or after a while; no matter if they can already."""
        try:
            self._queue().change_message_visibility(
                QueueUrl=self._agency.queue_url,
                ReceiptHandle=assignment.receipt_handle,
                VisibilityTimeout=after_s,
            )
        except ClientError as error:
            if error.response["Error"]["Code"].rsplit(".", 1)[-1] not in _EXPIRED:
                raise

    def done(self, assignment: Assignment) -> None:
        """Delete the message: it has been dealt with.

        If our time with it has run out and somebody else has it by now, they find it done.
        """
        try:
            self._queue().delete_message(
                QueueUrl=self._agency.queue_url, ReceiptHandle=assignment.receipt_handle
            )
        except ClientError as error:
            if error.response["Error"]["Code"].rsplit(".", 1)[-1] not in _EXPIRED:
                raise

    def _act(self, assignment: Assignment, action: Action, version: int, **notes: str) -> Standing:
        """Take an action at `version`, or at the one where the complaint stands by now."""
        body = {
            "action": action,
            "action_id": str(action_id(str(assignment.message["message_id"]), action)),
            "assignment_no": assignment.message["assignment_no"],
            **notes,
        }
        tries = 0
        while True:
            tries += 1
            try:
                became = self._take(assignment, body | {"expected_version": version})
                return Standing(version=became["version"], status=Status(became["status"]))
            except Refused as refusal:
                found = self._after(refusal, assignment)
                if found.status in PAST[action]:
                    return found
                if found.version == version or tries == TRIES:
                    raise
                version = found.version

    def _take(self, assignment: Assignment, body: dict[str, Any]) -> dict[str, Any]:
        return self._with_token(
            lambda token: self._api.act(assignment.complaint_id, body, token=token)
        )

    def _after(self, refusal: Refused, assignment: Assignment) -> Standing:
        """Return how the complaint stands after a refusal that the complaint itself explains.

        Raises:
            Outdated: it has another assignment since.
            Refused: the refusal has another cause; the message keeps its use.
        """
        if (refusal.status, refusal.code) == (HTTPStatus.CONFLICT, "stale_assignment"):
            raise Outdated(str(refusal)) from refusal
        if (refusal.status, refusal.code) not in _LOOK_AGAIN:
            raise refusal
        try:
            found = self._with_token(
                lambda token: self._api.work(self.code, assignment.complaint_id, token=token)
            )
        except Refused as unseen:
            if (unseen.status, unseen.code) == (HTTPStatus.NOT_FOUND, "not_found"):
                raise Outdated(str(refusal)) from refusal
            raise
        if found["assignment"]["no"] != assignment.message["assignment_no"]:
            raise Outdated(str(refusal)) from refusal
        return Standing(version=found["version"], status=Status(found["status"]), already=True)

    def _with_token(self, call: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
        """Make a call with the token; sign in anew when it has run out (they last an hour)."""
        if self._token is not None:
            try:
                return call(self._token)
            except Refused as refusal:
                if refusal.status != HTTPStatus.UNAUTHORIZED:
                    raise
        self._token = self._sign_in()
        return call(self._token)

    def _sign_in(self) -> str:
        around = self._surroundings
        if self._agency.client_id:
            client = machine_client(around.outputs, self.code, around.cognito)
            return machine_token(client, around.http)
        return officer_token(around.outputs, f"agency:{self.code}", around.cognito, around.http)

    def _queue(self) -> "SQSClient":
        if self._agency.role_arn is None:
            raise CannotContinue(
                f"Dinas `{self.code}` belum punya peran IAM; isi `principals` di config. "
                "/ This agency has no IAM role: name its principals in configuration."
            )
        if self._sqs is None or self._now() >= self._until - MARGIN:
            given = self._surroundings.sts.assume_role(
                RoleArn=self._agency.role_arn,
                RoleSessionName="simpul-agency-listen",
                ExternalId=self._agency.external_id,
            )["Credentials"]
            self._until = given["Expiration"]
            self._sqs = self._surroundings.client(
                "sqs",
                aws_access_key_id=given["AccessKeyId"],
                aws_secret_access_key=given["SecretAccessKey"],
                aws_session_token=given["SessionToken"],
            )
        return self._sqs
