"""Uploads and claims, in any order, repeated, and with the function dying at any AWS call."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from functions.complaint_intake import on_photo
from shared import aws, ids
from shared.complaints.events import photos_claimed
from shared.complaints.photos import CLAIMABLE, PhotoStore, picture_keys, upload_key
from shared.complaints.record import Photo, PhotoStatus
from tests.aws_double import COMPLAINTS, NOTICES_QUEUE, PHOTOS_BUCKET, messages
from tests.builders import CONTEXT, NOW, a_complaint, an_sqs_event
from tests.dying import Died, dying
from tests.photo_files import a_photo, a_zip, read

pytestmark = pytest.mark.usefixtures("aws_double")
COMPLAINT = a_complaint(complaint_id="SMG-0000000000000")
PHOTO_ID = ids.photo_id(12345)


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    on_photo.files.cache_clear()
    on_photo.photos.cache_clear()
    monkeypatch.setattr(on_photo, "now", lambda: NOW)


def store() -> PhotoStore:
    return PhotoStore(COMPLAINTS, PHOTOS_BUCKET)


def known(photo_id: str = PHOTO_ID) -> Photo:
    return store().many([photo_id], consistent=True)[photo_id]


def put(content: bytes, content_type: str = "image/jpeg") -> None:
    aws.s3().put_object(
        Bucket=PHOTOS_BUCKET, Key=upload_key(PHOTO_ID), Body=content, ContentType=content_type
    )


def objects() -> dict[str, str | None]:
    """Return what is in the bucket: each object's key, and whether it is claimed."""
    found = aws.s3().list_objects_v2(Bucket=PHOTOS_BUCKET).get("Contents", [])
    return {one["Key"]: _claimed(one["Key"]) for one in found}


def _claimed(key: str) -> str | None:
    tags = aws.s3().get_object_tagging(Bucket=PHOTOS_BUCKET, Key=key)["TagSet"]
    return next((tag["Value"] for tag in tags), None)


UPLOADED = {"type": "photo_uploaded.v1", "key": upload_key(PHOTO_ID)}
CLAIMED = dict(photos_claimed(replace(COMPLAINT, photo_ids=(PHOTO_ID,))))


def cleared() -> None:
    """Take away all that the function has made."""
    for key in objects():
        aws.s3().delete_object(Bucket=PHOTOS_BUCKET, Key=key)
    aws.dynamodb().delete_item(
        TableName=COMPLAINTS, Key={"pk": {"S": f"P#{PHOTO_ID}"}, "sk": {"S": "PHOTO"}}
    )


def handle(message: Any) -> None:
    assert on_photo.handler(an_sqs_event(message), CONTEXT) == {"batchItemFailures": []}


def test_an_unclaimed_photo_is_made_safe_and_will_be_forgotten() -> None:
    put(a_photo())
    handle(UPLOADED)
    picture, thumbnail = picture_keys(PHOTO_ID)
    assert objects() == {picture: "no", thumbnail: "no"}
    stored = aws.s3().get_object(Bucket=PHOTOS_BUCKET, Key=picture)
    assert stored["ContentType"] == "image/jpeg"
    assert not read(stored["Body"].read()).getexif()
    assert (known().status, known().complaint_id, known().tied) == ("ready", None, False)
    item = aws.dynamodb().scan(TableName=COMPLAINTS)["Items"][0]
    assert int(item["expires_at"]["N"]) == int((NOW + timedelta(days=7)).timestamp())


@pytest.mark.parametrize("order", [(UPLOADED, CLAIMED), (CLAIMED, UPLOADED)])
@pytest.mark.parametrize("good", [True, False])
def test_whichever_comes_second_ties_the_photo_wherever_the_function_dies(
    order: tuple[Any, Any], good: bool
) -> None:
    def run(die: tuple[int, int, str] | None) -> list[list[str]]:
        """Give the function both messages; each again if it died. Return its calls."""
        put(a_photo() if good else a_zip())
        made = []
        for number, message in enumerate(order):
            mine = die is not None and die[0] == number
            with dying(*(die[1:] if mine and die else ())) as seen:
                try:
                    handle(message)
                    assert not mine
                except Died:
                    pass
            made.append(seen)
            if mine:
                handle(message)
        check()
        return made

    def check() -> None:
        photo = known()
        assert photo.complaint_id == COMPLAINT.complaint_id
        assert photo.tied
        assert photo.status == ("ready" if good else "rejected")
        kept = dict.fromkeys(picture_keys(PHOTO_ID), "yes")
        assert objects() == (kept if good else {})
        told = messages(NOTICES_QUEUE)
        assert {one["photo_id"] for one in told} == (set() if good else {PHOTO_ID})
        assert len(told) <= 2
        for one in told:
            assert one["type"] == "photo_rejected.v1"
            assert one["complaint_id"] == COMPLAINT.complaint_id
            assert "ZIP" in one["reason"]["id"]
        cleared()

    made = run(None)
    assert any("PutObjectTagging" in seen for seen in made) == good
    points = [
        (number, call, when)
        for number, seen in enumerate(made)
        for call in range(len(seen))
        for when in ("before", "after")
    ]
    assert len(points) >= 14
    for point in points:
        run(point)


