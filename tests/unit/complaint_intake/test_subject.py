"""What a complaint may be about: categories, answers, and answers that belong elsewhere."""

import pytest

from functions.complaint_intake import subject
from shared import config
from shared.errors import InvalidInput
from shared.jurisdiction import Attribute, AttributeValue, Jurisdiction
from shared.text import Text
from tests.small_config import SEMARANG

CALL_112 = Text("Telepon 112.", "Call 112.")


def _attribute(code: str, datatype: str) -> Attribute:
    name = Text("ya", "yes")
    values = (
        AttributeValue(key="tidak", name=name),
        AttributeValue(key="ya", name=name),
        AttributeValue(key="darurat", name=name, stop=CALL_112),
    )
    return Attribute.model_validate(
        {"code": code, "description": name, "datatype": datatype, "values": values}
    )


@pytest.fixture(scope="module")
def asking() -> Jurisdiction:
    """A jurisdiction that asks one thing and several."""
    attributes = (_attribute("satu", "singlevaluelist"), _attribute("banyak", "multivaluelist"))
    other = SEMARANG.model_copy(update={"attributes": (*SEMARANG.attributes, *attributes)})
    vars(other).pop("attribute_by_code", None)  # the copy's own is made of its attributes
    return other


def refused(asking: Jurisdiction, **answers: str) -> tuple[str, str, Text]:
    with pytest.raises(InvalidInput) as caught:
        subject.check("sampah", answers, asking)
    ((fault,),) = [caught.value.faults]
    return fault.field, fault.code, fault.message


@pytest.mark.parametrize(
    "answers",
    [{}, {"satu": "ya"}, {"banyak": "ya"}, {"banyak": "ya,tidak"}, {"patokan": "warung, ya"}],
)
def test_what_is_asked_may_be_answered(asking, answers):
    subject.check("sampah", answers, asking)
    subject.check(None, answers, asking)


@pytest.mark.parametrize("answers", [{"satu": "darurat"}, {"banyak": "ya,darurat"}])
def test_an_answer_that_belongs_elsewhere_is_refused_with_where_to_turn(asking, answers):
    ((name, _),) = answers.items()
    assert refused(asking, **answers) == (f"attributes.{name}", "belongs_elsewhere", CALL_112)


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"satu": "ya,tidak"}, "not_a_choice"),
        ({"satu": "mungkin"}, "not_a_choice"),
        ({"banyak": "ya,mungkin"}, "not_a_choice"),
        ({"banyak": ""}, "not_a_choice"),
        ({"tiga": "ya"}, "unknown_attribute"),
    ],
)
def test_what_is_no_answer_is_refused(asking, answers, code):
    ((name, _),) = answers.items()
    assert refused(asking, **answers)[:2] == (f"attributes.{name}", code)


def test_a_category_is_looked_up_where_it_was_named():
    assert subject.category_named("sampah", SEMARANG, field="category").service_code == "sampah"
    with pytest.raises(InvalidInput) as caught:
        subject.category_named("sampahh", SEMARANG, field="category")
    ((fault,),) = [caught.value.faults]
    assert (fault.field, fault.code) == ("category", "unknown_category")
    assert fault.message == Text(
        "Tidak dikenal; maksudnya “sampah”?", "Unknown; did you mean “sampah”?"
    )


@pytest.mark.parametrize(
    ("service_code", "visibility"),
    [("sampah", "public"), ("pungli", "secret"), ("lainnya", "private"), ("telegram", "private")],
)
def test_what_has_no_category_yet_is_nobodys_to_read(service_code, visibility):
    category = SEMARANG.category_by_code.get(service_code)
    assert subject.default_visibility(category) == visibility


@pytest.mark.parametrize("one", ["semarang", "jateng"])
@pytest.mark.parametrize(
    ("service_code", "code", "answer", "where"),
    [
        ("kebakaran", "sedang_darurat", "ya", "112"),
        ("bencana", "sedang_darurat", "ya", "112"),
        ("perempuan-anak", "bahaya_sekarang", "ya", "112"),
        ("kepolisian-hukum", "pokok_perkara", "tindak-pidana", "polisi"),
        ("kepolisian-hukum", "pokok_perkara", "perkara-hukum", "pengadilan"),
        ("kepolisian-hukum", "pokok_perkara", "legislatif", "DPRD"),
        ("pungli", "jenis_pelanggaran", "perkara-korupsi", "KPK"),
    ],
)
def test_what_lapor_leaves_out_is_asked_and_sent_elsewhere(one, service_code, code, answer, where):
    jurisdiction = config.load(one)
    assert code in jurisdiction.category_by_code[service_code].attributes
    with pytest.raises(InvalidInput) as caught:
        subject.check(service_code, {code: answer}, jurisdiction)
    ((fault,),) = [caught.value.faults]
    assert fault.code == "belongs_elsewhere"
    assert where in fault.message.id
    others = [value.key for value in jurisdiction.attribute_by_code[code].values if not value.stop]
    assert others
    for other in others:
        subject.check(service_code, {code: other}, jurisdiction)
