"""Links to the photos that anyone may see, of many complaints at once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Protocol

from shared.complaints.photo_views import public_photos
from shared.complaints.record import Complaint, Photo

#: What is asked for at a time.
_MOST_AT_ONCE: Final = 100

#: Of a complaint, by the photo's id, in the order in which they came.
Links = Mapping[str, str]
NO_LINKS: Final[Links] = {}


class Photos(Protocol):
    """What showing pictures needs of the photo store."""

    def many(self, photo_ids: Sequence[str]) -> Mapping[str, Photo]:
        """Return what is known of photos (at most 100), by id."""
        ...


def links(complaints: Iterable[Complaint], photos: Photos, api_url: str) -> Mapping[str, Links]:
    """Return links to the public's pictures of complaints, by number; none where there are none.

    `api_url` is the address of our own API, which answers the links only while they may be seen.
    """
    pictured = [one for one in complaints if one.is_public and one.photo_ids]
    asked = list(dict.fromkeys(photo_id for one in pictured for photo_id in one.photo_ids))
    known: dict[str, Photo] = {}
    for at in range(0, len(asked), _MOST_AT_ONCE):
        known |= photos.many(asked[at : at + _MOST_AT_ONCE])
    return {
        one.complaint_id: {
            photo.photo_id: f"{api_url}{photo.url}" for photo in public_photos(one, known)
        }
        for one in pictured
    }
