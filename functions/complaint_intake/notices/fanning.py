"""Makes of one event a message for each who is to be told, so that none waits for another."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from functions.complaint_intake.notices.messages import Channel, NoticeDueV1, WebhookDueV1
from functions.complaint_intake.notices.occasions import occasion_of
from functions.complaint_intake.notices.partners import Partner
from shared.clock import WIB, to_text
from shared.complaints.events import ComplaintProgressedV1
from shared.notices import Notices, Occasion


def notices_of(
    progressed: ComplaintProgressedV1, notices: Notices, channels: Iterable[Channel]
) -> Iterator[NoticeDueV1]:
    """Yield what a complaint's reporter is to be told of a step, by each of their channels."""
    occasion = occasion_of(
        progressed["status"],
        progressed["previous_status"],
        planned=progressed.get("planned", False),
    )
    if occasion is not None:
        for channel in _worth(occasion, notices, channels):
            yield {
                "type": "notice_due.v1",
                "complaint_id": progressed["complaint_id"],
                "occasion": occasion,
                "channel": channel,
                "version": progressed["version"],
                "once": str(progressed["version"]),
                "at": progressed["at"],
            }


def notices_of_photo(
    complaint_id: str, notices: Notices, channels: Iterable[Channel], at: datetime
) -> Iterator[NoticeDueV1]:
    """Yield what a reporter is to be told of a rejected photo: of several once a day."""
    for channel in _worth(Occasion.PHOTO_REJECTED, notices, channels):
        yield {
            "type": "notice_due.v1",
            "complaint_id": complaint_id,
            "occasion": Occasion.PHOTO_REJECTED,
            "channel": channel,
            "version": 0,
            "once": f"photos-{at.astimezone(WIB):%Y-%m-%d}",
            "at": to_text(at),
        }


def webhooks_of(
    progressed: ComplaintProgressedV1, partners: Iterable[Partner]
) -> Iterator[WebhookDueV1]:
    """Yield what partners may have to be told of a step; the complaint itself decides then.

    Nothing of a day that was named while the status stayed the same.
    """
    if progressed.get("planned") and progressed["status"] == progressed["previous_status"]:
        return
    for partner in partners:
        if partner.hears(progressed):
            yield {
                "type": "webhook_due.v1",
                "partner": partner.partner_id,
                "complaint_id": progressed["complaint_id"],
                "version": progressed["version"],
                "status": progressed["status"],
                "previous_status": progressed["previous_status"],
                "at": progressed["at"],
            }


def _worth(occasion: Occasion, notices: Notices, channels: Iterable[Channel]) -> Iterator[Channel]:
    """Yield the channels by which an occasion is told: not each is worth a text message."""
    by_sms = notices.texts[occasion].sms is not None
    return (channel for channel in channels if channel != "sms" or by_sms)


def channels_of(
    contact: Mapping[str, Any] | None, served: Iterable[Channel]
) -> tuple[Channel, ...]:
    """Return the channels by which a reporter wishes to be told, of those that a stage serves."""
    wished = contact["notify"] if contact else ()
    return tuple(channel for channel in served if channel in wished)
