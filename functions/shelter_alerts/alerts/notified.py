"""Who is told of a jurisdiction's alerts, and after which times: part of `shelters.toml`."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from functions.shelter_alerts.alerts.states import LEVELS, State
from functions.shelter_alerts.alerts.timers import Waits
from shared.jurisdiction import Slug
from shared.messengers.addresses import endpoint, takes_mail, takes_sms

Seconds = Annotated[int, Field(ge=1, le=86_400)]
#: From which state on somebody is told.
Raised = Literal["warning", "full", "over"]


class _Model(BaseModel):
    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True)


class Timings(_Model):
    """How long a state lasts before it is said, and how what is said is gathered."""

    warning_s: Seconds = 60
    full_s: Seconds = 30
    over_s: Seconds = 30
    clear_s: Seconds = 120
    unsteady_s: Seconds = 900  #: before an alert that came and went too often is taken back
    repeat_s: Seconds = 3_600
    gather_s: Annotated[int, Field(ge=1, le=900)] = 30  #: a district's first news waits for more
    gather_again_s: Annotated[int, Field(ge=1, le=900)] = 300  #: … and what follows it

    @property
    def waits(self) -> Waits:
        """What the rules wait for."""
        return Waits(
            warning_ms=self.warning_s * 1000,
            full_ms=self.full_s * 1000,
            over_ms=self.over_s * 1000,
            clear_ms=self.clear_s * 1000,
            unsteady_ms=self.unsteady_s * 1000,
            repeat_ms=self.repeat_s * 1000,
        )


class _Notified(_Model):
    id: Slug
    at_least: Raised = "full"

    def hears(self, state: State, previous: State) -> bool:
        """Tell whether it is told that a shelter came from one state to another."""
        least = LEVELS.index(State(self.at_least))
        return any(one in LEVELS and LEVELS.index(one) >= least for one in (state, previous))


class Subscriber(_Notified):
    """An office that is told by e-mail, by text message or by both, a district at a time."""

    email: str | None = None
    sms: str | None = None
    language: Literal["id", "en"] = "id"
    districts: tuple[str, ...] = ()  #: none: all

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if self.email is None and self.sms is None:
            raise ValueError("give `email`, `sms` or both")
        if self.email is not None and not takes_mail(self.email):
            raise ValueError(f"{self.email!r} is no address that mail can be sent to as it is")
        if self.sms is not None and not takes_sms(self.sms, ("+",)):
            raise ValueError(f"{self.sms!r} is no number in the form +62…")
        return self


class PartnerServer(_Notified):
    """A partner's server that is told of each alert by a signed webhook.

    Its secret is kept in Secrets Manager under its id.
    """

    url: str

    @model_validator(mode="after")
    def _leads_outwards(self) -> Self:
        if endpoint(self.url, loopback=True) is None:
            raise ValueError("`url` must be https, by name, on the usual port")
        return self
