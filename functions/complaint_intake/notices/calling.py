"""Tells one partner's server of one step of a complaint, once, by a signed webhook."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

from functions.complaint_intake.notices import occasions
from functions.complaint_intake.notices.messages import WebhookDueV1
from functions.complaint_intake.notices.partners import Partner, webhook, webhook_id
from functions.complaint_intake.notices.registry import PartnerStore
from shared.clock import from_text
from shared.complaints.store import ComplaintStore
from shared.messengers.delivering import deliver
from shared.messengers.leases import NoticeLeases
from shared.messengers.posting import NotDelivered

#: How long a partner that failed is left alone: its messages wait without anyone waiting for it.
PAUSE: Final = timedelta(seconds=30)


class Paused(Exception):
    """The partner failed a moment ago: its other messages come again later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who tells partners. Its answers are outcomes for the log."""

    complaints: ComplaintStore
    partners: PartnerStore
    leases: NoticeLeases
    loopback: bool

    def call(self, due: WebhookDueV1, now: datetime) -> str:
        """Send a webhook, unless it was sent, or is not the partner's to have.

        Raises:
            BeingSent: another is sending it, or died while it did.
            Paused: the partner failed a moment ago.
            NotDelivered: it failed now.
        """
        if occasions.too_late(from_text(due["at"]), now):
            return "too late"
        partner = self.partners.get(due["partner"])
        if partner is None or partner.disabled:
            return "no such partner"
        if partner.paused_until and from_text(partner.paused_until) > now:
            raise Paused
        complaint = self.complaints.get(due["complaint_id"])
        message = webhook(partner, due, complaint) if complaint else None
        if message is None:
            return "not to be told"
        notice = (due["complaint_id"], str(due["version"]), f"partner:{partner.partner_id}")
        if not self.leases.take(*notice, told={"occasion": due["status"]}, now=now):
            return "sent before"
        status = self._post(partner, webhook_id(due), message, now)
        if status == HTTPStatus.GONE:
            self.partners.disable(partner.partner_id, "answered 410")
            self.leases.failed(*notice, now, reason="gone")
            return "partner gone"
        self.leases.sent(*notice, now)
        return "sent"

    def _post(
        self, partner: Partner, message_id: str, message: Mapping[str, Any], now: datetime
    ) -> int:
        """Return the status: of success, or that the partner is gone for good."""
        try:
            status = deliver(
                partner.url,
                message_id,
                message,
                self.partners.secrets(partner.partner_id, now),
                now,
                loopback=self.loopback,
            )
            if status not in range(200, 300) and status != HTTPStatus.GONE:
                raise NotDelivered(f"status {status}")
        except NotDelivered:
            self.partners.pause(partner.partner_id, now + PAUSE)
            raise
        return status
