"""The house's rules that no linter knows."""

import ast
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.pure_coverage import ROOT, pure_files

SOURCES = ("cli", "functions", "infra", "shared")
#: Besides the modules that the import contract forbids.
IMPURE_CALLS = {"now", "utcnow", "today", "uuid1", "uuid4", "open"}
#: Usually a file stays under 250 lines.
MOST_LINES = 350
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "data", "misc"}
#: The stack of what must outlive the code is called so in the whole design.
AGREED = {"infra/stacks/data.py"}


def sources() -> list[Path]:
    return sorted(file for folder in SOURCES for file in (ROOT / folder).rglob("*.py"))


def calls(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            target = node.func
            if isinstance(target, ast.Attribute):
                found.add(target.attr)
            elif isinstance(target, ast.Name):
                found.add(target.id)
    return found


@pytest.mark.parametrize("file", pure_files(), ids=str)
def test_a_pure_module_asks_no_clock_and_opens_no_file(file):
    tree = ast.parse((ROOT / file).read_text())
    assert not calls(tree) & IMPURE_CALLS


@pytest.mark.parametrize("file", sources(), ids=lambda f: str(f.relative_to(ROOT)))
def test_a_module_opens_with_a_sentence_and_stays_small(file):
    text = file.read_text()
    assert ast.get_docstring(ast.parse(text)), "no docstring"
    assert len(text.splitlines()) <= MOST_LINES


@pytest.mark.parametrize("file", sources(), ids=lambda f: str(f.relative_to(ROOT)))
def test_a_module_is_named_for_what_it_does(file):
    if str(file.relative_to(ROOT)) in AGREED:
        return
    assert not {file.stem, file.parent.name} & VAGUE_NAMES


def test_mutations_are_made_in_exactly_the_pure_rules():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert settings["tool"]["mutmut"]["only_mutate"] == [str(file) for file in pure_files()]


def test_no_lock_carries_a_download_address():
    locks = [*(ROOT / "locks").glob("*.txt"), ROOT / "package-lock.json", ROOT / "pyproject.toml"]
    for lock in locks:
        assert "://" not in lock.read_text(), lock.name


def test_the_command_for_setting_up_is_executable_without_any_package():
    done = subprocess.run(
        ["python3", "-I", "-S", "-c", "import runpy; runpy.run_path('cli/bootstrap.py')"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
