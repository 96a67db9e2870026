"""`simpul partner` on tables and secrets: adding, listing, trying, rotating and removing."""

import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from typer.testing import CliRunner

from cli import outputs
from cli.main import app
from cli.surroundings import Surroundings
from functions.complaint_intake.notices.registry import PartnerStore
from shared import aws
from shared.clock import from_text
from shared.messengers import posting
from shared.messengers.posting import NotDelivered
from tests.aws_double import COMPLAINTS, ENVIRONMENT, items
from tests.messengers import Messengers, as_text
from tests.unit.cli.conftest import OUTPUTS

pytestmark = pytest.mark.usefixtures("aws_double")

URL = "https://hooks.gojek.example/simpul"
PREFIX = ENVIRONMENT["PARTNER_SECRET_PREFIX"]


def run_with(tmp_path, **changes):
    """Return what runs the command as a user would, with this process's tables and secrets."""
    tables = OUTPUTS.tables.model_copy(update={"complaints": COMPLAINTS})
    made = {"tables": tables, "partners_prefix": PREFIX, "endpoint_url": None, **changes}
    outputs.save(OUTPUTS.model_copy(update=made), tmp_path / "outputs.json")
    around = Surroundings(
        state_dir=tmp_path,
        outputs_path=tmp_path / "outputs.json",
        make_client=lambda service, **_: aws._client(service),
        http=httpx.Client(),
    )
    runner = CliRunner()
    return lambda *arguments: runner.invoke(app, ["partner", *arguments], obj=around)


@pytest.fixture
def simpul(tmp_path):
    return run_with(tmp_path)


@pytest.fixture
def server(monkeypatch):
    messengers = Messengers()
    monkeypatch.setattr(posting, "post", messengers.post)
    return messengers


def added(simpul, *more):
    answer = simpul("add", "gojek", "--url", URL, *more, "--json")
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout)


def partners(simpul):
    return json.loads(simpul("list", "--json").stdout)


def test_a_partner_is_added_with_what_it_is_to_hear_and_its_secret_is_shown_once(simpul):
    made = added(
        simpul,
        "--fleet",
        "--jurisdiction",
        "semarang",
        "--status",
        "resolved",
        "--status",
        "closed",
    )
    secret = made.pop("secret")
    assert secret.startswith("whsec_")
    assert made == {
        "partner_id": "gojek",
        "url": URL,
        "jurisdictions": ["semarang"],
        "statuses": ["resolved", "closed"],
        "fleet": True,
        "disabled": None,
        "paused_until": None,
    }
    assert partners(simpul) == [made]
    shown = simpul("list").stdout
    assert "gojek" in shown
    assert URL in shown
    for text in (shown, as_text(partners(simpul)), as_text(items(COMPLAINTS))):
        assert secret.removeprefix("whsec_") not in text


def test_the_function_signs_with_the_secret_that_was_shown(simpul):
    secret = added(simpul)["secret"]
    store = PartnerStore(COMPLAINTS, PREFIX)
    assert store.secrets("gojek", datetime.now(UTC)) == [secret]


def test_adding_it_again_changes_it_switches_it_on_and_keeps_its_secret(simpul):
    secret = added(simpul)["secret"]
    PartnerStore(COMPLAINTS, PREFIX).disable("gojek", "answered 410")
    assert partners(simpul)[0]["disabled"] == "answered 410"
    assert added(simpul, "--fleet")["secret"] is None
    (partner,) = partners(simpul)
    assert partner["fleet"]
    assert partner["disabled"] is None
    assert PartnerStore(COMPLAINTS, PREFIX).secrets("gojek", datetime.now(UTC)) == [secret]
    said = simpul("add", "gojek", "--url", URL).stdout
    assert "whsec_" not in said


def test_a_person_is_told_that_the_secret_is_shown_only_now(simpul):
    said = simpul("add", "gojek", "--url", URL).stdout
    assert "whsec_" in said
    assert "Hanya ditampilkan sekali" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("Gojek!", "--url", URL), "huruf kecil"),
        (("gojek", "--url", "http://gojek.example/"), "https publik"),
        (("gojek", "--url", "https://127.0.0.1/"), "https publik"),
        (("gojek", "--url", "http://127.0.0.1:8080/"), "https publik"),
        (("gojek", "--url", URL, "--jurisdiction", "bandung"), "pilih: jateng, semarang"),
        (("gojek", "--url", URL, "--status", "done"), "pilih: received"),
    ],
)
def test_what_cannot_be_a_partner_is_refused_with_the_remedy(simpul, arguments, said):
    answer = simpul("add", *arguments)
    assert answer.exit_code == 1
    assert said in answer.stderr
    assert items(COMPLAINTS) == []


def test_on_a_local_cloud_a_partner_may_be_on_this_machine(tmp_path):
    simpul = run_with(tmp_path, endpoint_url="http://localhost:4566")
    assert simpul("add", "gojek", "--url", "http://127.0.0.1:8080/").exit_code == 0


def test_without_partners_the_list_says_how_to_add_one(simpul):
    assert "simpul partner add" in simpul("list").stdout
    assert partners(simpul) == []


def test_a_new_secret_signs_beside_the_old_one_for_a_day(simpul, server):
    old = added(simpul)["secret"]
    made = json.loads(simpul("rotate", "gojek", "--json").stdout)
    assert made["secret"] != old
    store, now = PartnerStore(COMPLAINTS, PREFIX), datetime.now(UTC)
    assert store.secrets("gojek", now) == [made["secret"], old]
    until = from_text(made["previous_until"].replace(" ", "T"))
    assert timedelta(hours=23) < until - now <= timedelta(hours=24)
    assert store.secrets("gojek", until) == [made["secret"]]
    assert simpul("test", "gojek").exit_code == 0
    assert server.verified(old) == server.verified(made["secret"])
    assert "Rahasia lama berlaku sampai" in simpul("rotate", "gojek").stdout


def test_a_trial_webhook_tells_nothing_and_says_what_the_server_answered(simpul, server):
    secret = added(simpul)["secret"]
    answer = simpul("test", "gojek")
    assert (answer.exit_code, "menjawab 204" in answer.stdout) == (0, True)
    (message,) = server.verified(secret)
    assert (message["type"], message["data"]) == ("webhook.test.v1", {})
    ((where, _, _),) = server.webhooks
    assert where.host == "hooks.gojek.example"
    assert json.loads(simpul("test", "gojek", "--json").stdout)["status"] == 204


@pytest.mark.parametrize(
    ("status", "said"),
    [(500, "menjawab 500"), (NotDelivered("TimeoutError"), "tidak terjangkau")],
)
def test_a_server_that_fails_the_trial_is_told_as_a_failure(simpul, server, status, said):
    added(simpul)
    server.status = status
    answer = simpul("test", "gojek")
    assert answer.exit_code == 1
    assert said in answer.stderr


@pytest.mark.parametrize("command", ["test", "rotate"])
def test_of_a_partner_that_is_not_there_nothing_is_done(simpul, command):
    answer = simpul(command, "gojek")
    assert answer.exit_code == 1
    assert "simpul partner list" in answer.stderr


def test_a_partner_is_removed_with_its_secret_and_may_come_back_with_another(simpul):
    first = added(simpul)["secret"]
    for _ in range(2):
        answer = simpul("remove", "gojek")
        assert (answer.exit_code, "dihapus" in answer.stdout) == (0, True)
    assert partners(simpul) == []
    assert items(COMPLAINTS) == []
    again = added(simpul)["secret"]
    assert again is not None
    assert again != first
    assert json.loads(simpul("remove", "gojek", "--json").stdout) == {"removed": "gojek"}
