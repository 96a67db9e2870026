"""Which photos the public, the reporter and the agency see, and by what links."""

from dataclasses import replace

import pytest

from shared.complaints.photo_views import all_photos, is_ready, public_link, public_photos
from shared.complaints.record import Photo, PhotoStatus
from shared.text import Text
from tests.builders import NOW, a_complaint

IDS = tuple(f"{number:026d}" for number in range(5))
COMPLAINT = a_complaint(complaint_id="SMG-0000000000000", photo_ids=IDS)
OWN = COMPLAINT.complaint_id
ZIP = Text("Berkas ini ZIP.", "This file is ZIP.")

READY, REJECTED, TAKEN, UNTIED, UNKNOWN = IDS
KNOWN = {
    READY: Photo(photo_id=READY, status=PhotoStatus.READY, complaint_id=OWN, at=NOW),
    REJECTED: Photo(
        photo_id=REJECTED, status=PhotoStatus.REJECTED, complaint_id=OWN, code="x", reason=ZIP
    ),
    TAKEN: Photo(photo_id=TAKEN, status=PhotoStatus.READY, complaint_id="SMG-1111111111111"),
    UNTIED: Photo(photo_id=UNTIED, status=PhotoStatus.READY),
}


def signed(photo_id: str, *, thumbnail: bool = False) -> str:
    return f"https://signed/{photo_id}/{thumbnail}"


def test_the_public_sees_ready_photos_by_links_that_stay() -> None:
    (shown,) = public_photos(COMPLAINT, KNOWN)
    assert shown.model_dump() == {
        "photo_id": READY,
        "status": "ready",
        "url": f"/complaints/{OWN}/photos/{READY}",
        "thumbnail_url": f"/complaints/{OWN}/photos/{READY}?size=thumb",
        "reason": None,
    }


@pytest.mark.parametrize(
    "hidden", [{"visibility": "private"}, {"visibility": "secret"}, {"suspicion": "honeypot"}]
)
def test_of_what_is_not_public_nobody_sees_a_photo(hidden: dict[str, str]) -> None:
    assert public_photos(replace(COMPLAINT, **hidden), KNOWN) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(("language", "why"), [("id", ZIP.id), ("en", ZIP.en)])
def test_the_reporter_sees_every_photo_with_how_it_stands(language: str, why: str) -> None:
    hidden = replace(COMPLAINT, visibility="secret")
    shown = all_photos(hidden, KNOWN, signed, language)
    assert [one.photo_id for one in shown] == list(IDS)
    ready, rejected, taken, untied, unknown = shown
    assert (ready.status, ready.reason) == ("ready", None)
    assert (ready.url, ready.thumbnail_url) == (signed(READY), signed(READY, thumbnail=True))
    assert (rejected.status, rejected.reason) == ("rejected", why)
    assert (taken.status, taken.reason) == (
        "rejected",
        {
            "id": "Foto ini sudah milik laporan lain. Kirim ulang fotonya untuk laporan ini.",
            "en": "This photo belongs to another complaint. Send it again for this one.",
        }[language],
    )
    for waiting in (untied, unknown):
        assert (waiting.status, waiting.reason) == ("waiting", None)
    for one in shown[1:]:
        assert (one.url, one.thumbnail_url) == (None, None)


def test_a_photo_is_ready_for_the_complaint_that_it_belongs_to_alone() -> None:
    assert [is_ready(KNOWN.get(one), COMPLAINT) for one in IDS] == [True] + [False] * 4


def test_a_link_that_stays_names_the_complaint_and_the_photo() -> None:
    link = public_link("SMG-1")
    assert link("P") == "/complaints/SMG-1/photos/P"
    assert link("P", thumbnail=True) == "/complaints/SMG-1/photos/P?size=thumb"
