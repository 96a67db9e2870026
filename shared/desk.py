"""What desks say and may say, as configuration words it: reasons, outcomes, templates of answers."""

from collections import Counter
from collections.abc import Sequence
from string import Template
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from shared.complaints.law import Action
from shared.notices import filled_in
from shared.text import Text

Code = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=48)]

#: Actions that name a day, the `$until` of their templates.
DATED: Final = (Action.SCHEDULE, Action.RESOLVE_CONDITIONALLY)
#: Actions whose public note a template may write.
_ANSWERED: Final = (
    *(Action.ACCEPT, Action.START, Action.NOTE, Action.ANSWER, Action.ASK, Action.SCHEDULE),
    *(Action.RESOLVE, Action.RESOLVE_CONDITIONALLY, Action.RETURN, Action.REJECT, Action.REOPEN),
)
_PLACEHOLDERS: Final = frozenset({"number", "category", "agency"})


class _Model(BaseModel):
    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True)


class Reason(_Model):
    """Why a complaint may be rejected, and by which rule: the citizen reads both."""

    code: Code
    text: Text
    basis: Text  #: the law or regulation that says so
    verified: bool = False  #: `basis` was read in its source, not taken from memory


class Outcome(_Model):
    """What came of a complaint that was resolved, in a form that can be counted."""

    code: Code
    text: Text


def _placeholders(text: Text) -> Text:
    return filled_in(text, {*_PLACEHOLDERS, "until"})


class AnswerTemplate(_Model):
    """Words for a public note. `$number`, `$category`, `$agency` and `$until` are filled in."""

    code: Code
    actions: Annotated[tuple[Action, ...], Field(min_length=1)]  #: that it is an answer to
    text: Annotated[Text, AfterValidator(_placeholders)]

    @model_validator(mode="after")
    def _fits_its_actions(self) -> "AnswerTemplate":
        if silent := [one for one in self.actions if one not in _ANSWERED]:
            raise ValueError(f"{silent[0]} has no answer; choose of {', '.join(_ANSWERED)}")
        undated = [one for one in self.actions if one not in DATED]
        texts = (self.text.id, self.text.en)
        if undated and any("until" in Template(one).get_identifiers() for one in texts):
            raise ValueError(f"{undated[0]} has no $until to fill in; leave it out")
        return self


class Desk(_Model):
    """The terms and the words of a jurisdiction's desks."""

    plan_days: int = Field(default=365, ge=1, le=365)  #: how far ahead work may be scheduled
    owe_days: int = Field(default=90, ge=1, le=365)  #: how long something may be owed
    reasons: tuple[Reason, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    templates: tuple[AnswerTemplate, ...] = ()

    @model_validator(mode="after")
    def _codes_are_unique(self) -> "Desk":
        kinds: dict[str, Sequence[Reason | Outcome | AnswerTemplate]] = {
            "reason": self.reasons,
            "outcome": self.outcomes,
            "template": self.templates,
        }
        for what, listed in kinds.items():
            seen = Counter(one.code for one in listed)
            if twice := [code for code, count in seen.items() if count > 1]:
                raise ValueError(f"{what} {twice[0]!r} is defined twice; keep one")
        return self

    def reason(self, code: str | None) -> Reason | None:
        """Return the reason of a code, if there is one."""
        return next((one for one in self.reasons if one.code == code), None)

    def outcome(self, code: str | None) -> Outcome | None:
        """Return the outcome of a code, if there is one."""
        return next((one for one in self.outcomes if one.code == code), None)
