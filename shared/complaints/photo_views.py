"""How photos of a complaint are shown: to the public, and to those who may see more."""

from collections.abc import Mapping
from typing import Protocol

from shared.complaints.record import Complaint, Photo, PhotoStatus
from shared.models import View
from shared.text import Text

_TAKEN = Text(
    "Foto ini sudah milik laporan lain. Kirim ulang fotonya untuk laporan ini.",
    "This photo belongs to another complaint. Send it again for this one.",
)


class Link(Protocol):
    """Makes the link to a photo or to its thumbnail."""

    def __call__(self, photo_id: str, *, thumbnail: bool = False) -> str:
        """Return the link."""
        ...


class PhotoView(View):
    """A photo of a complaint: `waiting` until it was looked at, then `ready` or `rejected`.

    Both links are there when it is ready, the reason when it was rejected.
    """

    photo_id: str
    status: str
    url: str | None
    thumbnail_url: str | None
    reason: str | None


def public_photos(complaint: Complaint, photos: Mapping[str, Photo]) -> list[PhotoView]:
    """Return what anyone may see: the ready photos of a public complaint, by links that stay.

    The links are relative to the API's address, and are answered only while the photo may be seen.
    """
    if not complaint.is_public:
        return []
    return [
        _ready(photo_id, public_link(complaint.complaint_id))
        for photo_id in complaint.photo_ids
        if is_ready(photos.get(photo_id), complaint)
    ]


def all_photos(
    complaint: Complaint, photos: Mapping[str, Photo], link: Link, language: str
) -> list[PhotoView]:
    """Return every photo of a complaint with how it stands, for its reporter or its agency."""
    return [
        _any(photo_id, photos.get(photo_id), complaint, link, language)
        for photo_id in complaint.photo_ids
    ]


def is_ready(photo: Photo | None, complaint: Complaint) -> bool:
    """Tell whether a photo may be shown with a complaint: it is safe, and that complaint's own."""
    return (
        photo is not None
        and photo.status is PhotoStatus.READY
        and photo.complaint_id == complaint.complaint_id
    )


def public_link(complaint_id: str) -> Link:
    """Return what makes the links that stay, relative to the API's address."""

    def link(photo_id: str, *, thumbnail: bool = False) -> str:
        return f"/complaints/{complaint_id}/photos/{photo_id}" + ("?size=thumb" * thumbnail)

    return link


def _any(
    photo_id: str, photo: Photo | None, complaint: Complaint, link: Link, language: str
) -> PhotoView:
    if is_ready(photo, complaint):
        return _ready(photo_id, link)
    status, reason = PhotoStatus.WAITING, None
    if photo and photo.complaint_id and photo.complaint_id != complaint.complaint_id:
        status, reason = PhotoStatus.REJECTED, _TAKEN
    elif photo and photo.status is PhotoStatus.REJECTED:
        status, reason = PhotoStatus.REJECTED, photo.reason
    said = reason.in_language(language) if reason else None
    return PhotoView(photo_id=photo_id, status=status, url=None, thumbnail_url=None, reason=said)


def _ready(photo_id: str, link: Link) -> PhotoView:
    return PhotoView(
        photo_id=photo_id,
        status=PhotoStatus.READY,
        url=link(photo_id),
        thumbnail_url=link(photo_id, thumbnail=True),
        reason=None,
    )
