"""The routes of the pages: plain HTML for people, by plain forms."""

from typing import Final

from infra.route import Reply, Route

_INTAKE: Final = "complaint_intake.api"
_MODELS: Final = "functions.complaint_intake.pages"
_FORM: Final = "application/x-www-form-urlencoded"


def _html(description: str) -> Reply:
    return Reply(description=description, media_type="text/html")


PAGES: Final[tuple[Route, ...]] = (
    Route(
        method="GET",
        path="/lapor",
        function=_INTAKE,
        operation_id="showForm",
        summary="The plain HTML form; v fills the vehicle's code, and jurisdiction_id whose it is",
        query=("v", "jurisdiction_id"),
        replies={200: _html("The form")},
    ),
    Route(
        method="POST",
        path="/lapor",
        function=_INTAKE,
        operation_id="submitForm",
        summary="Submit the plain HTML form; a second page asks more where there is more to ask",
        request=f"{_MODELS}.lapor:PostedForm",
        request_media_type=_FORM,
        replies={
            201: _html("Taken: the number"),
            200: _html("Taken before: the number again; or another page of the form"),
            400: _html("The form, with what to mend"),
            404: _html("The complaint to join is not public"),
            409: _html("The form was sent before with other content"),
            413: _html("The form is too large"),
            503: _html("Busy; send again"),
        },
    ),
    Route(
        method="GET",
        path="/lapor/foto",
        function=_INTAKE,
        operation_id="showPhotoForm",
        summary="A form for a photo of one complaint; S3 sends the browser here with its key",
        required_query=("ticket",),
        query=("lang", "key"),
        replies={
            200: _html("The form for the next photo"),
            400: _html("The photo could not be added"),
            403: _html("The ticket is not good, or not any more"),
            409: _html("The complaint takes no photos, or the photo is another's"),
        },
    ),
    Route(
        method="GET",
        path="/ikuti",
        function=_INTAKE,
        operation_id="showFollowingForm",
        summary="A form to follow a place; jurisdiction_id says whose complaints",
        query=("jurisdiction_id",),
        headers=("Accept-Language",),
        replies={200: _html("The form"), 409: _html("Alerts are not offered there")},
    ),
    Route(
        method="POST",
        path="/ikuti",
        function=_INTAKE,
        operation_id="submitFollowingForm",
        summary="Have an address asked whether it wishes to follow a place",
        request=f"{_MODELS}.ikuti:PostedFollowing",
        request_media_type=_FORM,
        headers=("Accept-Language",),
        replies={
            200: _html("It is asked; the same for known and unknown addresses"),
            400: _html("The form, with what to mend"),
            409: _html("Alerts are not offered there"),
            413: _html("The form is too large"),
        },
    ),
    Route(
        method="GET",
        path="/lacak",
        function=_INTAKE,
        operation_id="showTrackingForm",
        summary="Asks for a complaint's number and token; a link's fragment fills them in",
        headers=("Accept-Language",),
        replies={200: _html("The form")},
    ),
    Route(
        method="GET",
        path="/lacak/{complaint_id}",
        function=_INTAKE,
        operation_id="showPublicPage",
        summary="A public complaint as a page that anyone may read",
        headers=("Accept-Language",),
        replies={200: _html("The complaint"), 404: _html("There is none, or none that is public")},
        problems=(404,),
    ),
    Route(
        method="POST",
        path="/lacak",
        function=_INTAKE,
        operation_id="track",
        summary="How a complaint stands, and what its reporter may do; does it, if asked to",
        request=f"{_MODELS}.lacak:PostedTracking",
        request_media_type=_FORM,
        headers=("Accept-Language",),
        replies={
            200: _html("The complaint"),
            400: _html("The complaint, or the form, with what to mend"),
            403: _html("Number and token do not belong together"),
            409: _html("The complaint, and why this is not possible now"),
            413: _html("The form is too large"),
            503: _html("Busy; send again"),
        },
    ),
)
