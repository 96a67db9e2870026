"""What reporters send about their own complaint, and what they are answered."""

import hashlib
import json
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from functions.complaint_intake.submission import MOST_PHOTOS, Answer, Code, PhotoId
from shared.cleaning import Blank, Cleaned
from shared.complaints.law import Action
from shared.models import Body, View

Note = Annotated[str, Field(max_length=4000), Cleaned]


class Reply(Body):
    """The body of `POST /complaints/{complaint_id}/replies`."""

    action: Literal[Action.ANSWER, Action.CONFIRM, Action.REOPEN, Action.WITHDRAW, Action.REROUTE]
    #: A UUID of the client's own; the same one again does nothing and is answered alike.
    action_id: UUID
    #: With `answer` the answer, with `reopen` the reason. All who may read the complaint read it.
    note: Annotated[Note | None, Blank] = None
    #: With `reroute`: what the complaint is about after all, and answers to that one's questions.
    service_code: Annotated[Code | None, Blank] = None
    attributes: dict[Code, Answer] = Field(default_factory=dict, max_length=20)
    #: With `answer` and `reopen`.
    photo_ids: list[PhotoId] = Field(default_factory=list, max_length=MOST_PHOTOS)

    @property
    def fingerprint(self) -> str:
        """What tells the same reply again from another one with its id, in every release."""
        said = self.model_dump(mode="json", exclude_defaults=True)
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


class ReplyOutcome(View):
    """How the complaint stands after a reply; the same again for the same action id."""

    complaint_id: str
    action_id: str
    version: int
    status: str
    #: What the law lets the reporter do from here; reopening has its term.
    possible: list[str]
