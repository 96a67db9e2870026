"""Takes a submission in: names it, stores it once, and gives the receipt."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Protocol

from functions.complaint_intake import subject
from functions.complaint_intake.submission import Contact, Links, Submission, SubmissionReceipt
from shared import config, ids, working_days
from shared.clock import WIB
from shared.complaints import promises
from shared.complaints.items import undelivered_mark
from shared.complaints.record import Complaint
from shared.errors import InvalidInput, KeyReused
from shared.jurisdiction import Jurisdiction
from shared.text import Text

#: How far a device's clock may run ahead before a draft's time is called wrong.
_CLOCK_TOLERANCE = timedelta(minutes=10)


#: 128 bits of it tell one content from another, in every record.
_FINGERPRINT_CHARACTERS = 32


class Store(Protocol):
    """What intake needs of the complaint store."""

    def submit(
        self, complaint: Complaint, *, reporter: tuple[str, Mapping[str, Any]] | None = None
    ) -> Complaint | None:
        """Store a complaint if its number is free; else return the one that holds it."""
        ...

    def get(self, complaint_id: str) -> Complaint | None:
        """Return a complaint as it is now."""
        ...


def idempotency_key(given: str | None, fresh: str, *, field: str = "Idempotency-Key") -> str:
    """Return the submission's key: the client's in `field`, or the `fresh` one if it gave none.

    Raises:
        InvalidInput: the client's has not the form of 128 random bits.
    """
    if given is None:
        return fresh
    if not ids.is_random_key(given):
        raise InvalidInput.at(
            field,
            "weak_idempotency_key",
            Text(
                f"{field} harus UUID, atau sedikitnya 128 bit acak.",
                f"{field} must be a UUID, or at least 128 random bits.",
            ),
        )
    return given.lower() if ids.is_uuid(given) else given


def accept(
    submission: Submission,
    *,
    key: str,
    channel: str,
    language: str,
    now: datetime,
    id_secret: bytes,
    token_secret: bytes,
    store: Store,
    reporters_table: str,
) -> tuple[SubmissionReceipt, HTTPStatus]:
    """Store a submission once for its key, and return its receipt: 201, or 200 on a repeat.

    Raises:
        InvalidInput: it names something that the jurisdiction does not have.
        KeyReused: the key belongs to a submission with other content.
    """
    complaint, status = stored_once(
        submission,
        key=key,
        channel=channel,
        language=language,
        now=now,
        id_secret=id_secret,
        store=store,
        reporters_table=reporters_table,
    )
    return receipt(complaint, token_secret), status


def stored_once(
    submission: Submission,
    *,
    key: str,
    channel: str,
    language: str,
    now: datetime,
    id_secret: bytes,
    store: Store,
    reporters_table: str,
    client: str | None = None,
    media_url: str | None = None,
) -> tuple[Complaint, HTTPStatus]:
    """Store a submission once for its key, and return the complaint: 201, or 200 on a repeat.

    `client` and `media_url` come with those of another system: who it is, and a picture's link.

    Raises:
        InvalidInput: it names something that the jurisdiction does not have.
        KeyReused: the key belongs to a submission with other content.
    """
    jurisdiction = jurisdiction_named(submission.jurisdiction_id)
    key_hash = ids.keyed_hash(id_secret, jurisdiction.id, key)
    said = (content_of(submission), *filter(None, (media_url,)))
    fingerprint = ids.keyed_hash(id_secret, *said)[:_FINGERPRINT_CHARACTERS]
    try:
        check(submission, jurisdiction, now)
    except InvalidInput:
        # Configuration may have moved on since the first time; a repeat still gets its receipt.
        first = store.get(next(ids.complaint_numbers(jurisdiction.id_prefix, key_hash)))
        if first is None or (first.key_hash, first.fingerprint) != (key_hash, fingerprint):
            raise
        return first, HTTPStatus.OK
    contact = submission.contact
    if contact and (submission.anonymous or contact.is_empty):
        contact = None
    reporter = (reporters_table, _reporter(contact)) if contact else None
    numbers = ids.complaint_numbers(jurisdiction.id_prefix, key_hash)
    while True:
        complaint = _complaint(
            submission,
            jurisdiction,
            number=next(numbers),
            hashes=(key_hash, fingerprint),
            contact=contact,
            channel=channel,
            client=client,
            media_url=media_url,
            device=_device(id_secret, submission.device_id, now),
            language=language,
            now=now,
        )
        stored = store.submit(complaint, reporter=reporter)
        if stored is None:
            return complaint, HTTPStatus.CREATED
        if ids.same(stored.key_hash, key_hash):
            if not ids.same(stored.fingerprint, fingerprint):
                raise KeyReused
            return stored, HTTPStatus.OK


def content_of(submission: Submission) -> str:
    """Return what a submission says, alike in every release: sorted, and without defaults.

    A field that a later release adds must not make the repeat of an older draft another one.
    """
    said = submission.model_dump(mode="json", exclude_defaults=True)
    return json.dumps(said, ensure_ascii=False, sort_keys=True)


def receipt(complaint: Complaint, token_secret: bytes) -> SubmissionReceipt:
    """Return the receipt of a complaint, which is the same each time."""
    number = complaint.complaint_id
    token = ids.tracking_token(token_secret, number, complaint.token_epoch)
    return SubmissionReceipt(
        complaint_id=number,
        tracking_token=token,
        dispatch_due_at=complaint.dispatch_due_at,
        links=Links(self=f"/complaints/{number}", track=f"/lacak#{number}.{token}"),
    )


def jurisdiction_named(jurisdiction_id: str) -> Jurisdiction:
    """Return a jurisdiction's configuration.

    Raises:
        InvalidInput: there is none of that name.
    """
    try:
        return config.load(jurisdiction_id)
    except KeyError:
        raise InvalidInput.at(
            "jurisdiction_id",
            "unknown_jurisdiction",
            subject.choose(jurisdiction_id, config.jurisdiction_ids()),
        ) from None


def check(submission: Submission, jurisdiction: Jurisdiction, now: datetime) -> None:
    """Check what only the jurisdiction's configuration and the clock can tell.

    Raises:
        InvalidInput: an unknown category or attribute, a value that is no choice of a list or
            says that the report belongs elsewhere, or a draft from the future.
    """
    subject.check(submission.service_code, submission.attributes, jurisdiction)
    if submission.drafted_at and submission.drafted_at > now + _CLOCK_TOLERANCE:
        raise InvalidInput.at(
            "drafted_at",
            "in_the_future",
            Text(
                "Waktu ini belum tiba; periksa jam gawai.",
                "This is in the future; check the clock.",
            ),
        )


def _complaint(
    submission: Submission,
    jurisdiction: Jurisdiction,
    *,
    number: str,
    hashes: tuple[str, str],
    contact: Contact | None,
    channel: str,
    client: str | None,
    media_url: str | None,
    device: str | None,
    language: str,
    now: datetime,
) -> Complaint:
    category = jurisdiction.category_by_code.get(submission.service_code or "")
    dates = promises.dates(jurisdiction, submission.kind, category, now)
    key_hash, fingerprint = hashes
    return Complaint(
        complaint_id=number,
        jurisdiction_id=jurisdiction.id,
        key_hash=key_hash,
        fingerprint=fingerprint,
        kind=submission.kind,
        service_code=submission.service_code,
        description=submission.description,
        lat=submission.lat,
        long=submission.long,
        address_string=submission.address_string,
        attributes=submission.attributes,
        photo_ids=tuple(dict.fromkeys(submission.photo_ids)),
        media_url=media_url,
        visibility=submission.visibility or subject.default_visibility(category),
        visibility_chosen=submission.visibility is not None,
        anonymous=submission.anonymous,
        contact_shared=bool(contact and contact.share_with_agency),
        notify=bool(contact and _channels(contact)),
        channel="fleet" if submission.vehicle_code else channel,
        client=client,
        device=device,
        vehicle_code=submission.vehicle_code,
        suspicion="honeypot" if submission.website else None,
        language=contact.language if contact else language,
        drafted_at=submission.drafted_at,
        created_at=now,
        updated_at=now,
        dispatch_due_at=working_days.due(
            jurisdiction.deadlines.dispatch, now, jurisdiction.days_off
        ),
        due_at=dates.due_at,
        legal_due_at=dates.legal_due_at,
        undelivered_since=undelivered_mark(now, 1),
    )


def _reporter(contact: Contact) -> dict[str, Any]:
    return contact.model_dump(exclude_none=True) | {"notify": _channels(contact)}


def _channels(contact: Contact) -> list[str]:
    """Return the channels by which the reporter wishes, and is able, to be told."""
    given = {"email": contact.email, "sms": contact.phone}
    return [channel for channel, address in given.items() if address and channel in contact.notify]


def _device(secret: bytes, device_id: str | None, now: datetime) -> str | None:
    """Return a device's pseudonym: counts its submissions of a day (WIB), and links no two days."""
    if device_id is None:
        return None
    return ids.keyed_hash(secret, "device", device_id, f"{now.astimezone(WIB):%Y-%m-%d}")[:26]
