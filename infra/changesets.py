"""Notes in `config/changesets.toml` when a jurisdiction's services last changed.

Open311's discovery tells it, so that other systems know when to fetch the services anew. Run
`python -m infra.changesets` after a change; with `--check` it only says whether that is needed.
"""

import hashlib
import sys
from datetime import UTC, datetime
from pathlib import Path

from functions.complaint_intake.open311.services import definition, services
from shared import config
from shared.jurisdiction import Jurisdiction

FILE = Path(__file__).parent.parent / "config" / "changesets.toml"

_HEAD = """# When each jurisdiction's services for Open311 last changed, and a digest of them.
# Written by `python -m infra.changesets`; do not edit.
"""


def digest(jurisdiction: Jurisdiction) -> str:
    """Return a digest of all that other systems read about a jurisdiction's services."""
    read = [
        one.model_dump_json()
        for language in ("id", "en")
        for one in (
            *services(jurisdiction, language),
            *(definition(jurisdiction, code, language) for code in jurisdiction.category_by_code),
        )
    ]
    return hashlib.sha256("\n".join(read).encode()).hexdigest()[:16]


def outdated() -> list[Jurisdiction]:
    """Return the jurisdictions whose services are not the noted ones."""
    all_of_them = map(config.load, config.jurisdiction_ids())
    return [
        one
        for one in all_of_them
        if one.id not in one.changesets or one.changesets[one.id].services != digest(one)
    ]


def rendered(now: datetime) -> str:
    """Return the file with the present time for each jurisdiction whose services changed."""
    changed = {one.id for one in outdated()}
    parts = [_HEAD]
    for one in map(config.load, config.jurisdiction_ids()):
        at = now if one.id in changed else one.changesets[one.id].at
        parts.append(
            f"[changesets.{one.id}]\n"
            f'at = "{at.astimezone(UTC).isoformat(timespec="seconds")}"\n'
            f'services = "{digest(one)}"\n'
        )
    return "\n".join(parts)


def main(arguments: list[str]) -> int:
    """Write the file, or with `--check` tell whether it is up to date."""
    if "--check" in arguments:
        for one in outdated():
            print(f"Services of {one.id} changed; run: python -m infra.changesets")  # noqa: T201
        return 1 if outdated() else 0
    FILE.write_text(rendered(datetime.now(UTC)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
