"""The one table of HTTP routes: API resources, authorizers and OpenAPI are made from it.

Each context's `api.py` serves exactly its routes here; a test compares them.
"""

from infra.alert_routes import ALERTS
from infra.late_routes import LATE_ROUTES
from infra.notice_routes import NOTICES
from infra.open311_routes import OPEN311_ROUTES
from infra.page_routes import PAGES
from infra.payment_routes_books import BOOKS_ROUTES
from infra.payment_routes_orders import ORDERS_ROUTES
from infra.payment_routes_receivers import RECEIVERS_ROUTES
from infra.photo_routes import FOUND, PHOTO_ROUTES
from infra.rights_routes import RIGHTS
from infra.route import AGENCY, BODY_KB, INTAKE, OFFICER, ROUTING, Method, Reply, Route
from infra.shelter_routes_alerts import SHELTER_ALERTS_ROUTES
from infra.shelter_routes_feeds import FEEDS_ROUTES
from infra.shelter_routes_fleet import FLEET_ROUTES

__all__ = [
    "AGENCY",
    "BODY_KB",
    "INTAKE",
    "OFFICER",
    "ROUTES",
    "ROUTING",
    "Method",
    "Reply",
    "Route",
]

_INTAKE_MODELS = "functions.complaint_intake"
_ROUTING_MODELS = "functions.agency_routing"
_CACHED = ("ETag", "Cache-Control")
_UNCHANGED = Reply(description="Unchanged since the ETag that was sent", headers=_CACHED)
_PAGE = Reply(
    description="A page of complaints by due date", model=f"{_ROUTING_MODELS}.views:WorkList"
)
_DONE = Reply(description="Done", model=f"{_ROUTING_MODELS}.views:Done")

_VOICES = {
    201: Reply(description="Counted", model=f"{_INTAKE_MODELS}.support:Voices"),
    200: Reply(
        description="This device was counted before", model=f"{_INTAKE_MODELS}.support:Voices"
    ),
}

