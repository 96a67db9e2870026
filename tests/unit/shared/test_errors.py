"""The family of problems: each with a status and a code that no other one has."""

import pytest

import functions.agency_routing.work
import functions.complaint_intake.intake  # noqa: F401 - both define problems too
from shared import errors
from shared.text import Text


def family(problem: type[errors.Problem]) -> list[type[errors.Problem]]:
    return [problem, *(one for below in problem.__subclasses__() for one in family(below))]


@pytest.mark.parametrize("problem", family(errors.Problem), ids=lambda one: one.__name__)
def test_a_problem_has_an_error_status_and_a_code_for_programs(problem):
    assert problem.status >= 400
    assert problem.code.replace("_", "").isalpha()
    assert problem.code.islower()


def test_no_two_problems_share_a_code():
    codes = [problem.code for problem in family(errors.Problem)]
    assert sorted(codes) == sorted(set(codes))


def test_a_problem_without_a_detail_is_told_by_its_title():
    assert str(errors.NotFound()) == "Not found"
    assert str(errors.NotFound(Text("Tidak ada.", "None."))) == "None."


def test_a_single_fault_is_also_the_detail():
    problem = errors.InvalidInput.at("lat", "missing", Text("Wajib diisi.", "This is required."))
    assert problem.detail == Text("Wajib diisi.", "This is required.")
    assert [(fault.field, fault.code) for fault in problem.faults] == [("lat", "missing")]


def test_an_error_is_described_by_its_kind_and_place_and_not_by_its_words():
    with pytest.raises(ValueError, match="Tutik") as caught:
        raise ValueError("Bu Tutik")
    said = errors.described(caught.value)
    assert said["exception_name"] == "ValueError"
    assert said["aws_code"] is None
    ((place),) = said["trace"]
    assert place.startswith(f"{__file__}:")
    assert place.endswith(" test_an_error_is_described_by_its_kind_and_place_and_not_by_its_words")
    assert "Tutik" not in str(said)


@pytest.mark.parametrize(
    ("response", "code"),
    [
        ({"Error": {"Code": "AccessDenied", "Message": "Bu Tutik"}}, "AccessDenied"),
        ({"Error": {}}, None),
        ({}, None),
        ("no answer of AWS", None),
    ],
)
def test_an_error_of_aws_is_described_by_its_code_too(response, code):
    error = RuntimeError()
    error.response = response  # type: ignore[attr-defined]
    assert errors.described(error)["aws_code"] == code
