"""A month published and found: what the table holds, as the file and the API tell it."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from functions.complaint_intake import every_month
from functions.complaint_intake.api import handler as api
from functions.complaint_intake.open_data import publishing
from shared import aws
from shared.complaints.store import ComplaintStore
from tests.aws_double import COMPLAINTS, OPEN_DATA_BUCKET
from tests.builders import CONTEXT, NOW, a_complaint, an_api_event

pytestmark = pytest.mark.usefixtures("small_config", "aws_double")
MONTH = "2026-11"
START, END = datetime(2026, 10, 31, 17, tzinfo=UTC), datetime(2026, 11, 30, 17, tzinfo=UTC)


def stored(at: datetime, **changes: Any) -> str:
    complaint = a_complaint(created_at=at, updated_at=at, **changes)
    assert ComplaintStore(COMPLAINTS).submit(complaint) is None
    return complaint.complaint_id


def file(key: str = f"semarang/{MONTH}.csv") -> list[dict[str, str]]:
    content = aws.s3().get_object(Bucket=OPEN_DATA_BUCKET, Key=key)["Body"].read()
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def get(path: str) -> tuple[int, Any, dict[str, str]]:
    answer = api(an_api_event("GET", path), CONTEXT)
    headers = {name: values[-1] for name, values in answer["multiValueHeaders"].items()}
    return answer["statusCode"], answer["body"], headers


def test_a_month_holds_its_public_complaints_newest_first_and_no_others() -> None:
    first, last = stored(START), stored(END - timedelta(milliseconds=1))
    stored(START - timedelta(milliseconds=1))
    stored(END)
    stored(NOW, visibility="private")
    stored(NOW, suspicion="honeypot")
    stored(NOW, jurisdiction_id="jateng")
    done = every_month.handler({"jurisdiction_id": "semarang", "month": MONTH}, CONTEXT)
    assert [one["service_request_id"] for one in file()] == [last, first]
    (published,) = done["published"]
    size = aws.s3().head_object(Bucket=OPEN_DATA_BUCKET, Key=f"semarang/{MONTH}.csv")
    assert published == {
        "jurisdiction_id": "semarang",
        "month": MONTH,
        "rows": 2,
        "bytes": size["ContentLength"],
    }
    assert size["ContentType"].startswith("text/csv")


def test_a_month_published_again_is_as_things_stand_then() -> None:
    for expected in (1, 2):
        stored(NOW)
        every_month.handler({"jurisdiction_id": "semarang", "month": MONTH}, CONTEXT)
        assert len(file()) == expected


def test_on_the_first_every_jurisdictions_month_before_is_published(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(every_month, "now", lambda: END + timedelta(hours=4))
    number = stored(NOW)
    done = every_month.handler({"detail-type": "Scheduled Event"}, CONTEXT)
    assert [(one["jurisdiction_id"], one["month"]) for one in done["published"]] == [
        ("jateng", MONTH),
        ("semarang", MONTH),
    ]
    assert [one["service_request_id"] for one in file()] == [number]
    assert file(f"jateng/{MONTH}.csv") == []


def test_one_jurisdictions_trouble_keeps_no_others_data_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publish = publishing.publish

    def fails_for_one(jurisdiction_id: str, *arguments: Any, **named: Any) -> Any:
        if jurisdiction_id == "jateng":
            raise ConnectionError
        return publish(jurisdiction_id, *arguments, **named)

    monkeypatch.setattr(every_month, "publish", fails_for_one)
    with pytest.raises(every_month.NotPublished, match="jateng of 2026-11"):
        every_month.handler({"month": MONTH}, CONTEXT)
    assert file() == []


@pytest.mark.parametrize(
    "event",
    [
        {"jurisdiction_id": "atlantis", "month": MONTH},
        {"jurisdiction_id": "semarang", "month": "2026-13"},
        {"jurisdiction_id": "semarang", "month": "../x"},
    ],
)
def test_what_names_nothing_publishes_nothing(event: dict[str, str]) -> None:
    with pytest.raises(every_month.NotPublished):
        every_month.handler(event, CONTEXT)
    assert "Contents" not in aws.s3().list_objects_v2(Bucket=OPEN_DATA_BUCKET)
    assert not aws.s3().list_multipart_uploads(Bucket=OPEN_DATA_BUCKET).get("Uploads")


def test_a_failure_half_way_leaves_the_last_file_and_nothing_unfinished(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    event = {"jurisdiction_id": "semarang", "month": MONTH}
    stored(NOW)
    every_month.handler(event, CONTEXT)
    stored(NOW)

    def fails(*_: Any, **__: Any) -> Any:
        raise ClientError({"Error": {"Code": "SlowDown"}}, "UploadPart")

    with monkeypatch.context() as patch:
        patch.setattr(aws.s3(), "upload_part", fails)
        with pytest.raises(every_month.NotPublished):
            every_month.handler(event, CONTEXT)
    assert len(file()) == 1
    assert not aws.s3().list_multipart_uploads(Bucket=OPEN_DATA_BUCKET).get("Uploads")
    every_month.handler(event, CONTEXT)
    assert len(file()) == 2


def test_a_published_month_is_answered_with_a_link_to_a_file_of_its_name() -> None:
    every_month.handler({"jurisdiction_id": "semarang", "month": MONTH}, CONTEXT)
    status, _, headers = get(f"/open-data/semarang/{MONTH}")
    assert status == 302
    assert f"/semarang/{MONTH}.csv?" in headers["Location"]
    assert f"semarang-{MONTH}.csv" in headers["Location"]
    assert "X-Amz-Signature" in headers["Location"]


@pytest.mark.parametrize(
    "path",
    ["semarang/2026-10", "atlantis/2026-11", "semarang/2026-13", "semarang/x", "jateng/2026-11"],
)
def test_what_was_not_published_is_not_found(path: str) -> None:
    every_month.handler({"jurisdiction_id": "semarang", "month": MONTH}, CONTEXT)
    status, body, headers = get(f"/open-data/{path}")
    assert status == 404
    assert headers["Content-Type"] == "application/problem+json"
    assert json.loads(body)["code"] == "not_found"


def test_what_s3_refuses_otherwise_is_not_taken_for_a_missing_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def forbidden(**_: Any) -> Any:
        raise ClientError({"Error": {"Code": "403"}}, "HeadObject")

    monkeypatch.setattr(aws.s3(), "head_object", forbidden)
    with pytest.raises(ClientError):
        publishing.link("semarang", MONTH)
