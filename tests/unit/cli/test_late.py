"""`simpul officer overdue` and `debts`: the public lists, page after page."""

import json
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from cli.main import app
from cli.surroundings import Surroundings

ROW = {
    "status": "accepted",
    "service_name": "Jalan rusak",
    "agency": {"code": "semarang-dpu", "short_name": "DPU"},
    "due_at": "2026-11-21T05:00:00Z",
    "owed_by": "2026-12-21T05:00:00Z",
}


def page(request: httpx.Request) -> httpx.Response:
    """Answer two pages of a row each; Central Java has none, and nowhere is unknown."""
    query = dict(request.url.params)
    if query["jurisdiction_id"] == "nowhere":
        return httpx.Response(400, json={"code": "invalid_input", "status": 400})
    if query["jurisdiction_id"] == "jateng":
        return httpx.Response(200, json={"complaints": [], "cursor": None})
    last = query.get("cursor") == "next"
    row: dict[str, Any] = ROW | {
        "complaint_id": f"SMG-{request.url.path.rsplit('/', 1)[1]}-{2 if last else 1}"
    }
    if last:
        row = {**row, "agency": None, "service_name": None}
    return httpx.Response(200, json={"complaints": [row], "cursor": None if last else "next"})


@pytest.fixture
def late(around: Surroundings) -> Surroundings:
    around.http = httpx.Client(transport=httpx.MockTransport(page))
    return around


def simpul(around: Surroundings, *arguments: str) -> Any:
    return CliRunner().invoke(app, ["officer", *arguments], obj=around)


@pytest.mark.parametrize(("command", "due"), [("overdue", "11-21"), ("debts", "12-21")])
def test_the_whole_list_is_shown_with_whose_each_is_and_when_it_was_due(late, command, due):
    said = simpul(late, command, "-j", "semarang", "--agency", "semarang-dpu").stdout
    assert f"SMG-{command}-1" in said
    assert f"SMG-{command}-2" in said
    assert f"2026-{due}" in said
    assert "DPU" in said


def test_no_more_are_fetched_than_are_asked_for(late):
    said = simpul(late, "overdue", "-j", "semarang", "--max", "1", "--json").stdout
    assert [one["complaint_id"] for one in json.loads(said)] == ["SMG-overdue-1"]


def test_an_empty_list_is_told_as_such(late):
    assert "Tidak ada" in simpul(late, "debts", "-j", "jateng").stdout


def test_what_the_api_refuses_is_refused(late):
    assert simpul(late, "debts", "-j", "nowhere").exit_code != 0
