"""The routes of agencies' work and of the triage desk."""

from typing import Final

from infra.entries import ROUTING_API
from infra.routes.late import LATE_ROUTES
from infra.routes.route import AGENCY, OFFICER, Reply, Route, ServedBy

_agency = ServedBy(ROUTING_API, scopes=(AGENCY, OFFICER))
_desk = ServedBy(ROUTING_API, scopes=(OFFICER,))

_PAGE: Final = Reply("A page of complaints by due date", "views:WorkList")
_DONE: Final = Reply("Done", "views:Done")

AGENCIES_ROUTES: Final[tuple[Route, ...]] = (
    _agency(
        "POST",
        "/complaints/{complaint_id}/actions",
        "actOnComplaint",
        "Work a complaint as its agency; as an operator: assign, reject, reopen, moderate",
        Reply("Done, now or when it was first sent", "views:ActionOutcome"),
        request="requests:ActionRequest",
        problems=(404, 409, 503),
    ),
    _agency(
        "POST",
        "/agencies/{agency}/messages/receive",
        "receiveMessages",
        "Take messages from the agency's queue; an empty one answers Retry-After",
        Reply("What waited", "views:Messages", headers=("Retry-After",)),
        request="requests:ReceiveRequest",
        problems=(404,),
    ),
    _agency(
        "POST",
        "/agencies/{agency}/messages/ack",
        "acknowledgeMessage",
        "Delete a message that is dealt with",
        _DONE,
        request="requests:AckRequest",
        problems=(404,),
    ),
    _agency(
        "POST",
        "/agencies/{agency}/messages/extend",
        "extendMessage",
        "Keep a message for longer",
        _DONE,
        request="requests:ExtendRequest",
        problems=(404,),
    ),
    _agency(
        "GET",
        "/agencies/{agency}/complaints",
        "listWork",
        "The agency's work by due date; open work unless a status is named",
        _PAGE,
        query=("status", "overdue", "due_before", "cursor", "limit"),
        problems=(400, 404),
    ),
    _agency(
        "GET",
        "/agencies/{agency}/complaints/{complaint_id}",
        "showWork",
        "A complaint with its whole history, as its agency sees it",
        Reply("The complaint", "views:WorkDetail"),
        problems=(404,),
    ),
    _agency(
        "GET",
        "/agencies/{agency}/templates",
        "listTemplates",
        "Answers to begin from, outcomes and legal reasons, of the agency's jurisdiction",
        Reply("The choices", "views:DeskWords"),
        query=("jurisdiction_id",),
        problems=(400, 404),
    ),
    _desk(
        "GET",
        "/triage",
        "listTriage",
        "What waits for an operator of the jurisdiction",
        _PAGE,
        query=("jurisdiction_id", "status", "overdue", "due_before", "cursor", "limit"),
        problems=(400,),
    ),
    _desk(
        "GET",
        "/triage/stuck",
        "listStuck",
        "What agencies were sent as often as it is to be, and nobody has acknowledged",
        _PAGE,
        query=("jurisdiction_id", "cursor", "limit"),
        problems=(400,),
    ),
    *LATE_ROUTES,
    _desk(
        "GET",
        "/triage/{complaint_id}",
        "showAtTriage",
        "A complaint of the operator's jurisdiction with its history, whoever has it",
        Reply("The complaint", "views:WorkDetail"),
        problems=(404,),
    ),
)
