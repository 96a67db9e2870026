"""Categories as services, their questions, and where the API is found."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from functions.complaint_intake.open311.parameters import not_found
from functions.complaint_intake.open311.requests import to_second
from functions.complaint_intake.open311.services import (
    definition,
    discovery,
    service_named,
    services,
)
from shared import config
from shared.errors import NotFound
from shared.jurisdiction import Attribute, AttributeValue
from shared.terms import Changeset, Open311
from shared.text import Text
from tests import georeport_schemas as schemas
from tests.small_config import JATENG, SEMARANG, changed
from tests.unit.complaint_intake.open311.reading import check

BASE = "https://api.example.id/v1/open311/v2"
CHANGED = datetime(2026, 11, 20, 5, tzinfo=UTC)


def with_changes(jurisdiction, at=CHANGED, **more):
    changeset = Changeset(at=at, services="0")
    contact = f"Diskominfo {jurisdiction.id}"
    return changed(jurisdiction, changesets={jurisdiction.id: changeset}, contact=contact, **more)


def test_each_category_is_a_service_in_the_language_asked_for():
    found = services(SEMARANG, "en")
    assert [one.service_code for one in found] == [one.service_code for one in SEMARANG.categories]
    assert found[0].service_name == "Damaged road"
    assert found[0].group == "Roads"
    assert found[0].type == "realtime"
    assert services(SEMARANG, "id")[0].service_name == "Jalan rusak"


def test_a_service_with_questions_says_so():
    found = {one.service_code: one.metadata for one in services(SEMARANG, "id")}
    assert found["jalan-rusak"] is True
    assert found["sampah"] is False


def test_keywords_are_one_text_without_marks_of_ours():
    assert services(SEMARANG, "id")[0].keywords == "jalan berlubang, aspal"


def test_questions_come_in_order_with_their_choices():
    found = definition(SEMARANG, "jalan-rusak", "en").attributes
    assert [(one.order, one.code, one.datatype) for one in found] == [
        (1, "pemilik_jalan", "singlevaluelist"),
        (2, "patokan", "string"),
    ]
    assert [(one.key, one.name) for one in found[0].values] == [
        ("kota", "Kota (en)"),
        ("provinsi", "Provinsi (en)"),
    ]
    assert found[0].datatype_description == "Choose one."
    assert found[1].datatype_description is None
    assert all(one.variable for one in found)


@pytest.mark.parametrize(
    ("datatype", "how"),
    [("number", "Give a number."), ("multivaluelist", "You may choose several.")],
)
def test_a_question_says_how_to_answer_and_whether_one_must(datatype, how):
    values = (AttributeValue(key="a", name=Text("A", "A")),) if "list" in datatype else ()
    asked = Attribute(
        code="patokan", description=Text("?", "?"), datatype=datatype, required=True, values=values
    )
    jurisdiction = changed(SEMARANG, attributes=(SEMARANG.attributes[0], asked))
    found = definition(jurisdiction, "jalan-rusak", "en").attributes[1]
    assert (found.datatype_description, found.required) == (how, True)


def test_a_service_without_questions_has_none():
    assert definition(SEMARANG, "sampah", "id").attributes == []


def test_a_service_that_is_not_there_is_not_found_by_name():
    with pytest.raises(NotFound, match=r"service_code: Not found; did you mean “sampah”\?"):
        definition(SEMARANG, "sampa", "id")
    assert service_named(SEMARANG, "sampah") is SEMARANG.categories[1]
    assert str(not_found("token", "x", ())) == "token: Not found."


def test_discovery_lists_the_common_address_and_each_jurisdictions_own():
    later = CHANGED + timedelta(days=1)
    found = discovery(
        BASE, [with_changes(JATENG), with_changes(SEMARANG, later)], kind="test", language="en"
    )
    assert [(one.url, one.changeset) for one in found.endpoints] == [
        (BASE, "2026-11-21T12:00:00+07:00"),
        (f"{BASE}/jateng", "2026-11-20T12:00:00+07:00"),
        (f"{BASE}/semarang", "2026-11-21T12:00:00+07:00"),
    ]
    assert found.changeset == "2026-11-21T12:00:00+07:00"
    assert {one.type for one in found.endpoints} == {"test"}
    assert all(one.formats == ["text/xml", "application/json"] for one in found.endpoints)
    assert {one.specification for one in found.endpoints} == {
        "http://wiki.open311.org/GeoReport_v2"
    }


def test_discovery_says_whom_to_ask_and_each_thing_once():
    own = Open311(key_service=Text("Tanya Semarang.", "Ask Semarang."))
    found = discovery(
        BASE,
        [with_changes(JATENG), with_changes(JATENG), with_changes(SEMARANG, open311=own)],
        kind="production",
        language="en",
    )
    assert found.contact.endswith("Semarang City: Diskominfo semarang")
    assert found.key_service == "Ask who runs this for a key. · Ask Semarang."
    assert found.endpoints[0].type == "production"


def test_an_instant_is_told_to_the_second_in_the_cities_time():
    at = datetime(2026, 11, 19, 21, 0, 0, 999_000, tzinfo=timezone(timedelta(hours=-8)))
    assert to_second(at) == "2026-11-20T12:00:00+07:00"


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("jurisdiction_id", config.jurisdiction_ids())
def test_the_configured_services_and_their_definitions(jurisdiction_id, language):
    jurisdiction = config.load(jurisdiction_id)
    check("services", services(jurisdiction, language), schemas.SERVICES)
    for code in jurisdiction.category_by_code:
        defined = definition(jurisdiction, code, language)
        check("service_definition", defined, schemas.SERVICE_DEFINITION)
        orders = [one.order for one in defined.attributes]
        assert orders == list(range(1, len(orders) + 1))


def test_the_configured_jurisdictions_are_told_by_discovery():
    served = [config.load(one) for one in config.jurisdiction_ids()]
    found = discovery(BASE, served, kind="production", language="en")
    check("discovery", found, schemas.DISCOVERY)
    assert all(one.contact for one in served)
