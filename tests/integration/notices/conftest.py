"""Servers of mail, text messages and partners, played."""

from collections.abc import Iterator

import pytest

from shared.messengers import posting
from tests.messengers import Messengers


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[Messengers]:
    with Messengers().standing_in() as messengers:
        monkeypatch.setattr(posting, "post", messengers.post)
        yield messengers
