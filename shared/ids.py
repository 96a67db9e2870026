"""Names complaints and proves who wrote them, from secrets and keyed hashes alone.

A complaint's number is derived from its idempotency key, so a repeated submission finds the
first one without looking anything up; see docs/adr for the whole scheme.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterator

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: Crockford's check symbols: the value modulo 37.
_CHECK = _ALPHABET + "*~$=U"
_BITS = 60
_CHARACTERS = _BITS // 5
_MISREAD = str.maketrans("OIL", "011", "- ")
_NUMBER = re.compile(rf"([A-Z]{{3}})([{_ALPHABET}]{{{_CHARACTERS}}})([{_ALPHABET}U])")
#: A UUID, or at least 128 bits in hexadecimal or base64url.
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_KEY = re.compile(_UUID.pattern + r"|[0-9a-fA-F]{32,128}|[A-Za-z0-9_-]{22,128}")
_FEWEST_DIFFERENT_CHARACTERS = 6
#: Of a photo's id: nobody who was not told it finds it.
PHOTO_BITS = 130
PHOTO_ID = rf"[{_ALPHABET}]{{{PHOTO_BITS // 5}}}"
#: Of an alert's name: whose it is, and which of theirs.
_ADDRESS_BITS = 80
_AREA_BITS = 50
_ALERT_ID = re.compile(rf"[{_ALPHABET}]{{{_ADDRESS_BITS // 5}}}-[{_ALPHABET}]{{{_AREA_BITS // 5}}}")


def is_random_key(key: str) -> bool:
    """Tell whether an idempotency key has the form of at least 128 random bits."""
    return (
        _KEY.fullmatch(key) is not None
        and len(set(key.lower().replace("-", ""))) >= _FEWEST_DIFFERENT_CHARACTERS
    )


def is_uuid(key: str) -> bool:
    """Tell whether a key is a UUID, whose letters' case means nothing."""
    return _UUID.fullmatch(key) is not None


def keyed_hash(secret: bytes, *parts: str) -> str:
    """Return the hexadecimal HMAC-SHA256 of `parts`, each bounded so that none runs into the next."""
    message = b"".join(len(part.encode()).to_bytes(4) + part.encode() for part in parts)
    return hmac.new(secret, message, hashlib.sha256).hexdigest()


def complaint_numbers(prefix: str, key_hash: str) -> Iterator[str]:
    """Yield the numbers for a key's hash: the first, and the next for each collision.

    A number is the jurisdiction's prefix, 60 bits in Crockford base32, and Crockford's check
    character: `SMG-7ZK3Q9M4T0XWH`. Values whose check would be one of `*~$=` are passed over,
    since those do not survive being read out or typed.
    """
    block = bytes.fromhex(key_hash)
    while True:
        bits = int.from_bytes(block)
        for _ in range(len(block) * 8 // _BITS):
            value = bits & ((1 << _BITS) - 1)
            bits >>= _BITS
            check = _CHECK[value % 37]
            if check.isalnum():
                yield f"{prefix}-{_encoded(value)}{check}"
        block = hashlib.sha256(block).digest()


def read_complaint_number(text: str) -> str | None:
    """Return the canonical number for what a person typed, or None if it cannot be one.

    Case, spaces and dashes do not matter; O is read as 0, and I and L as 1.
    """
    typed = text.strip().upper()
    prefix, rest = typed[:3], typed[3:].translate(_MISREAD)
    match = _NUMBER.fullmatch(prefix + rest)
    if match is None:
        return None
    value = 0
    for character in match[2]:
        value = value * 32 + _ALPHABET.index(character)
    return f"{match[1]}-{match[2]}{match[3]}" if _CHECK[value % 37] == match[3] else None


def tracking_token(secret: bytes, complaint_id: str, epoch: int) -> str:
    """Return the token by which a reporter reads their own complaint: 128 bits, base64url.

    It is derived, never stored; raising the complaint's `epoch` revokes it.
    """
    return _token(secret, complaint_id, str(epoch))


def stop_token(secret: bytes, complaint_id: str) -> str:
    """Return the token that can do nothing but stop a complaint's notices: 128 bits, base64url.

    It opens nothing, so links may carry it where servers and their logs see it.
    """
    return _token(secret, complaint_id, "unsubscribe")


def alert_id(secret: bytes, address: str, area: str) -> str:
    """Return the name of an address's alerts of an area: 80 bits for the one, 50 for the other.

    It is keyed, so that it tells nobody the address; the same asked again has the same name.
    """
    of_address = int(keyed_hash(secret, "alerts of", address), 16) % (1 << _ADDRESS_BITS)
    of_area = int(keyed_hash(secret, "alerts of", address, area), 16) % (1 << _AREA_BITS)
    return f"{_encoded(of_address, _ADDRESS_BITS)}-{_encoded(of_area, _AREA_BITS)}"


def is_alert_id(text: str) -> bool:
    """Tell whether a text has the form of an alert's name."""
    return _ALERT_ID.fullmatch(text) is not None


def alert_token(secret: bytes, alert: str, purpose: str) -> str:
    """Return the token that can do one thing with an alert, "confirm" or "stop": 128 bits."""
    return _token(secret, alert, f"alert {purpose}")


def photo_id(random_bits: int) -> str:
    """Return a photo's id: 26 characters for 130 random bits."""
    return _encoded(random_bits, PHOTO_BITS)


def is_photo_id(text: str) -> bool:
    """Tell whether a text has the form of a photo's id."""
    return re.fullmatch(PHOTO_ID, text) is not None


def same(left: str, right: str) -> bool:
    """Compare two secrets in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())


def _token(secret: bytes, *parts: str) -> str:
    digest = bytes.fromhex(keyed_hash(secret, *parts))
    return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")


def _encoded(value: int, bits: int = _BITS) -> str:
    return "".join(_ALPHABET[value >> shift & 31] for shift in range(bits - 5, -1, -5))
