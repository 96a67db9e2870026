"""Every mistake is named by its field, a stable code, and what to do in two languages."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

import pytest
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from functions.complaint_intake.submission import refuse
from shared.complaints.law import Action
from shared.validation import faults_of, near


class Gate(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    colour: str = "green"


class Street(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    name: str = "Pandanaran"
    number: int | None = None
    gate: Gate | None = None


class Report(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    text: str = Field(default="Jalan", min_length=3, max_length=10)
    must: str
    lat: float = Field(default=0.0, ge=-90, le=90, allow_inf_nan=False)
    count: int = 1
    flag: bool = False
    kind: Literal["complaint", "aspiration"] = "complaint"
    reply: Literal[Action.ANSWER, Action.CONFIRM] = Action.ANSWER
    action: Action = Action.NOTE
    action_id: UUID | None = None
    at: AwareDatetime | None = None
    day: date | None = None
    street: Street | None = None
    streets: list[Street] = Field(default_factory=list, max_length=1)
    by_name: dict[str, Street] = Field(default_factory=dict)
    answers: dict[str, str] = Field(default_factory=dict)
    code: str = Field(default="A", pattern="^[A-Z]$")
    odd: int = Field(default=2, multiple_of=2)


def faults(**body: Any) -> list[tuple[str, str, str, str]]:
    import json

    try:
        Report.model_validate_json(json.dumps({"must": "be", **body}))
    except ValidationError as error:
        found = faults_of(error, Report)
        return [(one.field, one.code, one.message.id, one.message.en) for one in found]
    return []


ISO = "2026-11-22T08:00:00+07:00"


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"text": 1}, ("text", "string_type", "Isilah dengan teks.", "Give a text.")),
        (
            {"text": "ab"},
            ("text", "string_too_short", "Paling sedikit 3 huruf.", "Give at least 3 characters."),
        ),
        (
            {"text": "a" * 11},
            ("text", "string_too_long", "Paling banyak 10 huruf.", "Give at most 10 characters."),
        ),
        (
            {"kind": "keluhan"},
            (
                "kind",
                "literal_error",
                "Pilih salah satu: 'complaint' atau 'aspiration'.",
                "Choose one of: 'complaint' or 'aspiration'.",
            ),
        ),
        (
            {"reply": "hapus"},
            (
                "reply",
                "literal_error",
                "Pilih salah satu: 'answer' atau 'confirm'.",
                "Choose one of: 'answer' or 'confirm'.",
            ),
        ),
        (
            {"code": "7"},
            (
                "code",
                "string_pattern_mismatch",
                "Isilah menurut pola ^[A-Z]$.",
                "Give what matches ^[A-Z]$.",
            ),
        ),
        (
            {"lat": -91},
            ("lat", "greater_than_equal", "Paling kecil -90.0.", "Give at least -90.0."),
        ),
        ({"lat": 91}, ("lat", "less_than_equal", "Paling besar 90.0.", "Give at most 90.0.")),
        ({"lat": "1"}, ("lat", "float_type", "Isilah dengan angka.", "Give a number.")),
        (
            {"lat": float("nan")},
            ("lat", "finite_number", "Isilah dengan angka.", "Give a finite number."),
        ),
        (
            {"count": "1"},
            ("count", "int_type", "Isilah dengan bilangan bulat.", "Give a whole number."),
        ),
        ({"flag": 1}, ("flag", "bool_type", "Isilah true atau false.", "Give true or false.")),
        (
            {"answers": []},
            ("answers", "dict_type", "Isilah dengan objek JSON.", "Give a JSON object."),
        ),
        (
            {"street": "x"},
            ("street", "model_type", "Isilah dengan objek JSON.", "Give a JSON object."),
        ),
        ({"streets": {}}, ("streets", "list_type", "Isilah dengan daftar.", "Give a list.")),
        (
            {"streets": [{}, {}]},
            ("streets", "too_long", "Paling banyak 1 buah.", "Give at most 1."),
        ),
        (
            {"action_id": "1"},
            ("action_id", "uuid_parsing", "Isilah dengan UUID.", "Give a UUID."),
        ),
        ({"action_id": 1}, ("action_id", "uuid_type", "Isilah dengan UUID.", "Give a UUID.")),
        (
            {"at": "2026-11-22T08:00:00"},
            (
                "at",
                "timezone_aware",
                f"Sertakan zona waktu, misalnya {ISO}.",
                f"Give the time zone, as in {ISO}.",
            ),
        ),
        (
            {"at": "kemarin"},
            (
                "at",
                "datetime_parsing",
                f"Tulis waktu menurut ISO 8601, misalnya {ISO}.",
                f"Write the time in ISO 8601, as in {ISO}.",
            ),
        ),
        (
            {"at": True},
            (
                "at",
                "datetime_type",
                f"Tulis waktu menurut ISO 8601, misalnya {ISO}.",
                f"Write the time in ISO 8601, as in {ISO}.",
            ),
        ),
        *(
            (
                {"day": given},
                (
                    "day",
                    code,
                    "Tulis tanggal yang ada seperti 2026-12-31.",
                    "Write a date that exists, as in 2026-12-31.",
                ),
            )
            for given, code in (
                ("besok", "date_parsing"),
                ("2026-02-30", "date_parsing"),
                ("2026-12-31T08:00:00Z", "date_parsing"),
                (True, "date_type"),
            )
        ),
        (
            {"street": {"number": "7"}},
            (
                "street.number",
                "int_type",
                "Isilah dengan bilangan bulat.",
                "Give a whole number.",
            ),
        ),
        (
            {"answers": {"pemilik": 1}},
            ("answers.pemilik", "string_type", "Isilah dengan teks.", "Give a text."),
        ),
    ],
)
def test_each_kind_of_mistake_is_told_in_both_languages(body, fault):
    assert faults(**body) == [fault]


def test_a_choice_of_actions_lists_them():
    ((field, code, indonesian, english),) = faults(action="hapus")
    assert (field, code) == ("action", "enum")
    assert indonesian.startswith("Pilih salah satu: 'acknowledge', 'accept'")
    assert english.startswith("Choose one of: 'acknowledge', 'accept'")


def test_a_missing_field_is_named():
    with pytest.raises(ValidationError) as caught:
        Report.model_validate_json("{}")
    (fault,) = faults_of(caught.value, Report)
    assert (fault.field, fault.code) == ("must", "missing")
    assert (fault.message.id, fault.message.en) == ("Wajib diisi.", "This is required.")


def test_a_body_that_is_no_json_is_a_fault_of_the_whole():
    with pytest.raises(ValidationError) as caught:
        Report.model_validate_json("{'must': 1}")
    (fault,) = faults_of(caught.value, Report)
    assert (fault.field, fault.code) == ("", "json_invalid")
    assert fault.message.en == "The body is not valid JSON."
    assert fault.message.id == "Isi permintaan bukan JSON yang sah."


def test_a_number_in_a_query_is_asked_for_as_one_in_json_is():
    class Query(BaseModel):
        lat: float

    with pytest.raises(ValidationError) as caught:
        Query.model_validate({"lat": "utara"})
    (fault,) = faults_of(caught.value, Query)
    assert (fault.message.id, fault.message.en) == ("Isilah dengan angka.", "Give a number.")


def test_a_kind_of_mistake_without_words_of_its_own_says_what_pydantic_says():
    (fault,) = faults(odd=3)
    assert fault == (
        "odd",
        "multiple_of",
        "Tidak dapat diterima: Input should be a multiple of 2.",
        "Input should be a multiple of 2.",
    )


def test_several_mistakes_are_named_at_once():
    assert [fault[0] for fault in faults(text=1, flag=2, extra=3)] == ["text", "flag", "extra"]


@pytest.mark.parametrize(
    ("body", "field", "meant"),
    [
        ({"tekst": "x"}, "tekst", "text"),
        ({"street": {"nomber": 1}}, "street.nomber", "number"),
        ({"street": {"gate": {"color": "x"}}}, "street.gate.color", "colour"),
        ({"streets": [{"nam": "x"}]}, "streets.0.nam", "name"),
        ({"by_name": {"a": {"nam": "x"}}}, "by_name.a.nam", "name"),
    ],
)
def test_an_unknown_field_is_refused_with_the_one_it_may_have_meant(body, field, meant):
    ((at, code, indonesian, english),) = faults(**body)
    assert (at, code) == (field, "unknown_field")
    assert indonesian == f"Kolom ini tidak dikenal; maksudnya “{meant}”?"
    assert english == f"There is no such field; did you mean “{meant}”?"


def test_an_unknown_field_like_no_other_is_answered_with_all_there_are():
    ((_, _, indonesian, english),) = faults(street={"zzzz": 1})
    assert indonesian == "Kolom ini tidak dikenal; yang ada: name, number, gate."
    assert english == "There is no such field; there are: name, number, gate."


def test_a_rule_of_ours_brings_its_own_code_and_words():
    class Odd(BaseModel):
        def model_post_init(self, _context: Any) -> None:
            refuse("odd", "Ganjil {1}.", "Odd {1}.")

    with pytest.raises(ValidationError) as caught:
        Odd.model_validate_json("{}")
    (fault,) = faults_of(caught.value, Odd)
    assert (fault.code, fault.message.id, fault.message.en) == ("odd", "Ganjil {1}.", "Odd {1}.")


def test_a_near_name_is_found_and_a_far_one_is_not():
    assert near("jalan-rusk", ["sampah", "jalan-rusak"]) == "jalan-rusak"
    assert near("xyz", ["sampah", "jalan-rusak"]) is None
