"""Posts a webhook to a partner's server, and to nothing else that its name might lead to.

The name is resolved here, every address is checked, and the connection is made to the very
address that was checked, so that no second answer of the name server can lead it elsewhere. The
certificate is still checked by name. Redirects are not followed, and of the answer only the
status is read, within a bounded time and length.
"""

import re
import socket
import ssl
import time
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from shared.messengers.addresses import Endpoint, reachable

#: For everything after the name is resolved: connecting, TLS, sending, and the status.
WITHIN_S: Final = 8.0
_CONNECT_WITHIN_S: Final = 3.0
#: Of an answer: its status line and, of interim answers before it, their headers.
_MOST_BYTES: Final = 16 * 1024
_STATUS = re.compile(rb"HTTP/1\.[01] (?P<status>[0-9]{3})(?: [^\r\n]*)?\r?\n")
_INTERIM: Final = range(100, 200)


class NotDelivered(Exception):
    """The partner's server was not reached, or did not answer as a server should."""


def post(endpoint: Endpoint, headers: Mapping[str, str], body: bytes) -> int:
    """Post a JSON body and return the status that the server answers.

    Raises:
        NotDelivered: its name leads nowhere or inwards, or no answer came in time.
    """
    try:
        addresses = _addresses(endpoint)
        deadline = time.monotonic() + WITHIN_S
        with _connected(endpoint, addresses, deadline) as connection:
            connection.settimeout(_left(deadline))
            connection.sendall(_request(endpoint, headers, body))
            return _status(connection, deadline)
    except (OSError, ValueError) as error:  # of sockets, names, TLS and certificates
        raise NotDelivered(type(error).__name__) from None


def _addresses(endpoint: Endpoint) -> Sequence[str]:
    """Return the addresses of a server's name, all of them checked."""
    if not endpoint.encrypted:
        return ["127.0.0.1"]  # this machine, by its name or number: for a receiver in a test
    found = socket.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM)
    addresses = reachable(str(address[0]) for *_, address in found)
    if not addresses:
        raise NotDelivered("its name leads to an address that is not public")
    return addresses


def _connected(endpoint: Endpoint, addresses: Sequence[str], deadline: float) -> socket.socket:
    """Return a connection to the first address that takes one, encrypted and checked by name."""
    refusal: OSError | None = None
    for address in addresses:
        within_s = min(_CONNECT_WITHIN_S, _left(deadline))
        try:
            connection = socket.create_connection((address, endpoint.port), timeout=within_s)
        except OSError as error:
            refusal = error
            continue
        if not endpoint.encrypted:
            return connection
        try:
            return _trust().wrap_socket(connection, server_hostname=endpoint.host)
        except BaseException:
            connection.close()
            raise
    raise refusal or NotDelivered("its name leads nowhere")


@cache
def _trust() -> ssl.SSLContext:
    """Return what certificates are checked by: the system's authorities, and the name."""
    return ssl.create_default_context()


def _request(endpoint: Endpoint, headers: Mapping[str, str], body: bytes) -> bytes:
    host = endpoint.host if endpoint.encrypted else f"{endpoint.host}:{endpoint.port}"
    lines = {
        "Host": host,
        "User-Agent": "simpul-webhooks/1",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Connection": "close",
        **headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"POST {endpoint.target} HTTP/1.1\r\n{head}\r\n".encode("ascii") + body


def _status(connection: socket.socket, deadline: float) -> int:
    """Read as far as the status of the final answer; interim ones before it are passed over."""
    read = b""
    while len(read) <= _MOST_BYTES:
        if answer := _STATUS.match(read):
            status = int(answer["status"])
            if status not in _INTERIM:
                return status
            _, ended, rest = read.partition(b"\r\n\r\n")
            if ended:
                read = rest
                continue
        elif b"\n" in read:
            raise ValueError("not HTTP")
        connection.settimeout(_left(deadline))
        more = connection.recv(4096)
        if not more:
            raise ConnectionError("closed without an answer")
        read += more
    raise ValueError("too long")


def _left(deadline: float) -> float:
    """Return the seconds until the deadline.

    Raises:
        TimeoutError: it has passed.
    """
    left_s = deadline - time.monotonic()
    if left_s <= 0:
        raise TimeoutError
    return left_s
