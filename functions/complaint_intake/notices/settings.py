"""What the environment tells the notices' function: names and addresses, never secrets."""

import os
from dataclasses import dataclass
from functools import cache

from functions.complaint_intake.notices.messages import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSettings:
    """Names of what notices use."""

    complaints_table: str
    reporters_table: str
    queue_url: str
    token_secret: str
    public_url: str  #: the API's address, as links have it
    email_sender: str  #: blank: no e-mail is sent on this stage
    configuration_set: str
    sms_region: str  #: blank: no text messages are sent on this stage
    sms_sender: str
    partner_secret_prefix: str
    loopback: bool  #: webhooks may go to this machine: for a receiver in a test

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The channels that this stage serves."""
        served: dict[Channel, str] = {"email": self.email_sender, "sms": self.sms_region}
        return tuple(channel for channel, by in served.items() if by)


@cache
def settings() -> NoticeSettings:
    """Return the settings; a missing one fails at the first use, by its name."""
    return NoticeSettings(
        complaints_table=os.environ["COMPLAINTS_TABLE"],
        reporters_table=os.environ["REPORTERS_TABLE"],
        queue_url=os.environ["NOTICES_QUEUE_URL"],
        token_secret=os.environ["TRACKING_TOKEN_SECRET"],
        public_url=os.environ["PUBLIC_URL"],
        email_sender=os.environ["EMAIL_SENDER"],
        configuration_set=os.environ["EMAIL_CONFIGURATION_SET"],
        sms_region=os.environ["SMS_REGION"],
        sms_sender=os.environ["SMS_SENDER"],
        partner_secret_prefix=os.environ["PARTNER_SECRET_PREFIX"],
        loopback=os.environ.get("WEBHOOKS_TO_LOOPBACK") == "yes",
    )
