"""Shows photos of complaints, and adds some to a complaint later, within its number."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Final, Protocol

from functions.complaint_intake.settings import photos_bucket, settings
from functions.complaint_intake.submission import MOST_NAMED, MOST_PHOTOS
from shared.complaints import photo_views
from shared.complaints.acting import VersionConflict
from shared.complaints.law import Status
from shared.complaints.photo_views import PhotoView
from shared.complaints.photos import PhotoStore
from shared.complaints.record import Complaint, Photo, PhotoStatus
from shared.errors import Conflict, InvalidInput, NotFound
from shared.text import Text

#: Statuses in which nobody looks at a complaint any more; reopening one may bring photos itself.
_OVER: Final = (Status.CLOSED, Status.WITHDRAWN)
#: How often to begin anew while the complaint changes under our hands.
_ATTEMPTS: Final = 3


class Complaints(Protocol):
    """What adding photos needs of the complaint store."""

    def get(self, complaint_id: str) -> Complaint | None:
        """Return a complaint as it is now."""
        ...


class Photos(Protocol):
    """What adding photos needs of the photo store."""

    def many(self, photo_ids: Sequence[str], *, consistent: bool = False) -> Mapping[str, Photo]:
        """Return what is known of photos, by id."""
        ...

    def add_to(self, complaint_id: str, photo_ids: Sequence[str], *, most: int) -> bool:
        """Add photos while there is room for all of them; tell whether it was done."""
        ...


class TooManyPhotos(Conflict):
    """The complaint would have more photos than it may."""

    code = "too_many_photos"
    title = Text(
        f"Satu laporan paling banyak {MOST_PHOTOS} foto",
        f"A complaint has at most {MOST_PHOTOS} photos",
    )


class PhotoTaken(Conflict):
    """A photo is another complaint's."""

    code = "photo_taken"
    title = Text("Foto ini sudah milik laporan lain", "This photo belongs to another complaint")


class ComplaintOver(Conflict):
    """The complaint takes no photos any more."""

    code = "complaint_over"
    title = Text(
        "Laporan ini sudah selesai; foto tidak bisa ditambahkan",
        "This complaint is over; no photos can be added",
    )


@cache
def store() -> PhotoStore:
    """Return the photo store, made once a container."""
    return PhotoStore(settings().complaints_table, photos_bucket())


def for_everyone(complaint: Complaint) -> list[PhotoView]:
    """Return the photos that anyone may see (one read, if there are any)."""
    if not complaint.is_public:
        return []
    return photo_views.public_photos(complaint, store().many(complaint.photo_ids))


def for_reporter(complaint: Complaint, language: str) -> list[PhotoView]:
    """Return all photos and how they stand, with links of a quarter of an hour."""
    known = store().many(complaint.photo_ids, consistent=True)
    return photo_views.all_photos(complaint, known, store().link, language)


def public_link(complaint: Complaint | None, photo_id: str, size: str | None) -> str:
    """Return where a photo is to be had, for anyone.

    Raises:
        NotFound: there is no such photo, or none that the public may see (now).
        InvalidInput: `size` is something else than "thumb".
    """
    if size not in (None, "thumb"):
        raise InvalidInput.at(
            "size", "not_a_choice", Text("Pilih: thumb.", "Choose one of: thumb.")
        )
    if complaint is None or not complaint.is_public or photo_id not in complaint.photo_ids:
        raise NotFound
    if not photo_views.is_ready(store().many([photo_id]).get(photo_id), complaint):
        raise NotFound
    return store().link(photo_id, thumbnail=size is not None)


def add(
    complaint: Complaint, photo_ids: Sequence[str], *, complaints: Complaints, photos: Photos
) -> Complaint:
    """Add photos to a complaint, those that it has already left out; return it with them.

    Raises:
        TooManyPhotos: it would have more than five that were not rejected.
        PhotoTaken: one is another complaint's.
        ComplaintOver: it is closed, withdrawn or erased.
        VersionConflict: it kept changing meanwhile.
    """
    for _ in range(_ATTEMPTS):
        new = [one for one in dict.fromkeys(photo_ids) if one not in complaint.photo_ids]
        if not new:
            return complaint
        known = photos.many([*complaint.photo_ids, *new], consistent=True)
        most = _check(complaint, new, known)
        if photos.add_to(complaint.complaint_id, new, most=most):
            return replace(complaint, photo_ids=(*complaint.photo_ids, *new))
        complaint = complaints.get(complaint.complaint_id) or complaint
    raise VersionConflict


def is_over(complaint: Complaint) -> bool:
    """Tell whether a complaint takes no photos any more."""
    return complaint.status in _OVER or complaint.is_forgotten


def room(complaint: Complaint, known: Mapping[str, Photo]) -> int:
    """Return how many more photos a complaint takes, of whose photos so much is known."""
    return 0 if is_over(complaint) else max(0, _most(complaint, known) - len(complaint.photo_ids))


def _most(complaint: Complaint, known: Mapping[str, Photo]) -> int:
    """Return how many photos a complaint may name, with those that were rejected."""
    rejected = sum(
        one in known and known[one].status is PhotoStatus.REJECTED for one in complaint.photo_ids
    )
    return min(MOST_PHOTOS + rejected, MOST_NAMED)


def _check(complaint: Complaint, new: Sequence[str], known: Mapping[str, Photo]) -> int:
    """Return how many photos a complaint may name, if it may have these besides its own."""
    if is_over(complaint):
        raise ComplaintOver
    if len(new) > room(complaint, known):
        raise TooManyPhotos
    theirs = (None, complaint.complaint_id)
    if any(one in known and known[one].complaint_id not in theirs for one in new):
        raise PhotoTaken
    return _most(complaint, known)
