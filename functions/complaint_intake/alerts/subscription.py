"""A subscription to what is new near a place: what is kept of it, and when its address is asked."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from functions.complaint_intake.notices.messages import Channel
from shared.alerts import Alerts
from shared.clock import from_text, to_text
from shared.complaints import cells
from shared.complaints.record import Complaint

#: What begins the sort key of a subscription.
ALERT: Final = "ALERT#"
#: Who asks again so soon before the end is asked whether it shall go on.
RENEWED_WITHIN: Final = timedelta(days=30)
#: What became readable later than this after it came is no news to neighbours.
NEWS: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Who is told of what near which place; the circle is in degrees and metres."""

    alert_id: str
    jurisdiction_id: str
    service_code: str | None  #: None: of all categories
    lat: float
    long: float
    radius_m: int
    channel: Channel
    address: str  #: a mailbox, or a number in E.164
    language: str
    asked_at: datetime
    until: datetime  #: forgotten then: soon, unless it is confirmed
    confirmed_at: datetime | None = None

    @property
    def area(self) -> str:
        """Which of its address's areas it is."""
        return self.alert_id.partition("-")[2]

    def runs(self, now: datetime) -> bool:
        """Tell whether it is confirmed and has not ended."""
        return self.confirmed_at is not None and now < self.until

    def away_m(self, complaint: Complaint) -> float | None:
        """Return how far a complaint is from the place; None: it is nothing that was asked for."""
        if complaint.jurisdiction_id != self.jurisdiction_id:
            return None
        return reach_m(complaint, asdict(self))


def reach_m(complaint: Complaint, circle: Mapping[str, Any]) -> float | None:
    """Return how far a complaint is from a circle's middle; None: outside, or of another category.

    `circle` has `lat`, `long`, `radius_m` and perhaps a `service_code`, as the index holds them.
    """
    if complaint.lat is None or complaint.long is None:
        return None
    if circle.get("service_code") not in {None, complaint.service_code}:
        return None
    middle = float(circle["lat"]), float(circle["long"])
    away_m = cells.distance_m(*middle, complaint.lat, complaint.long)
    return away_m if away_m <= circle["radius_m"] else None


def partition_of(alert_id: str) -> str:
    """Return the partition of an address's subscriptions, by the name of one of them."""
    return f"A#{alert_id.partition('-')[0]}"


def key_of(alert_id: str) -> dict[str, str]:
    """Return the key of a subscription."""
    return {"pk": partition_of(alert_id), "sk": f"{ALERT}{alert_id.partition('-')[2]}"}


def alert_of(values: Mapping[str, Any]) -> str:
    """Return a subscription's name by its key."""
    return f"{values['pk'].removeprefix('A#')}-{values['sk'].removeprefix(ALERT)}"


def is_alert(values: Mapping[str, Any]) -> bool:
    """Tell from an item's key whether it is a subscription."""
    return bool(values["sk"].startswith(ALERT))


def area_of(
    jurisdiction_id: str, service_code: str | None, lat: float, long: float, radius_m: int
) -> str:
    """Return what makes two requests of an address the same one."""
    return f"{jurisdiction_id}|{service_code or ''}|{lat:.3f}|{long:.3f}|{radius_m}"


def values_of(one: Subscription) -> dict[str, Any]:
    """Return a subscription that is not confirmed as its item; the table forgets it when it ends."""
    return {
        **key_of(one.alert_id),
        "jurisdiction_id": one.jurisdiction_id,
        "service_code": one.service_code,
        "lat": one.lat,
        "long": one.long,
        "radius_m": one.radius_m,
        ADDRESS[one.channel]: one.address,
        "language": one.language,
        "asked_at": to_text(one.asked_at),
        "expires_at": int(one.until.timestamp()),
    }


def subscription_from(values: Mapping[str, Any]) -> Subscription | None:
    """Return the subscription that an item holds; None: it was ended, and holds nothing more."""
    channel = next((name for name, at in ADDRESS.items() if at in values), None)
    if channel is None:
        return None
    confirmed_at = values.get("confirmed_at")
    return Subscription(
        alert_id=alert_of(values),
        jurisdiction_id=values["jurisdiction_id"],
        service_code=values.get("service_code"),
        lat=float(values["lat"]),
        long=float(values["long"]),
        radius_m=values["radius_m"],
        channel=channel,
        address=values[ADDRESS[channel]],
        language=values["language"],
        asked_at=from_text(values["asked_at"]),
        until=datetime.fromtimestamp(values["expires_at"], UTC),
        confirmed_at=from_text(confirmed_at) if confirmed_at else None,
    )


#: Where each channel's address is, as in a contact: who looks for an address finds it by either.
ADDRESS: Final[Mapping[Channel, str]] = {"email": "email", "sms": "phone"}


def to_be_asked(standing: Subscription | None, others: int, terms: Alerts, now: datetime) -> bool:
    """Tell whether an address is asked to confirm, which it is not again and again.

    `others` is how many other places it follows already, or was asked about.
    """
    if standing is None or now >= standing.until:
        return others < terms.per_address
    if now - standing.asked_at < timedelta(hours=terms.ask_again_hours):
        return False
    return standing.confirmed_at is None or standing.until - now <= RENEWED_WITHIN


def is_news(complaint: Complaint, now: datetime) -> bool:
    """Tell whether a complaint is one that neighbours are told of, as it is now."""
    return complaint.is_public and not complaint.is_forgotten and now - complaint.created_at <= NEWS


def ends_at(confirmed_at: datetime, terms: Alerts) -> datetime:
    """Return when a subscription ends that is confirmed now."""
    return confirmed_at + timedelta(days=terms.days)
