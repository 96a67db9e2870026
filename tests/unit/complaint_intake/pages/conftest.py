"""A desk that takes pages' forms in on twins of the stores, and a browser before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

import pytest
from aws_lambda_powertools import Logger

from functions.complaint_intake import intake
from functions.complaint_intake.pages import lacak, lapor, photo_frame
from functions.complaint_intake.pages.office import Office
from functions.complaint_intake.photos.requests import PhotoOffer, UploadForm
from functions.complaint_intake.support import Count
from shared.complaints.law import Status
from shared.complaints.record import Complaint
from shared.http import Request
from tests.aws_double import REPORTERS
from tests.builders import ID_SECRET, NOW, TOKEN_SECRET
from tests.plain_browser import Form, Page, parsed
from tests.twins import ComplaintStoreTwin

BUCKET = "https://photos.example.id"
PHOTO_ID = "7ZK3Q9M4T0XWH7ZK3Q9M4T0XWH"


@dataclass
class Listings:
    """Says that some complaints are near."""

    found: Sequence[tuple[Complaint, float]] = ()
    failing: Exception | None = None
    asked: list[Any] = field(default_factory=list)

    def near(self, *place: Any) -> Sequence[tuple[Complaint, float]]:
        self.asked.append(place)
        if self.failing:
            raise self.failing
        return self.found


@dataclass
class Voices:
    """Counts devices, each once a complaint."""

    heard: list[tuple[str, str]] = field(default_factory=list)

    def add(
        self,
        complaint_id: str,
        device: str,
        count: Count,
        *,
        among: Sequence[Status],
        until: datetime,
    ) -> bool:
        new = (complaint_id, device) not in self.heard
        self.heard.append((complaint_id, device))
        return new


class OfficeWithoutPhotos(Office):
    """Offers a form for a photo without asking S3."""

    def offer(self, redirect: str | None) -> PhotoOffer:
        fields = {"key": f"uploads/{PHOTO_ID}", "success_action_redirect": str(redirect)}
        form = UploadForm(url=f"{BUCKET}/", fields=fields)
        return PhotoOffer(photo_id=PHOTO_ID, upload=form, max_bytes=10 * 1024**2, expires_at=NOW)


@dataclass
class Desk:
    """Everything behind the pages, and the device's cookies before them."""

    store: ComplaintStoreTwin = field(default_factory=ComplaintStoreTwin)
    listings: Listings = field(default_factory=Listings)
    voices: Voices = field(default_factory=Voices)
    now: datetime = NOW
    cookie: str = ""
    language: str = ""
    answer: Any = None

    def office(self, request: Request) -> Office:
        store: Any = self.store
        accept = partial(
            intake.accept,
            language="id",
            now=self.now,
            id_secret=ID_SECRET,
            token_secret=TOKEN_SECRET,
            store=store,
            reporters_table=REPORTERS,
        )
        listings: Any = self.listings
        return OfficeWithoutPhotos(
            request=request,
            now=self.now,
            accept=accept,
            complaints=store,
            listings=listings,
            counts=self.voices,
            id_secret=ID_SECRET,
            token_secret=TOKEN_SECRET,
            logger=Logger(service="test"),
        )

    def request(self, path: str, **more: Any) -> Request:
        headers = {"Cookie": self.cookie, "Accept-Language": self.language}
        context = {"domainName": "api.example.id", "path": f"/v1{path}"}
        event = {"resource": path, "path": path, "requestContext": context, "headers": headers}
        return Request(event | more)

    def open(self, path: str, **query: str) -> Page:
        request = self.request(path, queryStringParameters=query)
        match path:
            case "/lapor":
                return self._shown(lapor.opened(request))
            case "/lacak":
                return self._shown(lacak.asked(request))
            case _:
                return self._shown(photo_frame.shown(request, self.office(request)))

    def post(self, path: str, sent: Any) -> Page:
        body = sent if isinstance(sent, str) else urlencode(sent)
        request = self.request(path, body=body)
        answered = {"/lapor": lapor.submitted, "/lacak": lacak.answered}[path]
        return self._shown(answered(request, self.office(request)))

    def send(self, form: Form, button: str | None = None, **changes: str) -> Page:
        return self.post(f"/{form.action}", form.sent(button, **changes))

    def lapor(self, fields: Mapping[str, str] | str) -> Page:
        return self.post("/lapor", fields)

    def _shown(self, answer: Any) -> Page:
        self.answer = answer
        if left := answer.headers.get("Set-Cookie"):
            self.cookie = left.split(";")[0]
        return parsed(answer.body)

    @property
    def only(self) -> Complaint:
        ((_, complaint),) = self.store.complaints.items()
        return complaint

    def token(self, complaint: Complaint) -> str:
        return intake.receipt(complaint, TOKEN_SECRET).tracking_token


@pytest.fixture
def desk() -> Desk:
    return Desk()
