"""Reads a request that another system posts: the standard's fields as a submission of our own."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field, ValidationError

from functions.complaint_intake.open311.parameters import Parameters, instant
from functions.complaint_intake.submission import Submission, refuse
from shared.cleaning import Cleaned, absent_if_blank
from shared.clock import WIB
from shared.errors import Fault, InvalidInput
from shared.ids import keyed_hash
from shared.jurisdiction import Attribute, Category, Jurisdiction
from shared.models import Body
from shared.text import Text
from shared.validation import faults_of

#: `attribute[code]`, and `attribute[code][]` for each of several answers.
_ATTRIBUTE: Final = re.compile(r"attribute\[([^\[\]]{1,100})\](?:\[[0-9]{0,3}\])?")
_DECIMAL: Final = re.compile(r"[+-]?[0-9]{1,4}(\.[0-9]{0,20})?")
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?")
#: How many pictures another system may link to.
_MOST_LINKS: Final = 10
#: Of our own field names, the standard's.
_STANDARD_NAME: Final[Mapping[str, str]] = {
    "contact.name": "first_name",
    "contact.email": "email",
    "contact.phone": "phone",
}
_MISSING: Final = Text("Wajib diisi.", "This was not provided.")


def _public_link(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s<>\"\\^`{|}]+", text):
        refuse(
            "invalid_link",
            "Tulis alamat https yang lengkap.",
            "Give a complete https address.",
        )
    return text


Link = Annotated[str, Field(max_length=1000), Cleaned, AfterValidator(_public_link)]
Name = Annotated[str, Field(max_length=50), Cleaned]
OfTheirOwn = Annotated[str, Field(max_length=255), Cleaned]


class _Further(Body):
    """What a submission of our own has no field for."""

    first_name: Name | None = None
    last_name: Name | None = None
    address_id: OfTheirOwn | None = None
    account_id: OfTheirOwn | None = None
    media_url: list[Link] = Field(default_factory=list, max_length=_MOST_LINKS)


@dataclass(frozen=True, slots=True)
class Posted:
    """A request that was posted: our submission, and the links that came with it."""

    submission: Submission
    media_url: str | None  #: several are divided by a space, which no link contains


def posted(given: Parameters, jurisdiction: Jurisdiction, category: Category) -> Posted:
    """Return the submission that the parameters of a request make.

    Raises:
        InvalidInput: something is missing or wrong; every fault names its field as it was sent.
    """
    faults: list[Fault] = []
    attributes = _attributes(given, jurisdiction, category, faults)
    lat, long = _place(given, faults)
    further = _further(given, faults)
    address = absent_if_blank(given.text("address_string")) or further.address_id
    if not address and not {"lat", "long"} & given.given.keys():
        said = Text(
            "Beri lat dan long, address_string, atau address_id.",
            "Give lat and long, address_string or address_id.",
        )
        faults.append(Fault("lat", "missing", said))
    name = " ".join(filter(None, (further.first_name, further.last_name)))
    contact = {"name": name, "email": given.text("email"), "phone": given.text("phone")}
    body: dict[str, Any] = {
        "jurisdiction_id": jurisdiction.id,
        "service_code": category.service_code,
        # The standard lets a client say no more than what it is about.
        "description": given.text("description") or category.name.id,
        "lat": lat,
        "long": long,
        "address_string": address,
        "attributes": attributes,
        "device_id": given.text("device_id"),
        "contact": {field: value for field, value in contact.items() if value} or None,
    }
    submission: Submission | None = None
    try:
        submission = Submission.model_validate(body)
    except ValidationError as error:
        faults += (_as_sent(fault) for fault in faults_of(error, Submission))
    if faults or submission is None:
        raise InvalidInput(faults=faults)
    return Posted(submission, " ".join(further.media_url) or None)


def derived_key(secret: bytes, client: str, given: Parameters, now: datetime) -> str:
    """Return the key of a request that came without one: of the client, the day and the content.

    What a client repeats word for word on the same day (WIB) is a repeat, as after a lost answer.
    """
    said = sorted(
        f"{name}\0{value}"
        for name, values in given.given.items()
        for value in values
        if name != "api_key"
    )
    return keyed_hash(secret, "open311", client, f"{now.astimezone(WIB):%Y-%m-%d}", *said)


def as_sent(problem: InvalidInput) -> InvalidInput:
    """Return the problem with its fields named as the standard names them."""
    return InvalidInput(problem.detail, faults=[_as_sent(fault) for fault in problem.faults])


def _as_sent(fault: Fault) -> Fault:
    field = _STANDARD_NAME.get(fault.field, fault.field)
    if field.startswith("attributes."):
        code = field.removeprefix("attributes.").removesuffix(".[key]")
        field = f"attribute[{code}]"
    return Fault(field, fault.code, fault.message)


def _further(given: Parameters, faults: list[Fault]) -> _Further:
    body: dict[str, Any] = {
        name: given.text(name) for name in _Further.model_fields if name != "media_url"
    }
    try:
        return _Further.model_validate(body | {"media_url": list(given.given.get("media_url", ()))})
    except ValidationError as error:
        for fault in faults_of(error, _Further):
            field = fault.field.split(".")[0]  # media_url may be given several times
            faults.append(Fault(field, fault.code, fault.message))
        return _Further()


def _place(given: Parameters, faults: list[Fault]) -> tuple[float | None, float | None]:
    """Return the coordinates; both, since half a place is none."""
    read: dict[str, float | None] = {}
    for name, other in (("lat", "long"), ("long", "lat")):
        text = given.text(name)
        if text is None:
            read[name] = None
            if given.text(other) is not None:
                faults.append(Fault(name, "missing", _MISSING))
        elif _DECIMAL.fullmatch(text):
            read[name] = float(text)
        else:
            said = Text("Tulis derajat desimal, misalnya -6.99.", "Give degrees, as in -6.99.")
            faults.append(Fault(name, "float_type", said))
            read[name] = None
    if None in read.values():
        return None, None
    return read["lat"], read["long"]


def _attributes(
    given: Parameters, jurisdiction: Jurisdiction, category: Category, faults: list[Fault]
) -> dict[str, str]:
    """Return the answers to a service's questions; several to one are joined by commas."""
    answers: dict[str, list[str]] = {}
    for name, values in given.given.items():
        if found := _ATTRIBUTE.fullmatch(name):
            answers.setdefault(found[1], []).extend(values)
        elif name.startswith("attribute"):
            said = Text("Tulis attribute[kode]=nilai.", "Write attribute[code]=value.")
            faults.append(Fault(name[:100], "unreadable", said))
    faults += (
        Fault(f"attribute[{code}]", "missing", _MISSING)
        for code in category.attributes
        if jurisdiction.attribute_by_code[code].required and code not in answers
    )
    for code, said_of_it in answers.items():
        if attribute := jurisdiction.attribute_by_code.get(code):
            faults += _faults_of_answer(attribute, said_of_it)
    return {code: ",".join(values) for code, values in answers.items()}


def _faults_of_answer(attribute: Attribute, values: list[str]) -> Iterable[Fault]:
    field = f"attribute[{attribute.code}]"
    if len(values) > 1 and attribute.datatype != "multivaluelist":
        yield Fault(field, "too_many", Text("Hanya satu jawaban.", "Give one answer."))
    if attribute.datatype == "number" and not all(map(_NUMBER.fullmatch, values)):
        yield Fault(field, "not_a_number", Text("Isilah dengan angka.", "Give a number."))
    if attribute.datatype == "datetime":
        for value in values:
            try:
                instant(value, field)
            except InvalidInput as problem:
                yield from problem.faults
