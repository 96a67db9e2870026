"""`simpul open311 keys` on tables: a key is shown once, kept as a digest, and revoked at once."""

import json

import httpx
import pytest
from typer.testing import CliRunner

from cli import outputs
from cli.main import app
from cli.surroundings import Surroundings
from functions.complaint_intake.open311.keys import KeyStore, NoValidKey, actor_of, digest_of
from shared import aws
from tests import aws_double
from tests.aws_double import COMPLAINTS
from tests.unit.cli.conftest import OUTPUTS

pytestmark = pytest.mark.usefixtures("aws_double")


@pytest.fixture
def simpul(tmp_path):
    """Run the command as a user would, with this process's tables."""
    tables = OUTPUTS.tables.model_copy(update={"complaints": COMPLAINTS})
    outputs.save(OUTPUTS.model_copy(update={"tables": tables}), tmp_path / "outputs.json")
    around = Surroundings(
        state_dir=tmp_path,
        outputs_path=tmp_path / "outputs.json",
        make_client=lambda service, **_: aws._client(service),
        http=httpx.Client(),
    )
    runner = CliRunner()
    return lambda *arguments: runner.invoke(app, ["open311", "keys", *arguments], obj=around)


@pytest.fixture
def store() -> KeyStore:
    return KeyStore(COMPLAINTS, aws.dynamodb())


def created(simpul, client="kota-lain"):
    answer = simpul("create", client, "--json")
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout)


def listed(simpul):
    return json.loads(simpul("list", "--json").stdout)


def test_a_key_is_shown_once_and_only_its_digest_is_kept(simpul, store):
    made = created(simpul)
    assert store.client_of(made["key"]) == "kota-lain"
    kept = json.dumps(aws_double.items(COMPLAINTS))
    assert made["key"] not in kept
    assert digest_of(made["key"]) in kept
    assert made["key"] not in simpul("list").stdout
    assert listed(simpul) == [{name: made[name] for name in made if name != "key"}]


def test_a_person_reads_the_key_on_a_line_of_its_own(simpul, store):
    answer = simpul("create", "kota-lain")
    assert store.client_of(answer.stdout.splitlines()[-1]) == "kota-lain"


def test_each_key_is_another_and_a_system_may_have_several(simpul, store):
    keys = {created(simpul, client)["key"] for client in ("kota-lain", "kota-lain", "fms")}
    assert sorted(map(store.client_of, keys)) == ["fms", "kota-lain", "kota-lain"]
    assert [one["client"] for one in listed(simpul)] == ["kota-lain", "kota-lain", "fms"]


def test_a_revoked_key_counts_no_more_and_the_others_do(simpul, store):
    revoked, other = created(simpul), created(simpul)
    answer = simpul("revoke", revoked["id"][:6], "--json")
    assert json.loads(answer.stdout)["revoked_at"]
    with pytest.raises(NoValidKey):
        store.client_of(revoked["key"])
    assert store.client_of(other["key"]) == "kota-lain"
    assert "dicabut" in simpul("list").stdout


def test_revoking_again_keeps_the_first_time(simpul):
    made = created(simpul)
    first, again = (json.loads(simpul("revoke", made["id"], "--json").stdout) for _ in range(2))
    assert first == again
    assert "counts no more" in simpul("revoke", made["id"]).stdout


@pytest.mark.parametrize("key_id", ["ffffffffffff", "ab", ""])
def test_an_id_that_names_no_key_revokes_none(simpul, store, key_id):
    made = created(simpul)
    answer = simpul("revoke", key_id)
    assert answer.exit_code == 1
    assert "keys list" in answer.output
    assert store.client_of(made["key"]) == "kota-lain"


@pytest.mark.parametrize("client", ["Kota Lain", "-x", "x" * 49, "kota_lain", ""])
def test_a_name_that_is_none_makes_no_key(simpul, client):
    assert simpul("create", "--", client).exit_code == 1
    assert "Belum ada" in simpul("list").stdout


@pytest.mark.parametrize("key", [None, "", "unknown", "x" * 201])
def test_no_key_is_nobodys(store, key):
    with pytest.raises(NoValidKey):
        store.client_of(key)


def test_a_client_acts_under_its_name():
    assert actor_of("kota-lain") == "open311:kota-lain"
