"""Photos in DynamoDB: looked at once, one complaint's for good, and five to a complaint."""

from dataclasses import replace
from typing import Any

import pytest

from shared import aws, ids
from shared.complaints.acting import StaleVersion
from shared.complaints.events import photos_claimed
from shared.complaints.photos import LINK_S, PhotoStore
from shared.complaints.record import Complaint, PhotoStatus
from shared.complaints.store import ComplaintStore
from shared.text import Text
from tests.aws_double import COMPLAINTS, PHOTOS_BUCKET, answering
from tests.builders import NOW, a_complaint

pytestmark = pytest.mark.usefixtures("aws_double")
IDS = [ids.photo_id(number) for number in range(8)]
WHY = ("not_a_photo", Text("Berkas ini ZIP.", "This file is ZIP."))


@pytest.fixture
def photos() -> PhotoStore:
    return PhotoStore(COMPLAINTS, PHOTOS_BUCKET)


@pytest.fixture
def complaints() -> ComplaintStore:
    return ComplaintStore(COMPLAINTS)


def stored(complaints: ComplaintStore, **changes: Any) -> Complaint:
    complaint = a_complaint(**changes)
    assert complaints.submit(complaint) is None
    return complaint


def test_the_first_look_at_a_photo_stands(photos: PhotoStore) -> None:
    first = photos.looked_at(IDS[0], NOW, WHY)
    again = photos.looked_at(IDS[0], NOW)
    assert first == again
    assert (first.status, first.code, first.reason, first.at) == ("rejected", *WHY, NOW)
    assert not first.tied


def test_the_first_complaint_that_names_a_photo_has_it(photos: PhotoStore) -> None:
    assert photos.claim(IDS[0], "SMG-1", NOW).complaint_id == "SMG-1"
    assert photos.claim(IDS[0], "SMG-2", NOW).complaint_id == "SMG-1"
    assert photos.claim(IDS[0], "SMG-1", NOW).status is PhotoStatus.WAITING


def test_a_tied_photo_stays_tied_when_it_is_named_again(photos: PhotoStore) -> None:
    photos.looked_at(IDS[0], NOW)
    photos.tie(photos.claim(IDS[0], "SMG-1", NOW))
    assert photos.claim(IDS[0], "SMG-1", NOW).tied
    assert photos.looked_at(IDS[0], NOW).tied


def test_only_its_own_complaint_ties_a_photo(photos: PhotoStore) -> None:
    mine = photos.claim(IDS[0], "SMG-1", NOW)
    photos.tie(replace(mine, complaint_id="SMG-2"))
    assert not photos.many(IDS[:1])[IDS[0]].tied


def test_a_photo_that_is_gone_is_not_made_up_by_rejecting_it(photos: PhotoStore) -> None:
    claimed = photos.claim(IDS[0], "SMG-1", NOW)
    aws.dynamodb().delete_item(
        TableName=COMPLAINTS, Key={"pk": {"S": f"P#{IDS[0]}"}, "sk": {"S": "PHOTO"}}
    )
    assert photos.reject(claimed, *WHY).status is PhotoStatus.WAITING
    assert photos.many(IDS[:1]) == {}


def test_what_is_erased_stays_so_whatever_comes_after(photos: PhotoStore) -> None:
    claimed = photos.claim(IDS[0], "SMG-1", NOW)
    photos.reject(claimed, *WHY)
    photos.erase(IDS[0], "SMG-1", NOW)
    photos.looked_at(IDS[0], NOW)
    photos.reject(claimed, *WHY)
    photos.tie(claimed)
    left = photos.many(IDS[:1], consistent=True)[IDS[0]]
    assert (left.status, left.code, left.reason, left.at) == ("erased", None, None, None)
    assert (left.complaint_id, left.tied) == ("SMG-1", False)


def test_only_its_own_complaint_erases_a_photo(photos: PhotoStore) -> None:
    mine = photos.claim(IDS[0], "SMG-1", NOW)
    photos.erase(IDS[0], "SMG-2", NOW)
    assert photos.many(IDS[:1], consistent=True)[IDS[0]] == mine


