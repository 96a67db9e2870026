"""The books on DynamoDB and S3: hours sealed, totals set, revenue and roots as the public reads them."""

import csv
import io
import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from aws_lambda_powertools import Logger
from botocore.exceptions import ClientError

from functions.payment_webhooks import every_minute
from functions.payment_webhooks.books import api as books_api
from functions.payment_webhooks.books.api import handler as api
from functions.payment_webhooks.books.closing import NotSealed, close_hours
from functions.payment_webhooks.books.files import BookFiles
from functions.payment_webhooks.books.journal import Journal
from functions.payment_webhooks.books.merkle import NO_SEAL
from functions.payment_webhooks.books.sealing import seal_closed
from functions.payment_webhooks.books.verifying import Fault, Verified, verify
from shared import aws
from shared.dynamo import from_item
from tests.aws_double import LEDGER, PAYMENTS, PAYMENTS_BUCKET, answering, items
from tests.builders import CONTEXT
from tests.journals import NOON, a_refund, an_entry, in_turns

pytestmark = pytest.mark.usefixtures("small_config", "aws_double")
FRIDAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _fresh() -> None:
    for remembered in (books_api.journal, every_minute.journal):
        remembered.cache_clear()


@pytest.fixture
def journal() -> Journal:
    return Journal(LEDGER, PAYMENTS)


@pytest.fixture
def files() -> BookFiles:
    return BookFiles(PAYMENTS_BUCKET)


def seal(journal: Journal, files: BookFiles, now: datetime, **more: Any) -> list[dict[str, Any]]:
    sealed = seal_closed("semarang", journal=journal, manifests=files, now=now, **more)
    return [dict(one.values) for one in sealed]


def verified(files: BookFiles, now: datetime) -> Verified:
    kept = [from_item(item) for table in (LEDGER, PAYMENTS) for item in items(table)]
    return verify(
        (one for one in kept if one["pk"].startswith("J#")),
        (one for one in kept if one["pk"].startswith("SEAL#")),
        files.manifest,
        now=now,
    )


def get(path: str, query: dict[str, str] | None = None, **headers: str) -> tuple[int, Any, Any]:
    event = {
        "resource": path,
        "path": path,
        "httpMethod": "GET",
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": query,
        "multiValueQueryStringParameters": {k: [v] for k, v in (query or {}).items()},
        "requestContext": {"requestId": "r", "resourcePath": path, "httpMethod": "GET"},
        "body": None,
        "isBase64Encoded": False,
    }
    answer = api(event, CONTEXT)
    headers_ = {name: values[-1] for name, values in answer["multiValueHeaders"].items()}
    return answer["statusCode"], answer["body"], headers_


def test_an_entry_is_posted_once(journal: Journal) -> None:
    assert journal.post(an_entry())
    assert not journal.post(an_entry(note="again"))
    (kept,) = journal.entries("semarang", FRIDAY)
    assert "note" not in kept


def test_entries_are_read_by_day_and_by_posting_hour(journal: Journal) -> None:
    for one in in_turns(12, NOON, timedelta(hours=2)):
        journal.post(one)
    assert len(list(journal.entries("semarang", FRIDAY))) == 6
    assert [one["transaction_id"] for one in journal.posted("semarang", "2026-11-20T07")] == ["t-1"]
    assert journal.has_posted("semarang", "2026-11-20T07")
    assert not journal.has_posted("semarang", "2026-11-20T08")
    assert not journal.has_posted("jateng", "2026-11-20T07")


def test_closed_hours_are_sealed_in_a_chain_and_verify(journal: Journal, files: BookFiles) -> None:
    for one in in_turns(8, NOON, timedelta(minutes=40)):
        journal.post(one)
    now = NOON + timedelta(hours=5, minutes=15)
    seals = seal(journal, files, now)
    assert [(one["hour"], one["entries"]) for one in seals] == [
        ("2026-11-20T05", 2),
        ("2026-11-20T06", 1),
        ("2026-11-20T07", 2),
        ("2026-11-20T08", 1),
        ("2026-11-20T09", 2),
    ]
    assert [one["previous"] for one in seals] == [NO_SEAL, *(one["chain"] for one in seals[:-1])]
    found = verified(files, now)
    assert (found.findings, found.sealed) == ([], 8)


def test_an_hour_is_not_sealed_before_it_has_been_over_for_a_quarter(
    journal: Journal, files: BookFiles
) -> None:
    journal.post(an_entry())
    assert (
        seal(journal, files, NOON + timedelta(hours=1, minutes=14))[-1]["hour"] == "2026-11-20T04"
    )
    assert (
        seal(journal, files, NOON + timedelta(hours=1, minutes=15))[-1]["hour"] == "2026-11-20T05"
    )


def test_sealing_again_changes_nothing_and_missed_hours_are_made_up(
    journal: Journal, files: BookFiles
) -> None:
    journal.post(an_entry())
    now = NOON + timedelta(hours=3, minutes=20)
    assert len(seal(journal, files, now, most=1)) == 1
    assert [one["hour"] for one in seal(journal, files, now)] == ["2026-11-20T06", "2026-11-20T07"]
    before = items(PAYMENTS)
    assert seal(journal, files, now) == []
    assert items(PAYMENTS) == before


