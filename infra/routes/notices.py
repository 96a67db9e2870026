"""The routes by which reporters decide about notices."""

from typing import Final

from infra.entries import INTAKE_API
from infra.routes.route import Reply, Route, ServedBy, by_link

_intake = ServedBy(INTAKE_API)
_LINK: Final = ("c", "t")

NOTICES_ROUTES: Final[tuple[Route, ...]] = (
    _intake(
        "PUT",
        "/complaints/{complaint_id}/notices",
        "chooseNotices",
        "By which channels the reporter is told of progress; needs the tracking token",
        Reply("As it is from now on", "notices.unsubscribing:NoticeSettingsView"),
        request="notices.unsubscribing:NoticeSettingsBody",
        headers=("X-Tracking-Token",),
        problems=(403, 404, 409, 503),
    ),
    _intake(
        "GET",
        "/notices/unsubscribe",
        "askToUnsubscribe",
        "A page that asks whether to stop a complaint's notices; changes nothing",
        by_link(),
        required_query=_LINK,
    ),
    _intake(
        "POST",
        "/notices/unsubscribe",
        "unsubscribe",
        "Stop a complaint's notices: the page's button, or a mail program (RFC 8058)",
        by_link(),
        required_query=_LINK,
        problems=(503,),
    ),
)
