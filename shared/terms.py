"""What a jurisdiction promises its citizens and asks of them, as configuration says it."""

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from shared.text import Text

#: How far around a place similar complaints are looked for, at most: a few cells' width.
LARGEST_RADIUS_M: Final = 1000


class _Model(BaseModel):
    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True)


class Dialogue(_Model):
    """How long each side of the conversation has."""

    answer_days: int = Field(default=10, ge=1)  #: for the reporter to answer a question
    reopen_days: int = Field(default=28, ge=1)  #: after it was resolved
    nearby_weeks: int = Field(default=12, ge=1)  #: how long a closed one still counts as similar


class Retention(_Model):
    """How long personal data is kept once a complaint is done with."""

    days: int = Field(default=730, ge=1)
    source: str = ""


class Abuse(_Model):
    """What is looked at twice before an agency is bothered with it."""

    submissions_per_device: int = Field(default=10, ge=1)  #: a day; more goes to triage
    blocked: tuple[Annotated[str, Field(min_length=3)], ...] = ()  #: phrases, in lower case


class Notice(_Model):
    """What a reporter is told on an occasion; `$name` stands for what is filled in."""

    subject: Text
    body: Text
    sms: Text


Notices = Mapping[str, Notice]
