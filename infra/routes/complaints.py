"""The routes by which citizens report, follow and share complaints."""

from typing import Final

from infra.entries import INTAKE_API
from infra.routes.route import AGENCY, OFFICER, Reply, Route, ServedBy, cached

_intake = ServedBy(INTAKE_API)
_drafts = ServedBy(INTAKE_API, body_kb=512)
_shared = ServedBy(INTAKE_API, scopes=(AGENCY, OFFICER))

_VOICES: Final = {
    201: Reply("Counted", "support:Voices"),
    200: Reply("This device was counted before", "support:Voices"),
}

COMPLAINTS_ROUTES: Final[tuple[Route, ...]] = (
    _intake(
        "GET",
        "/categories",
        "listCategories",
        "The categories of a jurisdiction",
        cached(Reply("The categories, in the language asked for", "offered:Categories")),
        required_query=("jurisdiction_id",),
        problems=(400,),
    ),
    _intake(
        "POST",
        "/complaints",
        "submitComplaint",
        "Submit a complaint",
        {
            201: Reply("Taken", "submission:SubmissionReceipt", headers=("Location",)),
            200: Reply(
                "Taken before: the first receipt again",
                "submission:SubmissionReceipt",
                headers=("Location",),
            ),
        },
        request="submission:Submission",
        headers=("Idempotency-Key",),
        problems=(409, 503),
    ),
    _drafts(
        "POST",
        "/complaints/batch",
        "submitBatch",
        "Submit up to 25 drafts (64 KB each, 512 KB in all); each is answered on its own",
        Reply("What became of each draft, in their order", "batch:BatchOutcome"),
        request="batch:Batch",
    ),
    _intake(
        "GET",
        "/complaints/{complaint_id}",
        "showComplaint",
        "A complaint as the public sees it; with X-Tracking-Token, as its reporter does",
        cached(Reply("The complaint", "views:PublicComplaint|ReportersComplaint")),
        headers=("X-Tracking-Token",),
        problems=(403, 404),
    ),
    _intake(
        "GET",
        "/complaints/nearby",
        "listNearby",
        "Similar public complaints around a place, the nearest first; lng or long",
        cached(Reply("Open ones, and those closed lately", "nearby:Nearby")),
        query=("lng", "long", "category"),
        required_query=("jurisdiction_id", "lat"),
        problems=(400,),
    ),
    _intake(
        "POST",
        "/complaints/{complaint_id}/replies",
        "replyToComplaint",
        "As its reporter: answer, confirm, reopen, withdraw, reroute",
        Reply("Done, now or when it was first sent", "replies:ReplyOutcome"),
        request="replies:Reply",
        headers=("X-Tracking-Token",),
        problems=(403, 404, 409, 503),
    ),
    _intake(
        "POST",
        "/complaints/{complaint_id}/support",
        "supportComplaint",
        "Say that an open public complaint is yours as well, once for each device",
        _VOICES,
        request="support:SupportRequest",
        problems=(404, 409, 503),
    ),
    _intake(
        "POST",
        "/complaints/{complaint_id}/not-fixed",
        "sayNotFixed",
        "Say that a public complaint called done is not, once for each device",
        _VOICES,
        request="support:NotFixedReport",
        problems=(404, 409, 503),
    ),
    _shared(
        "GET",
        "/complaints/{complaint_id}/contact",
        "showSharedContact",
        "The contact data that the reporter lets the complaint's agency see",
        Reply("The contact", "views:SharedContact"),
        problems=(404,),
    ),
)
