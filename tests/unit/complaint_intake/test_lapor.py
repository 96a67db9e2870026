"""The plain HTML form: small, in Indonesian, without script, and deaf to hostile input."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.complaint_intake import intake, lapor
from shared.clock import WIB
from shared.complaints.record import Complaint
from shared.errors import Busy
from shared.http import MAX_BODY_BYTES, Request
from tests.aws_double import REPORTERS
from tests.builders import ID_SECRET, NOW, TOKEN_SECRET, a_key
from tests.twins import ComplaintStoreTwin

pytestmark = pytest.mark.usefixtures("small_config")

HOSTILE = """"'><script>alert(1)</script><img src=x onerror=alert(1)>&lt;b&gt;$key ${body} \x00"""


@dataclass
class Page(HTMLParser):
    """What a browser would make of a page: its elements, fields and texts."""

    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    areas: dict[str, str] = field(default_factory=dict)
    _area: str | None = None

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "textarea":
            self._area = str(dict(attrs)["name"])
            self.areas[self._area] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area:
            self.areas[self._area] += data
        else:
            self.texts.append(data)

    @property
    def tags(self) -> set[str]:
        return {tag for tag, _ in self.elements}

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def all(self, tag: str, **attributes: str) -> list[dict[str, str | None]]:
        return [
            found
            for name, found in self.elements
            if name == tag and attributes.items() <= found.items()
        ]

    @property
    def fields(self) -> dict[str, str]:
        """What a browser would send if the form were submitted as it stands."""
        sent = {
            str(one["name"]): one.get("value") or ""
            for one in self.all("input")
            if one.get("type") != "checkbox" or "checked" in one
        }
        chosen = [one["value"] or "" for one in self.all("option") if "selected" in one]
        return {**sent, **self.areas, "service_code": chosen[0] if chosen else ""}


def opened(**query: str) -> tuple[Any, Page]:
    return _read(lapor.page(Request({"queryStringParameters": query})))


def _read(response: Any) -> tuple[Any, Page]:
    page = Page()
    page.feed(response.body)
    return response, page


class Desk:
    """Takes forms in on a twin of the store."""

    def __init__(self) -> None:
        self.store = ComplaintStoreTwin()

    def accept(self, submission: Any, *, key: str, channel: str) -> Any:
        return intake.accept(
            submission,
            key=key,
            channel=channel,
            language="id",
            now=NOW,
            id_secret=ID_SECRET,
            token_secret=TOKEN_SECRET,
            store=self.store,
            reporters_table=REPORTERS,
        )

    def post(self, fields: Mapping[str, str] | str) -> tuple[Any, Page]:
        body = fields if isinstance(fields, str) else urlencode(fields)
        return _read(lapor.submitted(Request({"body": body}), self.accept))

    @property
    def only(self) -> Complaint:
        ((_, complaint),) = self.store.complaints.items()
        return complaint


@pytest.fixture
def desk() -> Desk:
    return Desk()


def filled(**changes: str) -> dict[str, str]:
    return {
        "key": a_key(),
        "jurisdiction_id": "semarang",
        "description": "Lampu jalan mati",
        **changes,
    }


def error_beside(response: Any, name: str) -> str | None:
    """Return the error that stands right before a field."""
    before = response.body.split(f'name="{name}"')[0]
    after_label = before[before.rfind("</label>") :]
    return after_label.split('class="error">')[1].split("<")[0] if "error" in after_label else None


def test_the_form_is_small_and_has_no_script():
    response, page = opened()
    assert response.status_code == HTTPStatus.OK
    assert response.content_type == "text/html; charset=utf-8"
    assert len(response.body.encode()) < 14 * 1024
    assert "script" not in page.tags
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "no-store"


def test_the_form_offers_every_category_under_its_group():
    _, page = opened(jurisdiction_id="semarang")
    assert [one["value"] for one in page.all("option")] == [
        "",
        "jalan-rusak",
        "sampah",
        "pungli",
        "lainnya",
    ]
    assert [one["label"] for one in page.all("optgroup")] == ["Jalan", "Lingkungan", "Lainnya"]


def test_each_form_has_a_key_of_its_own():
    keys = {opened()[1].fields["key"] for _ in range(5)}
    assert len(keys) == 5


