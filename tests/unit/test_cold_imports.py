"""What a cold start imports, counted in a fresh process: unlike time, alike on every machine."""

import ast
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from benchmarks import scenario
from infra.entries import ENTRIES, INTAKE_API, OPEN311_API, PAYMENTS_API, ROUTING_API
from tests.pure_coverage import ROOT

APIS = [api.id for api in (INTAKE_API, OPEN311_API, ROUTING_API, PAYMENTS_API)]
OURS = ("functions", "shared")
#: How many of our own modules an API has imported before its first request.
MOST_MODULES = {INTAKE_API.id: 54, OPEN311_API.id: 49, ROUTING_API.id: 50, PAYMENTS_API.id: 36}
#: What ADR 0005 leaves out of every cold start.
LEFT_OUT = {
    "aws_lambda_powertools.utilities.batch",
    "aws_lambda_powertools.utilities.idempotency",
    "aws_lambda_powertools.utilities.parameters",
    "boto3",
    "cryptography",
    "fastapi",
    "tomllib",
}
STARTED = """
import functions
import gc, json, sys
def searches(): return sum(generation["collections"] for generation in gc.get_stats())
before = searches()
import functions.{entry}
searches = searches() - before
modules = list(sys.modules)
from shared import aws
aws.dynamodb()
print(json.dumps([modules, searches, gc.get_freeze_count(), gc.get_threshold()]))
"""


@cache
def started(entry):
    """Return what a fresh process says that imported an entry, and then made its first client."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", STARTED.format(entry=entry)],
        cwd=ROOT,
        env={**scenario.ENVIRONMENT, "PATH": os.environ["PATH"]},
        stdout=subprocess.PIPE,
        check=True,
    )
    modules, searches, frozen, threshold = json.loads(done.stdout)
    return set(modules), searches, frozen, tuple(threshold)


def file_of(module):
    path = ROOT / Path(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def imported_by_its_functions(module):
    """Return the names of the modules of ours that a module imports where they are used."""
    tree = ast.parse(file_of(module).read_text())
    functions = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)]
    imports = [
        one for each in functions for one in ast.walk(each) if isinstance(one, ast.ImportFrom)
    ]
    named = {f"{one.module}.{name.name}" for one in imports for name in one.names}
    named |= {str(one.module) for one in imports}
    return {one for one in named if one.startswith(OURS) and file_of(one).name != "__init__.py"}


def test_a_route_imports_for_itself_what_no_other_needs():
    later = imported_by_its_functions(f"functions.{ROUTING_API.id}")
    assert {f"functions.agency_routing.{one}" for one in ("act", "twin")} <= later


@pytest.mark.parametrize("entry", ENTRIES)
def test_what_is_imported_where_it_is_used_no_cold_start_imports(entry):
    modules = started(entry)[0]
    ours = {one for one in modules if one.startswith(OURS)}
    later = {one for module in ours for one in imported_by_its_functions(module)}
    assert later & modules == set()


@pytest.mark.parametrize("entry", APIS)
def test_an_api_imports_no_more_of_our_modules_than_its_budget(entry):
    ours = [one for one in started(entry)[0] if one.startswith(OURS)]
    assert len(ours) <= MOST_MODULES[entry], sorted(ours)


@pytest.mark.parametrize("entry", ENTRIES)
def test_no_cold_start_imports_what_is_left_out(entry):
    assert started(entry)[0] & LEFT_OUT == set()


@pytest.mark.parametrize("entry", ENTRIES)
def test_garbage_is_not_searched_for_while_a_function_is_imported(entry):
    assert started(entry)[1] == 0


@pytest.mark.parametrize("entry", APIS)
def test_what_was_imported_is_never_searched_and_the_rest_as_usual(entry):
    _, _, frozen, threshold = started(entry)
    usual = "import gc; print(*gc.get_threshold())"
    said = subprocess.run([sys.executable, "-c", usual], capture_output=True, text=True, check=True)
    assert frozen > 10_000
    assert threshold == tuple(map(int, said.stdout.split()))
