"""What is left of a complaint when its reporter is forgotten: what happened, and nobody in it.

Category, dates, statuses, agency, the answers to choose from and a place rounded to some hundred
metres stay, as the public part of the record. What anyone wrote about it goes, save what agencies
said to the public. The keyed hashes of the submission stay: without them a draft sent again by a
telephone would bring back what was erased.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final, Literal

from shared.complaints.clocks import wound
from shared.complaints.law import Actor
from shared.complaints.record import Assignment, Complaint, TimelineEntry
from shared.jurisdiction import Jurisdiction
from shared.text import Text

Reason = Literal["request", "retention"]

#: What stands where words were.
MARKERS: Final[Mapping[Reason, str]] = {
    "request": "[dihapus atas permintaan pelapor]",
    "retention": "[dihapus setelah masa simpannya habis]",
}
#: Decimals of a degree that are left of a place: about 110 m.
PLACE_DECIMALS: Final = 3

_NO_REASON = Text(
    "Alasannya dihapus bersama isi laporan.", "The reason was removed with the complaint's text."
)
#: What a reason quotes the complaint with.
_QUOTE = "“"
_WROTE = (Actor.REPORTER, Actor.PUBLIC)


def hidden(complaint: Complaint, reason: Reason, jurisdiction: Jurisdiction) -> Complaint:
    """Return a complaint without what its reporter wrote; the same one if that is done already.

    The tracking token is revoked, so nothing is added that would be missed. What finds the rest
    of what is held (photos, the device of the day) stays for the eraser.
    """
    known = complaint.description in MARKERS.values()
    bare = replace(
        complaint,
        description=complaint.description if known else MARKERS[reason],
        public_description=None,
        address_string=None,
        lat=_rough(complaint.lat),
        long=_rough(complaint.long),
        attributes={
            code: answer
            for code, answer in complaint.attributes.items()
            if _is_chosen(code, jurisdiction)
        },
        media_url=None,
        vehicle_code=None,
        drafted_at=None,
        contact_shared=False,
        notify=False,
        assignments=tuple(_without_quotes(one) for one in complaint.assignments),
    )
    # Not by the marker, which anyone may have typed.
    if bare == complaint:
        return complaint
    return bare if complaint.is_forgotten else replace(bare, token_epoch=bare.token_epoch + 1)


def forgotten(complaint: Complaint, now: datetime, jurisdiction: Jurisdiction) -> Complaint:
    """Return a hidden complaint of which all else is erased: a version on, and no clock running."""
    done = replace(
        complaint,
        photo_ids=(),
        device=None,
        version=complaint.version + 1,
        updated_at=now,
        erased_at=now,
    )
    return wound(done, jurisdiction)


def left_of(entry: TimelineEntry, reason: Reason) -> TimelineEntry:
    """Return what is left of a step: who moved what when, and what an agency told the public."""
    from shared.masking import masked  # its patterns take time, and not every erasure needs them

    note = entry.public_note
    written = entry.role in _WROTE
    if written:
        note = note and MARKERS[reason]
    return replace(
        entry,
        public_note=note and masked(note),
        internal_note=None,
        replaced=None,
        photo_ids=(),
        # It is a plain hash of what was said, and short words can be guessed from one.
        fingerprint="" if written else entry.fingerprint,
    )


def _rough(degrees: float | None) -> float | None:
    return None if degrees is None else round(degrees, PLACE_DECIMALS)


def _is_chosen(code: str, jurisdiction: Jurisdiction) -> bool:
    attribute = jurisdiction.attribute_by_code.get(code)
    return attribute is not None and attribute.is_list


def _without_quotes(assignment: Assignment) -> Assignment:
    quotes = _QUOTE in assignment.because.id + assignment.because.en
    return replace(assignment, because=_NO_REASON) if quotes else assignment
