"""The report by plain forms: small, in Indonesian, without script, and deaf to hostile input."""

from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.complaint_intake import intake
from functions.complaint_intake.pages import lapor, shell
from shared import config
from shared.clock import WIB
from shared.errors import Busy
from shared.http import MAX_BODY_BYTES, Request
from tests.aws_double import REPORTERS
from tests.builders import TOKEN_SECRET
from tests.plain_browser import parsed
from tests.unit.complaint_intake.pages.conftest import BUCKET, Desk
from tests.unit.complaint_intake.pages.forms import HOSTILE, TAGS, error_beside, filled

pytestmark = pytest.mark.usefixtures("small_config")


#: What the first page may be at most, uncompressed: some seconds on the poorest network.
MOST_BYTES = 30 * 1024


class TestFirstPage:
    def test_it_is_small_and_has_no_script(self, desk):
        page = desk.open("/lapor")
        assert desk.answer.status_code == HTTPStatus.OK
        assert desk.answer.content_type == "text/html; charset=utf-8"
        assert "script" not in page.tags
        policy = desk.answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "script-src" not in policy
        assert desk.answer.headers["Cache-Control"] == "no-store"

    @pytest.mark.parametrize("jurisdiction_id", ["semarang", "jateng"])
    def test_with_all_real_categories_it_stays_under_30_kb(self, desk, jurisdiction_id):
        with pytest.MonkeyPatch.context() as patch:
            real = {
                one: config._validated(one, config.CONFIG_DIR) for one in ("jateng", "semarang")
            }
            patch.setattr(config, "load", real.__getitem__)
            page = desk.open("/lapor", jurisdiction_id=jurisdiction_id)
            expected = [one.service_code for one in real[jurisdiction_id].categories]
        assert [one["value"] for one in page.all("option")] == ["", *expected]
        size = len(desk.answer.body.encode())
        assert size < MOST_BYTES
        print(f"/lapor for {jurisdiction_id}: {size} bytes")

    def test_it_says_its_language_and_its_width(self, desk):
        page = desk.open("/lapor")
        assert page.all("html", lang="id")
        assert page.all("meta", name="viewport")
        assert page.title == "Lapor"

    def test_every_field_that_is_seen_has_a_label(self, desk):
        page = desk.open("/lapor")
        labels = {one.get("for") for one in page.all("label")}
        for tag in ("input", "select", "textarea"):
            for one in page.all(tag):
                if one.get("type") not in {"hidden", "checkbox"} and one["name"] != "website":
                    assert one["id"] in labels
        ids = [one["id"] for _, one in page.elements if "id" in one]
        assert len(ids) == len(set(ids))

    def test_it_offers_every_category_under_its_group(self, desk):
        page = desk.open("/lapor", jurisdiction_id="semarang")
        assert [one["value"] for one in page.all("option")] == [
            "",
            "jalan-rusak",
            "sampah",
            "pungli",
            "lainnya",
        ]
        assert [one["label"] for one in page.all("optgroup")] == ["Jalan", "Lingkungan", "Lainnya"]

    def test_each_form_has_a_key_of_its_own(self, desk):
        keys = {desk.open("/lapor").form.values["key"] for _ in range(5)}
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
    def test_it_is_one_jurisdictions_and_links_to_the_other(self, desk, query, jurisdiction, other):
        page = desk.open("/lapor", **query)
        assert page.form.values["jurisdiction_id"] == jurisdiction
        (link,) = [one["href"] for one in page.all("a") if "lapor?" in str(one["href"])]
        assert parse_qs(urlsplit(str(link)).query) == {"jurisdiction_id": [other]}

    def test_a_vehicles_sticker_fills_its_code_and_keeps_it_for_the_other_form(self, desk):
        page = desk.open("/lapor", v="GJK-4821")
        assert page.form.values["vehicle_code"] == "GJK-4821"
        (link,) = [one["href"] for one in page.all("a") if "lapor?" in str(one["href"])]
        assert parse_qs(urlsplit(str(link)).query)["v"] == ["GJK-4821"]

    @given(st.text(st.characters(exclude_categories=["Cc", "Cs"])))
    def test_hostile_links_to_it_are_harmless(self, text):
        page = Desk().open("/lapor", v=text, jurisdiction_id=text)
        assert page.form.values["vehicle_code"] == text[:32]


