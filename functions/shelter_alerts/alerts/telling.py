"""Tells of alerts, each time once: Dishub's queue, partners' servers, a district's subscribers.

A lease is taken before each of them and marked afterwards, so that only a crash in between tells
the same once more.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from functions.shelter_alerts import configuration
from functions.shelter_alerts.alerts import payload, wording
from functions.shelter_alerts.alerts.caps import CapStore
from functions.shelter_alerts.alerts.districts import District, DistrictStore, gathered, told
from functions.shelter_alerts.alerts.messages import (
    AlertSaidV1,
    DistrictDueV1,
    OptionV1,
    ShelterAlertV1,
    ShelterWebhookDueV1,
)
from functions.shelter_alerts.alerts.notified import PartnerServer, Subscriber
from functions.shelter_alerts.alerts.states import LEVELS, State
from functions.shelter_alerts.configuration import Shelter, Shelters, jurisdiction_of
from shared.messengers.delivering import deliver, secrets_of
from shared.messengers.leases import NoticeLeases
from shared.messengers.posting import NotDelivered
from shared.messengers.sending import CanNeverBeSent, send_email, send_sms
from shared.messengers.writing import Writing
from shared.queues import send

#: Leases are forgotten after so long.
_LEASES_FOR_S: Final = 30 * 86_400
_WORST_FIRST: Final = tuple(reversed(LEVELS))

Message = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels(Writing):
    """Names of what tells Dishub, people and servers."""

    agency_queue_prefix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Who tells. `nearest` finds other shelters; `later` puts a message back for some seconds."""

    leases: NoticeLeases
    caps: CapStore
    districts: DistrictStore
    channels: Channels
    nearest: Callable[[AlertSaidV1, Shelter, datetime], Sequence[OptionV1]]
    later: Callable[[Message, int], None]

    def tell(self, said: AlertSaidV1, now: datetime) -> str:
        """Tell Dishub, keep the CAP message, and ask that all others be told; return the outcome.

        Raises:
            BeingSent: another is telling Dishub, or died while it did.
        """
        shelter = configuration.all_shelters().get(said["shelter_id"])
        if shelter is None:
            return "no such shelter"
        shelters = configuration.shelters_of(jurisdiction_of(shelter.id))
        alert = payload.shelter_alert(said, shelter, self.nearest(said, shelter, now))
        self.caps.keep(said, shelter)
        outcome = self._tell_agency(shelters.agency, alert, now)
        for partner in shelters.partners:
            if partner.hears(State(said["state"]), State(said["previous_state"])):
                due: ShelterWebhookDueV1 = {
                    "type": "shelter_webhook_due.v1",
                    "partner": partner.id,
                    "alert": alert,
                }
                self.later(due, 0)
        if not said["silenced"] and _audience(shelters, shelter.district):
            self._gather(shelters, alert, now)
        return outcome

    def call(self, due: ShelterWebhookDueV1, now: datetime) -> str:
        """Tell one partner's server; return the outcome.

        Raises:
            BeingSent: another is telling it, or died while it did.
            NotDelivered: it did not take it.
        """
        alert = due["alert"]
        partner = _partner(alert["jurisdiction_id"], due["partner"])
        if partner is None:
            return "no such partner"
        lease = (f"A#{alert['shelter_id']}", str(alert["seq"]), f"partner:{partner.id}")
        if not self._take(lease, alert["state"], now):
            return "sent before"
        status = deliver(
            partner.url,
            payload.webhook_id(alert, partner.id),
            payload.webhook(alert),
            secrets_of(self.channels.partner_secret_prefix + partner.id, now),
            now,
            loopback=self.channels.loopback,
        )
        if status == HTTPStatus.GONE:
            self.leases.failed(*lease, now, reason="gone")
            return "partner gone"
        if status not in range(200, 300):
            raise NotDelivered(f"status {status}")
        self.leases.sent(*lease, now)
        return "sent"

    def tell_district(self, due: DistrictDueV1, now: datetime) -> str:
        """Tell a district's subscribers what has gathered; return the outcome.

        Raises:
            BeingSent: another is telling one of them, or died while it did.
            ClientError: a service does not take it now.
        """
        jurisdiction_id, name = due["jurisdiction_id"], due["district"]
        district = self.districts.get(jurisdiction_id, name)
        now_ms = _milliseconds(now)
        if district.due_ms is None or district.due_ms > now_ms:
            return "nothing due"
        shelters = configuration.shelters_of(jurisdiction_id)
        number = 0
        for subscriber in _audience(shelters, name):
            news = _news(shelters, district, subscriber)
            if news:
                number += self._tell_subscriber(
                    subscriber, (jurisdiction_id, name), district, news, now
                )
        again_ms = shelters.timings.gather_again_s * 1000

        def over(found: District) -> District:
            return told(found, district, now_ms, again_ms=again_ms)

        _, after = self.districts.change(jurisdiction_id, name, over)
        if after.due_ms is not None:
            self._remind(jurisdiction_id, name, after.due_ms, now_ms)
        return f"told {number}"

    def _tell_agency(self, agency: str | None, alert: ShelterAlertV1, now: datetime) -> str:
        if agency is None:
            return "nobody to tell"
        lease = (f"A#{alert['shelter_id']}", str(alert["seq"]), f"agency:{agency}")
        if not self._take(lease, alert["state"], now):
            return "sent before"
        send(self.channels.agency_queue_prefix + agency, alert)
        self.leases.sent(*lease, now)
        return "sent"

    def _gather(self, shelters: Shelters, alert: ShelterAlertV1, now: datetime) -> None:
        """Add to what a district's subscribers are told."""
        timings, now_ms = shelters.timings, _milliseconds(now)

        def more(found: District) -> District:
            return gathered(
                found,
                alert,
                now_ms,
                first_ms=timings.gather_s * 1000,
                again_ms=timings.gather_again_s * 1000,
            )

        place = alert["jurisdiction_id"], alert["district"]
        before, after = self.districts.change(*place, more)
        if after.due_ms is not None and after.due_ms != before.due_ms:
            self._remind(*place, after.due_ms, now_ms)

    def _remind(self, jurisdiction_id: str, name: str, due_ms: int, now_ms: int) -> None:
        message: DistrictDueV1 = {
            "type": "district_due.v1",
            "jurisdiction_id": jurisdiction_id,
            "district": name,
        }
        self.later(message, max(0, -(-(due_ms - now_ms) // 1000)))

    def _tell_subscriber(
        self,
        subscriber: Subscriber,
        place: tuple[str, str],
        district: District,
        news: Sequence[tuple[Shelter, Message]],
        now: datetime,
    ) -> int:
        """Tell one subscriber by each of its channels, once; return by how many it was told."""
        channels, language = self.channels, subscriber.language
        jurisdiction_id, name = place
        number = 0
        if subscriber.email and channels.email_sender:
            url = f"{channels.public_url}/shelters/alerts?jurisdiction_id={jurisdiction_id}"
            email = wording.email(name, news, language=language, url=url)
            address = subscriber.email
            number += self._once(
                place,
                district,
                f"email:{subscriber.id}",
                now,
                lambda: send_email(
                    channels.email_sender, address, email, None, channels.configuration_set
                ),
            )
        if subscriber.sms and channels.sms_region:
            text, to = wording.sms(name, news, language=language), subscriber.sms
            number += self._once(
                place,
                district,
                f"sms:{subscriber.id}",
                now,
                lambda: send_sms(channels.sms_region, channels.sms_sender, to, text),
            )
        return number

    def _once(
        self,
        place: tuple[str, str],
        district: District,
        channel: str,
        now: datetime,
        tell: Callable[[], None],
    ) -> bool:
        jurisdiction_id, name = place
        lease = (f"G#{jurisdiction_id}", f"{name}#{district.due_ms}", channel)
        if not self._take(lease, "district", now):
            return False
        try:
            tell()
        except CanNeverBeSent as refusal:
            self.leases.failed(*lease, now, reason=refusal.reason)
            return False
        self.leases.sent(*lease, now)
        return True

    def _take(self, lease: tuple[str, str, str], occasion: str, now: datetime) -> bool:
        forgotten = int(now.timestamp()) + _LEASES_FOR_S
        return self.leases.take(
            *lease, told={"occasion": occasion, "expires_at": forgotten}, now=now
        )


def _audience(shelters: Shelters, district: str) -> list[Subscriber]:
    return [one for one in shelters.subscribers if not one.districts or district in one.districts]


def _news(
    shelters: Shelters, district: District, subscriber: Subscriber
) -> list[tuple[Shelter, Message]]:
    """Return what a subscriber is told of which shelters, the worst first."""
    found = [
        (shelters.shelter_by_id[each], news)
        for each, news in district.waiting.items()
        if each in shelters.shelter_by_id
        and not news["passed"]
        and subscriber.hears(State(news["state"]), State(news["previous"]))
    ]
    ranks = {state: rank for rank, state in enumerate(_WORST_FIRST)}
    return sorted(found, key=lambda one: (ranks.get(one[1]["state"], len(ranks)), one[0].id))


def _partner(jurisdiction_id: str, partner_id: str) -> PartnerServer | None:
    partners = configuration.shelters_of(jurisdiction_id).partners
    return next((one for one in partners if one.id == partner_id), None)


def _milliseconds(now: datetime) -> int:
    return round(now.timestamp() * 1000)
