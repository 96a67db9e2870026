"""What agencies and operators send: the bodies of their requests."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from shared.cleaning import Blank, Cleaned
from shared.complaints.law import ACTORS, Action, Actor
from shared.models import Body

NoteText = Annotated[str, Field(max_length=4000), Cleaned]
#: The code of a reason, an outcome or a template.
Code = Annotated[str, Field(max_length=48)]
Receipt = Annotated[str, Field(min_length=1, max_length=2048)]
_TWELVE_HOURS_S = 12 * 60 * 60
#: The actions of an agency or the desk.
AT_A_DESK = [
    str(action) for action, actors in ACTORS.items() if actors & {Actor.AGENCY, Actor.DESK}
]


def _taken_at_a_desk(action: Action) -> Action:
    if action not in AT_A_DESK:
        raise PydanticCustomError("enum", "Choose one of these", {"expected": ", ".join(AT_A_DESK)})
    return action


#: What an agency or an operator may do; the rest is the reporter's, or nobody's.
AgencyAction = Annotated[
    Action,
    AfterValidator(_taken_at_a_desk),
    WithJsonSchema({"type": "string", "enum": AT_A_DESK}),
]


class PartRequest(Body):
    """One part of a complaint that is split; what is not said stays as it is in the whole."""

    agency: Annotated[str, Field(max_length=48)]
    service_code: Annotated[str, Field(max_length=48)] | None = None
    description: Annotated[NoteText | None, Blank] = None


class ActionRequest(Body):
    """The body of `POST /complaints/{complaint_id}/actions`."""

    action: AgencyAction
    #: A UUID of the client's own; the same one again does nothing and is answered alike.
    action_id: UUID
    #: The version of the complaint that the client has seen.
    expected_version: int = Field(ge=1)
    #: The assignment that the client is working; refused if there is a newer one.
    assignment_no: int | None = Field(default=None, ge=1)
    public_note: Annotated[NoteText | None, Blank] = None
    internal_note: Annotated[NoteText | None, Blank] = None
    #: With `assign`: the agency that gets the complaint.
    agency: Annotated[str, Field(max_length=48)] | None = None
    #: With `split`: what each agency is to do.
    parts: Annotated[list[PartRequest], Field(min_length=2, max_length=10)] | None = None
    #: With `merge`: the number of the complaint that says the same.
    into: Annotated[str, Field(max_length=32)] | None = None
    #: With `schedule` and `resolve_conditionally`: the last day (WIB) by which it is to be done.
    until: date | None = None
    #: With `reject`: one of the jurisdiction's legal reasons.
    reason: Code | None = None
    #: With `resolve` and `resolve_conditionally`: what came of it, one of the jurisdiction's.
    outcome: Code | None = None
    #: The template that is the public note where none is given.
    template: Code | None = None
    #: With `redact`: what the public reads instead of the description.
    public_description: Annotated[NoteText | None, Blank] = None


class ReceiveRequest(Body):
    """The body of `POST /agencies/{agency}/messages/receive`."""

    max: int = Field(default=10, ge=1, le=10)


class AckRequest(Body):
    """The body of `POST /agencies/{agency}/messages/ack`: the message is dealt with."""

    receipt: Receipt


class ExtendRequest(Body):
    """The body of `POST /agencies/{agency}/messages/extend`: keep the message longer."""

    receipt: Receipt
    seconds: int = Field(ge=0, le=_TWELVE_HOURS_S)