class TestDevice:
    def test_the_page_leaves_one_random_cookie_and_says_so(self, desk):
        page = desk.open("/lapor")
        left = desk.answer.headers["Set-Cookie"]
        name, *attributes = left.split("; ")
        assert name.startswith("simpul_device=")
        assert len(name.split("=")[1]) == 22
        assert attributes == [
            "Max-Age=15724800",
            "HttpOnly",
            "SameSite=Lax",
            "Secure",
        ]
        assert "kuki" in page.text

    def test_a_device_keeps_its_cookie(self, desk):
        desk.open("/lapor")
        before = desk.cookie
        desk.open("/lapor")
        assert "Set-Cookie" not in desk.answer.headers
        assert desk.cookie == before

    @pytest.mark.parametrize(
        "cookie", ["simpul_device=short", "simpul_device=" + "ä" * 22, "a=b; =; x", "other=1"]
    )
    def test_a_cookie_that_is_not_ours_counts_for_nothing(self, desk, cookie):
        desk.cookie = cookie
        desk.open("/lapor")
        assert "Set-Cookie" in desk.answer.headers

    def test_the_report_carries_the_device_of_its_day_and_no_more(self, desk):
        first = desk.open("/lapor").form
        desk.send(first, description="Satu")
        desk.send(desk.open("/lapor").form, description="Dua")
        devices = {one.device for one in desk.store.complaints.values()}
        assert len(devices) == 1
        assert devices != {None}
        assert desk.cookie.split("=")[1] not in str(devices)

    def test_on_a_local_cloud_the_cookie_goes_without_https(self, desk, monkeypatch):
        monkeypatch.setenv("API_URL", "http://localhost:4566/_aws/execute-api/simpul/v1")
        desk.open("/lapor")
        assert "Secure" not in desk.answer.headers["Set-Cookie"]

    def test_without_cookies_a_report_comes_in_all_the_same(self, desk):
        desk.lapor(filled())
        assert desk.only.device is None


