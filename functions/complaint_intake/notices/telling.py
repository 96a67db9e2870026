"""Tells a complaint's reporter of one happening by one channel, once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from functions.complaint_intake.notices import occasions, wording
from functions.complaint_intake.notices.messages import Channel, NoticeDueV1
from functions.complaint_intake.notices.recipients import Recipients
from functions.complaint_intake.notices.settings import NoticeSettings
from functions.complaint_intake.notices.wording import Happening, Links
from functions.complaint_intake.reporters import ReporterStore
from shared import aws, config, ids
from shared.clock import from_text
from shared.complaints.record import Complaint
from shared.complaints.store import ComplaintStore
from shared.messengers.addresses import takes_mail, takes_sms
from shared.messengers.leases import NoticeLeases
from shared.messengers.sending import CanNeverBeSent, send_email, send_sms
from shared.notices import Occasion

#: Where each channel's address is in the contact.
_ADDRESS: Final[Mapping[Channel, str]] = {"email": "email", "sms": "phone"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Who tells reporters. Its answers are outcomes for the log, which name no one."""

    complaints: ComplaintStore
    reporters: ReporterStore
    leases: NoticeLeases
    recipients: Recipients
    settings: NoticeSettings

    def tell(self, due: NoticeDueV1, now: datetime) -> str:
        """Send a notice, unless it was sent, is not wished, or says what is no longer so.

        Raises:
            BeingSent: another is sending it, or died while it did.
            ClientError: a service does not take it now.
        """
        if occasions.too_late(from_text(due["at"]), now):
            return "too late"
        contact = self.reporters.contact(due["complaint_id"])
        if contact is None or due["channel"] not in contact["notify"]:
            return "not wished"
        happening = self._happening(due)
        if happening is None:
            return "no news"
        told = {"occasion": due["occasion"]}
        notice = (due["complaint_id"], due["once"], due["channel"])
        if not self.leases.take(*notice, told=told, now=now):
            return "sent before"
        try:
            self._check_the_count(happening, contact[_ADDRESS[due["channel"]]], now)
            self._send(due["channel"], happening, contact)
        except CanNeverBeSent as refusal:
            self.leases.failed(*notice, now, reason=refusal.reason)
            return f"refused: {refusal.reason}"
        self.leases.sent(*notice, now)
        return "sent"

    def _happening(self, due: NoticeDueV1) -> Happening | None:
        """Return what is to be told, if it still is so and news."""
        occasion = Occasion(due["occasion"])
        found = self.complaints.with_timeline(due["complaint_id"], consistent=True)
        if found is None:
            return None
        complaint, timeline = found
        jurisdiction = config.load(complaint.jurisdiction_id)
        if jurisdiction.notices is None or not occasions.worth_telling(
            occasion, due["version"], complaint, timeline
        ):
            return None
        return Happening(
            occasion=occasion,
            complaint=complaint,
            jurisdiction=jurisdiction,
            notices=jurisdiction.notices,
            entry=occasions.step(due["version"], timeline),
        )

    def _check_the_count(self, happening: Happening, address: str, now: datetime) -> None:
        if happening.occasion is Occasion.RECEIVED and not self.recipients.may_have(
            address,
            happening.complaint.complaint_id,
            most=happening.notices.receipts_per_address,
            secret=aws.secret(self.settings.token_secret),
            now=now,
        ):
            raise CanNeverBeSent("too_many_today")

    def _send(self, channel: str, happening: Happening, contact: Mapping[str, Any]) -> None:
        links = self._links(happening.complaint)
        language, names = contact["language"], self.settings
        if channel == "email":
            if not takes_mail(contact["email"]):
                raise CanNeverBeSent("bad_address")
            email = wording.email(happening, links, language)
            send_email(
                names.email_sender, contact["email"], email, links.stop, names.configuration_set
            )
            return
        text = wording.sms(happening, links, language)
        if text is None:
            raise CanNeverBeSent("not_worth_a_text_message")
        if not takes_sms(contact["phone"], happening.notices.sms_prefixes):
            raise CanNeverBeSent("number_not_served")
        send_sms(names.sms_region, names.sms_sender, contact["phone"], text)

    def _links(self, complaint: Complaint) -> Links:
        secret = aws.secret(self.settings.token_secret)
        number = complaint.complaint_id
        return wording.links(
            self.settings.public_url,
            number,
            ids.tracking_token(secret, number, complaint.token_epoch),
            ids.stop_token(secret, number),
        )
