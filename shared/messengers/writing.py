"""What the environment tells of writing to people and partners: names and addresses, never secrets."""

import os
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """Names of what people and servers are written to with; blank: this stage does not."""

    public_url: str = ""  #: the API's address, as links have it
    email_sender: str = ""
    configuration_set: str = ""
    sms_region: str = ""
    sms_sender: str = ""
    partner_secret_prefix: str = ""
    loopback: bool = False  #: webhooks may go to this machine: for a receiver in a test

    @classmethod
    def from_environment(cls, **more: Any) -> Self:
        """Return the names, with `more` that a function has; a missing one fails by its name."""
        return cls(
            public_url=os.environ["PUBLIC_URL"],
            email_sender=os.environ["EMAIL_SENDER"],
            configuration_set=os.environ["EMAIL_CONFIGURATION_SET"],
            sms_region=os.environ["SMS_REGION"],
            sms_sender=os.environ["SMS_SENDER"],
            partner_secret_prefix=os.environ["PARTNER_SECRET_PREFIX"],
            loopback=os.environ.get("WEBHOOKS_TO_LOOPBACK") == "yes",
            **more,
        )
