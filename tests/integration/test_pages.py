"""The pages through the handler: a browser without script goes from the sticker to the answer."""

import json
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import pytest

from functions.complaint_intake import api
from functions.complaint_intake.settings import settings
from functions.complaint_intake.stores import complaints
from shared import aws, ids
from shared.complaints.law import Status
from shared.complaints.record import Complaint
from shared.dynamo import from_item
from tests.aws_double import NOTICES_QUEUE, PHOTOS_BUCKET, REPORTERS, items, messages
from tests.builders import (
    CONTEXT,
    TOKEN_SECRET,
    a_complaint,
    a_number,
    an_api_event,
    an_assignment,
    assign,
)
from tests.plain_browser import Form, Page, parsed

pytestmark = pytest.mark.usefixtures("small_config", "aws_double")

PLACE = {"service_code": "sampah", "location": "-6.9800, 110.4200"}


@dataclass
class Phone:
    """A browser without script whose requests are given to the handler."""

    cookies: dict[str, str] = field(default_factory=dict)
    answer: Any = None
    path: str = "/"

    def open(self, url: str) -> Page:
        parts = urlsplit(urljoin(self.path, url))
        return self._ask("GET", parts.path, query=dict(parse_qsl(parts.query)))

    def send(self, form: Form, button: str | None = None, **changes: str) -> Page:
        path = urlsplit(urljoin(self.path, form.action)).path
        return self._ask("POST", path, body=urlencode(form.sent(button, **changes)))

    def _ask(self, method: str, path: str, **more: Any) -> Page:
        self.path = path
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        event = an_api_event(method, path, headers={"Cookie": cookie} if cookie else {}, **more)
        self.answer = api.handler(event, CONTEXT)
        for left in self.answer["multiValueHeaders"].get("Set-Cookie", ()):
            name, _, value = left.split(";")[0].partition("=")
            self.cookies[name] = value
        return parsed(self.answer["body"])

    @property
    def status(self) -> int:
        return int(self.answer["statusCode"])


@pytest.fixture
def phone() -> Phone:
    return Phone()


def stored(complaint: Complaint) -> Complaint:
    assert complaints().submit(complaint) is None
    return complaint


def number_and_token(page: Page) -> tuple[str, str]:
    (link,) = [str(one["href"]) for one in page.all("a") if "#" in str(one["href"])]
    number, _, token = link.partition("#")[2].partition(".")
    return number, token


def test_from_the_sticker_to_a_report_by_the_fleet_and_its_tracking(phone):
    form = phone.open("/lapor?v=gjk-4821&jurisdiction_id=semarang").form
    page = phone.send(form, description="Sopir menyetir ugal-ugalan", **PLACE)
    assert phone.status == 201
    number, token = number_and_token(page)
    complaint = complaints().get(number)
    assert complaint is not None
    assert (complaint.channel, complaint.vehicle_code) == ("fleet", "GJK-4821")
    assert complaint.device is not None
    tracking = phone.send(phone.open("/lacak").form, complaint_id=number, token=token)
    assert phone.status == 200
    assert "Sopir menyetir ugal-ugalan" in tracking.text


def tracked(phone: Phone, complaint: Complaint) -> Page:
    """Return the page on which a complaint's reporter follows it."""
    token = ids.tracking_token(TOKEN_SECRET, complaint.complaint_id, 0)
    page = phone.send(phone.open("/lacak").form, complaint_id=complaint.complaint_id, token=token)
    assert phone.status == 200
    return page


def links(page: Page) -> list[str]:
    return [str(one["href"]) for one in page.all("a") if "lacak/" in str(one["href"])]


def test_parts_are_shown_and_those_that_all_may_read_are_linked(phone):
    numbers = (a_number(), a_number())
    whole = stored(a_complaint(status=Status.IN_PROGRESS, parts=numbers))
    part = {"status": Status.ACCEPTED, "part_of": whole.complaint_id, "agency": "semarang-dlh"}
    stored(a_complaint(complaint_id=numbers[0], **part))
    stored(a_complaint(complaint_id=numbers[1], visibility="secret", **part))
    page = tracked(phone, whole)
    assert links(page) == [f"lacak/{numbers[0]}"]
    assert f"{numbers[1]}: bagian dari laporan ini" in page.text
    assert "Diterima dinas, SEMARANG-DLH" in page.text
    phone.open(links(page)[0])
    assert phone.status == 200


def test_what_it_was_merged_into_is_linked_while_all_may_read_it(phone):
    other = stored(a_complaint(status=Status.ACCEPTED, duplicates=1))
    same = {"status": Status.DUPLICATE, "duplicate_of": other.complaint_id}
    complaint = stored(a_complaint(**same))
    page = tracked(phone, complaint)
    assert links(page) == [f"lacak/{other.complaint_id}"]
    assert "laporan ini digabung dengannya" in page.text
    complaints().change(other, replace(other, version=other.version + 1, hidden=True))
    assert other.complaint_id not in tracked(phone, complaint).text


