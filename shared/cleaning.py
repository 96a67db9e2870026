"""Cleans the texts that people type, before anything is made of them."""

import re
import unicodedata
from typing import Any

from pydantic import BeforeValidator

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def cleaned(text: Any) -> Any:
    """Return a text in composed Unicode, without control or invisible characters, trimmed."""
    if not isinstance(text, str):
        return text
    return unicodedata.normalize("NFC", _CONTROL.sub("", text)).strip()


def absent_if_blank(text: Any) -> Any:
    """Return None for a blank text: forms send what was left empty as one."""
    return None if cleaned(text) == "" else text


#: Before a text: clean it, so that its length is measured as it will be kept.
Cleaned = BeforeValidator(cleaned)
#: Before an optional text: a blank one counts as absent.
Blank = BeforeValidator(absent_if_blank)
