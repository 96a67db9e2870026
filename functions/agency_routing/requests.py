"""What agencies and operators send: the bodies of their requests."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.complaints.law import Action

NoteText = Annotated[str, Field(max_length=4000)]
Receipt = Annotated[str, Field(min_length=1, max_length=2048)]
_TWELVE_HOURS_S = 12 * 60 * 60


class ActionRequest(BaseModel):
    """The body of `POST /complaints/{complaint_id}/actions`."""

    model_config = ConfigDict(extra="forbid", strict=True)

    action: Action
    #: A UUID of the client's own; the same one again does nothing and is answered alike.
    action_id: UUID
    #: The version of the complaint that the client has seen.
    expected_version: int = Field(ge=1)
    #: The assignment that the client is working; refused if there is a newer one.
    assignment_no: int | None = Field(default=None, ge=1)
    public_note: NoteText | None = None
    internal_note: NoteText | None = None
    #: With `assign`: the agency that gets the complaint.
    agency: Annotated[str, Field(max_length=48)] | None = None


class ReceiveRequest(BaseModel):
    """The body of `POST /agencies/{agency}/messages/receive`."""

    model_config = ConfigDict(extra="forbid", strict=True)

    max: int = Field(default=10, ge=1, le=10)


class AckRequest(BaseModel):
    """The body of `POST /agencies/{agency}/messages/ack`: the message is dealt with."""

    model_config = ConfigDict(extra="forbid", strict=True)

    receipt: Receipt


class ExtendRequest(BaseModel):
    """The body of `POST /agencies/{agency}/messages/extend`: keep the message longer."""

    model_config = ConfigDict(extra="forbid", strict=True)

    receipt: Receipt
    seconds: int = Field(ge=0, le=_TWELVE_HOURS_S)
