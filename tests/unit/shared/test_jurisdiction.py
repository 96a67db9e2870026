"""What a jurisdiction's id may be: an agency's code is read back to it."""

import pytest
from pydantic import ValidationError

from shared.jurisdiction import Jurisdiction, When
from tests.small_config import JATENG, SEMARANG


@pytest.mark.parametrize("wrong", ["kab-kudus", "Kudus", "", "kab kudus"])
def test_an_id_has_no_dash_since_an_agencys_code_is_split_at_the_first(wrong):
    with pytest.raises(ValidationError) as caught:
        Jurisdiction.model_validate_json(renamed(wrong))
    assert ("id",) in [error["loc"] for error in caught.value.errors()]


def test_another_city_is_another_id():
    assert Jurisdiction.model_validate_json(renamed("kudus")).triage == "kudus-diskominfo"


def test_a_rule_may_ask_for_any_answer_to_a_free_question():
    fields = {name: getattr(SEMARANG, name) for name in Jurisdiction.model_fields}
    rule = SEMARANG.rules[0].model_copy(
        update={"id": "dekat-pasar", "when": When(attributes={"patokan": ("pasar",)})}
    )
    changed = Jurisdiction(**fields | {"rules": (rule,)})
    assert changed.rules[0].when.attributes == {"patokan": ("pasar",)}


def renamed(jurisdiction_id: str) -> str:
    return JATENG.model_dump_json(exclude_defaults=True).replace('"jateng', f'"{jurisdiction_id}')
