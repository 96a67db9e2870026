"""Suspects spam: such a complaint goes to the triage desk and stays hidden until an operator assigns it.

Nothing is thrown away, and the sender is told nothing: a wrong guess costs an operator a minute.
"""

from dataclasses import replace
from typing import Final

from functions.agency_routing import text
from functions.agency_routing.decide import Decision
from shared.complaints.events import ComplaintReceivedV1
from shared.jurisdiction import Jurisdiction
from shared.text import Text

#: The rule of a decision that suspicion made.
SUSPECTED: Final = "suspected-spam"
#: What is suspected: the device sends too many a day, or the text holds a phrase of spam. Intake
#: itself suspects a form whose hidden field was filled ("honeypot").
DEVICE_FLOOD: Final = "device_flood"
BLOCKED_WORDS: Final = "blocked_words"


def suspicion_of(event: ComplaintReceivedV1, jurisdiction: Jurisdiction) -> str | None:
    """Return why a complaint may be spam, or None.

    Only its first decision asks: what an operator has assigned since is not suspected again.
    """
    known = event.get("suspicion")
    if known or event.get("assignment_no", 1) > 1:
        return known
    if (event.get("device_today") or 0) > jurisdiction.abuse.submissions_per_device:
        return DEVICE_FLOOD
    words = text.read(event["description"], jurisdiction.language.spelling)
    return BLOCKED_WORDS if words.found(jurisdiction.abuse.blocked) else None


def held(decision: Decision, jurisdiction: Jurisdiction) -> Decision:
    """Return a decision that sends the same to the triage desk, without accusing anyone."""
    return replace(
        decision,
        agency=jurisdiction.triage,
        rule=SUSPECTED,
        because=Text("Menunggu diperiksa petugas.", "It waits for an operator to look at it."),
    )
