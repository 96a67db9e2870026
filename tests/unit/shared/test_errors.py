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
