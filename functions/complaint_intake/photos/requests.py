"""What clients send about photos, and what they are offered."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from functions.complaint_intake.submission import MOST_PHOTOS, PhotoId
from shared.complaints.photo_views import PhotoView
from shared.models import Body, View


class PhotoRequest(Body):
    """The body of `POST /photos`."""

    content_type: Literal["image/jpeg", "image/png", "image/webp"]


class UploadForm(View):
    """A form to send as `multipart/form-data`: these fields as they are, then the file as `file`."""

    url: str
    fields: dict[str, str]


class PhotoOffer(View):
    """A place for one photo, and the id by which a complaint names it."""

    photo_id: str = Field(examples=["7ZK3Q9M4T0XWH7ZK3Q9M4T0XWH"])
    upload: UploadForm
    max_bytes: int
    expires_at: datetime


class MorePhotos(Body):
    """The body of `POST /complaints/{complaint_id}/photos`."""

    photo_ids: list[PhotoId] = Field(min_length=1, max_length=MOST_PHOTOS)


class ComplaintsPhotos(View):
    """All photos of a complaint, as its reporter sees them."""

    photos: list[PhotoView]
