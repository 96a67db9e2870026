"""The routes by which anyone follows a place, and by which subscribers decide about it."""

from typing import Final

from infra.entries import INTAKE_API
from infra.routes.route import Reply, Route, ServedBy, by_link

_intake = ServedBy(INTAKE_API)
_LINK: Final = ("a", "t")

ALERTS_ROUTES: Final[tuple[Route, ...]] = (
    _intake(
        "POST",
        "/alerts",
        "followPlace",
        "Hear of new public complaints near a place, once the address has confirmed it",
        {
            202: Reply(
                "The address is asked; the same for known and unknown ones",
                "alerts.asking:AlertAsked",
            )
        },
        request="alerts.asking:AlertRequest",
        problems=(409,),
    ),
    _intake(
        "GET",
        "/alerts/confirm",
        "askToConfirmAlerts",
        "A page that asks whether alerts shall begin; changes nothing",
        by_link(),
        required_query=_LINK,
    ),
    _intake(
        "POST",
        "/alerts/confirm",
        "confirmAlerts",
        "Let alerts begin: the page's button",
        by_link(),
        required_query=_LINK,
    ),
    _intake(
        "GET",
        "/alerts/stop",
        "askToStopAlerts",
        "A page that asks whether alerts shall stop; changes nothing",
        by_link(),
        required_query=_LINK,
    ),
    _intake(
        "POST",
        "/alerts/stop",
        "stopAlerts",
        "Stop alerts, and forget the address: the page's button, or a mail program (RFC 8058)",
        by_link(),
        required_query=_LINK,
    ),
    _intake(
        "GET",
        "/alerts/{alert_id}",
        "showAlerts",
        "All that is held of a subscriber; needs the token of the link to stop",
        Reply(
            "The place, the address but for most of it, and what was sent", "alerts.held:AlertHeld"
        ),
        headers=("X-Tracking-Token",),
        problems=(403, 404),
    ),
    _intake(
        "DELETE",
        "/alerts/{alert_id}",
        "forgetAlerts",
        "Stop alerts, and forget the address; needs the token of the link to stop",
        Reply("Forgotten, or nothing was held", "alerts.held:AlertForgotten"),
        headers=("X-Tracking-Token",),
        problems=(403, 404),
    ),
)
