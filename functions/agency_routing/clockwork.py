"""What happens when a complaint's clock runs out: once, by what the complaint is then."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from functions.agency_routing import escalate, lapse, resend
from shared import config
from shared.complaints import clocks
from shared.complaints.acting import ActionRepeated, Change, StaleVersion, Store
from shared.complaints.record import Complaint
from shared.jurisdiction import Jurisdiction


class ChangingStore(Store, Protocol):
    """What a clock needs of the complaint store."""

    def change(self, before: Complaint, after: Complaint) -> None:
        """Write a change that makes no step.

        Raises:
            StaleVersion: the complaint has changed since `before`.
        """
        ...


#: By the kind of clock that ran out at `now`: the change that it makes, None if it makes none. The
#: new clock is set for it.
RINGS: Mapping[str, Callable[[Complaint, datetime, Jurisdiction], Change | None]] = {
    clocks.ANSWER: lapse.lapse,
    clocks.OWED: lapse.lapse,
    clocks.WARNING: escalate.escalate,
    clocks.OVERDUE: escalate.escalate,
    clocks.CLOSE: lapse.close,
    clocks.DELIVERY: resend.resend,
}


def ring(kind: str, complaint_id: str, *, now: datetime, store: ChangingStore) -> bool:
    """Do what a complaint's clock says if it has run out; return whether anything was done.

    Whoever acts meanwhile comes first. A clock that would be set later today, since terms have
    changed, is only set anew.
    """
    complaint = store.get(complaint_id)
    if complaint is None or complaint.clock != kind or not _over(complaint, now):
        return False
    jurisdiction = config.load(complaint.jurisdiction_id)
    anew = clocks.wound(complaint, jurisdiction)
    made = None
    if anew.clock == kind and _over(anew, now):
        made = RINGS[kind](anew, now, jurisdiction)
    try:
        if made is None:
            store.change(complaint, replace(anew, version=complaint.version + 1))
            return False
        after = clocks.wound(made.complaint, jurisdiction)
        store.record_action(
            complaint, after, made.entry, created=made.created, learned=made.learned
        )
    except (ActionRepeated, StaleVersion):
        return False
    return True


def _over(complaint: Complaint, now: datetime) -> bool:
    return complaint.clock_at is not None and complaint.clock_at <= now
