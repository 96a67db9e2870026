"""When to search for garbage: not while a function is imported, since all of that stays."""

import gc
from typing import Final

_USUAL: Final = gc.get_threshold()
#: More objects than the import of any function makes (83 000 at most). It bounds what a process
#: that never comes to `imported` leaves lying about.
_OBJECTS_OF_AN_IMPORT: Final = 200_000


def importing() -> None:
    """Search for none until `imported` is called, or more is made than an import makes."""
    gc.set_threshold(_OBJECTS_OF_AN_IMPORT, *_USUAL[1:])


def imported() -> None:
    """Leave alone what is there by now, and search what is made from here on as usual."""
    gc.freeze()
    gc.set_threshold(*_USUAL)