def test_a_sealer_that_another_was_quicker_than_goes_on_from_the_seal_that_stands(
    journal: Journal, files: BookFiles
) -> None:
    journal.post(an_entry())
    now = NOON + timedelta(hours=3, minutes=20)
    slow = seal_closed("semarang", journal=journal, manifests=files, now=now)
    first = next(slow)
    seal(journal, files, now)
    rest = [dict(one.values) for one in slow]
    assert rest[0]["previous"] == first.values["chain"]
    assert verified(files, now).findings == []


def test_a_sealer_that_died_after_the_manifest_does_it_again(
    journal: Journal, files: BookFiles
) -> None:
    journal.post(an_entry())
    now = NOON + timedelta(hours=1, minutes=20)

    def die(**_: Any) -> None:
        raise ConnectionError

    with (
        answering(aws.dynamodb(), "before-call.dynamodb.PutItem", die),
        pytest.raises(ConnectionError),
    ):
        seal(journal, files, now)
    assert files.manifest("semarang", "2026-11-20T05")
    assert [one["hour"] for one in seal(journal, files, now)] == ["2026-11-20T05"]
    assert verified(files, now).findings == []


def test_an_entry_that_was_altered_before_its_seal_is_told_and_found(
    journal: Journal, files: BookFiles
) -> None:
    journal.post(an_entry())
    alter(an_entry().entry_id, "site", {"S": "koridor-9"})
    now = NOON + timedelta(hours=1, minutes=20)
    (one,) = seal_closed("semarang", journal=journal, manifests=files, now=now)
    assert one.altered == (an_entry().entry_id,)
    assert {(f.fault, f.entry_id) for f in verified(files, now).findings} == {
        (Fault.ALTERED, an_entry().entry_id)
    }


def test_every_jurisdictions_hours_are_closed_and_ones_trouble_keeps_no_other_back(
    journal: Journal, files: BookFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal.post(an_entry("t-1"))
    journal.post(an_entry("t-2", jurisdiction_id="jateng"))
    alter(an_entry("t-2").entry_id, "site", {"S": "x"})
    logger = Logger(service="test")
    now = NOON + timedelta(hours=1, minutes=20)
    put = BookFiles.put_manifest

    def troubled(self: BookFiles, jurisdiction_id: str, hour: str, manifest: Any) -> None:
        if jurisdiction_id == "jateng":
            raise ConnectionError
        put(self, jurisdiction_id, hour, manifest)

    with monkeypatch.context() as patch:
        patch.setattr(BookFiles, "put_manifest", troubled)
        with pytest.raises(NotSealed, match="jateng"):
            close_hours(now, logger)
    assert journal.seal("semarang", "2026-11-20T05")
    assert close_hours(now, logger) == (1, 1)
    assert close_hours(now, logger) == (0, 0)


def alter(entry_id: str, attribute: str, value: Any) -> None:
    item = next(one for one in items(LEDGER) if one["sk"]["S"] == entry_id)
    aws.dynamodb().put_item(TableName=LEDGER, Item={**item, attribute: value})


def test_totals_are_set_by_the_minute_and_revenue_reads_them(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(every_minute, "now", lambda: NOON + timedelta(minutes=2))
    monkeypatch.setattr(books_api, "now", lambda: NOON + timedelta(minutes=2))
    assert get("/revenue")[0] == 200
    journal.post(an_entry("t-1"))
    journal.post(an_entry("t-2", jurisdiction_id="jateng"))
    for _ in range(2):
        assert every_minute.handler({}, CONTEXT)["semarang"] == ["2026-11-20"]
    status, body, headers = get("/revenue", {"group_by": "product"})
    assert status == 200
    found = json.loads(body)
    assert found["rows"] == [
        {
            "agency": None,
            "product": "brt-umum",
            "day": None,
            "transactions": 2,
            "received": 7_000,
            "returned": 0,
            "revenue": 7_000,
        }
    ]
    assert found["as_of"] == "2026-11-20T05:02:00Z"
    assert (found["from"], found["to"]) == ("2026-10-22", "2026-11-20")
    one = json.loads(get("/revenue", {"jurisdiction_id": "jateng"})[1])
    assert one["total"]["revenue"] == 3_500
    assert get("/revenue", {"group_by": "product"}, **{"If-None-Match": headers["ETag"]})[0] == 304


def test_a_minute_later_without_a_payment_the_tag_is_the_same(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(books_api, "now", lambda: NOON)
    monkeypatch.setattr(every_minute, "now", lambda: NOON + timedelta(minutes=2))
    journal.post(an_entry("t-1"))
    every_minute.handler({}, CONTEXT)
    first = get("/revenue")
    monkeypatch.setattr(every_minute, "now", lambda: NOON + timedelta(minutes=3))
    every_minute.handler({}, CONTEXT)
    second = get("/revenue")
    assert first[1] != second[1]
    assert first[2]["ETag"] == second[2]["ETag"]
    journal.post(a_refund("t-1", 3_500, "r-1", posted_at=NOON + timedelta(minutes=3)))
    journal.post(an_entry("t-3", posted_at=NOON + timedelta(minutes=3)))
    every_minute.handler({}, CONTEXT)
    assert get("/revenue")[2]["ETag"] != first[2]["ETag"]


def test_totals_that_were_made_from_older_entries_do_not_replace_younger_ones(
    journal: Journal,
) -> None:
    young = {"revenue": [], "accounts": {}, "entries": 2}
    journal.set_totals("semarang", FRIDAY, young, NOON)
    journal.set_totals("semarang", FRIDAY, young | {"entries": 1}, NOON - timedelta(seconds=1))
    (kept,) = journal.totals("semarang", FRIDAY, FRIDAY)
    assert kept["entries"] == 2
    journal.set_up_to("semarang", NOON)
    journal.set_up_to("semarang", NOON - timedelta(minutes=1))
    assert journal.up_to("semarang") == NOON


def test_one_jurisdictions_trouble_keeps_no_others_figures_back(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(every_minute, "now", lambda: NOON + timedelta(minutes=2))
    journal.post(an_entry("t-1"))
    posted = Journal.posted

    def troubled(self: Journal, jurisdiction_id: str, hour: str, since: str = "") -> Any:
        if jurisdiction_id == "jateng":
            raise ConnectionError
        return posted(self, jurisdiction_id, hour, since)

    monkeypatch.setattr(Journal, "posted", troubled)
    with pytest.raises(every_minute.NotUpToDate, match="jateng"):
        every_minute.handler({}, CONTEXT)
    assert list(journal.totals("semarang", FRIDAY, FRIDAY))


def test_revenue_is_csv_by_format_or_by_accept(journal: Journal) -> None:
    for query, headers in (({"format": "csv"}, {}), ({}, {"Accept": "text/csv"})):
        status, body, got = get("/revenue", query, **headers)
        assert (status, got["Content-Type"].split(";")[0]) == (200, "text/csv")
        assert next(csv.reader(io.StringIO(body)))[0] == "day"
    assert get("/revenue", {}, Accept="application/json, text/csv")[2]["Content-Type"] == (
        "application/json"
    )


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "x"}, "from"),
        ({"group_by": "site"}, "group_by"),
        ({"format": "xml"}, "format"),
        ({"jurisdiction_id": "surakarta"}, "jurisdiction_id"),
        ({"from": "2026-01-01", "to": "2028-01-01"}, "from"),
    ],
)
def test_what_cannot_be_asked_for_is_a_small_clear_problem(query: Any, field: str) -> None:
    status, body, headers = get("/revenue", query)
    assert (status, headers["Content-Type"]) == (400, "application/problem+json")
    assert [fault["field"] for fault in json.loads(body)["errors"]] == [field]


