"""Merkle roots over entries' hashes, and the chain in which each seal confirms those before it.

The tree is RFC 6962's: a leaf and a node are hashed with different first bytes, so that neither
can pass for the other, and the tree of n leaves parts them at the largest power of two below n.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

_LEAF: Final = b"\x00"
_NODE: Final = b"\x01"
#: What the first seal of a jurisdiction names as the seal before it.
NO_SEAL: Final = "0" * 64


def root(hashes: Sequence[str]) -> str:
    """Return the root over entries' content hashes, in the order given.

    A leaf is over the hash as text, so that even one that somebody spoilt can be sealed and named.
    """
    if not hashes:
        return hashlib.sha256(b"").hexdigest()
    level = [hashlib.sha256(_LEAF + one.encode()).digest() for one in hashes]
    while len(level) > 1:
        # Pairs from the left, the odd one carried up: the same tree as RFC 6962's recursion.
        paired = [
            hashlib.sha256(_NODE + level[n] + level[n + 1]).digest()
            for n in range(0, len(level) - 1, 2)
        ]
        level = paired + level[len(paired) * 2 :]
    return level[0].hex()


def chained(seal: Mapping[str, Any]) -> str:
    """Return the hash of a seal, which the next one names as `previous`.

    It covers whose and which hour it is, how many entries, their root, and the seal before it.
    """
    covered = {
        name: seal[name] for name in ("entries", "hour", "jurisdiction_id", "previous", "root")
    }
    written = json.dumps(covered, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()
