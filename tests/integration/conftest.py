"""Who carries messages, and time that passes, for the tests of alerts."""

from datetime import timedelta

import pytest

from functions.complaint_intake.on_progress import alerter, teller
from functions.complaint_intake.rights import stores
from shared import clock
from tests.messengers import Messengers


@pytest.fixture
def alerts_made_anew(aws_double):
    """Let what tells, and answers officers, find the tables of this test."""
    for made in (alerter, teller, stores.alerts, stores.register):
        made.cache_clear()


@pytest.fixture(name="sent")
def _sent(aws_double):
    """Stand in for SES and SNS."""
    with Messengers().standing_in() as messengers:
        yield messengers


@pytest.fixture
def later(monkeypatch):
    """Let time pass for the API and for who tells."""

    def pass_(**span):
        at = clock.now() + timedelta(**span)
        for module in ("alerts.routes", "alerts.answering", "on_progress"):
            monkeypatch.setattr(f"functions.complaint_intake.{module}.now", lambda: at)

    return pass_
