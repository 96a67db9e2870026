"""Desk actions by the command: what is sent, what is shown, and nothing that steers a terminal."""

import json
from typing import Any

import httpx
import pytest

from cli.main import app
from cli.surroundings import Surroundings
from functions.agency_routing.requests import AT_A_DESK

NUMBER = "SMG-3WH0TKYMATS5E"


class FakeDesk:
    """The API's desk side: one complaint, and what was asked of it."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.acted: list[dict[str, Any]] = []
        self.complaint: dict[str, Any] = {
            "complaint_id": NUMBER,
            "version": 4,
            "status": "accepted",
            "service_code": "jalan-rusak",
            "description": "Jalan \x1b[31mberlubang",
            "due_at": "2026-11-25T05:00:00.000Z",
            "hidden": True,
            "public_description": None,
            "planned_at": None,
            "assignment": {"no": 2, "agency": "semarang-dpu"},
            "timeline": [
                {
                    "at": "2026-11-22T05:00:00.000Z",
                    "action": "hide",
                    "status": "accepted",
                    "role": "desk",
                    "public_note": None,
                    "internal_note": "Ada nama",
                }
            ],
        }

    def handle(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/v1")
        self.asked.append((request.method, path, dict(request.url.params)))
        if path.endswith("/actions"):
            body = json.loads(request.content)
            self.acted.append(body)
            became = {"complaint_id": NUMBER, "status": "resolved", "agency": "semarang-dpu"}
            return httpx.Response(200, json=became | {"version": 5, "action_id": "x"})
        if path.endswith("/templates"):
            text = {"id": "Beres $number", "en": "Done $number"}
            words = {
                "templates": [{"code": "selesai", "text": text, "actions": ["resolve"]}],
                "outcomes": [{"code": "diganti", "text": text}],
                "reasons": [{"code": "hukum", "text": text, "basis": {"id": "UU", "en": "Law"}}],
            }
            return httpx.Response(200, json=words)
        if path.endswith(NUMBER):
            return httpx.Response(200, json=self.complaint)
        return httpx.Response(200, json={"complaints": [self.complaint], "cursor": "lanjut"})


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def around(around: Surroundings, cloud: Any, desk: FakeDesk) -> Surroundings:
    """The cloud's sign-in, and the desk's API."""

    def handle(request: httpx.Request) -> httpx.Response:
        signing_in = request.url.path.startswith("/oauth2") or request.url.path == "/login"
        return cloud.handle(request) if signing_in else desk.handle(request)

    around.http = httpx.Client(transport=httpx.MockTransport(handle))
    return around


def test_an_agency_acts_on_the_version_and_assignment_that_stand(simpul, desk):
    words = ("--template", "selesai", "--outcome", "diganti", "--internal", "regu B")
    done = simpul("agency", "resolve", "semarang-dpu", NUMBER, *words)
    assert done.exit_code == 0, done.stderr
    assert f"{NUMBER}: resolved (semarang-dpu)" in done.stdout
    (body,) = desk.acted
    assert body.pop("action_id")
    assert body == {
        "action": "resolve",
        "expected_version": 4,
        "assignment_no": 2,
        "template": "selesai",
        "outcome": "diganti",
        "internal_note": "regu B",
    }


def test_the_same_command_again_is_the_same_action(simpul, desk):
    for _ in range(2):
        simpul("agency", "accept", "semarang-dpu", NUMBER)
    simpul("agency", "start", "semarang-dpu", NUMBER)
    ids = [body["action_id"] for body in desk.acted]
    assert (ids[0] == ids[1], ids[0] == ids[2]) == (True, False)


def test_an_action_prints_json_for_a_machine(simpul):
    done = simpul("agency", "schedule", "semarang-dpu", NUMBER, "--until", "2026-12-01", "--json")
    assert json.loads(done.stdout)["version"] == 5


def test_an_operator_acts_at_the_desk_of_the_number(simpul, desk, cloud):
    done = simpul("officer", "assign", NUMBER, "--to", "semarang-dlh", "-i", "Salah dinas")
    assert done.exit_code == 0, done.stderr
    assert ("GET", f"/triage/{NUMBER}", {}) in desk.asked
    assert desk.acted[0]["agency"] == "semarang-dlh"
    assert "operator:semarang" in cloud.cognito.members


def test_an_operator_splits_and_merges(simpul, desk):
    parts = ("--part", "semarang-dpu:jalan-rusak", "--part", "semarang-dlh")
    assert simpul("officer", "split", NUMBER, *parts).exit_code == 0
    assert simpul("officer", "merge", NUMBER, "--into", "SMG-AWSNS1REBYVHT").exit_code == 0
    assert simpul("officer", "unmerge", NUMBER, "-i", "Lain perkara").exit_code == 0
    split, merge, unmerge = desk.acted
    assert split["parts"] == [
        {"agency": "semarang-dpu", "service_code": "jalan-rusak"},
        {"agency": "semarang-dlh"},
    ]
    assert merge["into"] == "SMG-AWSNS1REBYVHT"
    assert unmerge["internal_note"] == "Lain perkara"


def test_a_number_of_no_jurisdiction_is_one_sentence(simpul):
    refused = simpul("officer", "hide", "XYZ-1", "-i", "x")
    assert refused.exit_code == 1
    assert "XYZ-1" in refused.stderr


def test_work_is_listed_with_where_to_go_on(simpul, desk):
    listed = simpul("agency", "list", "semarang-dpu", "--overdue", "--status", "accepted")
    assert NUMBER in listed.stdout
    assert "hidden" in listed.stdout
    assert "--cursor lanjut" in listed.stdout
    assert "\x1b" not in listed.stdout
    assert desk.asked[-1][2] == {"overdue": "true", "status": "accepted"}
    as_json = simpul("officer", "triage", "--jurisdiction", "semarang", "--json")
    assert json.loads(as_json.stdout)["complaints"][0]["complaint_id"] == NUMBER
    assert desk.asked[-1][1:] == ("/triage", {"jurisdiction_id": "semarang"})


@pytest.mark.parametrize(
    "command", [("agency", "complaint", "semarang-dpu"), ("officer", "complaint")]
)
def test_a_complaint_is_shown_with_its_internal_notes(simpul, command):
    shown = simpul(*command, NUMBER)
    assert "Ada nama" in shown.stdout
    assert "\x1b" not in shown.stdout
    assert json.loads(simpul(*command, NUMBER, "--json").stdout)["version"] == 4


def test_what_may_be_chosen_is_listed(simpul, desk):
    shown = simpul("agency", "templates", "semarang-dpu", "--jurisdiction", "jateng")
    assert "selesai" in shown.stdout
    assert "Beres $number [UU]" in shown.stdout
    assert desk.asked[-1] == (
        "GET",
        "/agencies/semarang-dpu/templates",
        {"jurisdiction_id": "jateng"},
    )
    as_json = simpul("agency", "templates", "semarang-dpu", "--json")
    assert json.loads(as_json.stdout)["reasons"][0]["code"] == "hukum"


def test_every_action_has_a_command():
    groups = {one.name: one.typer_instance for one in app.registered_groups}
    names = {
        command.name
        for group in ("agency", "officer")
        for command in groups[group].registered_commands  # type: ignore[union-attr]
    }
    theirs = {one.replace("_", "-") for one in AT_A_DESK}
    assert theirs <= names
