"""Who gets a complaint next: what an agency returns, a desk assigns or opens again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from functions.agency_routing import merge, split
from functions.agency_routing.requests import ActionRequest
from shared.complaints import marks
from shared.complaints.law import Action
from shared.complaints.reassigning import given_back
from shared.complaints.record import OPERATOR, RETURNED, Assignment, Complaint
from shared.errors import InvalidInput
from shared.jurisdiction import Jurisdiction
from shared.text import Text
from shared.validation import near

_RETURNED: Final = Text(
    "Dikembalikan dinas; petugas akan memilah ulang.",
    "Returned by the agency; an operator will sort it again.",
)
_ASSIGNED: Final = Text("Ditetapkan oleh petugas Diskominfo.", "Decided by a Diskominfo operator.")
_NOT_DONE: Final = Text(
    "Dibuka lagi oleh petugas: belum tuntas.", "Opened again by the desk: it is not done."
)


def handed_on(
    complaint: Complaint, request: ActionRequest, now: datetime, jurisdiction: Jurisdiction
) -> Complaint:
    """Return a complaint after an action with the assignment that it makes, marked to be delivered.

    The same one if the action makes none.

    Raises:
        InvalidInput: no agency is named to assign it to, or one that cannot have it.
    """
    match request.action:
        case Action.RETURN:
            moved = _assigned(complaint, jurisdiction.triage, RETURNED, _RETURNED, now)
            return marks.to_assign(moved, now)
        case Action.ASSIGN:
            agency = _assignable(request.agency, complaint.assignments[-1], jurisdiction)
            moved = _assigned(complaint, agency, OPERATOR, _ASSIGNED, now)
            return marks.to_assign(replace(moved, suspicion=None), now)
        case Action.SPLIT:
            kept = split.held_at_desk(complaint, now, jurisdiction)
            return marks.to_assign(_with(complaint, kept), now)
        case Action.UNMERGE:
            sorted_again = merge.sorted_again(complaint, now, jurisdiction)
            return marks.to_assign(_with(complaint, sorted_again), now)
        case Action.REOPEN:
            again = given_back(complaint, _NOT_DONE, now, jurisdiction)
            return marks.to_assign(again, now, said_in=str(request.action_id))
        case _:
            return complaint


def _assigned(
    complaint: Complaint, agency: str, rule: str, because: Text, now: datetime
) -> Complaint:
    no = complaint.assignments[-1].no + 1
    new = Assignment(no=no, agency=agency, rule=rule, because=because, at=now)
    return _with(complaint, new)


def _with(complaint: Complaint, new: Assignment) -> Complaint:
    return replace(complaint, assignments=(*complaint.assignments, new))


def _assignable(agency: str | None, current: Assignment, jurisdiction: Jurisdiction) -> str:
    own = [one.code for one in jurisdiction.agencies if not one.retired]
    possible = [code for code in (*own, *jurisdiction.handoffs) if code != current.agency]
    if agency is None:
        raise InvalidInput.at(
            "agency", "missing", Text("Sebutkan dinas tujuan.", "Name the agency to assign to.")
        )
    if agency not in possible:
        hint = _hint(agency, current, possible, jurisdiction)
        raise InvalidInput.at(
            "agency",
            "unknown_agency",
            Text(
                f"Dinas ini tidak bisa ditugasi{hint.id}",
                f"This agency cannot be assigned to{hint.en}",
            ),
        )
    return agency


def _hint(
    agency: str, current: Assignment, possible: Sequence[str], jurisdiction: Jurisdiction
) -> Text:
    """Return how to go on from an agency that cannot be assigned to: the end of a sentence."""
    if agency == current.agency:
        return Text(": laporan ini sudah ada padanya.", ": it has this complaint already.")
    if jurisdiction.handoffs and not agency.startswith(f"{jurisdiction.id}-"):
        listed = ", ".join(jurisdiction.handoffs)
        return Text(
            f"; ke luar hanya bisa diserahkan kepada: {listed}.",
            f"; outside, only these may be handed over to: {listed}.",
        )
    if meant := near(agency, possible):
        return Text(f". Maksudnya “{meant}”?", f". Did you mean “{meant}”?")
    return Text(".", ".")
