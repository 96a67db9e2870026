"""Turns a model's validation errors into faults that a person can act on."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from shared.errors import Fault
from shared.text import Text

#: Enough to mend a body by; a hostile one could have tens of thousands.
MOST_FAULTS = 20
#: A member of an enumeration, as pydantic shows one among choices: `<Action.ASK: 'ask'>`.
_MEMBER = re.compile(r"<\w+\.\w+: ('[^']*')>")


def near(name: str, known: Sequence[str]) -> str | None:
    """Return the known name that `name` was probably meant to be, if any is close."""
    from difflib import get_close_matches  # only needed when something is wrong

    matches = get_close_matches(name, known, n=1)
    return matches[0] if matches else None


def faults_of(error: ValidationError, model: type[BaseModel]) -> list[Fault]:
    """Return one fault for each mistake: the field's path, a stable code, what to do."""
    faults = []
    for mistake in islice(error.errors(include_url=False, include_input=False), MOST_FAULTS):
        location = mistake["loc"]
        code = mistake["type"]
        context: Mapping[str, Any] = mistake.get("ctx", {})
        if code == "extra_forbidden":
            message = _unknown_field(str(location[-1]), _fields_at(model, location[:-1]))
            code = "unknown_field"
        elif code == "fault":
            code, message = context["code"], Text(context["id"], context["en"])
        else:
            message = _message(code, context, mistake["msg"])
        faults.append(Fault(".".join(map(str, location)), code, message))
    return faults


def _unknown_field(name: str, known: Sequence[str]) -> Text:
    if meant := near(name, known):
        return Text(
            f"Kolom ini tidak dikenal; maksudnya “{meant}”?",
            f"There is no such field; did you mean “{meant}”?",
        )
    listed = ", ".join(known)
    return Text(
        f"Kolom ini tidak dikenal; yang ada: {listed}.",
        f"There is no such field; there are: {listed}.",
    )


def _fields_at(model: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    """Return the names of the fields of the model that lies at `path` inside `model`."""
    for step in path:  # an index or key of a container names no field: its model is found already
        if field := model.model_fields.get(str(step)):
            model = next(_models_in(field.annotation), model)
    return list(model.model_fields)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)


def _message(code: str, context: Mapping[str, Any], fallback: str) -> Text:
    """Return what to do about a mistake of pydantic's kind `code`."""
    known = {
        "missing": ("Wajib diisi.", "This is required."),
        "json_invalid": ("Isi permintaan bukan JSON yang sah.", "The body is not valid JSON."),
        "string_type": ("Isilah dengan teks.", "Give a text."),
        "string_too_short": (
            "Paling sedikit {min_length} huruf.",
            "Give at least {min_length} characters.",
        ),
        "string_too_long": (
            "Paling banyak {max_length} huruf.",
            "Give at most {max_length} characters.",
        ),
        "string_pattern_mismatch": (
            "Isilah menurut pola {pattern}.",
            "Give what matches {pattern}.",
        ),
        "literal_error": ("Pilih salah satu: {expected}.", "Choose one of: {expected}."),
        "enum": ("Pilih salah satu: {expected}.", "Choose one of: {expected}."),
        "greater_than_equal": ("Paling kecil {ge}.", "Give at least {ge}."),
        "less_than_equal": ("Paling besar {le}.", "Give at most {le}."),
        "float_type": ("Isilah dengan angka.", "Give a number."),
        "finite_number": ("Isilah dengan angka.", "Give a finite number."),
        "int_type": ("Isilah dengan bilangan bulat.", "Give a whole number."),
        "bool_type": ("Isilah true atau false.", "Give true or false."),
        "dict_type": ("Isilah dengan objek JSON.", "Give a JSON object."),
        "model_type": ("Isilah dengan objek JSON.", "Give a JSON object."),
        "list_type": ("Isilah dengan daftar.", "Give a list."),
        "too_short": ("Paling sedikit {min_length} buah.", "Give at least {min_length}."),
        "too_long": ("Paling banyak {max_length} buah.", "Give at most {max_length}."),
        "uuid_parsing": ("Isilah dengan UUID.", "Give a UUID."),
        "timezone_aware": (
            "Sertakan zona waktu, misalnya 2026-11-22T08:00:00+07:00.",
            "Give the time zone, as in 2026-11-22T08:00:00+07:00.",
        ),
        "datetime_from_date_parsing": (
            "Tulis waktu menurut ISO 8601, misalnya 2026-11-22T08:00:00+07:00.",
            "Write the time in ISO 8601, as in 2026-11-22T08:00:00+07:00.",
        ),
        "date_type": (
            "Tulis tanggal yang ada seperti 2026-12-31.",
            "Write a date that exists, as in 2026-12-31.",
        ),
    }
    aliases = {
        "date_parsing": "date_type",
        "datetime_parsing": "datetime_from_date_parsing",
        "datetime_type": "datetime_from_date_parsing",
        "uuid_type": "uuid_parsing",
        "float_parsing": "float_type",
    }
    if pair := known.get(aliases.get(code, code)):
        english = {name: _MEMBER.sub(r"\1", str(value)) for name, value in context.items()}
        indonesian = {name: value.replace(" or ", " atau ") for name, value in english.items()}
        return Text(pair[0].format(**indonesian), pair[1].format(**english))
    return Text(f"Tidak dapat diterima: {fallback}.", f"{fallback}.")
