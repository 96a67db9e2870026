"""Which partner hears of which complaint, and what: never who reported it, nor a word of theirs."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from functions.complaint_intake.notices.messages import ComplaintProgressedWebhookV1, WebhookDueV1
from shared.clock import to_text
from shared.complaints.record import Complaint

#: Partition key of the registry in the complaints table.
PARTNERS: Final = "PARTNERS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """Whose server is told of complaints' progress."""

    partner_id: str
    url: str
    jurisdictions: tuple[str, ...] = ()  #: none named: all
    statuses: tuple[str, ...] = ()  #: none named: all
    fleet: bool = False  #: hears only of complaints made in its own vehicles
    disabled: str | None = None  #: why it is sent nothing any more
    paused_until: str | None = None  #: it failed a moment ago; not asked again until then

    def hears(self, progressed: Mapping[str, Any]) -> bool:
        """Tell from a `complaint_progressed.v1` whether the partner may have to be told."""
        return (
            self._follows(progressed["jurisdiction_id"], progressed["status"])
            and (progressed["public"] or self.owns(progressed["vehicle_partner"]))
            and (not self.fleet or self.owns(progressed["vehicle_partner"]))
        )

    def owns(self, vehicle_partner: str | None) -> bool:
        """Tell whether a complaint's vehicle is one of the partner's, and that matters to it."""
        return self.fleet and vehicle_partner == self.partner_id

    def _follows(self, jurisdiction_id: str, status: str) -> bool:
        return (
            self.disabled is None
            and (not self.jurisdictions or jurisdiction_id in self.jurisdictions)
            and (not self.statuses or status in self.statuses)
        )


def partner_values(partner: Partner) -> dict[str, Any]:
    """Return a partner as the item in which the registry holds it."""
    kept = {name: value for name, value in asdict(partner).items() if value is not None}
    return {"pk": PARTNERS, "sk": kept.pop("partner_id"), **kept}


def partner_from(values: Mapping[str, Any]) -> Partner:
    """Return the partner that an item of the registry holds."""
    return Partner(
        partner_id=values["sk"],
        url=values["url"],
        jurisdictions=tuple(values.get("jurisdictions", ())),
        statuses=tuple(values.get("statuses", ())),
        fleet=values.get("fleet", False),
        disabled=values.get("disabled"),
        paused_until=values.get("paused_until"),
    )


def webhook(
    partner: Partner, due: WebhookDueV1, complaint: Complaint
) -> ComplaintProgressedWebhookV1 | None:
    """Return what a partner is told of a complaint as it is now; None: nothing.

    Of a public complaint what anyone may read; of a private one in its own vehicle the number
    and the status; of a secret one, or one that may be spam, nothing.
    """
    own = partner.owns(complaint.vehicle_partner)
    if complaint.suspicion or complaint.visibility == "secret" or complaint.is_forgotten:
        return None
    if partner.fleet and not own:
        return None
    if not (complaint.is_public or own):
        return None
    public = complaint.is_public
    assignment = complaint.assignment
    return {
        "type": "complaint.progressed.v1",
        "timestamp": due["at"],
        "data": {
            "complaint_id": complaint.complaint_id,
            "version": due["version"],
            "status": due["status"],
            "previous_status": due["previous_status"],
            "jurisdiction_id": complaint.jurisdiction_id,
            "public": public,
            "service_code": complaint.service_code if public else None,
            "agency": assignment.agency if assignment and public else None,
            "vehicle_code": complaint.vehicle_code if own and public else None,
            "created_at": to_text(complaint.created_at) if public else None,
        },
    }


def webhook_id(due: WebhookDueV1) -> str:
    """Return the id by which a partner knows a repetition: the same for each, alone its own."""
    return f"{due['complaint_id']}-{due['version']}-{due['partner']}"