def test_seals_are_public_page_by_page_the_newest_first(journal: Journal, files: BookFiles) -> None:
    journal.post(an_entry())
    seals = seal(journal, files, NOON + timedelta(hours=3, minutes=20))
    query = {"jurisdiction_id": "semarang", "limit": "2"}
    first = json.loads(get("/ledger/seals", query)[1])
    assert [one["hour"] for one in first["seals"]] == ["2026-11-20T07", "2026-11-20T06"]
    rest = json.loads(get("/ledger/seals", query | {"cursor": first["cursor"]})[1])
    assert ([one["hour"] for one in rest["seals"]], rest["cursor"]) == (["2026-11-20T05"], None)
    assert rest["seals"][0]["root"] == seals[0]["root"]
    status, body, headers = get("/ledger/seals/semarang/2026-11-20T05")
    assert (status, json.loads(body)["chain"]) == (200, seals[0]["chain"])
    tag = headers["ETag"]
    assert get("/ledger/seals/semarang/2026-11-20T05", **{"If-None-Match": tag})[0] == 304


@pytest.mark.parametrize(
    "path",
    [
        "/ledger/seals/semarang/2026-11-20T05",
        "/ledger/seals/semarang/x",
        "/ledger/seals/surakarta/2026-11-20T05",
    ],
)
def test_a_seal_that_is_not_there_is_not_found(path: str) -> None:
    assert get(path)[0] == 404


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "jurisdiction_id"),
        ({"jurisdiction_id": "semarang", "cursor": "x"}, "cursor"),
        ({"jurisdiction_id": "semarang", "limit": "0"}, "limit"),
    ],
)
def test_seals_that_cannot_be_asked_for_are_refused(query: Any, field: str) -> None:
    status, body, _ = get("/ledger/seals", query)
    assert (status, json.loads(body)["errors"][0]["field"]) == (400, field)


def test_what_the_table_refuses_for_other_reasons_is_raised(journal: Journal) -> None:
    with pytest.raises(ClientError):
        Journal("no-such-table", PAYMENTS).post(an_entry())
