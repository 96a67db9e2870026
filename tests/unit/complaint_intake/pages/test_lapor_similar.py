"""The form's second page: complaints like one's own, to join instead."""

from http import HTTPStatus
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from tests.builders import a_complaint
from tests.plain_browser import Page
from tests.unit.complaint_intake.pages.conftest import Desk
from tests.unit.complaint_intake.pages.forms import HOSTILE, error_beside, filled

pytestmark = pytest.mark.usefixtures("small_config")


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
