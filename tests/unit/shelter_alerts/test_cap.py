"""CAP 1.2 as its readers take it, and as its schema and rules want it."""

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
from tests.cap_schema import faults
from tests.unit.shelter_alerts.fleet import NOON
from tests.unit.shelter_alerts.watching import SHELTER, WAITS, said_of

TUGU_MUDA = configuration.all_shelters()[SHELTER]
MINUTE = 60_000
NAME = f"{{{cap.CAP}}}"


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
def test_a_message_keeps_all_rules_of_the_standard(text):
    assert faults(text) == []
    root = ET.fromstring(text)  # noqa: S314 (written by us)
    assert [one.text for one in root.iter(f"{NAME}language")] == ["id-ID", "en-US"]
    assert bool(root.findtext(f"{NAME}references")) is (root.findtext(f"{NAME}msgType") != "Alert")


@pytest.mark.parametrize(
    ("pattern", "instead"),
    [
        (r"<identifier>.*?</identifier>", ""),
        (r"<identifier>", "<identifier>a b,"),
        (r"(<sender>.*?</sender>)(<sent>.*?</sent>)", r"\2\1"),
        (r"\+07:00</sent>", "Z</sent>"),
        (r"\+07:00</sent>", "</sent>"),
        (r":00\+07:00</onset>|:30\+07:00</onset>", ":30.5+07:00</onset>"),
        (r"<expires>\d{4}-\d\d", "<expires>2026-13"),
        (r"<status>Actual", "<status>actual"),
        (r"<msgType>Update", "<msgType>Changed"),
        (r"<scope>Public</scope>", ""),
        (r"<scope>Public", "<scope>Private"),
        (r"<references>.*?</references>", ""),
        (r"<references>", "<references>x,"),
        (r"<category>Transport</category>", ""),
        (r"<category>Transport", "<category>Traffic"),
        (r"<responseType>Avoid", "<responseType>Wait"),
        (r"<urgency>", "<urgency>Very"),
        (r"<certainty>.*?</certainty>", ""),
        (r"(<headline>.*?</headline>)", r"\1\1"),
        (r"<event>.*?</event>", "<event></event>"),
        (r"<valueName>seq</valueName>", ""),
        (r"<areaDesc>.*?</areaDesc>", ""),
        (r"<polygon>\S+ ", "<polygon>"),
        (r"<polygon>-6", "<polygon>-96"),
        (r"<info>", "<info><colour>red</colour>"),
        (r"<info>", '<info lang="id">'),
        (r"cap:1.2", "cap:1.1"),
    ],
)
def test_a_message_that_breaks_a_rule_of_the_standard_would_be_noticed(pattern, instead):
    wrong = re.sub(pattern, instead, MESSAGES[1], count=1, flags=re.DOTALL)
    assert wrong != MESSAGES[1]
    assert faults(wrong)


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
