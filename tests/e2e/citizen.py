"""A citizen, an agency and an operator, as their own clients would speak to a deployment."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import boto3
import httpx

from cli.signin import machine_client, machine_token, officer_token
from cli.surroundings import Surroundings

_WITHIN_S = 60.0


def eventually(look: Callable[[], Any], within_s: float = _WITHIN_S) -> Any:
    """Look until something is there, and return it; fail when it does not come."""
    deadline = time.monotonic() + within_s
    while not (found := look()):
        assert time.monotonic() < deadline, f"nothing came of {look} within {within_s} s"
        time.sleep(0.1)
    return found


@dataclass
class Street:
    """Everyone who meets on the deployment."""

    around: Surroundings
    tokens: dict[str, str] = field(default_factory=dict)

    def call(
        self, method: str, path: str, body: Any = None, *, token: str | None = None, **headers: str
    ) -> httpx.Response:
        """Send a request to the API. Header names are written with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            named["Authorization"] = f"Bearer {token}"
        url = self.around.outputs.api_url + path
        return self.around.http.request(method, url, json=body, headers=named)

    def submit(self, description: str = "Lampu jalan mati", **fields: Any) -> dict[str, Any]:
        """Submit a complaint and return its receipt."""
        body = {"jurisdiction_id": "semarang", "description": description, **fields}
        answer = self.call("POST", "/complaints", body, Idempotency_Key=str(uuid4()))
        assert answer.status_code == 201, answer.text
        receipt: dict[str, Any] = answer.json()
        return receipt

    def see(self, receipt: dict[str, Any]) -> dict[str, Any]:
        """Return the reporter's own view of a complaint."""
        path = f"/complaints/{receipt['complaint_id']}"
        answer = self.call("GET", path, X_Tracking_Token=receipt["tracking_token"])
        assert answer.status_code == 200, answer.text
        view: dict[str, Any] = answer.json()
        return view

    def assigned(self, receipt: dict[str, Any], agency: str) -> dict[str, Any]:
        """Wait until a complaint is an agency's, and return the reporter's view."""
        view: dict[str, Any] = eventually(
            lambda: (
                (found := self.see(receipt))["agency"]
                and found["agency"]["code"] == agency
                and found
            )
        )
        return view

    def machine(self, agency: str) -> str:
        """Return an access token of an agency's machine client."""
        if agency not in self.tokens:
            client = machine_client(self.around.outputs, agency, self.around.cognito)
            self.tokens[agency] = machine_token(client, self.around.http)
        return self.tokens[agency]

    def officer(self, group: str) -> str:
        """Return an access token of an officer of a group."""
        if group not in self.tokens:
            self.tokens[group] = officer_token(
                self.around.outputs, group, self.around.cognito, self.around.http
            )
        return self.tokens[group]

    def act(
        self, receipt: dict[str, Any], action: str, version: int, token: str, **more: Any
    ) -> httpx.Response:
        """Take an action on a complaint."""
        body = {"action": action, "action_id": str(uuid4()), "expected_version": version, **more}
        return self.call(
            "POST", f"/complaints/{receipt['complaint_id']}/actions", body, token=token
        )

    def reply(self, receipt: dict[str, Any], action: str, **more: Any) -> httpx.Response:
        """Do something about a complaint as its reporter; a token or action_id may be given."""
        token = more.pop("token", receipt["tracking_token"])
        body = {"action": action, "action_id": str(uuid4()), **more}
        return self.call(
            "POST", f"/complaints/{receipt['complaint_id']}/replies", body, X_Tracking_Token=token
        )

    def heard(self, agency: str, receipt: dict[str, Any], **wanted: Any) -> dict[str, Any]:
        """Poll an agency's queue with its own role until it brings such a message of a complaint."""
        sqs, url = self.agency_queue(agency), self.around.outputs.agency(agency).queue_url
        wanted["complaint_id"] = receipt["complaint_id"]

        def look() -> dict[str, Any] | None:
            answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
            found = None
            for message in answer.get("Messages", ()):
                body: dict[str, Any] = json.loads(message["Body"])
                if wanted.items() <= body.items():
                    found = body
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            return found

        message: dict[str, Any] = eventually(look)
        return message

    def as_role(self, service: str, role_arn: str, external_id: str | None = None) -> Any:
        """Return a client with the credentials of an assumed role."""
        assume_role: Any = self.around.sts.assume_role
        external = {"ExternalId": external_id} if external_id else {}
        given = assume_role(RoleArn=role_arn, RoleSessionName="test", **external)["Credentials"]
        outputs = self.around.outputs
        make_client: Any = boto3.client
        return make_client(
            service,
            endpoint_url=outputs.endpoint_url,
            region_name=outputs.region,
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given["SessionToken"],
        )

    def agency_queue(self, agency: str) -> Any:
        """Return an SQS client with an agency's own role."""
        known = self.around.outputs.agency(agency)
        assert known.role_arn
        return self.as_role("sqs", known.role_arn, known.external_id)

    def function_role(self, function: str) -> str:
        """Return the role of a Lambda function."""
        name = f"simpul-local-{function}"
        described = self.around.client("lambda").get_function_configuration(FunctionName=name)
        role: str = described["Role"]
        return role
