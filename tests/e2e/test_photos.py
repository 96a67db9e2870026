"""Photos as citizens send them: safe and upright before anyone sees them, or refused with a reason."""

import io
from typing import Any

import httpx
import pytest
from PIL import Image

from cli.surroundings import Surroundings
from tests.e2e.citizen import Street
from tests.e2e.photographs import offered, send, settled, uploaded
from tests.photo_files import RED, a_bomb, a_photo, a_zip, segments

AGENCY = "semarang-disperkim"


@pytest.fixture(scope="module")
def street(surroundings: Surroundings) -> Street:
    return Street(surroundings)


def fetched(url: str) -> Image.Image:
    answer = httpx.get(url)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert set(segments(answer.content)) == {0xE0, 0xDB, 0xC0, 0xC4}  # no EXIF, GPS or comment
    image = Image.open(io.BytesIO(answer.content))
    image.load()
    return image


def add(street: Street, receipt: dict[str, Any], *photo_ids: str) -> httpx.Response:
    return street.call(
        "POST",
        f"/complaints/{receipt['complaint_id']}/photos",
        {"photo_ids": list(photo_ids)},
        X_Tracking_Token=receipt["tracking_token"],
    )


def test_a_photo_loses_its_place_stands_upright_and_is_seen_by_all_only_when_it_is_ready(
    street: Street,
) -> None:
    offer = offered(street)
    receipt = street.submit(service_code="lampu-jalan", photo_ids=[offer["photo_id"]])
    number = receipt["complaint_id"]
    path = f"/complaints/{number}/photos/{offer['photo_id']}"
    assert [one["status"] for one in street.see(receipt)["photos"]] == ["waiting"]
    assert street.call("GET", f"/complaints/{number}").json()["photos"] == []
    assert street.call("GET", path).status_code == 404

    content = a_photo(size=(2400, 1200), orientation=6)  # a phone held upright writes it turned
    assert send(offer, content).status_code == 204
    (mine,) = settled(street, receipt)
    assert (mine["status"], mine["reason"]) == ("ready", None)
    image = fetched(mine["url"])
    assert image.size == (1600, 800)
    pixel: Any = image.getpixel((100, 100))
    assert all(abs(one - other) < 12 for one, other in zip(pixel, RED, strict=True))
    assert fetched(mine["thumbnail_url"]).size == (320, 160)

    (shown,) = street.call("GET", f"/complaints/{number}").json()["photos"]
    assert (shown["url"], shown["thumbnail_url"]) == (path, f"{path}?size=thumb")
    link = street.call("GET", path)
    assert link.status_code == 302
    assert fetched(link.headers["Location"]).size == (1600, 800)
    thumbnail = street.call("GET", f"{path}?size=thumb")
    assert fetched(thumbnail.headers["Location"]).size == (320, 160)

    street.assigned(receipt, AGENCY)
    detail = street.call(
        "GET", f"/agencies/{AGENCY}/complaints/{number}", token=street.machine(AGENCY)
    )
    assert fetched(detail.json()["photos"][0]["url"]).size == (1600, 800)

    bucket = street.around.client("s3").list_objects_v2(
        Bucket=street.around.outputs.buckets["photos"]
    )
    keys = [one["Key"] for one in bucket["Contents"] if offer["photo_id"] in one["Key"]]
    assert keys == [f"photos/{offer['photo_id']}.jpg", f"thumbnails/{offer['photo_id']}.jpg"]
    for key in keys:
        tags = street.around.client("s3").get_object_tagging(
            Bucket=street.around.outputs.buckets["photos"], Key=key
        )
        assert tags["TagSet"] == [{"Key": "claimed", "Value": "yes"}]


def test_what_is_no_photo_or_not_the_one_it_was_said_to_be_is_refused_and_the_reporter_told(
    street: Street,
) -> None:
    sent = {
        uploaded(street, a_photo("PNG"), "image/jpeg"): ("PNG", "JPEG"),
        uploaded(street, a_zip(), "image/png"): ("ZIP", "PNG"),
        uploaded(street, a_bomb(), "image/png"): ("50",),
        uploaded(street, a_photo()[:900], "image/jpeg"): ("rusak",),
        uploaded(street, a_photo("WEBP"), "image/webp"): (),
    }
    receipt = street.submit(service_code="lampu-jalan", photo_ids=list(sent))
    for photo in settled(street, receipt):
        said = sent[photo["photo_id"]]
        assert photo["status"] == ("rejected" if said else "ready"), photo
        assert all(word in (photo["reason"] or "") for word in said), photo
        assert bool(photo["url"]) == (not said)
    (public,) = street.call("GET", f"/complaints/{receipt['complaint_id']}").json()["photos"]
    assert sent[public["photo_id"]] == ()
    for photo_id, said in sent.items():
        path = f"/complaints/{receipt['complaint_id']}/photos/{photo_id}"
        assert street.call("GET", path).status_code == (404 if said else 302)


