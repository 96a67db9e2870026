"""Keys: kept a while, asked for again when none fits, and not without end."""

import json

import pytest

from functions.payment_webhooks.keys import Keys, Unavailable


class Secrets:
    """A secret that changes and fails, and a clock that is set."""

    def __init__(self, value="old"):
        self.value = value
        self.asked = 0
        self.failing = False
        self.seconds = 1000.0

    def read(self, name):
        assert name == "simpul/test/payments/x"
        self.asked += 1
        if self.failing:
            raise ConnectionError
        return json.dumps({"keys": [self.value]}).encode()

    def keys(self):
        return Keys("simpul/test/payments/x", self.read, lambda: self.seconds)


def fits(keys, wanted):
    return keys.fitting(lambda secret: (one for one in secret["keys"] if one == wanted))


def test_a_secret_is_asked_for_once_in_five_minutes():
    secrets = Secrets()
    keys = secrets.keys()
    assert fits(keys, "old") == "old"
    secrets.seconds += 299
    assert fits(keys, "old") == "old"
    assert secrets.asked == 1
    secrets.seconds += 1
    assert fits(keys, "old") == "old"
    assert secrets.asked == 2


def test_a_key_that_was_added_fits_at_once():
    secrets = Secrets()
    keys = secrets.keys()
    assert fits(keys, "old")
    secrets.value = "new"
    assert fits(keys, "new") == "new"
    assert secrets.asked == 2
    assert fits(keys, "old") is None


def test_forgers_have_the_secret_asked_for_at_most_once_a_minute():
    secrets = Secrets()
    keys = secrets.keys()
    for _ in range(100):
        assert fits(keys, "forged") is None
    assert secrets.asked == 2
    secrets.seconds += 60
    assert fits(keys, "forged") is None
    assert secrets.asked == 3


def test_without_any_value_nothing_can_be_said():
    secrets = Secrets()
    secrets.failing = True
    keys = secrets.keys()
    with pytest.raises(Unavailable):
        fits(keys, "old")
    secrets.failing = False
    assert fits(keys, "old") == "old"


def test_an_old_value_is_better_than_none_and_is_renewed_a_minute_later():
    secrets = Secrets()
    keys = secrets.keys()
    assert fits(keys, "old")
    secrets.seconds += 301
    secrets.failing = True
    assert fits(keys, "old") == "old"
    assert fits(keys, "old") == "old"
    assert secrets.asked == 2
    secrets.seconds += 60
    secrets.failing = False
    secrets.value = "new"
    assert fits(keys, "new") == "new"
    assert secrets.asked == 3


def test_nobody_is_refused_while_the_new_keys_cannot_be_had():
    secrets = Secrets()
    keys = secrets.keys()
    assert fits(keys, "old")
    secrets.failing = True
    with pytest.raises(Unavailable):
        fits(keys, "new")


@pytest.mark.parametrize("value", [b"", b"not json", b"[]", b'"x"', b"\xff"])
def test_a_secret_that_holds_no_object_is_as_none(value):
    keys = Keys("x", lambda _name: value, lambda: 0.0)
    with pytest.raises(Unavailable):
        keys.current()
