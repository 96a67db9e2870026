"""The routes by which reporters decide about notices."""

from collections.abc import Mapping

from infra.route import INTAKE, Reply, Route

_MODELS = "functions.complaint_intake.notices.unsubscribing"
_UNSUBSCRIBE: Mapping[int, Reply] = {
    200: Reply(description="The page", media_type="text/html"),
    403: Reply(description="The link is not whole, or no longer valid", media_type="text/html"),
}

NOTICES: tuple[Route, ...] = (
    Route(
        method="PUT",
        path="/complaints/{complaint_id}/notices",
        function=INTAKE,
        operation_id="chooseNotices",
        summary="By which channels the reporter is told of progress; needs the tracking token",
        request=f"{_MODELS}:NoticeSettingsBody",
        headers=("Accept-Language", "X-Tracking-Token"),
        replies={
            200: Reply(
                description="As it is from now on",
                model=f"{_MODELS}:NoticeSettingsView",
            )
        },
        problems=(400, 403, 404, 409, 413, 503),
    ),
    Route(
        method="GET",
        path="/notices/unsubscribe",
        function=INTAKE,
        operation_id="askToUnsubscribe",
        summary="A page that asks whether to stop a complaint's notices; changes nothing",
        required_query=("c", "t"),
        headers=("Accept-Language",),
        replies=_UNSUBSCRIBE,
    ),
    Route(
        method="POST",
        path="/notices/unsubscribe",
        function=INTAKE,
        operation_id="unsubscribe",
        summary="Stop a complaint's notices: the page's button, or a mail program (RFC 8058)",
        required_query=("c", "t"),
        headers=("Accept-Language",),
        replies=_UNSUBSCRIBE,
        problems=(503,),
    ),
)
