"""A posted request is a submission like any other; every mistake names its field."""

from datetime import timedelta

import pytest

from functions.complaint_intake.open311.parameters import Parameters
from functions.complaint_intake.open311.posting import Posted, as_sent, derived_key, posted
from functions.complaint_intake.submission import Submission
from shared.errors import Fault, InvalidInput
from shared.jurisdiction import Attribute, AttributeValue
from shared.text import Text
from tests.builders import ID_SECRET, NOW
from tests.small_config import SEMARANG, changed

SAMPLE = {
    "api_key": "k",
    "jurisdiction_id": "semarang",
    "service_code": "jalan-rusak",
    "lat": "-6.9966",
    "long": "110.4439",
    "address_string": "Pasar Johar",
    "email": "tutik@example.id",
    "device_id": "tt222111",
    "account_id": "123456",
    "first_name": "Tutik",
    "last_name": "Handayani",
    "phone": "081200000063",
    "description": "Jalan berlubang di depan pasar",
    "media_url": "https://kota.example.id/foto/1.jpg",
    "attribute[pemilik_jalan]": "kota",
}


def _same(text):
    return Text(text, text)


_CHOICES = tuple(AttributeValue(key=key, name=_same(key)) for key in ("a", "b", "c"))
_ASKED = (
    Attribute(code="wajib", description=_same("?"), datatype="string", required=True),
    Attribute(code="berapa", description=_same("?"), datatype="number"),
    Attribute(code="sejak", description=_same("?"), datatype="datetime"),
    Attribute(code="apa", description=_same("?"), datatype="multivaluelist", values=_CHOICES),
)
_ROAD = SEMARANG.categories[0].model_copy(update={"attributes": tuple(a.code for a in _ASKED)})
ASKING = changed(SEMARANG, attributes=_ASKED, categories=(_ROAD, *SEMARANG.categories[1:]))


def read(*more: tuple[str, str], jurisdiction=SEMARANG, **changes: str) -> Posted:
    given = Parameters.of([*({**SAMPLE, **changes}).items(), *more])
    return posted(given, jurisdiction, jurisdiction.categories[0])


def asked(*answers: tuple[str, str]) -> dict[str, str]:
    answered = Parameters.of([("lat", "1"), ("long", "2"), *answers])
    return posted(answered, ASKING, ASKING.categories[0]).submission.attributes


def faults(*more: tuple[str, str], **changes: str) -> list[str]:
    with pytest.raises(InvalidInput) as refusal:
        read(*more, **changes)
    return [one.field for one in refusal.value.faults]


def test_each_field_finds_its_place():
    found = read()
    assert found.submission == Submission.model_validate(
        {
            "jurisdiction_id": "semarang",
            "service_code": "jalan-rusak",
            "description": "Jalan berlubang di depan pasar",
            "lat": -6.9966,
            "long": 110.4439,
            "address_string": "Pasar Johar",
            "attributes": {"pemilik_jalan": "kota"},
            "device_id": "tt222111",
            "contact": {
                "name": "Tutik Handayani",
                "email": "tutik@example.id",
                "phone": "+6281200000063",
            },
        }
    )
    assert found.media_url == "https://kota.example.id/foto/1.jpg"


def test_whoever_gives_contact_data_asks_for_no_notices_and_shows_it_to_no_agency():
    contact = read().submission.contact
    assert contact is not None
    assert (contact.notify, contact.share_with_agency) == ([], False)


def test_a_request_needs_no_words_and_no_contact():
    bare = Parameters.of([("address_id", "GIS-77")])
    found = posted(bare, SEMARANG, SEMARANG.categories[0])
    assert found.submission.description == "Jalan rusak"
    assert found.submission.address_string == "GIS-77"
    assert (found.submission.contact, found.media_url) == (None, None)


@pytest.mark.parametrize(("first", "last", "name"), [("Tutik", "", "Tutik"), ("", "H", "H")])
def test_one_name_is_a_name(first, last, name):
    contact = read(first_name=first, last_name=last).submission.contact
    assert contact is not None
    assert contact.name == name


def test_several_pictures_are_all_kept():
    found = read(("media_url", "https://kota.example.id/2.jpg"))
    assert found.media_url == "https://kota.example.id/foto/1.jpg https://kota.example.id/2.jpg"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("lat", "utara"),
        ("lat", "91"),
        ("lat", "nan"),
        ("lat", "1e3"),
        ("lat", ""),
        ("long", "-181"),
        ("long", "٤"),
        ("long", ""),
        ("address_string", "x" * 301),
        ("address_id", "x" * 256),
        ("email", "bukan surel"),
        ("email", "x" * 250 + "@a.id"),
        ("device_id", "x" * 129),
        ("account_id", "x" * 256),
        ("first_name", "x" * 51),
        ("last_name", "x" * 51),
        ("phone", "bukan nomor"),
        ("phone", "0" * 31),
        ("description", "x" * 4001),
        ("media_url", "javascript:alert(1)"),
        ("media_url", "ftp://kota.example.id/1.jpg"),
        ("media_url", "https://kota.example.id/a b.jpg"),
        ("media_url", "https://kota.example.id/" + "x" * 1000),
        ("attribute[pemilik_jalan]", "x" * 501),
        ("attribute[kode yang panjang" + "x" * 40 + "]", "x"),
        ("attribute[]", "x"),
        ("attribute", "x"),
    ],
)
def test_bad_input_names_its_field(field, value):
    assert faults(**{field: value}) == [field]


