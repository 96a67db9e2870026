"""The routes of the pages: plain HTML for people, by plain forms."""

from typing import Final

from infra.entries import INTAKE_API
from infra.routes.route import Route, ServedBy, page

_FORM: Final = "application/x-www-form-urlencoded"

_page = ServedBy(INTAKE_API, request_media_type=_FORM)
#: Speaks both languages at once.
_both = ServedBy(INTAKE_API, headers=(), request_media_type=_FORM)

PAGES_ROUTES: Final[tuple[Route, ...]] = (
    _both(
        "GET",
        "/lapor",
        "showForm",
        "The plain HTML form; v fills the vehicle's code, and jurisdiction_id whose it is",
        page("The form"),
        query=("v", "jurisdiction_id"),
    ),
    _both(
        "POST",
        "/lapor",
        "submitForm",
        "Submit the plain HTML form; a second page asks more where there is more to ask",
        {
            201: page("Taken: the number"),
            200: page("Taken before: the number again; or another page of the form"),
            400: page("The form, with what to mend"),
            404: page("The complaint to join is not public"),
            409: page("The form was sent before with other content"),
            413: page("The form is too large"),
            503: page("Busy; send again"),
        },
        request="pages.lapor:PostedForm",
    ),
    _both(
        "GET",
        "/lapor/foto",
        "showPhotoForm",
        "A form for a photo of one complaint; S3 sends the browser here with its key",
        {
            200: page("The form for the next photo"),
            400: page("The photo could not be added"),
            403: page("The ticket is not good, or not any more"),
            409: page("The complaint takes no photos, or the photo is another's"),
        },
        query=("lang", "key"),
        required_query=("ticket",),
    ),
    _page(
        "GET",
        "/ikuti",
        "showFollowingForm",
        "A form to follow a place; jurisdiction_id says whose complaints",
        {200: page("The form"), 409: page("Alerts are not offered there")},
        query=("jurisdiction_id",),
    ),
    _page(
        "POST",
        "/ikuti",
        "submitFollowingForm",
        "Have an address asked whether it wishes to follow a place",
        {
            200: page("It is asked; the same for known and unknown addresses"),
            400: page("The form, with what to mend"),
            409: page("Alerts are not offered there"),
            413: page("The form is too large"),
        },
        request="pages.ikuti:PostedFollowing",
    ),
    _page(
        "GET",
        "/lacak",
        "showTrackingForm",
        "Asks for a complaint's number and token; a link's fragment fills them in",
        page("The form"),
    ),
    _page(
        "GET",
        "/lacak/{complaint_id}",
        "showPublicPage",
        "A public complaint as a page that anyone may read",
        {200: page("The complaint"), 404: page("There is none, or none that is public")},
        problems=(404,),
    ),
    _page(
        "POST",
        "/lacak",
        "track",
        "How a complaint stands, and what its reporter may do; does it, if asked to",
        {
            200: page("The complaint"),
            400: page("The complaint, or the form, with what to mend"),
            403: page("Number and token do not belong together"),
            409: page("The complaint, and why this is not possible now"),
            413: page("The form is too large"),
            503: page("Busy; send again"),
        },
        request="pages.lacak:PostedTracking",
    ),
)
