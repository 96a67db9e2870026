"""A jurisdiction's categories as GeoReport's services, and where the API is found."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Literal

from functions.complaint_intake.offered import FEW_KEYWORDS
from functions.complaint_intake.open311.parameters import not_found
from functions.complaint_intake.open311.requests import to_second
from functions.complaint_intake.open311.service_shapes import (
    Discovery,
    Endpoint,
    Question,
    Service,
    ServiceDefinition,
    Value,
)
from shared.jurisdiction import Attribute, Category, Jurisdiction
from shared.text import Text

FORMATS: Final = ["text/xml", "application/json"]

#: How to answer a question, where its choices do not say it.
_HOW: Final[Mapping[str, Text]] = {
    "number": Text("Isilah dengan angka.", "Give a number."),
    "datetime": Text(
        "Waktu dengan zonanya, misalnya 2026-11-22T08:00:00+07:00.",
        "The time with its zone, as in 2026-11-22T08:00:00+07:00.",
    ),
    "singlevaluelist": Text("Pilih satu.", "Choose one."),
    "multivaluelist": Text("Boleh pilih beberapa.", "You may choose several."),
}


def services(jurisdiction: Jurisdiction, language: str) -> list[Service]:
    """Return a jurisdiction's services in a language."""
    return [_service(category, language) for category in jurisdiction.categories]


def definition(jurisdiction: Jurisdiction, service_code: str, language: str) -> ServiceDefinition:
    """Return the questions of a service, in the order in which to ask them.

    Raises:
        NotFound: there is no such service.
    """
    category = service_named(jurisdiction, service_code)
    return ServiceDefinition(
        service_code=category.service_code,
        attributes=[
            _question(jurisdiction.attribute_by_code[code], order, language)
            for order, code in enumerate(category.attributes, start=1)
        ],
    )


def service_named(jurisdiction: Jurisdiction, service_code: str) -> Category:
    """Return the category of a service code.

    Raises:
        NotFound: there is none.
    """
    category = jurisdiction.category_by_code.get(service_code)
    if category is None:
        raise not_found("service_code", service_code, tuple(jurisdiction.category_by_code))
    return category


def discovery(
    base_url: str,
    served: Sequence[Jurisdiction],
    *,
    kind: Literal["production", "test"],
    language: str,
) -> Discovery:
    """Return the addresses of the API: the one for all jurisdictions, and each one's own."""
    last = max(_changed(jurisdiction) for jurisdiction in served)

    def endpoint(url: str, changed: datetime) -> Endpoint:
        return Endpoint(url=url, changeset=to_second(changed), type=kind, formats=FORMATS)

    return Discovery(
        changeset=to_second(last),
        contact=" · ".join(f"{one.name.in_language(language)}: {one.contact}" for one in served),
        key_service=" · ".join(
            dict.fromkeys(one.open311.key_service.in_language(language) for one in served)
        ),
        endpoints=[
            endpoint(base_url, last),
            *(endpoint(f"{base_url}/{one.id}", _changed(one)) for one in served),
        ],
    )


def _changed(jurisdiction: Jurisdiction) -> datetime:
    return jurisdiction.changesets[jurisdiction.id].at


def _service(category: Category, language: str) -> Service:
    return Service(
        service_code=category.service_code,
        service_name=category.name.in_language(language),
        description=category.description.in_language(language),
        metadata=bool(category.attributes),
        keywords=", ".join(keyword.rstrip("*") for keyword in category.keywords[:FEW_KEYWORDS]),
        group=category.group.in_language(language),
    )


def _question(attribute: Attribute, order: int, language: str) -> Question:
    how = _HOW.get(attribute.datatype)
    return Question(
        code=attribute.code,
        datatype=attribute.datatype,
        required=attribute.required,
        datatype_description=how.in_language(language) if how else None,
        order=order,
        description=attribute.description.in_language(language),
        values=[
            Value(key=value.key, name=value.name.in_language(language))
            for value in attribute.values
        ],
    )