class TestSubmitting:
    def test_a_posted_form_shows_number_token_and_deadline(self, desk):
        page = desk.lapor(filled(service_code="sampah", address_string="Jl. Pandanaran"))
        assert desk.answer.status_code == HTTPStatus.CREATED
        token = intake.receipt(desk.only, TOKEN_SECRET).tracking_token
        assert desk.only.complaint_id in page.text
        assert token in page.text
        due = desk.only.dispatch_due_at.astimezone(WIB)
        assert f"{due:%d-%m-%Y} 23.59 WIB" in page.text
        assert page.all("a", href=f"lacak#{desk.only.complaint_id}.{token}")
        assert (desk.only.service_code, desk.only.address_string, desk.only.channel) == (
            "sampah",
            "Jl. Pandanaran",
            "web",
        )

    def test_the_thanks_frame_a_page_for_photos_that_holds_no_token(self, desk):
        page = desk.lapor(filled())
        (frame,) = page.all("iframe")
        token = intake.receipt(desk.only, TOKEN_SECRET).tracking_token
        assert str(frame["src"]).startswith("lapor/foto?ticket=")
        assert token not in str(frame["src"])
        assert frame["title"]
        policy = desk.answer.headers["Content-Security-Policy"]
        assert f"frame-src 'self' {BUCKET};" in policy

    def test_a_form_that_is_sent_twice_counts_once(self, desk):
        fields = filled()
        first = desk.lapor(fields).text
        again = desk.lapor(fields).text
        assert desk.answer.status_code == HTTPStatus.OK
        assert again == first
        assert len(desk.store.complaints) == 1

    def test_a_form_sent_again_with_other_content_is_refused_and_can_then_be_sent_as_a_new_one(
        self, desk
    ):
        fields = filled()
        desk.lapor(fields)
        page = desk.lapor(fields | {"description": "Lain lagi"})
        assert desk.answer.status_code == HTTPStatus.CONFLICT
        assert page.form.values["description"] == "Lain lagi"
        assert "sudah terkirim dengan isi lain" in page.text
        assert page.form.values["key"] != fields["key"]
        desk.send(page.form)
        assert desk.answer.status_code == HTTPStatus.CREATED
        assert len(desk.store.complaints) == 2

    def test_contact_data_is_taken_with_the_reporters_leave(self, desk):
        desk.lapor(filled(name="Bu Tutik", phone="081234567890", email="t@example.id", share="1"))
        assert desk.store.reporters[REPORTERS, desk.only.complaint_id] == {
            "name": "Bu Tutik",
            "phone": "+6281234567890",
            "email": "t@example.id",
            "language": "id",
            "notify": ["email", "sms"],
            "share_with_agency": True,
        }
        assert desk.only.contact_shared

    def test_whoever_reports_without_a_name_leaves_none(self, desk):
        desk.lapor(filled(name="Bu Tutik", anonymous="1"))
        assert desk.only.anonymous
        assert desk.store.reporters == {}

    def test_a_vehicles_code_makes_it_a_complaint_by_the_fleet(self, desk):
        desk.lapor(filled(vehicle_code="gjk-4821"))
        assert (desk.only.channel, desk.only.vehicle_code) == ("fleet", "GJK-4821")

    def test_a_pasted_map_link_gives_the_place(self, desk):
        desk.lapor(filled(location="https://maps.google.com/?q=-6.9839,110.4093"))
        assert (desk.only.lat, desk.only.long) == (-6.9839, 110.4093)

    def test_whatever_fills_the_trap_is_taken_and_suspected(self, desk):
        page = desk.open("/lapor")
        (trap,) = page.all("input", name="website")
        assert (trap["tabindex"], trap["autocomplete"]) == ("-1", "off")
        desk.send(page.form, description="Beli obat", website="http://example.com")
        assert desk.answer.status_code == HTTPStatus.CREATED
        assert desk.only.suspicion == "honeypot"

    @pytest.mark.parametrize(
        ("name", "value", "error"),
        [
            ("description", "", "Wajib diisi."),
            ("description", "a" * 4001, "Paling banyak 4000 huruf."),
            ("service_code", "jalan-rusk", "Tidak dikenal; maksudnya “jalan-rusak”?"),
            ("address_string", "a" * 301, "Paling banyak 300 huruf."),
            ("location", "di sana", "Tempat ini tidak terbaca."),
            ("location", "https://maps.app.goo.gl/abc", "Tautan pendek ini"),
            ("vehicle_code", "G" * 33, "Paling banyak 32 huruf."),
            ("name", "a" * 101, "Paling banyak 100 huruf."),
            ("phone", "0812", "Tulis nomor seperti 081234567890 atau +6281234567890."),
            ("email", "tutik", "Tulis alamat surel seperti nama@contoh.id."),
        ],
    )
    def test_an_error_stands_beside_its_field_and_nothing_typed_is_lost(
        self, desk, name, value, error
    ):
        given = filled(anonymous="1", share="1", address_string="Jl. Pandanaran") | {name: value}
        page = desk.lapor(given)
        assert desk.answer.status_code == HTTPStatus.BAD_REQUEST
        assert (error_beside(page, desk.answer.body, name) or "").startswith(error)
        assert desk.answer.body.count('class="error"') == 1
        assert page.title == "Perlu diperbaiki: Lapor"
        kept = {**page.form.values, "service_code": given.get("service_code", "")}
        assert given.items() <= kept.items()
        assert not desk.store.complaints

    @pytest.mark.parametrize(
        ("change", "error"),
        [
            ({"jurisdiction_id": "semarag"}, "Tidak dikenal; maksudnya “semarang”?"),
            ({"jurisdiction_id": ""}, "Tidak dikenal; pilih salah satu: jateng, semarang."),
            ({"jurisdiction_id": "<b>"}, "Tidak dikenal; pilih salah satu: jateng, semarang."),
            ({"jurisdiction_id": HOSTILE}, "Paling banyak 48 huruf."),
            ({"key": "1"}, "Idempotency-Key harus UUID, atau sedikitnya 128 bit acak."),
        ],
    )
    def test_an_error_without_a_field_stands_on_top(self, desk, change, error):
        page = desk.lapor(filled(**change))
        assert desk.answer.status_code == HTTPStatus.BAD_REQUEST
        assert error in desk.answer.body.split("<form")[0]
        assert page.form.values["description"] == "Lampu jalan mati"

    def test_a_form_with_a_spoilt_key_can_be_sent_after_all(self, desk):
        desk.send(desk.lapor(filled(key="1")).form)
        assert desk.answer.status_code == HTTPStatus.CREATED

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ("", HTTPStatus.BAD_REQUEST),
            ("\udcff", HTTPStatus.BAD_REQUEST),
            ("&".join(f"f{number}=1" for number in range(121)), HTTPStatus.BAD_REQUEST),
            ("description=" + "a" * MAX_BODY_BYTES, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
        ],
        ids=["empty", "not UTF-8", "too many fields", "too large"],
    )
    def test_an_unreadable_form_is_answered_with_an_empty_one(self, desk, body, status):
        page = desk.lapor(body)
        assert desk.answer.status_code == status
        assert 'class="error"' in desk.answer.body
        assert page.form.values["description"] == ""

    def test_when_others_are_writing_the_form_comes_back_filled(self, desk):
        def busy(*_: Any, **__: Any) -> Any:
            raise Busy(headers={"Retry-After": "1"})

        desk.store.submit = busy
        given = filled()
        page = desk.lapor(given)
        assert desk.answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
        assert desk.answer.headers["Retry-After"] == "1"
        assert given.items() <= page.form.values.items()
        assert "Sedang sibuk" in page.text


