"""What a vehicle's code looks like, and under which keys its registration lies in the table.

The items share the complaints table: `pk=V#<code> sk=VEHICLE` finds a vehicle by what a citizen
gave, `pk=FLEET#<partner> sk=V#<code>` lists a partner's. Both carry partner, code and label.
"""

import re
import unicodedata

#: Characters that a code may have, once in capitals: what a person can read out and type.
CODE = re.compile(r"[A-Z0-9-]{1,32}")
PARTNER = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_PARTNER = 32
LONGEST_LABEL = 100

VEHICLE = "VEHICLE"

#: What people type for a dash, or think to see.
_SIGNS = re.compile(r"[^A-Z0-9]+")

#: Without 0, 1, I, L, O and U: no character of a made-up code is read as another.
_CLEAR = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_MODULUS = 37


def canonical(code: str) -> str:
    """Return a code as it is compared: in capitals, without space around it."""
    return code.strip().upper()


def as_typed(text: str) -> str:
    """Return the code that a person means: signs that no code has are dashes; blank if all are.

    A code is written on a sticker and typed on a telephone, and a complaint does not wait for it
    to be typed well: what nobody registered is told apart later. It may be too long for a code.
    """
    code = canonical(unicodedata.normalize("NFKC", text))
    return code if CODE.fullmatch(code) else _SIGNS.sub("-", code).strip("-")


def is_partner(text: str) -> bool:
    """Tell whether a text may be a partner's id."""
    return len(text) <= LONGEST_PARTNER and PARTNER.fullmatch(text) is not None


def key(code: str) -> dict[str, str]:
    """Return the key of a vehicle's item."""
    return {"pk": f"V#{canonical(code)}", "sk": VEHICLE}


def listing_key(partner: str, code: str) -> dict[str, str]:
    """Return the key of the item that lists a vehicle among its partner's."""
    return {"pk": listing(partner), "sk": f"V#{canonical(code)}"}


def listing(partner: str) -> str:
    """Return the partition that lists a partner's vehicles."""
    return f"FLEET#{partner}"


def checked(prefix: str, body: str) -> str | None:
    """Return the made-up code of a prefix and a body, or None if they have no clear check.

    The last character is chosen so that the sum of all, each times its place, is divisible by 37
    (the scheme of ISBN-10): one mistyped character, or two that changed places, always show.
    """
    for check in _CLEAR:
        if is_sound(code := f"{prefix}-{body}{check}"):
            return code
    return None


def is_sound(code: str) -> bool:
    """Tell whether a made-up code's last character fits the others."""
    characters = code.replace("-", "")
    weighed = sum(place * int(one, 36) for place, one in enumerate(characters, start=1))
    return weighed % _MODULUS == 0


def clear_characters() -> str:
    """Return the characters of which the body of a made-up code consists."""
    return _CLEAR
