"""What no jurisdiction's `shelters.toml` can know alone; checked before anything is deployed."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Final

from functions.shelter_alerts.configuration import NAME, Shelters, check_ground
from shared import config
from shared.config import ConfigError
from shared.jurisdiction import Jurisdiction

#: Only queues of such agencies may be written to.
TRANSPORT: Final = "-dishub"


def check_together(jurisdictions: Collection[Jurisdiction], root: Path = config.CONFIG_DIR) -> None:
    """Check the shelters of all jurisdictions, each against its own agencies and the others.

    Raises:
        ConfigError: a name is not its jurisdiction's, an agency cannot be told, a provider is
            defined twice, or two shelters have ground in common.
    """
    known = {one.id: config.part(one.id, NAME, Shelters, root) for one in jurisdictions}
    mistakes = [
        f"{root / one.id / NAME}.toml: {mistake}"
        for one in jurisdictions
        for mistake in _mistakes(one, known[one.id])
    ]
    mistakes += [f"{root}/*/{NAME}.toml: {mistake}" for mistake in _clashes(known)]
    if mistakes:
        raise ConfigError("\n".join(mistakes))


def _mistakes(jurisdiction: Jurisdiction, shelters: Shelters) -> Iterator[str]:
    for what, names in (
        ("shelters", [one.id for one in shelters.shelters]),
        ("providers", [one.id for one in shelters.providers]),
    ):
        for name in names:
            if not name.startswith(f"{jurisdiction.id}-"):
                yield f"{what} ({name}): the id does not begin with `{jurisdiction.id}-`; let it"
    agency = shelters.agency
    if agency is None:
        return
    working = {one.code for one in jurisdiction.agencies if not one.retired}
    if agency not in working:
        yield f"agency: {agency!r} is no agency at work in agencies.toml; name one"
    elif not agency.endswith(TRANSPORT):
        yield f"agency: alerts may only go to an agency whose code ends with `{TRANSPORT}`; name it"


def _clashes(known: Mapping[str, Shelters]) -> Iterator[str]:
    whose: dict[str, str] = {}
    for provider in (one for each in known.values() for one in each.providers):
        provider_id = str(provider.provider_id)
        if provider_id in whose:
            yield (
                f"providers: {whose[provider_id]!r} and {provider.id!r} have the same "
                "`provider_id`; give each its own"
            )
        whose[provider_id] = provider.id
    try:
        check_ground(one for each in known.values() for one in each.shelters)
    except ValueError as error:
        yield str(error)