def test_the_bucket_itself_refuses_what_the_form_does_not_allow(street: Street) -> None:
    offer = offered(street)
    assert send(offer, b"").status_code == 400
    assert send(offer, bytes(offer["max_bytes"] + 1)).status_code == 400
    assert send(offer, a_photo(), **{"Content-Type": "image/png"}).status_code == 403
    assert send(offer, a_photo(), key="uploads/elsewhere").status_code == 403
    assert send(offer, a_photo(), **{"x-amz-meta-more": "x"}).status_code == 403
    assert send(offer, a_photo()).status_code == 204
    for content_type in ("image/gif", "text/html", ""):
        refused = street.call("POST", "/photos", {"content_type": content_type})
        assert refused.status_code == 400
        assert refused.json()["errors"][0]["field"] == "content_type"


def test_photos_are_added_later_up_to_five_and_by_the_reporter_alone(street: Street) -> None:
    first = [uploaded(street, a_photo()) for _ in range(3)]
    more = [uploaded(street, a_photo()) for _ in range(3)]
    receipt = street.submit(service_code="lampu-jalan", photo_ids=first)
    stranger = receipt | {"tracking_token": "AAAAAAAAAAAAAAAAAAAAAA"}
    assert add(street, stranger, more[0]).status_code in (403, 404)
    refused = add(street, receipt, *more)
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_photos")
    added = add(street, receipt, *more[:2])
    assert [one["photo_id"] for one in added.json()["photos"]] == [*first, *more[:2]]
    again = add(street, receipt, *more[:2])
    assert (again.status_code, len(again.json()["photos"])) == (200, 5)
    assert add(street, receipt, more[2]).status_code == 409
    six = {"jurisdiction_id": "semarang", "description": "x", "photo_ids": [*first, *more]}
    assert street.call("POST", "/complaints", six).status_code == 400
    assert {one["status"] for one in settled(street, receipt)} == {"ready"}


def test_a_photo_belongs_to_the_complaint_that_named_it_first(street: Street) -> None:
    photo_id = uploaded(street, a_photo())
    mine = street.submit(service_code="lampu-jalan", photo_ids=[photo_id])
    assert [one["status"] for one in settled(street, mine)] == ["ready"]
    theirs = street.submit(service_code="lampu-jalan", photo_ids=[photo_id])
    (seen,) = settled(street, theirs)
    assert (seen["status"], seen["url"]) == ("rejected", None)
    assert "laporan lain" in seen["reason"]
    path = f"/complaints/{theirs['complaint_id']}/photos/{photo_id}"
    assert street.call("GET", path).status_code == 404
    later = street.submit(service_code="lampu-jalan")
    taken = add(street, later, photo_id)
    assert (taken.status_code, taken.json()["code"]) == (409, "photo_taken")


@pytest.mark.parametrize("visibility", ["private", "secret"])
def test_a_private_complaints_photo_has_no_public_link(street: Street, visibility: str) -> None:
    photo_id = uploaded(street, a_photo())
    receipt = street.submit(service_code="lampu-jalan", visibility=visibility, photo_ids=[photo_id])
    (mine,) = settled(street, receipt)
    assert fetched(mine["url"]).size == (400, 200)
    path = f"/complaints/{receipt['complaint_id']}/photos/{photo_id}"
    assert street.call("GET", path).status_code == 404
    bare = mine["url"].split("?")[0]
    assert httpx.get(bare).status_code == 403
    street.assigned(receipt, AGENCY)
    detail = street.call(
        "GET",
        f"/agencies/{AGENCY}/complaints/{receipt['complaint_id']}",
        token=street.machine(AGENCY),
    )
    assert fetched(detail.json()["photos"][0]["thumbnail_url"]).size == (320, 160)
