"""Who may read a complaint, and which of two answers to that lets in fewer."""

from typing import Final

PUBLIC: Final = "public"  #: anyone
PRIVATE: Final = "private"  #: the reporter, the agency and the desk
#: The same, and who reported it only the desk.
SECRET: Final = "secret"  # noqa: S105 (no password)

_FROM_OPEN_TO_CLOSED = (PUBLIC, PRIVATE, SECRET)


def stricter(one: str, other: str) -> str:
    """Return that of two visibilities which fewer may read."""
    return max(one, other, key=_FROM_OPEN_TO_CLOSED.index)