def test_a_place_is_required_and_may_be_given_in_three_ways():
    assert faults(lat="", long="", address_string="") == ["lat"]
    assert read(lat="", long="").submission.lat is None
    assert read(address_string="").submission.address_string is None
    assert read(lat="", long="", address_string="", address_id="7").submission.address_string == "7"


@pytest.mark.parametrize("nothing", ["<b></b>", "\u200b", "&#8203;", "\0"])
@pytest.mark.parametrize("field", ["address_string", "address_id"])
def test_a_place_of_which_cleaning_leaves_nothing_is_none(field, nothing):
    bare = {"lat": "", "long": "", "address_string": ""}
    assert faults(**{**bare, field: nothing}) == ["lat"]
    given = {**bare, "address_string": nothing, "address_id": "GIS-77"}
    assert read(**given).submission.address_string == "GIS-77"


def test_all_that_is_wrong_is_said_at_once():
    assert sorted(faults(lat="x", phone="x", media_url="x", first_name="x" * 51)) == [
        "first_name",
        "lat",
        "media_url",
        "phone",
    ]


def test_a_picture_too_many_is_refused():
    links = [("media_url", f"https://kota.example.id/{n}.jpg") for n in range(10)]
    assert faults(*links) == ["media_url"]


def test_a_required_answer_must_be_there():
    with pytest.raises(InvalidInput) as refusal:
        asked()
    assert [one.field for one in refusal.value.faults] == ["attribute[wajib]"]
    assert asked(("attribute[wajib]", "ya")) == {"wajib": "ya"}


def test_several_answers_to_one_question_are_joined():
    given = asked(
        ("attribute[wajib]", "ya"),
        ("attribute[apa][]", "a"),
        ("attribute[apa][]", "b"),
        ("attribute[apa][2]", "c"),
    )
    assert given["apa"] == "a,b,c"


def test_only_a_list_of_several_takes_several_answers():
    with pytest.raises(InvalidInput) as refusal:
        asked(("attribute[wajib][]", "a"), ("attribute[wajib][]", "b"))
    assert [one.code for one in refusal.value.faults] == ["too_many"]


@pytest.mark.parametrize(
    ("code", "value", "accepted"),
    [
        ("berapa", "-3.5", True),
        ("berapa", "tiga", False),
        ("berapa", "1e999", False),
        ("sejak", "2026-11-20T05:00:00Z", True),
        ("sejak", "kemarin", False),
    ],
)
def test_an_answer_is_of_its_questions_kind(code, value, accepted):
    answers = [("attribute[wajib]", "ya"), (f"attribute[{code}]", value)]
    if accepted:
        assert asked(*answers)[code] == value
    else:
        with pytest.raises(InvalidInput) as refusal:
            asked(*answers)
        assert [one.field for one in refusal.value.faults] == [f"attribute[{code}]"]


def test_what_intake_refuses_is_named_as_it_was_sent():
    said = Text("Tidak dikenal.", "Unknown.")
    problem = InvalidInput(
        said,
        faults=[
            Fault("attributes.pemilik_jalan", "not_a_choice", said),
            Fault("contact.name", "string_too_long", said),
            Fault("Idempotency-Key", "weak_idempotency_key", said),
        ],
    )
    found = as_sent(problem)
    assert found.detail == said
    assert [one.field for one in found.faults] == [
        "attribute[pemilik_jalan]",
        "first_name",
        "Idempotency-Key",
    ]


def test_the_same_words_on_the_same_day_are_the_same_request():
    def key(client="kota-lain", at=NOW, **changes):
        return derived_key(ID_SECRET, client, Parameters.of({**SAMPLE, **changes}.items()), at)

    assert key() == key(at=NOW + timedelta(hours=11))
    assert key() == key(api_key="another key of the same client")
    assert key() == key(account_id=" 123456 ")
    others = [
        key(client="kota-ketiga"),
        key(at=NOW + timedelta(hours=12)),  # past midnight in Semarang
        key(description="Lain"),
        key(lat="-6.9967"),
    ]
    assert len({key(), *others}) == 5
