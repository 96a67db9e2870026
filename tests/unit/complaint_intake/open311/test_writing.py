"""XML and JSON say the same, whatever the words in them are."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.complaint_intake.open311.requests import service_request
from functions.complaint_intake.open311.services import definition, services
from functions.complaint_intake.open311.shapes import (
    Error,
    Note,
    RequestReceipt,
    ServiceRequest,
    TokenAnswer,
)
from functions.complaint_intake.open311.writing import MEMBERS, written
from tests.builders import a_complaint
from tests.small_config import SEMARANG
from tests.unit.complaint_intake.open311.reading import tree_of, without_empty

anything = st.text(st.characters(), max_size=40)
filled = anything.filter(lambda text: text.strip("\0").strip())

requests = st.builds(
    ServiceRequest,
    service_request_id=st.just("SMG-1"),
    status=st.sampled_from(["open", "closed"]),
    status_notes=st.none() | anything,
    service_name=anything,
    service_code=anything,
    description=st.none() | anything,
    agency_responsible=st.none() | anything,
    service_notice=st.none() | anything,
    requested_datetime=anything,
    updated_datetime=anything,
    expected_datetime=st.none() | anything,
    address=st.none() | anything,
    address_id=st.none(),
    zipcode=st.none(),
    lat=st.none() | st.floats(-90, 90),
    long=st.none() | st.floats(-180, 180),
    media_url=st.none() | anything,
)


@given(st.lists(requests, max_size=3))
def test_xml_and_json_agree_field_by_field(answered):
    in_json = json.loads(written("service_requests", answered, "json"))
    in_xml = tree_of(written("service_requests", answered, "xml"))
    assert in_xml == without_empty(in_json)


@given(st.text(st.characters(), max_size=60))
def test_what_xml_can_hold_is_kept_and_the_rest_is_nowhere(text):
    found = json.loads(written("errors", [Error(code=400, description=text)], "json"))
    kept = found[0]["description"]
    assert tree_of(written("errors", [Error(code=400, description=text)], "xml")) == (
        [{"code": 400, "description": kept or None}]
    )
    lost = [one for one in text.replace("\r\n", "\n") if one not in kept]
    assert all(unicodedata.category(one) in ("Cc", "Cs") or one in "\ufffe\uffff" for one in lost)
    assert not set(lost) & {"\t", "\n"}


def test_markup_in_a_text_stays_a_text():
    said = 'a <b> & "c" ]]> \x00\x1b[31m'
    (found,) = tree_of(written("errors", [Error(code=400, description=said)], "xml"))
    assert found["description"] == 'a <b> & "c" ]]> [31m'


def test_a_list_is_an_element_with_one_for_each_member():
    xml = written("service_requests", [TokenAnswer(service_request_id="SMG-1", token="t")], "xml")
    assert xml == (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        "<service_requests><request><service_request_id>SMG-1</service_request_id>"
        "<token>t</token></request></service_requests>"
    )


def test_an_empty_list_is_an_empty_element_and_an_empty_array():
    assert written("services", [], "xml").endswith("?>\n<services />")
    assert written("services", [], "json") == "[]"


def test_an_absent_value_is_null_and_an_empty_element():
    receipt = [RequestReceipt(service_request_id="SMG-1", service_notice=None)]
    assert json.loads(written("service_requests", receipt, "json")) == [
        {"service_request_id": "SMG-1", "service_notice": None, "account_id": None}
    ]
    assert "<service_notice />" in written("service_requests", receipt, "xml")


@pytest.mark.parametrize(
    ("number", "text"),
    [(-6.9966, "-6.9966"), (1e-07, "0.0000001"), (0.0, "0.0"), (110.0, "110.0")],
)
def test_a_coordinate_is_a_plain_decimal(number, text):
    shown = service_request(a_complaint(lat=number, long=number), SEMARANG, "id")
    assert f"<lat>{text}</lat><long>{text}</long>" in written("service_requests", [shown], "xml")
    assert json.loads(written("service_requests", [shown], "json"))[0]["lat"] == number


def test_every_list_of_the_standard_names_its_members():
    assert MEMBERS["service_request_updates"] == "request_update"
    assert tree_of(written("services", services(SEMARANG, "en"), "xml")) == json.loads(
        written("services", services(SEMARANG, "en"), "json"), object_hook=without_empty
    )
    shown = definition(SEMARANG, "jalan-rusak", "id")
    assert tree_of(written("service_definition", shown, "xml")) == without_empty(
        json.loads(written("service_definition", shown, "json"))
    )


def test_what_is_not_ascii_is_written_as_it_is():
    note = Note(datetime="2026-11-20T05:00:00+07:00", type="note", description="ꦗꦮ – “rob”")
    assert "ꦗꦮ – “rob”" in written("notes", [note], "xml")
    assert "ꦗꦮ – “rob”" in written("notes", [note], "json")