def test_what_is_related_to_no_other_has_no_such_list(phone):
    assert "Laporan terkait" not in tracked(phone, stored(a_complaint(status=Status.ACCEPTED))).text


def test_similar_complaints_are_found_joined_once_a_device_and_passed_by(phone):
    near = stored(a_complaint(service_code="sampah", lat=-6.9803, long=110.42))
    form = phone.open("/lapor").form
    page = phone.send(form, description="Sampah menumpuk", **PLACE)
    assert phone.status == 200
    assert near.complaint_id in page.text
    for _ in range(2):
        joined = phone.send(page.form, f"Saya juga mengalami {near.complaint_id}")
        assert "tercatat" in joined.text
    counted = complaints().get(near.complaint_id)
    assert counted is not None
    assert counted.supporters == 1
    phone.send(joined.form, "Kirim laporan saya")
    assert phone.status == 201


def test_what_is_far_away_or_hidden_is_not_shown(phone):
    stored(a_complaint(service_code="sampah", lat=-6.99, long=110.42))
    stored(a_complaint(service_code="sampah", lat=-6.98, long=110.42, visibility="private"))
    stored(a_complaint(service_code="jalan-rusak", lat=-6.98, long=110.42))
    phone.send(phone.open("/lapor").form, description="Sampah menumpuk", **PLACE)
    assert phone.status == 201


@pytest.fixture
def frame(phone: Phone) -> tuple[str, str, Page]:
    """Submit a report and open its frame for photos."""
    page = phone.send(phone.open("/lapor").form, description="Sampah", service_code="sampah")
    number, token = number_and_token(page)
    (one,) = page.all("iframe")
    return number, token, phone.open(str(one["src"]))


def upload(form: Form, content: bytes) -> str:
    """Put a file where the form says, and return where S3 would send the browser."""
    fields = form.values
    aws.s3().put_object(
        Bucket=PHOTOS_BUCKET,
        Key=fields["key"],
        Body=content,
        ContentType=fields["Content-Type"],
    )
    added = urlencode({"bucket": PHOTOS_BUCKET, "key": fields["key"], "etag": '"e"'})
    back = urlsplit(fields["success_action_redirect"] + "&" + added)
    assert (back.scheme, back.netloc) == ("https", "api.example.id")
    return f"{back.path.removeprefix('/v1')}?{back.query}"


def test_a_photo_goes_to_the_bucket_and_becomes_the_reports_own(phone, frame):
    number, _, page = frame
    after = phone.open(upload(page.form, b"\xff\xd8\xff..."))
    assert phone.status == 200
    assert "Foto terkirim: 1 dari 5." in after.text
    complaint = complaints().get(number)
    assert complaint is not None
    assert complaint.photo_ids == (page.form.values["key"].removeprefix("uploads/"),)
    again = phone.open(upload(page.form, b"\xff\xd8\xff..."))
    assert "Foto terkirim: 1 dari 5." in again.text


def test_at_most_five_photos_are_taken(phone, frame):
    _, _, page = frame
    for count in range(1, 6):
        page = phone.open(upload(page.form, b"x"))
        assert f"Foto terkirim: {count} dari 5." in page.text
    assert not page.forms


@pytest.mark.parametrize("key", ["uploads/../x", "x", "uploads/", "uploads/<script>"])
def test_what_is_no_photos_key_is_told(phone, frame, key):
    number, _, _ = frame
    ticket = phone.answer  # the frame's own address is asked again, with a key nobody gave
    assert ticket["statusCode"] == 200
    (form,) = parsed(ticket["body"]).forms
    back = urlsplit(form.values["success_action_redirect"])
    page = phone.open(f"/lapor/foto?{back.query}&{urlencode({'key': key})}")
    assert phone.status == 400
    assert "script" not in page.tags
    complaint = complaints().get(number)
    assert complaint is not None
    assert complaint.photo_ids == ()


def test_a_ticket_adds_photos_and_opens_nothing_else(phone, frame):
    number, _, page = frame
    back = urlsplit(page.form.values["success_action_redirect"])
    ticket = dict(parse_qsl(back.query))["ticket"]
    asked = phone.open("/lacak").form
    phone.send(asked, complaint_id=number, token=ticket)
    assert phone.status == 403
    for path in (f"/complaints/{number}", f"/complaints/{number}/personal-data"):
        headers = {"X-Tracking-Token": ticket}
        answer = api.handler(an_api_event("GET", path, headers=headers), CONTEXT)
        assert answer["statusCode"] in {403, 404}


