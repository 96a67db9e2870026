"""What pages ask of the rest of intake, each by the same rules as the JSON API."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError
from pydantic import ValidationError

from functions.complaint_intake import address, views
from functions.complaint_intake.related_views import relatives
from functions.complaint_intake.submission import Submission, SubmissionReceipt
from shared import config, ids
from shared.complaints.listings import ComplaintListings
from shared.complaints.photo_views import PhotoView
from shared.complaints.record import Complaint
from shared.complaints.store import ComplaintStore
from shared.errors import InvalidInput, NotFound, described
from shared.http import Request
from shared.validation import faults_of

if TYPE_CHECKING:
    from functions.complaint_intake.nearby import NearbyComplaint
    from functions.complaint_intake.photos.requests import PhotoOffer
    from functions.complaint_intake.replies import Reply
    from functions.complaint_intake.support import Counts

#: More than these nobody reads on a phone before sending.
_MOST_SIMILAR = 5


@dataclass(frozen=True)
class Office:
    """Intake, as a page of one request meets it."""

    request: Request
    now: datetime
    accept: Callable[..., tuple[SubmissionReceipt, HTTPStatus]]
    complaints: ComplaintStore
    listings: ComplaintListings
    counts: "Counts"
    id_secret: bytes
    token_secret: bytes
    logger: Logger

    @cached_property
    def address(self) -> str:
        """The API's own address."""
        return address.of_api(self.request)

    def similar(self, submission: Submission) -> Sequence["NearbyComplaint"]:
        """Return the complaints similar to one that has a place and a category.

        They are a courtesy: whatever goes wrong in looking for them stops no report.
        """
        if submission.lat is None or submission.long is None or submission.service_code is None:
            return ()
        from functions.complaint_intake.nearby import nearby

        query = {
            "jurisdiction_id": submission.jurisdiction_id,
            "lat": f"{submission.lat:.7f}",
            "lng": f"{submission.long:.7f}",
            "category": submission.service_code,
        }
        try:
            found = nearby(query, language="id", now=self.now, listings=self.listings)
        except (BotoCoreError, ClientError) as error:
            self.logger.error("similar complaints not found", **described(error))
            return ()
        return found.complaints[:_MOST_SIMILAR]

    def support(self, typed: str, device: str) -> None:
        """Count a device among those who say "me too" of a complaint.

        Raises:
            NotFound: there is no such public complaint.
            Conflict: it is not open any more, or kept changing.
        """
        from functions.complaint_intake import support

        number = ids.read_complaint_number(typed)
        if number is None:
            raise NotFound
        support.support(
            number,
            support.SupportRequest(device_id=device),
            now=self.now,
            secret=self.id_secret,
            store=self.complaints,
            counts=self.counts,
        )

    def complaint(self, typed: str) -> Complaint | None:
        """Return a complaint by its number, however that is spelled."""
        number = ids.read_complaint_number(typed)
        return self.complaints.get(number) if number else None

    def token_of(self, complaint: Complaint) -> str:
        """Return a complaint's tracking token."""
        return ids.tracking_token(self.token_secret, complaint.complaint_id, complaint.token_epoch)

    def opened(self, typed: str, token: str) -> tuple[Complaint, views.ReportersComplaint] | None:
        """Return a complaint and its reporter's view of it; None if the token is not its own."""
        number = ids.read_complaint_number(typed)
        found = self.complaints.with_timeline(number, consistent=True) if number else None
        if found is None or not ids.same(self.token_of(found[0]), token):
            return None
        complaint, timeline = found
        language = self.request.language
        jurisdiction = config.load(complaint.jurisdiction_id)
        photos, others = self._photos(complaint), self._others(complaint)
        view = views.reporters(
            complaint, timeline, jurisdiction, language, self.now, photos, others
        )
        return complaint, view

    def reply(self, typed: str, said: "Reply") -> None:
        """Do what a reporter says on their own complaint, whose token has opened it.

        Raises:
            Problem: it is not possible, or something is missing.
        """
        from functions.complaint_intake import dialogue

        number = ids.read_complaint_number(typed)
        if number is None:
            raise NotFound
        dialogue.reply(number, said, now=self.now, store=self.complaints)

    def offer(self, redirect: str | None) -> "PhotoOffer":
        """Return a form for one photo, after which S3 sends the browser to `redirect`."""
        from functions.complaint_intake.photos import upload

        return upload.offer(None, redirect=redirect, at=self.now)

    def add_photo(self, complaint: Complaint, photo_id: str) -> Complaint:
        """Add an uploaded photo to a complaint; return it with the photo.

        Raises:
            Problem: it has enough, or takes none any more, or the photo is another's or is none.
        """
        from functions.complaint_intake.photos import showing
        from functions.complaint_intake.photos.requests import MorePhotos

        try:
            added = MorePhotos.model_validate({"photo_ids": [photo_id]})
        except ValidationError as error:
            raise InvalidInput(faults=faults_of(error, MorePhotos)) from None
        return showing.add(
            complaint, added.photo_ids, complaints=self.complaints, photos=showing.store()
        )

    def room_for_photos(self, complaint: Complaint) -> int:
        """Return how many more photos a complaint takes (one read, if it has any)."""
        from functions.complaint_intake.photos import showing

        named = complaint.photo_ids
        known = showing.store().many(named, consistent=True) if named else {}
        return showing.room(complaint, known)

    def _photos(self, complaint: Complaint) -> Sequence[PhotoView]:
        if not complaint.photo_ids:
            return ()
        from functions.complaint_intake.photos import showing

        return showing.for_reporter(complaint, self.request.language)

    def _others(self, complaint: Complaint) -> Sequence[Complaint]:
        numbers = relatives(complaint)
        return self.listings.many(numbers) if numbers else ()
