"""CAP 1.2 as its readers take it, and as its schema and rules of structure want it."""

import re
from xml.etree import ElementTree as ET

import pytest
from cap_tools import AlertState
from cap_tools.models import Alert as CapAlert
from cap_tools.models import MsgType
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.parsers.config import ParserConfig

from functions.shelter_alerts import configuration
from functions.shelter_alerts.alerts import cap
from functions.shelter_alerts.alerts.items import alert_values
from functions.shelter_alerts.alerts.payload import said_in
from tests.unit.shelter_alerts.fleet import NOON
from tests.unit.shelter_alerts.watching import SHELTER, WAITS, said_of

TUGU_MUDA = configuration.all_shelters()[SHELTER]
MINUTE = 60_000
NAME = f"{{{cap.CAP}}}"
#: The order of the elements, as the schema has it: those that we write, and whether they repeat.
ALERT_ORDER = ("identifier", "sender", "sent", "status", "msgType", "scope", "references", "info")
INFO_ORDER = (
    "language",
    "category",
    "event",
    "responseType",
    "urgency",
    "severity",
    "certainty",
    "onset",
    "expires",
    "headline",
    "description",
    "instruction",
    "parameter",
    "area",
)
#: The schema's pattern of a time: no fraction, and never Z.
TIME = re.compile(r"\d\d\d\d-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d")


def a_course():
    """A shelter that is warned of, over, said again, unknown to nobody, full, and normal again."""
    course = [
        (NOON, 8),
        (NOON + 2 * MINUTE, 11),
        (NOON + 70 * MINUTE, 10),
        (NOON + 80 * MINUTE, 0),
        (NOON + 120 * MINUTE, 10),
    ]
    for alert in said_of(10, course, NOON + 150 * MINUTE):
        said = said_in(None, {k: v for k, v in alert_values(alert, WAITS).items() if v is not None})
        assert said
        yield said


MESSAGES = [cap.message(said, TUGU_MUDA) for said in a_course()]


def read(text):
    strict = ParserConfig(fail_on_unknown_properties=True, fail_on_unknown_attributes=True)
    return XmlParser(config=strict).from_string(text, CapAlert)


def test_a_reader_follows_alert_update_and_cancel_and_is_left_with_what_stands():
    state = AlertState()
    kinds = []
    for text in MESSAGES:
        alert = read(text)
        state.ingest(alert)
        kinds.append(alert.msg_type)
        assert len(state.alerts) <= 2
    first = [MsgType.ALERT, MsgType.UPDATE, MsgType.UPDATE, MsgType.UPDATE, MsgType.CANCEL]
    assert kinds == [*first, MsgType.ALERT]
    assert [alert.msg_type for alert in state] == [MsgType.CANCEL, MsgType.ALERT]


def test_a_message_that_follows_one_that_was_never_sent_would_be_noticed():
    state = AlertState()
    with pytest.raises(KeyError):
        state.ingest(read(MESSAGES[1]))


@pytest.mark.parametrize("text", MESSAGES)
def test_elements_stand_in_the_order_of_the_schema(text):
    root = ET.fromstring(text)  # noqa: S314 (written by us)
    assert root.tag == f"{NAME}alert"
    for element, order in [
        (root, ALERT_ORDER),
        *((i, INFO_ORDER) for i in root.iter(f"{NAME}info")),
    ]:
        places = [order.index(child.tag.removeprefix(NAME)) for child in element]
        assert places == sorted(places)
        single = [p for p in places if order[p] not in {"info", "parameter"}]
        assert len(single) == len(set(single))
        assert all(child.text or len(child) for child in element)


@pytest.mark.parametrize("text", MESSAGES)
def test_times_names_and_areas_have_the_form_of_the_standard(text):
    root = ET.fromstring(text)  # noqa: S314
    for name in ("sent", "onset", "expires"):
        for element in root.iter(NAME + name):
            assert TIME.fullmatch(element.text or ""), name
    for name in ("identifier", "sender"):
        assert not re.search(r"[ ,<&]", root.findtext(NAME + name) or " ")
    assert bool(root.findtext(f"{NAME}references")) is (root.findtext(f"{NAME}msgType") != "Alert")
    assert [one.text for one in root.iter(f"{NAME}language")] == ["id-ID", "en-US"]
    for polygon in root.iter(f"{NAME}polygon"):
        corners = (polygon.text or "").split(" ")
        assert len(corners) >= 4
        assert corners[0] == corners[-1]
        assert all(re.fullmatch(r"-?\d+\.\d+,\d+\.\d+", corner) for corner in corners)


def test_what_a_message_says():
    alert = read(MESSAGES[1])
    indonesian, english = alert.infos
    assert str(alert.sent) == "2026-11-20T12:02:30+07:00"
    assert alert.sender == "urn:simpul:semarang"
    assert indonesian.headline == "Titik kumpul melebihi kapasitas: Tugu Muda"
    assert english.headline == "Shelter over capacity: Tugu Muda"
    assert english.description == "motorcycles 11/10"
    assert [one.value for one in english.response_types] == ["Avoid"]
    assert (english.urgency.value, english.severity.value) == ("Immediate", "Severe")
    assert english.certainty.value == "Observed"
    parameters = english.parameters_to_dict()
    assert parameters["dedup_key"] == f"shelter/{SHELTER}/capacity"
    assert (parameters["seq"], parameters["state"], parameters["previous_state"]) == (
        "2",
        "over",
        "warning",
    )
    assert english.areas[0].area_desc == "Tugu Muda, Semarang Selatan"
    *_, cancel, _ = map(read, MESSAGES)
    assert [one.value for one in cancel.infos[0].response_types] == ["AllClear"]
    assert cancel.infos[0].instruction is None


def test_a_message_tells_where_it_is_kept():
    identifier = cap.identifier_of(SHELTER, 12, NOON)
    assert cap.kept_at(identifier) == ("semarang", "2026-11-20T05:00:00.000Z")
    for wrong in ("", "x", f"{identifier} ", f"{SHELTER}.x.{NOON}", f"{SHELTER}.1.1"):
        assert cap.kept_at(wrong) is None


def test_the_feed_holds_each_message_whole():
    url = "https://simpul.example/v1/shelters/alerts"
    named = [(f"m{n}", text) for n, text in enumerate(MESSAGES)]
    root = ET.fromstring(cap.feed(named, url=url, updated_ms=NOON))  # noqa: S314
    atom = f"{{{cap.ATOM}}}"
    assert root.findtext(f"{atom}updated") == "2026-11-20T12:00:00+07:00"
    entries = root.findall(f"{atom}entry")
    assert [one.findtext(f"{atom}id") for one in entries] == [f"{url}/{name}" for name, _ in named]
    for entry, text in zip(entries, MESSAGES, strict=True):
        content = entry.find(f"{atom}content")
        assert content is not None
        assert read(ET.tostring(content[0], encoding="unicode")) == read(text)
        assert entry.findtext(f"{atom}title") == read(text).infos[0].headline
    assert cap._told(ET.Element("x"), "none") == ""
