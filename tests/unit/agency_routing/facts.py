"""What a decision is made from, and the rules that make it."""

from typing import Any

from functions.agency_routing import text
from functions.agency_routing.decide import Facts, areas_of, decide
from shared import config
from shared.jurisdiction import Jurisdiction, Rule, When
from shared.text import Text

IN_SEMARANG = (-6.99, 110.42)
IN_SOLO = (-7.56, 110.82)


def facts(description: str = "", service_code: str | None = None, **others: Any) -> Facts:
    given = {
        "kind": "complaint",
        "address_string": None,
        "attributes": {},
        "lat": None,
        "long": None,
        **others,
    }
    return Facts(service_code=service_code, description=description, **given)


def agency(jurisdiction_id: str, *args: Any, **kwargs: Any) -> str:
    return decide(facts(*args, **kwargs), config.load(jurisdiction_id)).agency


def areas(**given: Any) -> frozenset[str]:
    jurisdiction = config.load("jateng")
    asked = facts(**given)
    words = text.read(asked.description, jurisdiction.language.spelling)
    return areas_of(asked, words, jurisdiction)


def with_rules(*rules: Rule, of: str = "jateng") -> Jurisdiction:
    return config.load(of).model_copy(update={"rules": rules})


def rule(name: str, to: str, **when: Any) -> Rule:
    return Rule(id=name, agency=to, when=When(**when), because=Text("Sebab.", "Because."))
