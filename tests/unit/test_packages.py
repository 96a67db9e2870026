"""No function needs a library that its package does not carry."""

from functools import cache
from typing import Any

import grimp
import pytest

from infra.entries import ENTRIES, Entry

#: The library that only the lock of photos has.
PILLOW = "PIL"
#: The library that only the lock of payments has.
CRYPTOGRAPHY = "cryptography"


@cache
def imports() -> Any:
    """Return the graph of all imports, those inside functions too."""
    return grimp.build_graph("functions", "shared", include_external_packages=True)


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=lambda one: one.id)
def test_only_a_function_whose_package_carries_pillow_ever_imports_it(entry: Entry) -> None:
    chain = imports().find_shortest_chain(f"functions.{entry.id}", PILLOW)
    assert bool(chain) == (entry.lock == "lambda-photos"), chain


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=lambda one: one.id)
def test_whoever_imports_cryptography_carries_it(entry: Entry) -> None:
    chain = imports().find_shortest_chain(f"functions.{entry.id}", CRYPTOGRAPHY)
    assert not chain or entry.lock == "lambda-payments", chain
