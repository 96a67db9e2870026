"""What desks may say is checked when configuration loads."""

from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from shared import config
from shared.complaints.law import Action
from shared.days import day_of, end_of, long_date
from shared.desk import AnswerTemplate, Desk, Outcome, Reason
from shared.text import Text

WORDS = Text("ya", "yes")


def a_template(text: Text = WORDS, *actions: Action) -> AnswerTemplate:
    return AnswerTemplate(code="x", actions=actions or (Action.RESOLVE,), text=text)


@pytest.mark.parametrize(
    ("text", "actions", "said"),
    [
        (Text("$nomor", "b"), (), "$nomor is not filled in here; there are $agency, $category"),
        (Text("a", "5$"), (), "write $$ for a dollar sign"),
        (Text("a", "$until"), (), "resolve has no $until to fill in"),
        (Text("$until", "b"), (Action.SCHEDULE, Action.RESOLVE), "resolve has no $until"),
        (WORDS, (Action.RESOLVE, Action.HIDE), "hide has no answer; choose of accept"),
    ],
)
def test_a_template_that_cannot_be_filled_is_refused(text, actions, said):
    with pytest.raises(ValidationError) as refused:
        a_template(text, *actions)
    assert said in str(refused.value)


def test_a_template_of_actions_that_name_a_day_may_say_it():
    a_template(Text("$until", "$until"), Action.SCHEDULE, Action.RESOLVE_CONDITIONALLY)


def test_a_template_is_for_some_action():
    with pytest.raises(ValidationError):
        AnswerTemplate(code="x", actions=(), text=WORDS)


@pytest.mark.parametrize(
    ("kind", "one"),
    [
        ("reason", Reason(code="x", text=WORDS, basis=WORDS)),
        ("outcome", Outcome(code="x", text=WORDS)),
        ("template", a_template()),
    ],
)
def test_a_code_is_defined_once(kind, one):
    with pytest.raises(ValidationError, match=f"{kind} 'x' is defined twice; keep one"):
        Desk.model_validate({f"{kind}s": (one, one)})


def test_a_code_finds_its_words_and_an_unknown_one_nothing():
    reason, outcome = Reason(code="r", text=WORDS, basis=WORDS), Outcome(code="o", text=WORDS)
    desk = Desk(reasons=(reason,), outcomes=(outcome,))
    assert (desk.reason("r"), desk.reason("o"), desk.reason(None)) == (reason, None, None)
    assert (desk.outcome("o"), desk.outcome("r"), desk.outcome(None)) == (outcome, None, None)


@pytest.mark.parametrize("jurisdiction_id", config.jurisdiction_ids())
def test_every_jurisdiction_can_reject_and_has_a_template_for_each_way_to_end(jurisdiction_id):
    desk = config.load(jurisdiction_id).desk
    assert all(one.basis.id for one in desk.reasons)
    assert desk.reasons
    answered = {action for one in desk.templates for action in one.actions}
    ends = {Action.RESOLVE, Action.RESOLVE_CONDITIONALLY, Action.RETURN, Action.REJECT}
    assert ends <= answered


def test_a_day_ends_at_midnight_in_western_indonesia():
    last = datetime(2026, 11, 20, 16, 59, 59, tzinfo=UTC)
    assert end_of(date(2026, 11, 20)) == last
    assert (day_of(last), day_of(last.replace(hour=17))) == (date(2026, 11, 20), date(2026, 11, 21))


@pytest.mark.parametrize(
    ("language", "said"),
    [("id", "1 Januari 2027"), ("en", "1 January 2027"), ("jv", "1 Januari 2027")],
)
def test_a_day_is_said_in_words(language, said):
    assert long_date(datetime(2026, 12, 31, 17, tzinfo=UTC), language) == said
