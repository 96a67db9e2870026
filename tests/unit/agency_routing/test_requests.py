"""The bodies that agencies send: their limits, and nothing guessed."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.agency_routing.requests import (
    AckRequest,
    ActionRequest,
    ExtendRequest,
    ReceiveRequest,
)
from shared.errors import InvalidInput
from shared.http import Request
from tests.builders import an_action
from tests.strategies import json_values

MODELS = (ActionRequest, AckRequest, ExtendRequest, ReceiveRequest)


def parsed(model: Any, body: Any) -> Any:
    return Request({"body": body if isinstance(body, str) else json.dumps(body)}).parse(model)


def refused(model: Any, body: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as caught:
        parsed(model, body)
    return [(fault.field, fault.code) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"action": "delete"}, ("action", "enum")),
        ({"action_id": "1"}, ("action_id", "uuid_parsing")),
        ({"expected_version": 0}, ("expected_version", "greater_than_equal")),
        ({"expected_version": "2"}, ("expected_version", "int_type")),
        ({"expected_version": 2.5}, ("expected_version", "int_type")),
        ({"assignment_no": 0}, ("assignment_no", "greater_than_equal")),
        ({"public_note": "a" * 4001}, ("public_note", "string_too_long")),
        ({"internal_note": "a" * 4001}, ("internal_note", "string_too_long")),
        ({"agency": "a" * 49}, ("agency", "string_too_long")),
        ({"agensi": "x"}, ("agensi", "unknown_field")),
    ],
)
def test_an_action_is_refused_for_its_mistake(change, fault):
    assert refused(ActionRequest, an_action("accept") | change) == [fault]


@pytest.mark.parametrize("field", ["action", "action_id", "expected_version"])
def test_an_action_needs_an_id_and_the_version_seen(field):
    body = an_action("accept")
    del body[field]
    assert refused(ActionRequest, body) == [(field, "missing")]


def test_ten_messages_are_asked_for_unless_fewer_are():
    assert parsed(ReceiveRequest, {}).max == 10
    assert parsed(ReceiveRequest, {"max": 1}).max == 1
    assert refused(ReceiveRequest, {"max": 0}) == [("max", "greater_than_equal")]
    assert refused(ReceiveRequest, {"max": 11}) == [("max", "less_than_equal")]


def test_a_message_is_kept_for_twelve_hours_at_most():
    assert parsed(ExtendRequest, {"receipt": "r", "seconds": 43_200}).seconds == 43_200
    assert refused(ExtendRequest, {"receipt": "r", "seconds": 43_201}) == [
        ("seconds", "less_than_equal")
    ]


@pytest.mark.parametrize("model", [AckRequest, ExtendRequest])
def test_a_receipt_is_needed(model):
    faults = refused(
        model, {"receipt": "", "seconds": 1} if model is ExtendRequest else {"receipt": ""}
    )
    assert faults == [("receipt", "string_too_short")]


@given(
    st.sampled_from(MODELS),
    json_values
    | st.builds(
        lambda changes: an_action("accept") | changes,
        st.dictionaries(st.sampled_from(list(ActionRequest.model_fields)), json_values),
    ),
)
def test_any_body_whatsoever_is_a_request_or_invalid_input(model, body):
    try:
        outcome = parsed(model, body)
    except InvalidInput as refusal:
        outcome = refusal.faults
    assert isinstance(outcome, model) or len(outcome) > 0
