"""Reads `config/`: TOML in the source tree, one JSON file a jurisdiction in a Lambda package.

The packages carry JSON because parsing TOML would cost more than the rest of a cold start.
`compiled` makes that JSON; `load` takes whichever is there. What only one context reads is a
part of its own, so that the others' functions neither carry nor validate it: `part`.
"""

from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from shared.jurisdiction import Jurisdiction, check_handoffs

CONFIG_DIR = Path(__file__).parent.parent / "config"

#: The files of a jurisdiction's folder, then those that every jurisdiction shares.
FILES = (
    "jurisdiction",
    "agencies",
    "attributes",
    "categories",
    "routing",
    "deadlines",
    "delivery",
    "terms",
    "abuse",
    "desk",
    "notices",
    "open311",
)
SHARED_FILES = ("areas", "language", "holidays", "joint_leave", "changesets")


#: The key under which files hold what a mistake of the whole jurisdiction begins by naming.
_KEYS = {
    "agency": "agencies",
    "attribute": "attributes",
    "category": "categories",
    "handoff": "handoffs",
    "rule": "rules",
    "triage": "triage",
}


#: What a mistake is called that no single key makes: of a jurisdiction, of one file.
_WHOLE = ("whole jurisdiction", "whole file")

Part = TypeVar("Part", bound=BaseModel)


class ConfigError(Exception):
    """Configuration that cannot be used. Names the file, the key and the remedy."""


@cache
def load(jurisdiction_id: str, root: Path = CONFIG_DIR) -> Jurisdiction:
    """Return a jurisdiction's configuration.

    Raises:
        KeyError: there is no such jurisdiction.
        ConfigError: a file is missing, is not TOML, or does not fit the models.
    """
    if jurisdiction_id not in jurisdiction_ids(root):
        raise KeyError(jurisdiction_id)
    packaged = root / f"{jurisdiction_id}.json"
    if packaged.exists():
        return Jurisdiction.model_validate_json(packaged.read_bytes())
    return _validated(jurisdiction_id, root)


@cache
def jurisdiction_ids(root: Path = CONFIG_DIR) -> tuple[str, ...]:
    """Return the ids of all configured jurisdictions, in alphabetical order."""
    packaged = {path.stem for path in root.glob("*.json") if "." not in path.stem}
    sources = {path.parent.name for path in root.glob("*/jurisdiction.toml")}
    return tuple(sorted(packaged or sources))


def compiled(jurisdiction_id: str, root: Path = CONFIG_DIR) -> str:
    """Return the JSON that a Lambda package carries for a jurisdiction."""
    return _validated(jurisdiction_id, root).model_dump_json(exclude_defaults=True)


def part(jurisdiction_id: str, name: str, model: type[Part], root: Path = CONFIG_DIR) -> Part:
    """Return what `config/<jurisdiction>/<name>.toml` says, which is no part of `load`.

    In a package it is `<jurisdiction>.<name>.json`.

    Raises:
        KeyError: there is no such jurisdiction.
        ConfigError: the file is missing, is not TOML, or does not fit `model`.
    """
    found: Part = _part(jurisdiction_id, name, model, root)
    return found


@cache
def _part(jurisdiction_id: str, name: str, model: type[Part], root: Path) -> Part:
    if jurisdiction_id not in jurisdiction_ids(root):
        raise KeyError(jurisdiction_id)
    packaged = root / f"{jurisdiction_id}.{name}.json"
    if packaged.exists():
        return model.model_validate_json(packaged.read_bytes())
    return _validated_part(jurisdiction_id, name, model, root)


def compiled_part(
    jurisdiction_id: str, name: str, model: type[BaseModel], root: Path = CONFIG_DIR
) -> str:
    """Return the JSON that a Lambda package carries for a part."""
    found = _validated_part(jurisdiction_id, name, model, root)
    return found.model_dump_json(exclude_defaults=True)


def check_together(jurisdictions: Collection[Jurisdiction], root: Path = CONFIG_DIR) -> None:
    """Check what no jurisdiction can know alone; done before anything is deployed.

    Raises:
        ConfigError: a handoff goes to an agency that no jurisdiction has, or that is retired.
    """
    for one in jurisdictions:
        try:
            check_handoffs(jurisdictions, one)
        except ValueError as error:
            path = root / one.id / "jurisdiction.toml"
            raise ConfigError(f"{path}: handoffs: {error}") from None


def _validated(jurisdiction_id: str, root: Path) -> Jurisdiction:
    merged: dict[str, Any] = {}
    origin: dict[str, Path] = {}
    folder = root / jurisdiction_id
    for path in [folder / f"{name}.toml" for name in FILES] + [
        root / f"{name}.toml" for name in SHARED_FILES
    ]:
        for key, value in _toml(path).items():
            if key in merged:
                raise ConfigError(f"{path}: key {key!r} is already set in {origin[key]}; keep one")
            merged[key], origin[key] = value, path
    try:
        return Jurisdiction.model_validate(merged)
    except ValidationError as error:
        raise ConfigError(_explain(error, merged, origin, folder)) from None


def _validated_part(jurisdiction_id: str, name: str, model: type[Part], root: Path) -> Part:
    path = root / jurisdiction_id / f"{name}.toml"
    values = _toml(path)
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise ConfigError(_explain(error, values, dict.fromkeys(values, path), path)) from None


def _toml(path: Path) -> dict[str, Any]:
    import tomllib  # not on Lambda, whose packages carry JSON

    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: the file is missing; add it") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid TOML ({error}); mend the line named") from None


def _explain(
    error: ValidationError, merged: dict[str, Any], origin: dict[str, Path], whole: Path
) -> str:
    """One line a mistake: file, key (with the entry's own name, where it has one), remedy.

    `whole` is the jurisdiction's folder, or the one file that was read.
    """
    missing = whole / "jurisdiction.toml" if whole.suffix != ".toml" else whole
    lines = []
    for mistake in error.errors(include_url=False):
        remedy = mistake["msg"].removeprefix("Value error, ")
        location = mistake["loc"] or tuple(filter(None, [_KEYS.get(remedy.split()[0])]))
        path = origin.get(str(location[0]), missing) if location else whole
        key = ".".join(str(part) for part in location)
        if len(location) > 1 and isinstance(location[1], int):
            entry = merged[str(location[0])][location[1]]
            named = next(
                (
                    entry[k]
                    for k in ("service_code", "code", "id", "nmid")
                    if isinstance(entry, dict) and k in entry
                ),
                None,
            )
            key += f" ({named})" if named else ""
        lines.append(f"{path}: {key or _WHOLE[whole.suffix == '.toml']}: {remedy}")
    return "\n".join(lines)