@pytest.mark.parametrize(
    ("query", "jurisdiction", "other"),
    [
        ({}, "semarang", "jateng"),
        ({"jurisdiction_id": "semarang"}, "semarang", "jateng"),
        ({"jurisdiction_id": "jateng"}, "jateng", "semarang"),
        ({"jurisdiction_id": "solo"}, "semarang", "jateng"),
        ({"jurisdiction_id": HOSTILE}, "semarang", "jateng"),
    ],
)
def test_the_form_is_one_jurisdictions_and_links_to_the_other(query, jurisdiction, other):
    _, page = opened(**query)
    assert page.fields["jurisdiction_id"] == jurisdiction
    (link,) = [one["href"] for one in page.all("a") if "lapor" in str(one["href"])]
    assert parse_qs(urlsplit(str(link)).query) == {"jurisdiction_id": [other]}


def test_a_vehicles_sticker_fills_its_code_and_keeps_it_for_the_other_form():
    _, page = opened(v="GJK-4821")
    assert page.fields["vehicle_code"] == "GJK-4821"
    (link,) = [one["href"] for one in page.all("a") if "lapor" in str(one["href"])]
    assert parse_qs(urlsplit(str(link)).query)["v"] == ["GJK-4821"]


def test_a_posted_form_shows_number_token_and_deadline(desk):
    response, page = desk.post(filled(service_code="sampah", address_string="Jl. Pandanaran"))
    assert response.status_code == HTTPStatus.CREATED
    assert desk.only.complaint_id in page.text
    assert intake.receipt(desk.only, TOKEN_SECRET).tracking_token in page.text
    due = desk.only.dispatch_due_at.astimezone(WIB)
    assert f"{due:%d-%m-%Y} pukul 23.59 WIB" in page.text
    assert (desk.only.service_code, desk.only.address_string, desk.only.channel) == (
        "sampah",
        "Jl. Pandanaran",
        "web",
    )


def test_a_form_that_is_sent_twice_counts_once(desk):
    fields = filled()
    _, first = desk.post(fields)
    response, again = desk.post(fields)
    assert response.status_code == HTTPStatus.OK
    assert again.text == first.text
    assert len(desk.store.complaints) == 1


def test_a_form_sent_again_with_other_content_is_refused_and_can_then_be_sent_as_a_new_one(desk):
    fields = filled()
    desk.post(fields)
    response, page = desk.post(fields | {"description": "Lain lagi"})
    assert response.status_code == HTTPStatus.CONFLICT
    assert page.fields["description"] == "Lain lagi"
    assert "sudah terkirim dengan isi lain" in page.text
    assert page.fields["key"] != fields["key"]
    response, _ = desk.post(page.fields)
    assert response.status_code == HTTPStatus.CREATED
    assert len(desk.store.complaints) == 2


def test_contact_data_is_taken_with_the_reporters_leave(desk):
    desk.post(filled(name="Bu Tutik", phone="081234567890", email="tutik@example.id", share="1"))
    assert desk.store.reporters[REPORTERS, desk.only.complaint_id] == {
        "name": "Bu Tutik",
        "phone": "+6281234567890",
        "email": "tutik@example.id",
        "language": "id",
        "notify": ["email", "sms"],
        "share_with_agency": True,
    }
    assert desk.only.contact_shared


def test_whoever_reports_without_a_name_leaves_none(desk):
    desk.post(filled(name="Bu Tutik", anonymous="1"))
    assert desk.only.anonymous
    assert desk.store.reporters == {}


