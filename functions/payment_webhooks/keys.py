"""Providers' keys from Secrets Manager: kept five minutes, asked for again when none fits.

A secret is JSON and holds the keys that are good at once, so one is changed without a gap: the new
one is added, the provider changes over, the old one is taken out.
"""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

from shared import aws

_KEPT_S: Final = 300.0
#: Between two askings because nothing fitted, so that forgers cannot have us ask without end.
_ASKED_AGAIN_AFTER_S: Final = 60.0

Owner = TypeVar("Owner")


class Unavailable(Exception):
    """The keys cannot be had just now; what was sent may come again."""


class Keys:
    """One secret's value, as long as it is good."""

    def __init__(
        self,
        name: str,
        read: Callable[[str], bytes] = aws.secret_now,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._name = name
        self._read = read
        self._clock = clock
        self._value: Any = None
        self._good_until = float("-inf")
        self._asked_again_at = float("-inf")

    def current(self) -> Any:
        """Return the secret's value (one Secrets Manager call every five minutes).

        An old value is better than none: if the new one cannot be had, it stays for a minute more.

        Raises:
            Unavailable: there is no value at all.
        """
        if self._clock() >= self._good_until:
            try:
                self._ask()
            except Unavailable:
                if self._value is None:
                    raise
                self._good_until = self._clock() + _ASKED_AGAIN_AFTER_S
        return self._value

    def asked_again(self) -> bool:
        """Ask for the secret anew, as nothing fitted; False if that was done a minute ago.

        Raises:
            Unavailable: the secret cannot be had, so nobody knows whether something would fit.
        """
        if self._clock() < self._asked_again_at + _ASKED_AGAIN_AFTER_S:
            return False
        self._asked_again_at = self._clock()
        before = self._value
        self._ask()
        return bool(self._value != before)

    def fitting(self, owners: Callable[[Any], Iterator[Owner]]) -> Owner | None:
        """Return the first owner of a key that fits, by what is known or else by what is new.

        Raises:
            Unavailable: the keys cannot be had.
        """
        found = next(owners(self.current()), None)
        if found is None and self.asked_again():
            found = next(owners(self._value), None)
        return found

    def _ask(self) -> None:
        try:
            value = json.loads(self._read(self._name))
        except Exception as error:
            # Whatever it is, the sender cannot help it, and is to send again.
            raise Unavailable(self._name) from error
        if not isinstance(value, dict):
            raise Unavailable(self._name)
        self._value = value
        self._good_until = self._clock() + _KEPT_S
