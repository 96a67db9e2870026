"""The clocks that a jurisdiction's complaints run by, as configuration says it."""

from collections.abc import Mapping
from datetime import time
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

DeadlineClass = Literal["information", "complaint", "supervision"]
#: From when to when an office is open on working days, WIB.
OfficeHours = tuple[time, time]


class _Model(BaseModel):
    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True)


class Span(_Model):
    """A length of time: hours on the clock or of the office, or working days.

    Working days are Monday to Friday less holidays and joint leave.
    """

    hours: int = Field(default=0, ge=0)
    working_days: int = Field(default=0, ge=0)
    office_hours: OfficeHours | None = None  #: the hours run between these times alone
    source: str

    @model_validator(mode="after")
    def _one_of_both(self) -> "Span":
        if bool(self.hours) == bool(self.working_days):
            raise ValueError("give either `hours` or `working_days`")
        if self.office_hours and not self.hours:
            raise ValueError("`office_hours` go with `hours`; leave them out")
        if self.office_hours and self.office_hours[0] >= self.office_hours[1]:
            raise ValueError("`office_hours` end before they begin; give [opens, closes]")
        return self


class Delay(_Model):
    """How long before or after a due date something happens; zero: at that very moment."""

    hours: int = Field(default=0, ge=0)
    working_days: int = Field(default=0, ge=0)


class Escalation(_Model):
    """When it is said, and to whom, that a complaint is due soon or overdue.

    By `due_at`, the jurisdiction's own promise. What is left out does not happen.
    """

    warn_before: Delay | None = None  #: the agency, at its queue
    head_after: Delay | None = None  #: the agency's head
    triage_after: Delay | None = None  #: the triage desk's list of late ones
    public_after: Delay | None = None  #: the public list of overdue ones
    source: str = ""


class Deadlines(_Model):
    """The clocks of a complaint: forwarding, the law's, and the jurisdiction's own promise."""

    dispatch: Span
    legal: Mapping[DeadlineClass, Span]
    promise: Mapping[DeadlineClass, Span] = {}
    close: Span | None = None  #: after it was resolved and nobody objected; None: never by itself
    # Made when first asked for: an instance here would build its schema at import.
    escalation: Escalation = Field(default_factory=Escalation)

    @model_validator(mode="after")
    def _the_law_knows_every_class(self) -> "Deadlines":
        if missing := set(get_args(DeadlineClass)) - set(self.legal):
            raise ValueError(f"`legal` lacks {', '.join(sorted(missing))}; give each class a span")
        return self
