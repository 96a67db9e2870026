"""Plain values to DynamoDB's and back, equal to what boto3 does with the same types."""

from decimal import Decimal
from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from shared import dynamo
from tests.strategies import plain, texts


def _for_boto3(value: Any) -> Any:
    """boto3 takes no floats: give it the same number as a Decimal."""
    match value:
        case bool():
            return value
        case float():
            return Decimal(repr(value))
        case dict():
            return {name: _for_boto3(inner) for name, inner in value.items()}
        case list():
            return [_for_boto3(inner) for inner in value]
    return value


def _numbers_as_decimals(attribute: Any) -> Any:
    """An attribute value with each N as a Decimal, since 1E-7 and 1e-07 are the same number."""
    match attribute:
        case {"N": str(text)}:
            return {"N": Decimal(text)}
        case dict():
            return {name: _numbers_as_decimals(inner) for name, inner in attribute.items()}
        case list():
            return [_numbers_as_decimals(inner) for inner in attribute]
    return attribute


@given(plain)
def test_a_value_comes_back_as_it_went(value):
    assert dynamo.from_attribute(dynamo.to_attribute(value)) == value


@given(plain)
def test_an_attribute_is_what_boto3_makes_of_the_value(value):
    theirs = TypeSerializer().serialize(_for_boto3(value))
    assert _numbers_as_decimals(dynamo.to_attribute(value)) == _numbers_as_decimals(theirs)


@given(plain)
def test_a_value_is_what_boto3_reads_from_the_attribute(value):
    attribute: Any = dynamo.to_attribute(value)
    assert TypeDeserializer().deserialize(attribute) == _for_boto3(dynamo.from_attribute(attribute))


@given(st.dictionaries(texts, plain))
def test_an_item_leaves_out_what_is_none(values):
    present = {name: value for name, value in values.items() if value is not None}
    assert dynamo.from_item(dynamo.to_item(values)) == present


def test_a_tuple_is_a_list():
    assert dynamo.to_attribute(("a", 1)) == {"L": [{"S": "a"}, {"N": "1"}]}


def test_a_whole_number_is_read_as_one_and_a_fraction_as_a_float():
    assert [repr(dynamo.from_attribute({"N": text})) for text in ("-7", "7", "7.5", "1E-7")] == [
        "-7",
        "7",
        "7.5",
        "1e-07",
    ]


def test_a_type_that_the_tables_do_not_hold_is_refused():
    with pytest.raises(TypeError, match="set"):
        dynamo.to_attribute({"a"})
    with pytest.raises(TypeError, match="SS"):
        dynamo.from_attribute({"SS": ["a"]})