def test_a_reply_on_the_tracking_page_is_the_dialogues_own(phone):
    complaint = stored(a_complaint())
    store = complaints()
    assigned = assign(store, complaint, an_assignment())
    assert assigned is not None
    token = ids.tracking_token(aws.secret(settings().token_secret), complaint.complaint_id, 0)
    asked = phone.open("/lacak").form
    page = phone.send(asked, complaint_id=complaint.complaint_id, token=token)
    withdraw = next(form for form in page.forms if "Tarik laporan ini" in form.buttons)
    page = phone.send(withdraw, note="Sudah beres")
    assert phone.status == 200
    assert "Ditarik pelapor" in page.text
    found = store.get(complaint.complaint_id)
    assert found is not None
    assert found.status is Status.WITHDRAWN


def test_a_wrong_code_is_refused_and_logged_nowhere(phone, caplog):
    complaint = stored(a_complaint())
    asked = phone.open("/lacak").form
    phone.send(asked, complaint_id=complaint.complaint_id, token="not-its-own")
    assert phone.status == 403
    said = json.dumps([vars(one) for one in caplog.records], default=str)
    assert "not-its-own" not in said


def test_anyone_reads_a_public_report_and_of_others_not_that_there_is_one(phone):
    typed = "<b>Lubang</b>, hub 081200000081"
    shown = stored(a_complaint(status=Status.ASSIGNED, description=typed))
    page = phone.open(f"/lacak/{shown.complaint_id.lower()}")
    assert phone.status == 200
    assert "<b>Lubang</b>, hub [nomor disamarkan]" in page.text
    assert "Diteruskan ke dinas" in page.text
    assert page.title == "Jalan rusak"
    assert page.forms == []
    answers = set()
    for changes in ({"visibility": "secret"}, {"hidden": True}, {"suspicion": "flood"}):
        hidden = stored(a_complaint(status=Status.ASSIGNED, **changes))
        phone.open(f"/lacak/{hidden.complaint_id}")
        answers.add((phone.status, phone.answer["body"]))
    for unknown in (a_number(), "x"):
        phone.open(f"/lacak/{unknown}")
        answers.add((phone.status, phone.answer["body"]))
    assert [status for status, _ in answers] == [404]


FOLLOWER = {"location": "-6.99, 110.42", "radius_m": "1000", "email": "tutik@example.id"}


def subscriptions() -> list[Any]:
    found = (from_item(one) for one in items(REPORTERS))
    return [one for one in found if one["sk"].startswith("ALERT#")]


def test_a_place_is_followed_by_a_form_and_the_address_is_asked(phone):
    form = phone.open("/ikuti").form
    page = phone.send(form, service_code="sampah", **FOLLOWER)
    assert phone.status == 200
    assert "Periksa surel" in page.text
    (one,) = subscriptions()
    assert (one["lat"], one["long"], one["radius_m"]) == (-6.99, 110.42, 1000)
    assert (one["email"], one["service_code"]) == ("tutik@example.id", "sampah")
    (message,) = messages(NOTICES_QUEUE)
    assert message["type"] == "alert_asked.v1"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"location": "di sana"}, "Tempat ini tidak terbaca"),
        ({"location": "0.0001, 200.5"}, "Tempat ini tidak terbaca"),
        ({"email": ""}, "Isi email atau phone"),
        ({"email": "tutik"}, "nama@contoh.id"),
        ({"service_code": "pungli"}, "tidak terbuka untuk umum"),
        ({"radius_m": "9000"}, "Paling jauh 2000 meter"),
        ({"radius_m": "x"}, ""),
    ],
)
def test_what_is_to_be_mended_stands_in_the_form_with_all_that_was_typed(phone, changes, said):
    page = phone.send(phone.open("/ikuti").form, **(FOLLOWER | changes))
    assert phone.status == 400
    assert said in page.text
    assert page.form.values["location"] == (FOLLOWER | changes)["location"]
    assert subscriptions() == []


def test_a_program_that_fills_the_trap_is_told_the_same_and_nobody_is_asked(phone):
    phone.send(phone.open("/ikuti").form, website="https://x.example", **FOLLOWER)
    assert phone.status == 200
    assert subscriptions() == []
    assert messages(NOTICES_QUEUE) == []


def test_only_public_categories_may_be_followed_and_only_where_it_is_offered(phone):
    phone.open("/ikuti?jurisdiction_id=semarang")
    assert "sampah" in phone.answer["body"]
    assert "pungli" not in phone.answer["body"]
    phone.open("/ikuti?jurisdiction_id=jateng")
    assert phone.status == 409
    event = an_api_event("POST", "/ikuti", body=urlencode(FOLLOWER | {"jurisdiction_id": "jateng"}))
    assert api.handler(event, CONTEXT)["statusCode"] == 409
