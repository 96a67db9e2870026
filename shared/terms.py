"""What a jurisdiction promises its citizens and asks of them, as configuration says it."""

from typing import Annotated, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.text import Text

#: How far around a place similar complaints are looked for, at most: a few cells' width.
LARGEST_RADIUS_M: Final = 1000
#: How many submissions of a device are counted a day; beyond them the count says no more.
MOST_OF_A_DEVICE: Final = 200
_PHRASE: Final = r"^[a-z0-9]+( [a-z0-9]+){0,3}\*?$"


class _Model(BaseModel):
    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True)


class Dialogue(_Model):
    """How long each side of the conversation has."""

    answer_days: int = Field(default=10, ge=1)  #: for the reporter to answer a question
    reopen_days: int = Field(default=28, ge=1)  #: after it was resolved
    nearby_weeks: int = Field(default=12, ge=1)  #: how long a closed one still counts as similar


class Delivery(_Model):
    """What is done when an agency does not acknowledge what it was sent."""

    resend_after_hours: int = Field(default=24, ge=1)  #: it is sent again, on the clock
    resends: int = Field(default=3, ge=1, le=20)  #: so often; with the last it is stuck


class Retention(_Model):
    """How long personal data is kept once a complaint is done with."""

    days: int = Field(default=730, ge=1)
    source: str = ""


class Abuse(_Model):
    """What is looked at twice before an agency is bothered with it."""

    #: A day; more goes to triage.
    submissions_per_device: int = Field(default=10, ge=1, le=MOST_OF_A_DEVICE)
    #: Phrases that only spam has, of up to four words in the spelling of `language.toml`; a
    #: trailing * takes any ending.
    blocked: tuple[Annotated[str, Field(pattern=_PHRASE, min_length=3)], ...] = ()


class Open311(_Model):
    """What other systems are told about how to reach us."""

    key_service: Text = Text("Minta kunci kepada pengelola.", "Ask who runs this for a key.")


class Changeset(_Model):
    """When the services that other systems may keep a copy of last changed."""

    at: AwareDatetime
    services: str  #: a digest of them, by which a change is noticed
