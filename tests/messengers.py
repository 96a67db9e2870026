"""Stand-ins for those who carry notices: SES, SNS and a partner's server, and what they were given."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from standardwebhooks import Webhook

from shared import aws
from shared.messengers.addresses import Endpoint
from tests.aws_double import answering


@dataclass
class Messengers:
    """What was handed over, in order; `refusing` is the code that SES and SNS answer instead."""

    emails: list[dict[str, Any]] = field(default_factory=list)
    texts: list[dict[str, Any]] = field(default_factory=list)
    webhooks: list[tuple[Endpoint, dict[str, str], bytes]] = field(default_factory=list)
    refusing: tuple[str, str] | None = None
    status: int | Exception = 204  #: of a partner's server

    def post(self, endpoint: Endpoint, headers: dict[str, str], body: bytes) -> int:
        """Stand in for a partner's server."""
        self.webhooks.append((endpoint, dict(headers), body))
        if isinstance(self.status, Exception):
            raise self.status
        return self.status

    def verified(self, secret: str) -> list[Any]:
        """Return the webhooks' messages, each verified by the standard's own library."""
        return [Webhook(secret).verify(body, headers) for _, headers, body in self.webhooks]

    def headers_of_email(self) -> dict[str, str]:
        """Return the further headers of the only e-mail."""
        (email,) = self.emails
        return {one["Name"]: one["Value"] for one in email["Content"]["Simple"]["Headers"]}

    def text_of_email(self) -> str:
        """Return the text of the only e-mail."""
        (email,) = self.emails
        text: str = email["Content"]["Simple"]["Body"]["Text"]["Data"]
        return text

    @contextmanager
    def standing_in(self) -> Iterator["Messengers"]:
        """Let nothing reach SES or SNS."""
        with ExitStack() as stack:
            for client, event, kept in (
                (aws.ses(), "sesv2.SendEmail", self.emails),
                (aws.sns("ap-southeast-3"), "sns.Publish", self.texts),
            ):
                named = f"provide-client-params.{event}"
                stack.enter_context(
                    answering(client, named, lambda params, kept=kept, **_: kept.append(params))
                )
                stack.enter_context(answering(client, f"before-call.{event}", self._answer))
            yield self

    def _answer(self, **_: Any) -> Any:
        if self.refusing is None:
            return SimpleNamespace(status_code=200), {"MessageId": "m"}
        code, message = self.refusing
        return SimpleNamespace(status_code=400), {"Error": {"Code": code, "Message": message}}


def as_text(value: Any) -> str:
    """Return everything that a value says, to look for what must not be in it."""
    return json.dumps(value, default=str, ensure_ascii=False)
