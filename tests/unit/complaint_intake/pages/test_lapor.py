"""The report by plain forms: small, in Indonesian, without script, and deaf to hostile input."""

from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from botocore.exceptions import ReadTimeoutError
from hypothesis import given
from hypothesis import strategies as st

from functions.complaint_intake import intake
from functions.complaint_intake.pages import lapor, shell
from shared import config
from shared.clock import WIB
from shared.errors import Busy
from shared.http import MAX_BODY_BYTES, Request
from shared.jurisdiction import AttributeValue
from shared.text import Text
from tests.aws_double import REPORTERS
from tests.builders import TOKEN_SECRET, a_complaint, a_key
from tests.plain_browser import Page, parsed
from tests.small_config import JURISDICTIONS, SEMARANG
from tests.unit.complaint_intake.pages.conftest import BUCKET, Desk

pytestmark = pytest.mark.usefixtures("small_config")

HOSTILE = """"'><script>alert(1)</script><img src=x onerror=alert(1)>&lt;b&gt;$key ${body} \x00"""
#: What the first page may be at most, uncompressed: some seconds on the poorest network.
MOST_BYTES = 30 * 1024


def filled(**changes: str) -> dict[str, str]:
    return {
        "key": a_key(),
        "jurisdiction_id": "semarang",
        "description": "Lampu jalan mati",
        **changes,
    }


def error_beside(page: Page, markup: str, name: str) -> str | None:
    """Return the error that stands right before a field and is tied to it."""
    before = markup.split(f'name="{name}"', 1)[0]
    after_label = before[before.rfind("</label>") :]
    if "error" not in after_label:
        return None
    tied = [tag for tag in page.elements if tag[1].get("name") == name]
    assert tied[0][1]["aria-describedby"] == f"e-{name}"
    assert tied[0][1]["aria-invalid"] == "true"
    return after_label.split('role="alert"')[1].split(">")[1].split("<")[0]


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


@pytest.fixture
def asking(monkeypatch):
    """Let the small jurisdiction's categories ask, warn and send elsewhere."""
    elsewhere = Text("Jalan nasional: laporkan ke SP4N.", "National roads: report to SP4N.")
    owner, landmark = SEMARANG.attributes
    owner = owner.model_copy(
        update={
            "values": (
                *owner.values,
                AttributeValue(key="nasional", name=Text("Nasional", "National"), stop=elsewhere),
            )
        }
    )
    kinds = owner.model_copy(update={"code": "rusak", "datatype": "multivaluelist"})
    notes = landmark.model_copy(update={"code": "catatan", "datatype": "text"})
    depth = landmark.model_copy(update={"code": "dalam", "datatype": "number"})
    road, waste, *others = SEMARANG.categories
    road = road.model_copy(
        update={"attributes": ("pemilik_jalan", "patokan", "rusak", "catatan", "dalam")}
    )
    waste = waste.model_copy(update={"notice": Text("Sampah diangkut Senin.", "On Mondays.")})
    changed = SEMARANG.model_copy(
        update={
            "attributes": (owner, landmark, kinds, notes, depth),
            "categories": (road, waste, *others),
        }
    )
    for derived in ("category_by_code", "attribute_by_code"):
        vars(changed).pop(derived, None)
    monkeypatch.setitem(JURISDICTIONS, "semarang", changed)


