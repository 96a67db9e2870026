"""The routes by which anyone follows a place, and by which subscribers decide about it."""

from collections.abc import Mapping

from infra.route import INTAKE, Reply, Route

_MODELS = "functions.complaint_intake.alerts"
_LINK = ("a", "t")
_PAGE: Mapping[int, Reply] = {
    200: Reply(description="The page", media_type="text/html"),
    403: Reply(description="The link is not whole, or no longer valid", media_type="text/html"),
}

ALERTS: tuple[Route, ...] = (
    Route(
        method="POST",
        path="/alerts",
        function=INTAKE,
        operation_id="followPlace",
        summary="Hear of new public complaints near a place, once the address has confirmed it",
        request=f"{_MODELS}.asking:AlertRequest",
        headers=("Accept-Language",),
        replies={
            202: Reply(
                description="The address is asked; the same for known and unknown ones",
                model=f"{_MODELS}.asking:AlertAsked",
            )
        },
        problems=(400, 409, 413),
    ),
    Route(
        method="GET",
        path="/alerts/confirm",
        function=INTAKE,
        operation_id="askToConfirmAlerts",
        summary="A page that asks whether alerts shall begin; changes nothing",
        required_query=_LINK,
        headers=("Accept-Language",),
        replies=_PAGE,
    ),
    Route(
        method="POST",
        path="/alerts/confirm",
        function=INTAKE,
        operation_id="confirmAlerts",
        summary="Let alerts begin: the page's button",
        required_query=_LINK,
        headers=("Accept-Language",),
        replies=_PAGE,
    ),
    Route(
        method="GET",
        path="/alerts/stop",
        function=INTAKE,
        operation_id="askToStopAlerts",
        summary="A page that asks whether alerts shall stop; changes nothing",
        required_query=_LINK,
        headers=("Accept-Language",),
        replies=_PAGE,
    ),
    Route(
        method="POST",
        path="/alerts/stop",
        function=INTAKE,
        operation_id="stopAlerts",
        summary="Stop alerts, and forget the address: the page's button, or a mail program (RFC 8058)",
        required_query=_LINK,
        headers=("Accept-Language",),
        replies=_PAGE,
    ),
    Route(
        method="GET",
        path="/alerts/{alert_id}",
        function=INTAKE,
        operation_id="showAlerts",
        summary="All that is held of a subscriber; needs the token of the link to stop",
        headers=("Accept-Language", "X-Tracking-Token"),
        replies={
            200: Reply(
                description="The place, the address but for most of it, and what was sent",
                model=f"{_MODELS}.held:AlertHeld",
            )
        },
        problems=(403, 404),
    ),
    Route(
        method="DELETE",
        path="/alerts/{alert_id}",
        function=INTAKE,
        operation_id="forgetAlerts",
        summary="Stop alerts, and forget the address; needs the token of the link to stop",
        headers=("Accept-Language", "X-Tracking-Token"),
        replies={
            200: Reply(
                description="Forgotten, or nothing was held",
                model=f"{_MODELS}.held:AlertForgotten",
            )
        },
        problems=(403, 404),
    ),
)