ROUTES: tuple[Route, ...] = (
    Route(
        method="GET",
        path="/categories",
        function=INTAKE,
        operation_id="listCategories",
        summary="The categories of a jurisdiction",
        required_query=("jurisdiction_id",),
        headers=("Accept-Language", "If-None-Match"),
        replies={
            200: Reply(
                description="The categories, in the language asked for",
                model=f"{_INTAKE_MODELS}.offered:Categories",
                headers=_CACHED,
            ),
            304: _UNCHANGED,
        },
        problems=(400,),
    ),
    Route(
        method="POST",
        path="/complaints",
        function=INTAKE,
        operation_id="submitComplaint",
        summary="Submit a complaint",
        request=f"{_INTAKE_MODELS}.submission:Submission",
        headers=("Accept-Language", "Idempotency-Key"),
        replies={
            201: Reply(
                description="Taken",
                model=f"{_INTAKE_MODELS}.submission:SubmissionReceipt",
                headers=("Location",),
            ),
            200: Reply(
                description="Taken before: the first receipt again",
                model=f"{_INTAKE_MODELS}.submission:SubmissionReceipt",
                headers=("Location",),
            ),
        },
        problems=(400, 409, 413, 503),
    ),
    Route(
        method="POST",
        path="/complaints/batch",
        function=INTAKE,
        operation_id="submitBatch",
        summary="Submit up to 25 drafts (64 KB each, 512 KB in all); each is answered on its own",
        request=f"{_INTAKE_MODELS}.batch:Batch",
        headers=("Accept-Language",),
        replies={
            200: Reply(
                description="What became of each draft, in their order",
                model=f"{_INTAKE_MODELS}.batch:BatchOutcome",
            )
        },
        problems=(400, 413),
        body_kb=512,
    ),
    Route(
        method="GET",
        path="/complaints/{complaint_id}",
        function=INTAKE,
        operation_id="showComplaint",
        summary="A complaint as the public sees it; with X-Tracking-Token, as its reporter does",
        headers=("Accept-Language", "If-None-Match", "X-Tracking-Token"),
        replies={
            200: Reply(
                description="The complaint",
                model=f"{_INTAKE_MODELS}.views:PublicComplaint|ReportersComplaint",
                headers=_CACHED,
            ),
            304: _UNCHANGED,
        },
        problems=(403, 404),
    ),
    Route(
        method="GET",
        path="/complaints/nearby",
        function=INTAKE,
        operation_id="listNearby",
        summary="Similar public complaints around a place, the nearest first; lng or long",
        query=("lng", "long", "category"),
        required_query=("jurisdiction_id", "lat"),
        headers=("Accept-Language", "If-None-Match"),
        replies={
            200: Reply(
                description="Open ones, and those closed lately",
                model=f"{_INTAKE_MODELS}.nearby:Nearby",
                headers=_CACHED,
            ),
            304: _UNCHANGED,
        },
        problems=(400,),
    ),
    Route(
        method="POST",
        path="/complaints/{complaint_id}/replies",
        function=INTAKE,
        operation_id="replyToComplaint",
        summary="As its reporter: answer, confirm, reopen, withdraw, reroute",
        request=f"{_INTAKE_MODELS}.replies:Reply",
        headers=("Accept-Language", "X-Tracking-Token"),
        replies={
            200: Reply(
                description="Done, now or when it was first sent",
                model=f"{_INTAKE_MODELS}.replies:ReplyOutcome",
            )
        },
        problems=(400, 403, 404, 409, 413, 503),
    ),
    Route(
        method="POST",
        path="/complaints/{complaint_id}/support",
        function=INTAKE,
        operation_id="supportComplaint",
        summary="Say that an open public complaint is yours as well, once for each device",
        request=f"{_INTAKE_MODELS}.support:SupportRequest",
        headers=("Accept-Language",),
        replies=_VOICES,
        problems=(400, 404, 409, 413, 503),
    ),
    Route(
        method="POST",
        path="/complaints/{complaint_id}/not-fixed",
        function=INTAKE,
        operation_id="sayNotFixed",
        summary="Say that a public complaint called done is not, once for each device",
        request=f"{_INTAKE_MODELS}.support:NotFixedReport",
        headers=("Accept-Language",),
        replies=_VOICES,
        problems=(400, 404, 409, 413, 503),
    ),
    Route(
        method="GET",
        path="/complaints/{complaint_id}/contact",
        function=INTAKE,
        operation_id="showSharedContact",
        summary="The contact data that the reporter lets the complaint's agency see",
        scopes=(AGENCY, OFFICER),
        headers=("Accept-Language",),
        replies={
            200: Reply(description="The contact", model=f"{_INTAKE_MODELS}.views:SharedContact")
        },
        problems=(401, 403, 404),
    ),
    *PHOTO_ROUTES,
    Route(
        method="GET",
        path="/open-data/{jurisdiction_id}/{month}",
        function=INTAKE,
        operation_id="getOpenData",
        summary="A month's public complaints as CSV, in the columns of Open311's bulk format",
        headers=("Accept-Language",),
        replies={302: Reply(description="Where the file is to be had just now", headers=FOUND)},
        problems=(404,),
    ),
    *PAGES,
    Route(
        method="POST",
        path="/complaints/{complaint_id}/actions",
        function=ROUTING,
        operation_id="actOnComplaint",
        summary="Work a complaint as its agency; as an operator: assign, reject, reopen, moderate",
        scopes=(AGENCY, OFFICER),
        request=f"{_ROUTING_MODELS}.requests:ActionRequest",
        headers=("Accept-Language",),
        replies={
            200: Reply(
                description="Done, now or when it was first sent",
                model=f"{_ROUTING_MODELS}.views:ActionOutcome",
            )
        },
        problems=(400, 401, 403, 404, 409, 413, 503),
    ),
    Route(
        method="POST",
        path="/agencies/{agency}/messages/receive",
        function=ROUTING,
        operation_id="receiveMessages",
        summary="Take messages from the agency's queue; an empty one answers Retry-After",
        scopes=(AGENCY, OFFICER),
        request=f"{_ROUTING_MODELS}.requests:ReceiveRequest",
        headers=("Accept-Language",),
        replies={
            200: Reply(
                description="What waited",
                model=f"{_ROUTING_MODELS}.views:Messages",
                headers=("Retry-After",),
            )
        },
        problems=(400, 401, 403, 404, 413),
    ),
    Route(
        method="POST",
        path="/agencies/{agency}/messages/ack",
        function=ROUTING,
        operation_id="acknowledgeMessage",
        summary="Delete a message that is dealt with",
        scopes=(AGENCY, OFFICER),
        request=f"{_ROUTING_MODELS}.requests:AckRequest",
        headers=("Accept-Language",),
        replies={200: _DONE},
        problems=(400, 401, 403, 404, 413),
    ),
    Route(
        method="POST",
        path="/agencies/{agency}/messages/extend",
        function=ROUTING,
        operation_id="extendMessage",
        summary="Keep a message for longer",
        scopes=(AGENCY, OFFICER),
        request=f"{_ROUTING_MODELS}.requests:ExtendRequest",
        headers=("Accept-Language",),
        replies={200: _DONE},
        problems=(400, 401, 403, 404, 413),
    ),
    Route(
        method="GET",
        path="/agencies/{agency}/complaints",
        function=ROUTING,
        operation_id="listWork",
        summary="The agency's work by due date; open work unless a status is named",
        scopes=(AGENCY, OFFICER),
        query=("status", "overdue", "due_before", "cursor", "limit"),
        headers=("Accept-Language",),
        replies={200: _PAGE},
        problems=(400, 401, 403, 404),
    ),
    Route(
        method="GET",
        path="/agencies/{agency}/complaints/{complaint_id}",
        function=ROUTING,
        operation_id="showWork",
        summary="A complaint with its whole history, as its agency sees it",
        scopes=(AGENCY, OFFICER),
        headers=("Accept-Language",),
        replies={
            200: Reply(description="The complaint", model=f"{_ROUTING_MODELS}.views:WorkDetail")
        },
        problems=(401, 403, 404),
    ),
    Route(
        method="GET",
        path="/agencies/{agency}/templates",
        function=ROUTING,
        operation_id="listTemplates",
        summary="Answers to begin from, outcomes and legal reasons, of the agency's jurisdiction",
        scopes=(AGENCY, OFFICER),
        query=("jurisdiction_id",),
        headers=("Accept-Language",),
        replies={200: Reply(description="The choices", model=f"{_ROUTING_MODELS}.views:DeskWords")},
        problems=(400, 401, 403, 404),
    ),
    Route(
        method="GET",
        path="/triage",
        function=ROUTING,
        operation_id="listTriage",
        summary="What waits for an operator of the jurisdiction",
        scopes=(OFFICER,),
        query=("jurisdiction_id", "status", "overdue", "due_before", "cursor", "limit"),
        headers=("Accept-Language",),
        replies={200: _PAGE},
        problems=(400, 401, 403),
    ),
    Route(
        method="GET",
        path="/triage/stuck",
        function=ROUTING,
        operation_id="listStuck",
        summary="What agencies were sent as often as it is to be, and nobody has acknowledged",
        scopes=(OFFICER,),
        query=("jurisdiction_id", "cursor", "limit"),
        headers=("Accept-Language",),
        replies={200: _PAGE},
        problems=(400, 401, 403),
    ),
    *LATE_ROUTES,
    Route(
        method="GET",
        path="/triage/{complaint_id}",
        function=ROUTING,
        operation_id="showAtTriage",
        summary="A complaint of the operator's jurisdiction with its history, whoever has it",
        scopes=(OFFICER,),
        headers=("Accept-Language",),
        replies={
            200: Reply(description="The complaint", model=f"{_ROUTING_MODELS}.views:WorkDetail")
        },
        problems=(401, 403, 404),
    ),
    *NOTICES,
    *ALERTS,
    *OPEN311_ROUTES,
    *RIGHTS,
    *RECEIVERS_ROUTES,
    *ORDERS_ROUTES,
    *BOOKS_ROUTES,
    *FEEDS_ROUTES,
    *FLEET_ROUTES,
    *SHELTER_ALERTS_ROUTES,
)
