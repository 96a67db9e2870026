"""A local cloud's keys are made once, and the provider's own stay out of our secrets."""

import json

import pytest

from cli import payments_keys


class FakeSecrets:
    def __init__(self):
        self.values = {}

    def put_secret_value(self, *, SecretId, SecretString):
        self.values[SecretId] = SecretString


@pytest.fixture
def secrets(around, monkeypatch):
    fake = FakeSecrets()
    monkeypatch.setattr(around, "client", lambda service: fake)
    return fake


def test_keys_are_made_once_and_put_into_the_stages_secrets(around, secrets):
    path = payments_keys.fill(around)
    first = path.read_text()
    assert path.stat().st_mode & 0o077 == 0
    assert set(secrets.values) == {
        f"simpul/local/payments/{name}"
        for name in ("midtrans", "snap", "gobiz", "marketplaces", "tickets")
    }
    assert payments_keys.fill(around).read_text() == first
    assert payments_keys.load(around) == json.loads(first)


def test_what_only_the_provider_knows_is_in_no_secret_of_ours(around, secrets):
    payments_keys.fill(around)
    keys = payments_keys.load(around)
    every = "".join(secrets.values.values())
    for partner in keys["snap"].values():
        assert json.dumps(partner["private_key_of_provider"]) not in every
        assert json.dumps(partner["private_key"]) in every
        assert json.dumps(partner["public_keys"][0]) in every


def test_a_new_partner_gets_keys_and_the_others_keep_theirs(around, secrets):
    path = payments_keys.fill(around)
    keys = json.loads(path.read_text())
    lost = keys["snap"].pop("gopay")
    path.write_text(json.dumps(keys))
    payments_keys.fill(around)
    after = payments_keys.load(around)
    assert after["midtrans"] == keys["midtrans"]
    assert after["snap"]["qris"] == keys["snap"]["qris"]
    assert after["snap"]["gopay"] != lost