NAMES = (
    *("key", "jurisdiction_id", "description", "service_code", "address_string", "vehicle_code"),
    *("anonymous", "name", "phone", "email", "share", "location", "website", "supported"),
    *("sure", "edit", "support", "a.patokan", "a.pemilik_jalan"),
)


@given(
    st.dictionaries(
        st.sampled_from(NAMES) | st.text(max_size=5),
        st.sampled_from([HOSTILE, f"{HOSTILE}@example.id", f"0812{HOSTILE}", "jalan-rusak"])
        | st.text(max_size=9),
        max_size=8,
    )
)
def test_no_input_becomes_part_of_the_page(fields):
    usable = {k: v for k, v in fields.items() if (k + v).isprintable() or v == HOSTILE}
    desk = Desk()
    page = desk.lapor(urlencode(usable, errors="replace"))
    assert desk.answer.status_code in (200, 201, 400, 404)
    assert page.tags <= TAGS
    assert not any(name.startswith("on") for _, found in page.elements for name in found)


@pytest.mark.parametrize("name", [one for one in NAMES if one not in {"support", "edit"}])
def test_hostile_input_in_any_field_is_shown_as_text(name):
    desk = Desk()
    page = desk.lapor(filled(phone="x", service_code="jalan-rusak") | {name: HOSTILE})
    assert desk.answer.status_code == HTTPStatus.BAD_REQUEST
    assert "script" not in page.tags
    assert "img" not in page.tags
    if name not in {"key", "jurisdiction_id", "service_code", "anonymous", "share", "sure"}:
        assert page.form.values[name] == HOSTILE.strip()


def test_the_policy_names_the_style_sheet_itself():
    answer = lapor.opened(
        Request(
            {"resource": "/lapor", "requestContext": {"domainName": "a.id", "path": "/v1/lapor"}}
        )
    )
    assert answer.body is not None
    style = answer.body.split("<style>")[1].split("</style>")[0]
    assert shell._hashed(style) in answer.headers["Content-Security-Policy"]
    assert parsed(answer.body).title == "Lapor"
