"""A batch of drafts: each stored once and answered in its place, whatever becomes of the others."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from functions.complaint_intake import api, batch
from infra.routes import ROUTES
from shared import aws
from shared.clock import now
from tests.aws_double import COMPLAINTS, REPORTERS, answering, items
from tests.builders import CONTEXT, a_contact, a_key, a_submission, an_api_event

pytestmark = pytest.mark.usefixtures("small_config", "aws_double")


def a_draft(number: int = 0, **changes: Any) -> dict[str, Any]:
    return a_submission(
        key=a_key(),
        description=f"Jalan berlubang nomor {number}",
        drafted_at="2026-11-20T11:00:00+07:00",
        **changes,
    )


def send(body: Any, **headers: str) -> Any:
    event = an_api_event("POST", "/complaints/batch", body=body, headers=headers)
    return api.handler(event, CONTEXT)


def results(drafts: list[Any], **headers: str) -> list[dict[str, Any]]:
    answer = send({"drafts": drafts}, **headers)
    assert answer["statusCode"] == 200, answer["body"]
    found: list[dict[str, Any]] = json.loads(answer["body"])["results"]
    assert len(found) == len(drafts)
    return found


def statuses(drafts: list[Any]) -> list[int]:
    return [one["status"] for one in results(drafts)]


def stored() -> list[Any]:
    return [item for item in items(COMPLAINTS) if item["sk"]["S"] == "RECORD"]


def alone(draft: dict[str, Any]) -> Any:
    body = {name: value for name, value in draft.items() if name != "key"}
    headers = {"Idempotency-Key": draft["key"]}
    return api.handler(an_api_event("POST", "/complaints", body=body, headers=headers), CONTEXT)


def test_every_draft_is_stored_and_answered_in_its_place():
    drafts = [a_draft(number) for number in range(25)]
    found = results(drafts)
    assert [one["key"] for one in found] == [draft["key"] for draft in drafts]
    assert {one["status"] for one in found} == {201}
    assert all(one["problem"] is None for one in found)
    numbers = [one["receipt"]["complaint_id"] for one in found]
    assert {item["complaint_id"]["S"]: item["description"]["S"] for item in stored()} == {
        number: draft["description"] for number, draft in zip(numbers, drafts, strict=True)
    }
    assert {item["drafted_at"]["S"] for item in stored()} == {"2026-11-20T04:00:00.000Z"}


def test_a_batch_sent_again_gives_the_same_receipts():
    drafts = [a_draft(number) for number in range(3)]
    first, again = results(drafts), results(drafts)
    assert [one["status"] for one in again] == [200, 200, 200]
    assert [one["receipt"] for one in again] == [one["receipt"] for one in first]
    assert len(stored()) == 3


def test_a_draft_may_be_repeated_alone_and_the_other_way_round():
    one, other = a_draft(1, contact=a_contact()), a_draft(2)
    taken = results([one])[0]["receipt"]
    assert alone(other)["statusCode"] == 201
    repeated = alone(one)
    assert (repeated["statusCode"], json.loads(repeated["body"])) == (200, taken)
    assert statuses([other]) == [200]
    assert len(stored()) == 2


def test_a_bad_draft_spoils_no_other():
    drafts: list[Any] = [
        a_draft(1),
        a_draft(2) | {"descripton": "x"},
        a_draft(3, service_code="jalan-rusk"),
        a_draft(4) | {"key": "1"},
        {name: value for name, value in a_draft(5).items() if name != "key"},
        a_draft(6) | {"key": 7},
        "a text",
        None,
        a_draft(9) | {"description": "\ud800"},
        a_draft(10, jurisdiction_id="solo"),
        a_draft(11),
    ]
    found = results(drafts)
    assert [one["status"] for one in found] == [201, *[400] * 9, 201]
    assert [one["key"] for one in found] == [
        draft["key"] if isinstance(draft, dict) and isinstance(draft.get("key"), str) else None
        for draft in drafts
    ]
    assert [one["problem"]["errors"][0]["field"] for one in found[1:10]] == [
        "descripton",
        "service_code",
        "key",
        "key",
        "key",
        "",
        "",
        "",
        "jurisdiction_id",
    ]
    problem = found[1]["problem"]
    assert problem["code"] == "invalid_input"
    assert problem["status"] == 400
    assert problem["request_id"] == "a-request-id"
    assert problem["errors"][0]["message"] == "Kolom ini tidak dikenal; maksudnya “description”?"
    assert len(stored()) == 2


def test_a_key_that_no_answer_can_repeat_spoils_no_other_draft():
    found = results([a_draft(1), a_draft(2) | {"key": "\ud800"}, a_draft(3)])
    assert [one["status"] for one in found] == [201, 400, 201]
    assert found[1]["key"] is None
    assert found[1]["problem"]["errors"][0]["field"] == "key"
    assert len(stored()) == 2


def test_problems_are_told_in_the_language_asked_for():
    (found,) = results([a_draft() | {"key": "1"}], **{"Accept-Language": "en"})
    assert found["problem"]["detail"] == "key must be a UUID, or at least 128 random bits."


def test_two_drafts_with_one_key_are_one_complaint_if_they_say_the_same():
    draft = a_draft()
    for same in (draft, draft | {"key": draft["key"].upper()}):
        found = results([draft, same])
        assert found[0]["receipt"] == found[1]["receipt"]
    assert found[1]["key"] == draft["key"].upper()
    assert len(stored()) == 1


def test_of_two_drafts_with_one_key_the_first_wins_always():
    for _ in range(5):
        draft = a_draft()
        found = results([draft, draft | {"description": "Lain"}, a_draft()])
        assert [one["status"] for one in found] == [201, 409, 201]
        assert found[1]["problem"]["code"] == "idempotency_key_reused"
    assert "Lain" not in {item["description"]["S"] for item in stored()}


def test_contacts_are_written_with_their_drafts():
    drafts = [a_draft(n, contact=a_contact(name=f"Warga {n}")) for n in range(3)]
    results(drafts)
    assert {item["name"]["S"] for item in items(REPORTERS)} == {"Warga 0", "Warga 1", "Warga 2"}


def test_a_draft_from_a_vehicle_came_by_the_fleet():
    results([a_draft(vehicle_code="gjk-4821"), a_draft()])
    found = {item["channel"]["S"]: item.get("vehicle_code") for item in stored()}
    assert found == {"fleet": {"S": "GJK-4821"}, "mobile": None}


def test_a_batch_is_one_write_a_draft_and_nothing_else():
    results([a_draft()])  # the container fetches its secrets
    calls: list[str] = []

    def note(model: Any, **_: Any) -> None:
        calls.append(model.name)

    with answering(aws.dynamodb(), "before-call", note):
        results([a_draft(number) for number in range(3)])
    assert calls == ["PutItem"] * 3


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ("{", "", "json_invalid"),
        ("[" * 100_000, "", "json_invalid"),
        ("", "", "json_invalid"),
        ("\udcff", "", "json_invalid"),
        ([], "", "model_type"),
        ({}, "drafts", "missing"),
        ({"drafts": {}}, "drafts", "list_type"),
        ({"drafts": []}, "drafts", "too_short"),
        ({"drafts": [{}] * 26}, "drafts", "too_long"),
        ({"drafts": [{}], "draft": 1}, "draft", "unknown_field"),
    ],
    ids=str,
)
def test_what_is_no_batch_is_refused_as_a_whole(body, field, code):
    answer = send(body)
    assert answer["statusCode"] == 400
    (fault,) = json.loads(answer["body"])["errors"]
    assert (fault["field"], fault["code"]) == (field, code)
    assert not stored()


def test_a_draft_that_is_nested_too_deeply_is_refused_alone():
    deep = json.loads("[" * 300 + "]" * 300)
    assert statuses([a_draft(), a_draft() | {"attributes": deep}]) == [201, 400]


def padded(draft: dict[str, Any], to_bytes: int) -> dict[str, Any]:
    """Return a draft, without its key so long, whose address is filled up."""
    said = {name: value for name, value in draft.items() if name != "key"}
    empty = len(json.dumps(said | {"website": ""}, separators=(",", ":")).encode())
    return draft | {"website": "é" * ((to_bytes - empty) // 2)}


def test_a_draft_has_at_most_64_kb_and_is_refused_alone():
    fits, over = padded(a_draft(), 64 * 1024), padded(a_draft(), 64 * 1024 + 2)
    found = results([fits, over, a_draft()])
    assert [one["status"] for one in found] == [400, 413, 201]
    assert found[0]["problem"]["errors"][0]["field"] == "website"
    assert found[1]["problem"]["code"] == "body_too_large"


def test_a_batch_has_at_most_512_kb():
    body = json.dumps({"drafts": [a_draft()]})
    assert send(body + " " * (512 * 1024 - len(body)))["statusCode"] == 200
    answer = send(body + " " * (512 * 1024 - len(body) + 1))
    assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (413, "body_too_large")
    assert "512 KB" in json.loads(answer["body"])["detail"]


def test_the_route_says_the_same_limit():
    (route,) = (one for one in ROUTES if one.operation_id == "submitBatch")
    assert route.body_kb * 1024 == batch.MOST_BYTES
    others = [one for one in ROUTES if one.function == route.function and one != route]
    assert {one.body_kb * 1024 for one in others} == {batch.MOST_BYTES_OF_A_DRAFT}


@pytest.fixture
def broken() -> Iterator[list[str]]:
    """Break the writes of drafts whose description is listed."""
    listed: list[str] = []

    def refuse(params: Any, **_: Any) -> None:
        if any(text in json.dumps(params) for text in listed):
            raise ReadTimeoutError(endpoint_url="dynamodb")

    with answering(aws.dynamodb(), "before-parameter-build.dynamodb.PutItem", refuse):
        yield listed


def test_a_failure_in_the_middle_is_told_and_the_others_are_stored(broken, caplog):
    drafts = [a_draft(number) for number in range(12)]
    broken.append(drafts[5]["description"])
    answer = send({"drafts": drafts})
    found = json.loads(answer["body"])["results"]
    assert [one["status"] for one in found] == [201] * 5 + [500] + [201] * 6
    assert found[5]["problem"]["code"] == "outcome_unknown"
    assert "kirim ulang" in found[5]["problem"]["detail"]
    assert answer["multiValueHeaders"]["Retry-After"] == ["1"]
    assert len(stored()) == 11
    assert [one.exception_name for one in caplog.records if one.levelname == "ERROR"] == [
        "ReadTimeoutError"
    ]
    broken.clear()
    assert statuses(drafts) == [200] * 5 + [201] + [200] * 6
    assert len(stored()) == 12


def test_a_draft_that_is_not_written_in_time_is_to_be_sent_again(monkeypatch):
    monkeypatch.setattr(batch, "_WITHIN_S", 0.2)
    slow, go_on = a_draft(1), threading.Event()

    def wait(params: Any, **_: Any) -> None:
        if slow["description"] in json.dumps(params):
            go_on.wait(5)

    with answering(aws.dynamodb(), "before-parameter-build.dynamodb.PutItem", wait):
        found = results([slow, a_draft(2)])
        assert [one["status"] for one in found] == [503, 201]
        assert found[0]["problem"]["code"] == "busy"
        assert "kirim ulang" in found[0]["problem"]["detail"]
        go_on.set()
    assert statuses([slow])[0] in {200, 201}
    assert len(stored()) == 2


def test_a_draft_from_the_future_is_refused_alone():
    late = (now() + timedelta(hours=1)).isoformat()
    found = results([a_draft() | {"drafted_at": late}, a_draft()])
    assert [one["status"] for one in found] == [400, 201]
    assert found[0]["problem"]["errors"][0]["field"] == "drafted_at"
