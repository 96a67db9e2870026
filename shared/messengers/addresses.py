"""Which addresses notices may go to: of people, and of partners' servers."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_NAME = rf"(?:{_LABEL}\.)+[A-Za-z](?:[A-Za-z0-9-]{{0,61}}[A-Za-z0-9])?"
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
#: A mailbox that needs no quotes and no encoding: SES takes no other, and in this form nothing
#: can pass for a second recipient or a header.
_MAILBOX = re.compile(rf"(?=.{{1,254}}$)(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@{_NAME}")
_PHONE = re.compile(r"\+[1-9][0-9]{7,14}")
_PUBLIC_URL = re.compile(rf"https://(?P<host>{_NAME})(?::443)?(?P<target>/[!-\"$-~]*)?")
_LOOPBACK_URL = re.compile(
    r"http://(?P<host>localhost|127\.0\.0\.1):(?P<port>[0-9]{2,5})(?P<target>/[!-\"$-~]*)?"
)
_LONGEST_URL: Final = 500
_LONGEST_HOST: Final = 253

#: Where the internet's IPv6 addresses are; all else there is local, or leads into IPv4 (NAT64).
_IPV6_GLOBAL: Final = IPv6Network("2000::/3")
#: … but for those that stand for an IPv4 address (6to4, Teredo) or for documentation.
_IPV6_NEVER: Final = tuple(
    IPv6Network(each) for each in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where a webhook goes. `target` is the path with its query, as a request names it."""

    host: str
    port: int
    target: str
    encrypted: bool = True


def takes_mail(address: str) -> bool:
    """Tell whether an address is one that mail can be sent to as it is."""
    return _MAILBOX.fullmatch(address) is not None


def takes_sms(number: str, prefixes: Sequence[str]) -> bool:
    """Tell whether a number in E.164 is one of those that text messages are sent to."""
    return _PHONE.fullmatch(number) is not None and number.startswith(tuple(prefixes))


def endpoint(url: str, *, loopback: bool = False) -> Endpoint | None:
    """Return where a partner's URL leads; None unless it is https, by name, on the usual port.

    `loopback` allows plain http to this machine besides, for a receiver in a test.
    """
    if len(url) > _LONGEST_URL:
        return None
    if (found := _PUBLIC_URL.fullmatch(url)) and len(found["host"]) <= _LONGEST_HOST:
        return Endpoint(host=found["host"].lower(), port=443, target=found["target"] or "/")
    if loopback and (found := _LOOPBACK_URL.fullmatch(url)):
        return Endpoint(
            host=found["host"],
            port=int(found["port"]),
            target=found["target"] or "/",
            encrypted=False,
        )
    return None


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the internet at large, in whatever form it is written."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        return _is_public_ipv6(found)
    return _is_public_ipv4(found)


def reachable(addresses: Iterable[str]) -> Sequence[str]:
    """Return a name's addresses, IPv4 first; none of them if any is not public.

    A name that also leads inwards is not to be trusted with the rest.
    """
    listed = list(dict.fromkeys(addresses))
    if not all(map(is_public, listed)):
        return ()
    return sorted(listed, key=lambda each: ":" in each)


def _is_public_ipv4(address: IPv4Address) -> bool:
    return address.is_global and not address.is_multicast and not address.is_reserved


def _is_public_ipv6(address: IPv6Address) -> bool:
    return (
        address.scope_id is None
        and address in _IPV6_GLOBAL
        and address.is_global
        and not any(address in each for each in _IPV6_NEVER)
    )
