"""The routes of files: photos, uploaded and looked at, and the months of open data."""

from typing import Final

from infra.entries import INTAKE_API
from infra.routes.route import FOUND, Reply, Route, ServedBy

_intake = ServedBy(INTAKE_API)

PHOTOS_ROUTES: Final[tuple[Route, ...]] = (
    _intake(
        "POST",
        "/photos",
        "offerPhoto",
        "A place to upload one photo to; POST the file there as multipart/form-data",
        {201: Reply("The form to upload with, and the photo's id", "photos.requests:PhotoOffer")},
        request="photos.requests:PhotoRequest",
    ),
    _intake(
        "POST",
        "/complaints/{complaint_id}/photos",
        "addPhotos",
        "Add uploaded photos to one's own complaint, up to five in all",
        Reply("All its photos", "photos.requests:ComplaintsPhotos"),
        request="photos.requests:MorePhotos",
        headers=("X-Tracking-Token",),
        problems=(403, 404, 409),
    ),
    _intake(
        "GET",
        "/complaints/{complaint_id}/photos/{photo_id}",
        "showPhoto",
        "A photo of a public complaint; size=thumb for a small one",
        {302: Reply("Where it is to be had just now", headers=FOUND)},
        query=("size",),
        problems=(400, 404),
    ),
    _intake(
        "GET",
        "/open-data/{jurisdiction_id}/{month}",
        "getOpenData",
        "A month's public complaints as CSV, in the columns of Open311's bulk format",
        {302: Reply("Where the file is to be had just now", headers=FOUND)},
        problems=(404,),
    ),
)