def test_the_same_messages_again_change_nothing_and_tell_nobody_again() -> None:
    put(a_zip())
    handle(UPLOADED)
    handle(CLAIMED)
    assert len(messages(NOTICES_QUEUE)) == 1
    before = aws.dynamodb().scan(TableName=COMPLAINTS)["Items"]
    for message in (CLAIMED, UPLOADED, CLAIMED):
        handle(message)
    assert aws.dynamodb().scan(TableName=COMPLAINTS)["Items"] == before
    assert messages(NOTICES_QUEUE) == []


def test_the_form_sent_again_with_another_file_changes_nothing() -> None:
    put(a_photo())
    handle(UPLOADED)
    put(a_zip())
    handle(UPLOADED)
    assert known().status is PhotoStatus.READY
    assert upload_key(PHOTO_ID) not in objects()


def test_a_repeat_that_ran_beside_the_first_leaves_the_photo_claimed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put(a_photo())
    put_object = on_photo.files().keep

    def keep_late(photo_id: str, safe: Any) -> None:
        monkeypatch.setattr(on_photo.files(), "keep", put_object)
        handle(UPLOADED)  # the other one does everything, at this very moment
        handle(CLAIMED)
        put_object(photo_id, safe)

    monkeypatch.setattr(on_photo.files(), "keep", keep_late)
    handle(UPLOADED)
    assert objects() == dict.fromkeys(picture_keys(PHOTO_ID), "yes")
    assert known().tied


def test_a_photo_is_the_first_complaints_for_good() -> None:
    put(a_photo())
    handle(UPLOADED)
    handle(CLAIMED)
    handle(CLAIMED | {"complaint_id": "SMG-1111111111111"})
    assert known().complaint_id == COMPLAINT.complaint_id
    assert known().tied


def test_a_claim_too_late_to_keep_the_pictures_rejects_the_photo(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put(a_photo())
    handle(UPLOADED)
    monkeypatch.setattr(on_photo, "now", lambda: NOW + CLAIMABLE + timedelta(seconds=1))
    handle(CLAIMED)
    assert (known().status, known().code, known().tied) == ("rejected", "expired", True)
    assert [one["code"] for one in messages(NOTICES_QUEUE)] == ["expired"]
    assert set(objects().values()) == {"no"}


def test_a_claim_whose_pictures_are_gone_rejects_the_photo() -> None:
    put(a_photo())
    handle(UPLOADED)
    for key in picture_keys(PHOTO_ID):
        aws.s3().delete_object(Bucket=PHOTOS_BUCKET, Key=key)
    handle(CLAIMED)
    assert (known().status, known().code) == ("rejected", "expired")


def test_a_message_about_nothing_that_is_there_is_done() -> None:
    handle(UPLOADED)
    assert store().many([PHOTO_ID]) == {}


def test_a_message_of_another_kind_comes_again_and_is_set_aside_in_the_end() -> None:
    unknown = [{"type": "x.v9"}, {"type": "photo_uploaded.v1", "key": "uploads/../else"}]
    answer = on_photo.handler(an_sqs_event(*unknown), CONTEXT)
    assert [one["itemIdentifier"] for one in answer["batchItemFailures"]] == ["m0", "m1"]


@pytest.mark.parametrize("operation", ["get_object", "put_object_tagging"])
def test_what_else_s3_refuses_is_not_taken_for_a_missing_file(
    operation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(a_photo())
    if operation == "put_object_tagging":
        handle(CLAIMED)

    def forbidden(**_: object) -> None:
        raise aws.s3().exceptions.ClientError({"Error": {"Code": "AccessDenied"}}, operation)

    monkeypatch.setattr(aws.s3(), operation, forbidden)
    answer = on_photo.handler(an_sqs_event(UPLOADED), CONTEXT)
    assert len(answer["batchItemFailures"]) == 1


def test_an_erased_photos_files_are_gone_and_it_is_erased_again_without_error() -> None:
    put(a_photo())
    handle(UPLOADED)
    handle(CLAIMED)
    put(a_photo())
    for _ in range(2):
        store().erase(PHOTO_ID, COMPLAINT.complaint_id, NOW)
        assert objects() == {}
        assert (known().status, known().tied) == ("erased", False)