def test_several_are_read_in_one_call_and_those_left_over_again(photos: PhotoStore) -> None:
    for one in IDS[:3]:
        photos.claim(one, "SMG-1", NOW)
    seen: list[int] = []

    def half(params: Any, **_: Any) -> Any:
        keys = params["RequestItems"][COMPLAINTS]["Keys"]
        seen.append(len(keys))
        return None

    with answering(aws.dynamodb(), "provide-client-params.dynamodb.BatchGetItem", half):
        assert set(photos.many(IDS)) == set(IDS[:3])
        assert photos.many([]) == {}
    assert seen == [len(IDS)]


def test_keys_that_dynamodb_left_over_are_asked_for_again(
    photos: PhotoStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    for one in IDS[:2]:
        photos.claim(one, "SMG-1", NOW)
    really = aws.dynamodb().batch_get_item

    def one_at_a_time(RequestItems: Any) -> Any:
        asked = RequestItems[COMPLAINTS]
        first, rest = asked["Keys"][:1], asked["Keys"][1:]
        answer = really(RequestItems={COMPLAINTS: asked | {"Keys": first}})
        left = {COMPLAINTS: asked | {"Keys": rest}} if rest else {}
        return answer | {"UnprocessedKeys": left}

    monkeypatch.setattr(aws.dynamodb(), "batch_get_item", one_at_a_time)
    assert set(photos.many(IDS[:2])) == set(IDS[:2])


def test_photos_are_added_while_there_is_room_and_the_version_stays(
    photos: PhotoStore, complaints: ComplaintStore
) -> None:
    number = stored(complaints).complaint_id
    assert photos.add_to(number, IDS[:3], most=5)
    assert not photos.add_to(number, IDS[3:6], most=5)
    assert photos.add_to(number, IDS[3:5], most=5)
    grown = complaints.get(number)
    assert grown is not None
    assert grown.photo_ids == tuple(IDS[:5])
    assert grown.version == 1
    assert photos_claimed(grown)["photo_ids"] == IDS[:5]


def test_a_photo_is_not_added_twice_nor_to_what_is_not_there_or_to_be_erased(
    photos: PhotoStore, complaints: ComplaintStore
) -> None:
    number = stored(complaints, photo_ids=(IDS[0],)).complaint_id
    erased = stored(complaints, erasure_requested_at=NOW).complaint_id
    assert not photos.add_to(number, [IDS[1], IDS[0]], most=5)
    assert not photos.add_to(erased, [IDS[1]], most=5)
    assert not photos.add_to("SMG-2222222222222", [IDS[1]], most=5)
    assert photos.add_to(number, [IDS[1]], most=5)


@pytest.mark.parametrize("before", [(), (IDS[0],)])
def test_a_change_made_before_photos_came_does_not_lose_them(
    photos: PhotoStore, complaints: ComplaintStore, before: tuple[str, ...]
) -> None:
    old = stored(complaints, photo_ids=before)
    assert photos.add_to(old.complaint_id, [IDS[5]], most=5)
    with pytest.raises(StaleVersion):
        complaints.change(old, replace(old, version=2, photo_ids=(*before, IDS[6])))
    complaints.change(old, replace(old, version=2, service_code="parkir-liar"))
    now = complaints.get(old.complaint_id)
    assert now is not None
    assert now.photo_ids == (*before, IDS[5])
    complaints.change(now, replace(now, version=3, photo_ids=(*now.photo_ids, IDS[6])))


def test_a_link_is_signed_for_a_quarter_of_an_hour_without_a_call(photos: PhotoStore) -> None:
    link = photos.link(IDS[0])
    host = f"https://{PHOTOS_BUCKET}.s3.ap-southeast-3.amazonaws.com/"
    assert link.startswith(f"{host}photos/{IDS[0]}.jpg?")
    assert f"X-Amz-Expires={LINK_S}" in link
    assert LINK_S == 15 * 60
    assert f"{host}thumbnails/{IDS[0]}.jpg?" in photos.link(IDS[0], thumbnail=True)


def test_what_dynamodb_refuses_for_another_reason_is_told(
    photos: PhotoStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: Any) -> Any:
        raise aws.dynamodb().exceptions.ClientError(
            {"Error": {"Code": "AccessDeniedException"}}, "UpdateItem"
        )

    monkeypatch.setattr(aws.dynamodb(), "update_item", refuse)
    with pytest.raises(aws.dynamodb().exceptions.ClientError):
        photos.claim(IDS[0], "SMG-1", NOW)
    with pytest.raises(aws.dynamodb().exceptions.ClientError):
        photos.add_to("SMG-1", [IDS[0]], most=5)
