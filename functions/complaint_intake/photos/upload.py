"""Offers a client a place for one photo: a form that S3 itself accepts, for a quarter of an hour.

Nothing is written and nobody is called: the id is drawn here and the form signed here. What is
never uploaded leaves no trace, and what no complaint names is forgotten.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from functions.complaint_intake.photos.kinds import UNCLAIMED
from functions.complaint_intake.photos.requests import PhotoOffer, UploadForm
from functions.complaint_intake.settings import photos_bucket
from shared import aws, ids
from shared.clock import now
from shared.complaints.photos import upload_key

MAX_BYTES: Final = 10 * 1024 * 1024
OPEN_S: Final = 15 * 60


def offer(
    content_type: str | None, *, redirect: str | None = None, at: datetime | None = None
) -> PhotoOffer:
    """Return a form for one photo of a media type, and the id by which a complaint names it.

    A page without script cannot say what kind of file a person will choose: with None nothing is
    claimed, and the file alone decides. `redirect` is where S3 then sends the browser, with
    `bucket`, `key` and `etag` added to its query; it is signed into the form, so only code of ours
    sets it.
    """
    at = at or now()
    photo_id = ids.photo_id(secrets.randbits(ids.PHOTO_BITS))
    fixed = {"Content-Type": content_type or UNCLAIMED}
    if redirect:
        fixed["success_action_redirect"] = redirect
    conditions: list[Any] = [{name: value} for name, value in fixed.items()]
    form = aws.s3().generate_presigned_post(
        photos_bucket(),
        upload_key(photo_id),
        Fields=fixed,
        Conditions=[*conditions, ["content-length-range", 1, MAX_BYTES]],
        ExpiresIn=OPEN_S,
    )
    return PhotoOffer(
        photo_id=photo_id,
        upload=UploadForm(url=form["url"], fields=form["fields"]),
        max_bytes=MAX_BYTES,
        expires_at=at + timedelta(seconds=OPEN_S),
    )
