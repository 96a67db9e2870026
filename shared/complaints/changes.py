"""What differs between two states of a record, as DynamoDB's update expressions say it.

A change names attributes, or places within assignments (`assignments[0].queued_at`), so that what
others write beside it, without a new version, is not lost. None removes.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from shared.dynamo import to_attribute

_NAME = re.compile(r"[a-z_0-9]+(?![\]0-9])")
_NOT_IN_A_NAME = re.compile(r"\W+")


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Return the changes that make `new` of `old`; of assignments, only of what differs in them."""
    changed = {name: new.get(name) for name in {**old, **new} if old.get(name) != new.get(name)}
    before, after = old.get("assignments"), new.get("assignments")
    if "assignments" not in changed or not before or not after or len(after) < len(before):
        return changed
    del changed["assignments"]
    return changed | _of_assignments(before, after)


def update_of(changed: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the update expression that makes changes, and its arguments."""
    paths = {path: _NAME.sub(lambda found: f"#{found[0]}", path) for path in changed}
    values = {path: f":{_NOT_IN_A_NAME.sub('_', path)}" for path in changed}
    names = {found for path in changed for found in _NAME.findall(path)}
    sets = [f"{paths[path]} = {values[path]}" for path, to in changed.items() if to is not None]
    removes = [paths[path] for path, to in changed.items() if to is None]
    expression = f"SET {', '.join(sets)}" + (f" REMOVE {', '.join(removes)}" if removes else "")
    return expression, {
        "ExpressionAttributeNames": {f"#{name}": name for name in names},
        "ExpressionAttributeValues": {
            values[path]: to_attribute(to) for path, to in changed.items() if to is not None
        },
    }


def _of_assignments(
    before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    for place, (was, is_now) in enumerate(zip(before, after, strict=False)):
        for name in {**was, **is_now}:
            if was.get(name) != is_now.get(name):
                changed[f"assignments[{place}].{name}"] = is_now.get(name)
    for place in range(len(before), len(after)):
        changed[f"assignments[{place}]"] = after[place]
    return changed
