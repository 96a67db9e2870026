"""A month of open data through the real deployment: the command publishes, anyone fetches."""

import csv
import io
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from cli.main import app
from cli.surroundings import Surroundings
from shared.clock import WIB
from tests.e2e.citizen import Street

AGENCY = "semarang-disperkim"


@pytest.fixture(scope="module")
def street(surroundings: Surroundings) -> Street:
    return Street(surroundings)


def published(street: Street, month: str) -> dict[str, Any]:
    arguments = ["open-data", "export", "-j", "semarang", "-m", month, "--json"]
    done = CliRunner().invoke(app, arguments, obj=street.around)
    assert done.exit_code == 0, done.output
    told: dict[str, Any] = json.loads(done.output)
    return told


def fetched(street: Street, month: str) -> Mapping[str, Mapping[str, str]]:
    """Fetch a month as anyone would, and return its rows by complaint number."""
    link = street.call("GET", f"/open-data/semarang/{month}")
    assert link.status_code == 302, link.text
    file = httpx.get(link.headers["Location"])
    assert file.status_code == 200, file.text
    assert file.headers["Content-Type"].startswith("text/csv")
    assert f"semarang-{month}.csv" in file.headers["Content-Disposition"]
    rows = csv.DictReader(io.StringIO(file.content.decode(), newline=""))
    return {row["service_request_id"]: row for row in rows}


def test_a_month_is_published_with_what_anyone_may_read_and_nothing_else(street: Street) -> None:
    month = f"{datetime.now(WIB):%Y-%m}"
    public = street.submit(
        '=HYPERLINK("http://x") Lampu mati, hubungi 0812-3456-7890',
        service_code="lampu-jalan",
        lat=-6.99,
        long=110.42,
        vehicle_code="GJK-4821",
    )
    private = street.submit("Lampu mati", service_code="lampu-jalan", visibility="private")
    secret = street.submit("Pungli", service_code="lampu-jalan", visibility="secret")
    for receipt in (public, private, secret):
        street.assigned(receipt, AGENCY)
    told = published(street, month)
    rows = fetched(street, month)
    assert told["rows"] == len(rows)
    assert told["url"].endswith(f"/open-data/semarang/{month}")
    row = rows[public["complaint_id"]]
    assert row["description"].startswith("'=HYPERLINK")
    assert "3456" not in row["description"]
    assert (row["lat"], row["long"], row["source"]) == ("-6.99", "110.42", "fleet")
    assert (row["status_description"], row["service_name"]) == (
        "open",
        "Lampu penerangan jalan",
    )
    assert not rows.keys() & {private["complaint_id"], secret["complaint_id"]}

    version = street.see(public)["version"]
    token = street.machine(AGENCY)
    street.act(public, "accept", version, token)
    street.act(public, "resolve", version + 1, token, public_note="Sudah menyala.")
    published(street, month)
    row = fetched(street, month)[public["complaint_id"]]
    assert row["status_description"] == "closed"
    assert row["closed_date"].endswith("+07:00")


def test_what_was_never_published_is_not_found(street: Street) -> None:
    for path in ("semarang/2020-01", "atlantis/2026-11", "semarang/2026-13", "semarang/x"):
        answer = street.call("GET", f"/open-data/{path}")
        assert answer.status_code == 404
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_the_bucket_shows_nothing_without_a_link(street: Street) -> None:
    month = f"{datetime.now(WIB):%Y-%m}"
    published(street, month)
    link = street.call("GET", f"/open-data/semarang/{month}").headers["Location"]
    assert httpx.get(link.split("?")[0]).status_code == 403
