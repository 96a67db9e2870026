"""What the environment tells the notices' function: names and addresses, never secrets."""

import os
from dataclasses import dataclass
from functools import cache

from functions.complaint_intake.notices.messages import Channel
from shared.messengers.writing import Writing


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSettings(Writing):
    """Names of what notices use."""

    complaints_table: str
    reporters_table: str
    queue_url: str
    token_secret: str

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The channels that this stage serves."""
        served: dict[Channel, str] = {"email": self.email_sender, "sms": self.sms_region}
        return tuple(channel for channel, by in served.items() if by)


@cache
def settings() -> NoticeSettings:
    """Return the settings; a missing one fails at the first use, by its name."""
    return NoticeSettings.from_environment(
        complaints_table=os.environ["COMPLAINTS_TABLE"],
        reporters_table=os.environ["REPORTERS_TABLE"],
        queue_url=os.environ["NOTICES_QUEUE_URL"],
        token_secret=os.environ["TRACKING_TOKEN_SECRET"],
    )
