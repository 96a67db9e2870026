"""The routes by which reporters see what is held of them, and have it erased (UU PDP)."""

from infra.route import INTAKE, Reply, Route

_RIGHTS = "functions.complaint_intake.rights"
_PATH = "/complaints/{complaint_id}/personal-data"
_HEADERS = ("Accept-Language", "X-Tracking-Token")

RIGHTS: tuple[Route, ...] = (
    Route(
        method="GET",
        path=_PATH,
        function=INTAKE,
        operation_id="showPersonalData",
        summary="All that is held of the reporter with a complaint; needs the tracking token",
        headers=_HEADERS,
        replies={
            200: Reply(
                description="Contact, words, photos, notices, who processed it, who was given it",
                model=f"{_RIGHTS}.held:PersonalData",
            )
        },
        problems=(403, 404),
    ),
    Route(
        method="DELETE",
        path=_PATH,
        function=INTAKE,
        operation_id="erasePersonalData",
        summary="Forget the reporter; an open complaint is withdrawn. Needs the tracking token",
        headers=_HEADERS,
        replies={
            202: Reply(
                description="Hidden now, erased within 72 hours; the same again when asked again",
                model=f"{_RIGHTS}.serving:ErasureReceipt",
            )
        },
        problems=(403, 404, 409, 503),
    ),
)
