"""The form's second page: what a category asks besides."""

from http import HTTPStatus
from typing import Any

import pytest

from shared.errors import Busy
from shared.jurisdiction import AttributeValue
from shared.text import Text
from tests.builders import a_complaint
from tests.small_config import JURISDICTIONS, SEMARANG
from tests.unit.complaint_intake.pages.forms import error_beside, filled

pytestmark = pytest.mark.usefixtures("small_config")


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
