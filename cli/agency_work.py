"""An agency's work on its own queue: receive natively with its role, accept, answer, delete."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from cli.api import Api, Refused, action_id
from cli.screen import CannotContinue
from cli.signin import machine_client, machine_token, officer_token
from cli.surroundings import Surroundings

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

#: Renew the role's credentials this long before they end.
MARGIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A message of the agency's queue: what it says, and the handle by which to delete it."""

    message: dict[str, Any]
    receipt_handle: str

    @property
    def complaint_id(self) -> str:
        """The complaint that is assigned."""
        return str(self.message["complaint_id"])


class Outdated(Exception):
    """The complaint has moved on since the message was sent; the message has no more use."""


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

    def receive(self, most: int = 10, wait_s: int = 20) -> list[Assignment]:
        """Wait up to `wait_s` seconds for messages and return at most `most` (1 to 10) of them."""
        answer = self._queue().receive_message(
            QueueUrl=self._agency.queue_url, MaxNumberOfMessages=most, WaitTimeSeconds=wait_s
        )
        return [
            Assignment(message=json.loads(message["Body"]), receipt_handle=message["ReceiptHandle"])
            for message in answer.get("Messages", [])
        ]

    def accept(self, assignment: Assignment) -> dict[str, Any]:
        """Accept the complaint; again is harmless.

        Raises:
            Outdated: it is no longer this agency's, or was already worked on.
        """
        return self._act(assignment, "accept", int(assignment.message["version"]))

    def resolve(self, assignment: Assignment, answer: str, *, version: int) -> dict[str, Any]:
        """Answer the citizen and close the complaint, which stands at `version`."""
        return self._act(assignment, "resolve", version, public_note=answer)

    def done(self, assignment: Assignment) -> None:
        """Delete the message: it has been dealt with."""
        self._queue().delete_message(
            QueueUrl=self._agency.queue_url, ReceiptHandle=assignment.receipt_handle
        )

    def _act(
        self, assignment: Assignment, action: str, version: int, **notes: str
    ) -> dict[str, Any]:
        body = {
            "action": action,
            "action_id": str(action_id(str(assignment.message["message_id"]), action)),
            "expected_version": version,
            "assignment_no": assignment.message["assignment_no"],
            **notes,
        }
        try:
            return self._with_token(
                lambda token: self._api.act(assignment.complaint_id, body, token=token)
            )
        except Refused as refusal:
            if refusal.status == HTTPStatus.CONFLICT:
                raise Outdated(str(refusal)) from refusal
            raise

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
