"""What a complaint may be about: its category and the answers to that one's questions."""

from collections.abc import Mapping

from shared.errors import InvalidInput
from shared.jurisdiction import Attribute, Category, Jurisdiction
from shared.text import Text
from shared.validation import near

#: More names than these nobody reads in a message.
_MOST_NAMED = 60


def check(service_code: str | None, answers: Mapping[str, str], jurisdiction: Jurisdiction) -> None:
    """Check a category, where one is named, and the answers given with it.

    Raises:
        InvalidInput: an unknown category or attribute, a value that is no choice of a list, or
            one that says that the report belongs elsewhere.
    """
    if service_code is not None:
        category_named(service_code, jurisdiction, field="service_code")
    for name, answer in answers.items():
        attribute = jurisdiction.attribute_by_code.get(name)
        if attribute is None:
            known = tuple(jurisdiction.attribute_by_code)
            raise InvalidInput.at(f"attributes.{name}", "unknown_attribute", choose(name, known))
        _check_answer(attribute, answer)


def category_named(service_code: str, jurisdiction: Jurisdiction, *, field: str) -> Category:
    """Return a category of a jurisdiction; `field` is where it was named.

    Raises:
        InvalidInput: there is none of that code.
    """
    category = jurisdiction.category_by_code.get(service_code)
    if category is None:
        known = tuple(jurisdiction.category_by_code)
        raise InvalidInput.at(field, "unknown_category", choose(service_code, known))
    return category


def default_visibility(category: Category | None) -> str:
    """Return the category's default; what has no category yet is nobody's to read until it has."""
    return category.visibility if category and not category.other else "private"


def choose(given: str, known: tuple[str, ...]) -> Text:
    """Return what to say of a name that is none of the known ones."""
    if meant := near(given, known):
        return Text(f"Tidak dikenal; maksudnya “{meant}”?", f"Unknown; did you mean “{meant}”?")
    listed = ", ".join(known[:_MOST_NAMED])
    return Text(f"Tidak dikenal; pilih salah satu: {listed}.", f"Unknown; choose one of: {listed}.")


def _check_answer(attribute: Attribute, answer: str) -> None:
    if not attribute.is_list:
        return
    field = f"attributes.{attribute.code}"
    values = {value.key: value for value in attribute.values}
    several = attribute.datatype == "multivaluelist"
    for chosen in answer.split(",") if several else (answer,):
        if chosen not in values:
            raise InvalidInput.at(field, "not_a_choice", choose(chosen, tuple(values)))
        if stop := values[chosen].stop:
            raise InvalidInput.at(field, "belongs_elsewhere", stop)
