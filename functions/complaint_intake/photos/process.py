"""Looks at uploaded photos and ties them to their complaints, in whichever order the two come.

Each step may be repeated, and a crash between any two is mended by the message coming again: what
has been decided stands, and the upload, which is where a repeat begins, is dropped last.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from functions.complaint_intake.photos.kinds import Rejected
from functions.complaint_intake.photos.reencode import Safe, reencode
from shared.complaints.events import PhotoRejectedV1, photo_rejected
from shared.complaints.photos import CLAIMABLE
from shared.complaints.record import Photo, PhotoStatus
from shared.text import Text

_EXPIRED: Final = (
    "expired",
    Text(
        "Foto dikirim terlalu lama sebelum laporannya dan sudah terhapus. Kirim ulang foto itu.",
        "The photo was sent too long before its complaint, and is gone. Send it again.",
    ),
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as a client sent it, and the media type that it was said to be."""

    content: bytes
    claimed: str


class Files(Protocol):
    """What processing needs of the bucket."""

    def upload(self, photo_id: str) -> Upload | None:
        """Return the file that was sent; None if there is none (any more)."""
        ...

    def keep(self, photo_id: str, safe: Safe) -> None:
        """Write both pictures, to be forgotten unless they are tied."""
        ...

    def tie(self, photo_id: str) -> bool:
        """Have both pictures kept for good; False if they are gone."""
        ...

    def drop_pictures(self, photo_id: str) -> None:
        """Delete both pictures."""
        ...

    def drop_upload(self, photo_id: str) -> None:
        """Delete the file that was sent."""
        ...


class Store(Protocol):
    """What processing needs of the photo store."""

    def many(self, photo_ids: Sequence[str], *, consistent: bool = False) -> Mapping[str, Photo]:
        """Return what is known of photos, by id."""
        ...

    def looked_at(
        self, photo_id: str, now: datetime, rejected: tuple[str, Text] | None = None
    ) -> Photo:
        """Record once what a photo turned out to be; return what stands."""
        ...

    def claim(self, photo_id: str, complaint_id: str, now: datetime) -> Photo:
        """Let a complaint have a photo that no other has; return what stands."""
        ...

    def reject(self, photo: Photo, code: str, reason: Text) -> Photo:
        """Record that a photo is no good after all."""
        ...

    def tie(self, photo: Photo) -> None:
        """Keep a photo for as long as its complaint."""
        ...


Tell = Callable[[PhotoRejectedV1], None]


def look_at(
    photo_id: str, *, now: datetime, files: Files, store: Store, tell: Tell
) -> Photo | None:
    """Make an uploaded photo safe or reject it; return it, or None if nothing was left to do.

    The first look stands: the form that a client holds could be sent again with another file.
    """
    photo = store.many([photo_id], consistent=True).get(photo_id)
    if photo is None or photo.status is PhotoStatus.WAITING:
        upload = files.upload(photo_id)
        if upload is None:
            return None
        found = reencode(upload.content, upload.claimed)
        if isinstance(found, Rejected):
            photo = store.looked_at(photo_id, now, (found.code, found.reason))
        else:
            files.keep(photo_id, found)
            photo = store.looked_at(photo_id, now)
    if photo.status is PhotoStatus.ERASED:
        files.drop_pictures(photo_id)
    elif photo.complaint_id:
        # Even if it is tied: a repeat that ran beside the first may have written the pictures anew.
        _tie(photo, files, store, tell, now)
    files.drop_upload(photo_id)
    return photo


def claim(
    photo_id: str, complaint_id: str, *, now: datetime, files: Files, store: Store, tell: Tell
) -> Photo:
    """Tie a photo to the first complaint that names it; return it, whosever it is."""
    photo = store.claim(photo_id, complaint_id, now)
    if photo.complaint_id != complaint_id or photo.tied or photo.status is PhotoStatus.ERASED:
        return photo
    if photo.status is PhotoStatus.READY and photo.at and photo.at < now - CLAIMABLE:
        photo = store.reject(photo, *_EXPIRED)
    if photo.status is not PhotoStatus.WAITING:  # else whoever looks at it does the rest
        _tie(photo, files, store, tell, now)
    return photo


def _tie(photo: Photo, files: Files, store: Store, tell: Tell, now: datetime) -> None:
    if photo.status is PhotoStatus.READY and not files.tie(photo.photo_id):
        photo = store.reject(photo, *_EXPIRED)
    if photo.tied or photo.status is PhotoStatus.ERASED:
        return
    if photo.complaint_id and photo.code and photo.reason:
        tell(photo_rejected(photo.complaint_id, photo.photo_id, photo.code, photo.reason, now))
    store.tie(photo)
