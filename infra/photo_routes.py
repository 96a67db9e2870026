"""The routes of photos: a place to upload one, more for a complaint, and where to see one."""

from typing import Final

from infra.route import Reply, Route

_INTAKE: Final = "complaint_intake.api"
_MODELS: Final = "functions.complaint_intake.photos.requests"
#: Headers of an answer that sends the client on.
FOUND: Final = ("Location", "Cache-Control")

PHOTO_ROUTES: Final[tuple[Route, ...]] = (
    Route(
        method="POST",
        path="/photos",
        function=_INTAKE,
        operation_id="offerPhoto",
        summary="A place to upload one photo to; POST the file there as multipart/form-data",
        request=f"{_MODELS}:PhotoRequest",
        headers=("Accept-Language",),
        replies={
            201: Reply(
                description="The form to upload with, and the photo's id",
                model=f"{_MODELS}:PhotoOffer",
            )
        },
        problems=(400, 413),
    ),
    Route(
        method="POST",
        path="/complaints/{complaint_id}/photos",
        function=_INTAKE,
        operation_id="addPhotos",
        summary="Add uploaded photos to one's own complaint, up to five in all",
        request=f"{_MODELS}:MorePhotos",
        headers=("Accept-Language", "X-Tracking-Token"),
        replies={
            200: Reply(
                description="All its photos",
                model=f"{_MODELS}:ComplaintsPhotos",
            )
        },
        problems=(400, 403, 404, 409, 413),
    ),
    Route(
        method="GET",
        path="/complaints/{complaint_id}/photos/{photo_id}",
        function=_INTAKE,
        operation_id="showPhoto",
        summary="A photo of a public complaint; size=thumb for a small one",
        query=("size",),
        headers=("Accept-Language",),
        replies={302: Reply(description="Where it is to be had just now", headers=FOUND)},
        problems=(400, 404),
    ),
)
