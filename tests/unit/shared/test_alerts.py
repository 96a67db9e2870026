"""Texts of alerts are checked when configuration loads."""

import pytest
from pydantic import ValidationError

from shared import config
from shared.alerts import Alerts, Asking, Telling
from shared.gsm import segments
from shared.text import Text
from tests.small_config import ALERTS


def asking(**texts):
    return Asking(
        **{
            "subject": Text("a", "b"),
            "body": Text("$link", "$link"),
            "sms": Text("$link", "$link"),
            **texts,
        }
    )


def telling(**texts):
    return Telling(
        **{
            "subject": Text("a", "b"),
            "body": Text("$link", "$link"),
            "sms": Text("$link $stop", "$link $stop"),
            "last": Text("a", "b"),
            **texts,
        }
    )


def both(text):
    return Text(text, text)


@pytest.mark.parametrize(
    ("make", "texts", "said"),
    [
        (asking, {"subject": both("$nomor")}, "$nomor is not filled in here"),
        (asking, {"subject": Text("a\nBcc: x@example.id", "b")}, "one line"),
        (telling, {"subject": Text("a", "a\n")}, "one line"),
        (telling, {"subject": both("$text")}, "$text is not filled in here"),
        (asking, {"body": Text("$link", "b")}, "say $link in it"),
        (asking, {"body": both("$text $link")}, "$text is not filled in here"),
        (telling, {"body": Text("a", "$link")}, "say $link in it"),
        (telling, {"body": both("$radius $link")}, "$radius is not filled in here"),
        (asking, {"sms": both("a")}, "say $link in it"),
        (asking, {"sms": both("$link $stop")}, "$stop is not filled in here"),
        (telling, {"sms": both("$link")}, "say $stop in it"),
        (telling, {"sms": both("$stop")}, "say $link in it"),
        (telling, {"sms": both("$text $link $stop")}, "$text is not filled in here"),
        (telling, {"sms": both("… $link $stop")}, "phones' alphabet"),
        (telling, {"sms": both("x" * 86 + "$link$stop")}, None),
        (telling, {"sms": both("x" * 87 + "$link$stop")}, "more than 2 messages"),
    ],
)
def test_a_text_that_cannot_be_sent_as_it_is_is_refused(make, texts, said):
    if said is None:
        make(**texts)
        return
    with pytest.raises(ValidationError) as refused:
        make(**texts)
    (mistake,) = refused.value.errors()
    assert mistake["loc"] == tuple(texts)
    assert said in mistake["msg"]


def test_every_email_says_how_to_stop():
    with pytest.raises(ValidationError, match="stop"):
        Alerts(
            all_categories=Text("a", "b"),
            asking=ALERTS.asking,
            telling=ALERTS.telling,
            footer=Text("$stop", "b"),
        )


@pytest.mark.parametrize("jurisdiction_id", config.jurisdiction_ids())
def test_every_jurisdiction_tells_in_two_text_messages_at_most(jurisdiction_id):
    alerts = config.load(jurisdiction_id).alerts
    assert alerts is not None
    for text in (alerts.asking.sms, alerts.telling.sms):
        for one in (text.id, text.en):
            assert segments(one) <= 2
