"""The routes by which reporters see what is held of them, and have it erased (UU PDP)."""

from typing import Final

from infra.entries import INTAKE_API
from infra.routes.route import Reply, Route, ServedBy

_intake = ServedBy(INTAKE_API)

RIGHTS_ROUTES: Final[tuple[Route, ...]] = (
    _intake(
        "GET",
        "/complaints/{complaint_id}/personal-data",
        "showPersonalData",
        "All that is held of the reporter with a complaint; needs the tracking token",
        Reply(
            "Contact, words, photos, notices, who processed it, who was given it",
            "rights.held:PersonalData",
        ),
        headers=("X-Tracking-Token",),
        problems=(403, 404),
    ),
    _intake(
        "DELETE",
        "/complaints/{complaint_id}/personal-data",
        "erasePersonalData",
        "Forget the reporter; an open complaint is withdrawn. Needs the tracking token",
        {
            202: Reply(
                "Hidden now, erased within 72 hours; the same again when asked again",
                "rights.serving:ErasureReceipt",
            )
        },
        headers=("X-Tracking-Token",),
        problems=(403, 404, 409, 503),
    ),
)
