"""Asks subscribers to confirm, finds those near a complaint, and tells each of it once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from functions.complaint_intake.alerts import areas, wording
from functions.complaint_intake.alerts.store import AlertStore
from functions.complaint_intake.alerts.subscription import (
    Subscription,
    alert_of,
    is_news,
    partition_of,
    reach_m,
)
from functions.complaint_intake.notices import occasions
from functions.complaint_intake.notices.messages import (
    AlertAskedV1,
    AlertDueV1,
    AlertsDueV1,
    ComplaintShownV1,
)
from functions.complaint_intake.notices.recipients import Recipients
from functions.complaint_intake.notices.settings import NoticeSettings
from functions.complaint_intake.notices.wording import Links
from shared import aws, config, ids
from shared.clock import from_text, to_text
from shared.complaints.record import Complaint
from shared.complaints.store import ComplaintStore
from shared.messengers.leases import NoticeLeases
from shared.messengers.mail import Email
from shared.messengers.sending import CanNeverBeSent, send_email, send_sms

#: How long it is kept what a subscriber was told of: longer than a complaint is news.
TOLD_FOR: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertTeller:
    """Who tells those that follow a place. Its answers are outcomes for the log, which name no one."""

    complaints: ComplaintStore
    alerts: AlertStore
    leases: NoticeLeases
    recipients: Recipients
    settings: NoticeSettings

    def ask(self, due: AlertAskedV1, now: datetime) -> str:
        """Ask an address to confirm, unless it was asked, or was asked too often today.

        Raises:
            BeingSent: another is asking it, or died while it did.
            ClientError: a service does not take it now.
        """
        one = self.alerts.get(due["alert"])
        if one is None or to_text(one.asked_at) != due["asked_at"] or now >= one.until:
            return "not asked for"
        jurisdiction = config.load(one.jurisdiction_id)
        terms = jurisdiction.alerts
        if terms is None or one.channel not in self.settings.channels:
            return "not served"
        if not self.recipients.may_have(
            one.address,
            one.alert_id,
            most=terms.asked_per_day,
            secret=self._secret(),
            now=now,
            what="ALERTS",
        ):
            return "asked too often today"
        token = ids.alert_token(self._secret(), one.alert_id, "confirm")
        to = self._links(one, f"alerts/confirm?a={one.alert_id}&t={token}")
        asking = wording.asking_email if one.channel == "email" else wording.asking_sms
        message = asking(one, to, jurisdiction, terms)
        return self._once(one, f"asked#{due['asked_at']}", {}, message, to.stop, now)

    def of_shown(self, event: ComplaintShownV1, now: datetime) -> Iterator[Mapping[str, Any]]:
        """Yield a message for each who follows where a complaint is, and for each further page."""
        complaint = self._news(event["complaint_id"], event["at"], now)
        if complaint and complaint.lat is not None and complaint.long is not None:
            for place in areas.places_around(
                complaint.jurisdiction_id, complaint.lat, complaint.long
            ):
                yield from self._page(complaint, place, None, event["at"])

    def of_page(self, due: AlertsDueV1, now: datetime) -> Iterator[Mapping[str, Any]]:
        """Yield the same for one further page of a place."""
        complaint = self._news(due["complaint_id"], due["at"], now)
        if complaint:
            yield from self._page(complaint, due["place"], due["after"], due["at"])

    def tell(self, due: AlertDueV1, now: datetime) -> str:
        """Tell a subscriber of a complaint, unless they were told, or had enough for today.

        Raises:
            BeingSent: another is telling them, or died while it did.
            ClientError: a service does not take it now.
        """
        complaint = self._news(due["complaint_id"], due["at"], now)
        if complaint is None:
            return "no news"
        one = self.alerts.get(due["alert"])
        if one is None or not one.runs(now) or one.away_m(complaint) is None:
            return "not wished"
        jurisdiction = config.load(one.jurisdiction_id)
        terms = jurisdiction.alerts
        if terms is None or one.channel not in self.settings.channels:
            return "not served"
        most = terms.per_day if one.channel == "email" else terms.sms_per_day
        number = complaint.complaint_id
        place = self.alerts.place_in_the_day(one, number, most=most, now=now)
        if place is None:
            return "enough for today"
        to = self._links(one, f"lacak/{number}")
        message: Email | str
        if one.channel == "email":
            last = place == most
            message = wording.telling_email(one, complaint, to, jurisdiction, terms, last=last)
        else:
            message = wording.telling_sms(one, complaint, to, jurisdiction, terms)
        return self._once(one, number, {"complaint_id": number}, message, to.stop, now)

    def _once(
        self,
        one: Subscription,
        once: str,
        told: Mapping[str, str],
        message: Email | str,
        stop: str,
        now: datetime,
    ) -> str:
        """Send a message under its lease."""
        kept: dict[str, str | int] = {**told, "expires_at": int((now + TOLD_FOR).timestamp())}
        notice = (one.alert_id, f"{one.area}#{once}", one.channel)
        if not self.leases.take(*notice, told=kept, now=now):
            return "sent before"
        names = self.settings
        try:
            if isinstance(message, Email):
                send_email(names.email_sender, one.address, message, stop, names.configuration_set)
            else:
                send_sms(names.sms_region, names.sms_sender, one.address, message)
        except CanNeverBeSent as refusal:
            self.leases.failed(*notice, now, reason=refusal.reason)
            return f"refused: {refusal.reason}"
        self.leases.sent(*notice, now)
        return "sent"

    def _news(self, complaint_id: str, at: str, now: datetime) -> Complaint | None:
        """Return a complaint that neighbours may still be told of, as it is now."""
        if occasions.too_late(from_text(at), now):
            return None
        complaint = self.complaints.get(complaint_id)
        return complaint if complaint and is_news(complaint, now) else None

    def _page(
        self, complaint: Complaint, place: str, after: str | None, at: str
    ) -> Iterator[Mapping[str, Any]]:
        found, last = self.alerts.following(place, after)
        for each in found:
            if reach_m(complaint, each) is not None:
                due: AlertDueV1 = {
                    "type": "alert_due.v1",
                    "alert": alert_of(each),
                    "complaint_id": complaint.complaint_id,
                    "at": at,
                }
                yield due
        if last:
            further: AlertsDueV1 = {
                "type": "alerts_due.v1",
                "complaint_id": complaint.complaint_id,
                "place": place,
                "after": last,
                "at": at,
            }
            yield further

    def _links(self, one: Subscription, path: str) -> Links:
        stop = ids.alert_token(self._secret(), one.alert_id, "stop")
        return wording.links(self.settings.public_url, path, one.alert_id, stop)

    def _secret(self) -> bytes:
        return aws.secret(self.settings.token_secret)


def leases_of(table: str) -> NoticeLeases:
    """Return the leases of alerts, which lie with their subscribers."""
    return NoticeLeases(table, partition_of)