@pytest.mark.usefixtures("asking")
class TestQuestions:
    def test_a_category_with_questions_asks_them_on_a_second_page_and_loses_nothing(self, desk):
        given = filled(service_code="jalan-rusak", phone="081234567890", location="-6.98, 110.42")
        page = desk.lapor(given)
        assert desk.answer.status_code == HTTPStatus.OK
        assert not desk.store.complaints
        assert given.items() <= page.form.values.items()
        assert "Jalan siapa?" in page.text
        assert "Belum terkirim" in page.text
        desk.send(
            page.form,
            "Kirim laporan saya",
            a__pemilik_jalan="kota",
            a__patokan="depan pasar",
            a__dalam="20",
            a__catatan="dua lubang",
        )
        assert desk.answer.status_code == HTTPStatus.CREATED
        assert desk.only.attributes == {
            "pemilik_jalan": "kota",
            "patokan": "depan pasar",
            "dalam": "20",
            "catatan": "dua lubang",
        }
        assert (desk.only.lat, desk.only.long) == (-6.98, 110.42)

    def test_questions_may_be_left_open(self, desk):
        desk.send(desk.lapor(filled(service_code="jalan-rusak")).form)
        assert desk.only.attributes == {}

    def test_several_answers_to_one_question_are_joined(self, desk):
        page = desk.lapor(filled(service_code="jalan-rusak"))
        assert len(page.all("input", type="checkbox", name="a.rusak")) == 3
        sent = [*page.form.sent(), ("a.rusak", "kota"), ("a.rusak", "provinsi")]
        desk.post("/lapor", sent)
        assert desk.only.attributes == {"rusak": "kota,provinsi"}

    def test_an_answer_that_belongs_elsewhere_is_told_beside_its_question(self, desk):
        page = desk.lapor(filled(service_code="jalan-rusak"))
        again = desk.send(page.form, a__pemilik_jalan="nasional", a__patokan="pasar")
        assert desk.answer.status_code == HTTPStatus.BAD_REQUEST
        assert "laporkan ke SP4N" in str(error_beside(again, desk.answer.body, "a.pemilik_jalan"))
        assert again.form.values["a.patokan"] == "pasar"
        assert again.form.values["a.pemilik_jalan"] == "nasional"
        assert again.title == "Perlu diperbaiki: Sebelum dikirim"
        desk.send(again.form, a__pemilik_jalan="kota")
        assert desk.only.attributes == {"pemilik_jalan": "kota", "patokan": "pasar"}

    def test_a_wrong_tick_is_told_at_its_boxes(self, desk):
        page = desk.lapor(filled(service_code="jalan-rusak"))
        desk.send(page.form, a__rusak="kota,entah")
        assert desk.answer.status_code == HTTPStatus.BAD_REQUEST
        assert 'id="e-a.rusak"' in desk.answer.body

    def test_a_notice_is_read_before_sending(self, desk):
        page = desk.lapor(filled(service_code="sampah"))
        assert "Sampah diangkut Senin." in page.text
        desk.send(page.form)
        assert desk.answer.status_code == HTTPStatus.CREATED

    def test_going_back_keeps_the_answers_too(self, desk):
        page = desk.lapor(filled(service_code="jalan-rusak"))
        sent = page.form.sent("Ubah isian", a__patokan="pasar")
        first = desk.post("/lapor", sent)
        assert first.title == "Lapor"
        assert first.form.values["a.patokan"] == "pasar"
        assert "sure" not in first.form.values
        second = desk.send(first.form, description="Lebih jelas")
        assert second.form.values["a.patokan"] == "pasar"
        desk.send(second.form)
        assert (desk.only.description, desk.only.attributes) == (
            "Lebih jelas",
            {"patokan": "pasar"},
        )

    def test_answers_to_another_categorys_questions_are_left_out(self, desk):
        desk.lapor(filled(service_code="lainnya", a__patokan="x") | {"a.patokan": "pasar"})
        assert desk.only.attributes == {}

    def test_a_mistake_of_the_first_page_is_mended_there(self, desk):
        page = desk.lapor(filled(service_code="jalan-rusak"))
        first = desk.send(page.form, a__patokan="pasar", phone="1")
        assert error_beside(first, desk.answer.body, "phone")
        assert first.form.values["a.patokan"] == "pasar"

    def test_a_second_page_that_could_not_be_sent_comes_back(self, desk):
        page = desk.lapor(filled(service_code="jalan-rusak"))

        def busy(*_: Any, **__: Any) -> Any:
            raise Busy

        desk.store.submit = busy
        again = desk.send(page.form, a__patokan="pasar")
        assert desk.answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
        assert "Sedang sibuk" in again.text
        assert again.form.values["a.patokan"] == "pasar"

    def test_enter_in_a_field_sends_the_report_and_nothing_else(self, desk):
        desk.listings.found = [(a_complaint(), 12.0)]
        page = desk.lapor(filled(service_code="jalan-rusak", location="-6.98, 110.42"))
        first, *_ = page.all("button")
        assert "name" not in first


HERE = {"service_code": "sampah", "location": "-6.98, 110.42"}


def a_neighbour(**changes: Any) -> Any:
    return a_complaint(lat=-6.9801, long=110.42, service_code="sampah", **changes)