def test_a_vehicles_code_makes_it_a_complaint_by_the_fleet(desk):
    desk.post(filled(vehicle_code="GJK-4821"))
    assert (desk.only.channel, desk.only.vehicle_code) == ("fleet", "GJK-4821")


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("description", "", "Wajib diisi."),
        ("description", "a" * 4001, "Paling banyak 4000 huruf."),
        ("service_code", "jalan-rusk", "Tidak dikenal; maksudnya “jalan-rusak”?"),
        ("address_string", "a" * 301, "Paling banyak 300 huruf."),
        ("vehicle_code", "GJK 4821", "Tidak dapat diterima"),
        ("name", "a" * 101, "Paling banyak 100 huruf."),
        ("phone", "0812", "Tulis nomor seperti 081234567890 atau +6281234567890."),
        ("email", "tutik", "Tulis alamat surel seperti nama@contoh.id."),
    ],
)
def test_an_error_stands_beside_its_field_and_nothing_typed_is_lost(desk, name, value, error):
    given = filled(anonymous="1", share="1", address_string="Jl. Pandanaran") | {name: value}
    response, page = desk.post(given)
    assert response.status_code == HTTPStatus.BAD_REQUEST
    assert (error_beside(response, name) or "").startswith(error)
    assert response.body.count('class="error"') == 1
    kept = {**page.fields, "service_code": given.get("service_code", "")}
    assert given.items() <= kept.items()
    assert not desk.store.complaints


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"jurisdiction_id": "semarag"}, "Tidak dikenal; maksudnya “semarang”?"),
        ({"jurisdiction_id": "<b>"}, "Tidak dikenal; pilih salah satu: jateng, semarang."),
        ({"jurisdiction_id": HOSTILE}, "Paling banyak 48 huruf."),
        ({"key": "1"}, "Idempotency-Key harus UUID, atau sedikitnya 128 bit acak."),
    ],
)
def test_an_error_without_a_field_stands_on_top(desk, change, error):
    response, page = desk.post(filled(**change))
    assert response.status_code == HTTPStatus.BAD_REQUEST
    top = response.body.split("<form")[0]
    assert error in top
    assert page.fields["description"] == "Lampu jalan mati"


def test_a_form_with_a_spoilt_key_can_be_sent_after_all(desk):
    _, page = desk.post(filled(key="1"))
    response, _ = desk.post(page.fields)
    assert response.status_code == HTTPStatus.CREATED


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", HTTPStatus.BAD_REQUEST),
        ("\udcff", HTTPStatus.BAD_REQUEST),
        ("&".join(f"f{number}=1" for number in range(41)), HTTPStatus.BAD_REQUEST),
        ("description=" + "a" * MAX_BODY_BYTES, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    ],
    ids=["empty", "not UTF-8", "too many fields", "too large"],
)
def test_an_unreadable_form_is_answered_with_an_empty_one(desk, body, status):
    response, page = desk.post(body)
    assert response.status_code == status
    assert 'class="error"' in response.body
    assert page.fields["description"] == ""


def test_when_others_are_writing_the_form_comes_back_filled():
    def busy(*_: Any, **__: Any) -> Any:
        raise Busy(headers={"Retry-After": "1"})

    given = filled()
    response, page = _read(lapor.submitted(Request({"body": urlencode(given)}), busy))
    assert response.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert given.items() <= page.fields.items()
    assert "Sedang sibuk" in page.text


NAMES = (
    *("key", "jurisdiction_id", "description", "service_code", "address_string", "vehicle_code"),
    *("anonymous", "name", "phone", "email", "share"),
)


@given(
    st.dictionaries(
        st.sampled_from(NAMES) | st.text(max_size=5),
        st.sampled_from([HOSTILE, f"{HOSTILE}@example.id", f"0812{HOSTILE}"]) | st.text(max_size=9),
        max_size=8,
    )
)
def test_no_input_becomes_part_of_the_page(fields):
    usable = {k: v for k, v in fields.items() if (k + v).isprintable() or v == HOSTILE}
    response, page = Desk().post(urlencode(usable, errors="replace"))
    assert response.status_code in (200, 201, 400)
    assert page.tags <= {
        *("html", "head", "meta", "title", "style", "body", "h1", "p", "a", "form", "input"),
        *("label", "textarea", "select", "optgroup", "option", "small", "fieldset", "legend"),
        "button",
    }
    assert not any(name.startswith("on") for _, found in page.elements for name in found)


@pytest.mark.parametrize("name", NAMES)
def test_hostile_input_in_any_field_is_shown_as_text(name):
    response, page = Desk().post(filled(phone="x") | {name: HOSTILE})
    assert response.status_code == HTTPStatus.BAD_REQUEST
    assert "script" not in page.tags
    assert "img" not in page.tags
    if name in {"description", "address_string", "vehicle_code", "name", "phone", "email"}:
        assert page.fields[name] == HOSTILE.strip()


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])))
def test_hostile_links_to_the_form_are_harmless(text):
    _, page = opened(v=text, jurisdiction_id=text)
    assert page.fields["vehicle_code"] == text[:32]
