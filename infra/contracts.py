"""Makes the JSON Schemas in `events/contracts/` from the types of the messages."""

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from functions.complaint_intake.notices import messages
from functions.payment_webhooks import messages as payments
from functions.shelter_alerts import messages as shelters
from functions.shelter_alerts.alerts import messages as shelter_alerts
from shared.complaints import events

FOLDER = Path(__file__).parent.parent / "events" / "contracts"

#: Each versioned message and the type it is made from.
CONTRACTS: dict[str, Any] = {
    "complaint_received.v1": events.ComplaintReceivedV1,
    "assignment_pending.v1": events.AssignmentPendingV1,
    "complaint_assigned.v1": events.ComplaintAssignedV1,
    "complaint_changed.v1": events.ComplaintChangedV1,
    "complaint_progressed.v1": events.ComplaintProgressedV1,
    "complaint_escalated.v1": events.ComplaintEscalatedV1,
    "complaint_shown.v1": messages.ComplaintShownV1,
    "photos_claimed.v1": events.PhotosClaimedV1,
    "photo_uploaded.v1": events.PhotoUploadedV1,
    "photo_rejected.v1": events.PhotoRejectedV1,
    "erasure_requested.v1": events.ErasureRequestedV1,
    "notice_due.v1": messages.NoticeDueV1,
    "alert_asked.v1": messages.AlertAskedV1,
    "alerts_due.v1": messages.AlertsDueV1,
    "alert_due.v1": messages.AlertDueV1,
    "webhook_due.v1": messages.WebhookDueV1,
    "complaint.progressed.v1": messages.ComplaintProgressedWebhookV1,
    "webhook.test.v1": messages.TrialWebhookV1,
    "payment_check.v1": payments.PaymentCheckV1,
    "payment_notification.v1": payments.PaymentNotificationV1,
    "settlement_file.v1": payments.SettlementFileV1,
    "fleet_movements.v1": shelters.FleetMovementsV1,
    "fleet_unseen.v1": shelters.FleetUnseenV1,
    "shelter_changed.v1": shelters.ShelterChangedV1,
    "shelter_left.v1": shelters.ShelterLeftV1,
    "shelter_timer.v1": shelter_alerts.ShelterTimerV1,
    "alert_said.v1": shelter_alerts.AlertSaidV1,
    "shelter_alert.v1": shelter_alerts.ShelterAlertV1,
    "shelter.alert.v1": shelter_alerts.ShelterAlertWebhookV1,
    "shelter_webhook_due.v1": shelter_alerts.ShelterWebhookDueV1,
    "district_due.v1": shelter_alerts.DistrictDueV1,
}


def rendered(name: str) -> str:
    """Return the JSON Schema of a message as its file holds it."""
    schema = TypeAdapter(CONTRACTS[name]).json_schema()
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": name, **schema}
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def main() -> int:
    """Write every contract's file."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in CONTRACTS:
        (FOLDER / f"{name}.json").write_text(rendered(name), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