class TestSimilar:
    def test_similar_complaints_are_shown_before_sending(self, desk):
        near = a_neighbour(description="Sampah <b>busuk</b> & bau", supporters=3)
        desk.listings.found = [(near, 11.4)]
        given = filled(**HERE)
        page = desk.lapor(given)
        assert desk.answer.status_code == HTTPStatus.OK
        assert "Sudah ada laporan serupa" in page.text
        assert "Sampah <b>busuk</b> & bau" in page.text
        assert f"{near.complaint_id}, 11 m dari titik Anda" in page.text
        assert "3 warga mendukung" in page.text
        assert given.items() <= page.form.values.items()
        assert not desk.store.complaints
        desk.send(page.form, "Kirim laporan saya")
        assert desk.only.description == given["description"]

    @pytest.mark.parametrize(
        "given",
        [
            {"service_code": "sampah"},
            {"location": "-6.98, 110.42"},
            {},
            {"service_code": "sampah", "location": "-6.98, 110.42", "sure": "1"},
        ],
    )
    def test_nobody_looks_for_them_without_place_and_category_or_twice(self, desk, given):
        desk.listings.found = [(a_neighbour(), 5.0)]
        desk.lapor(filled(**given))
        assert desk.answer.status_code == HTTPStatus.CREATED
        assert desk.listings.asked == []

    def test_without_any_the_report_is_taken_at_once(self, desk):
        desk.lapor(filled(**HERE))
        assert desk.answer.status_code == HTTPStatus.CREATED
        assert len(desk.listings.asked) == 1

    def test_only_the_nearest_few_are_shown(self, desk):
        desk.listings.found = [(a_neighbour(), float(at)) for at in range(9)]
        page = desk.lapor(filled(**HERE))
        assert len(page.all("button", name="support")) == 5

    def test_a_failing_search_stops_no_report(self, desk):
        desk.listings.failing = ReadTimeoutError(endpoint_url="dynamodb")
        desk.lapor(filled(**HERE))
        assert desk.answer.status_code == HTTPStatus.CREATED

    def join(self, desk: Desk, page: Page, number: str) -> Page:
        return desk.send(page.form, f"Saya juga mengalami {number}")

    def test_saya_juga_counts_the_device_and_the_report_may_still_be_sent(self, desk):
        near = a_neighbour()
        desk.store.complaints[near.complaint_id] = near
        desk.listings.found = [(near, 5.0)]
        desk.open("/lapor")
        given = filled(**HERE)
        page = self.join(desk, desk.lapor(given), near.complaint_id)
        assert desk.answer.status_code == HTTPStatus.OK
        assert f"dukungan Anda untuk laporan {near.complaint_id} tercatat" in page.text
        assert "Dukungan Anda tercatat." in page.text
        assert not page.all("button", name="support")
        assert [number for number, _ in desk.voices.heard] == [near.complaint_id]
        assert given.items() <= page.form.values.items()
        desk.send(page.form, "Kirim laporan saya")
        assert desk.answer.status_code == HTTPStatus.CREATED
        assert len(desk.store.complaints) == 2

    def test_the_same_device_is_the_same_voice(self, desk):
        near = a_neighbour()
        desk.store.complaints[near.complaint_id] = near
        desk.listings.found = [(near, 5.0)]
        for _ in range(2):
            self.join(desk, desk.lapor(filled(**HERE)), near.complaint_id)
        assert len(set(desk.voices.heard)) == 1

    def test_several_may_be_joined_and_going_back_remembers_them(self, desk):
        found = [a_neighbour(), a_neighbour()]
        desk.store.complaints |= {one.complaint_id: one for one in found}
        desk.listings.found = [(one, 5.0) for one in found]
        page = desk.lapor(filled(**HERE))
        for one in found:
            page = self.join(desk, page, one.complaint_id)
        joined = ",".join(one.complaint_id for one in found)
        assert page.form.values["supported"] == joined
        assert desk.send(page.form, "Ubah isian").form.values["supported"] == joined

    @pytest.mark.parametrize("number", ["SMG-0000000000000", "x", HOSTILE])
    def test_what_cannot_be_joined_is_told_and_nothing_is_lost(self, desk, number):
        given = filled(**HERE, support=number)
        page = desk.lapor(given)
        assert desk.answer.status_code == HTTPStatus.NOT_FOUND
        assert 'class="error"' in desk.answer.body
        assert page.form.values["description"] == given["description"]
        assert not desk.voices.heard

    def test_joining_with_a_report_that_is_not_in_order_shows_what_to_mend(self, desk):
        page = desk.lapor(filled(**HERE, phone="1", support="SMG-0000000000000"))
        assert error_beside(page, desk.answer.body, "phone")


NAMES = (
    *("key", "jurisdiction_id", "description", "service_code", "address_string", "vehicle_code"),
    *("anonymous", "name", "phone", "email", "share", "location", "website", "supported"),
    *("sure", "edit", "support", "a.patokan", "a.pemilik_jalan"),
)
#: All that any of the pages consists of.
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "p", "a", "form"),
    *("input", "label", "textarea", "select", "optgroup", "option", "small", "fieldset", "legend"),
    *("button", "iframe", "section", "ul", "li", "span", "strong"),
}


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
