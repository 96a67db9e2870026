"""The played provider's server: when it has stopped, nothing of it answers any more."""

from http.client import HTTPConnection
from typing import Any

import pytest

from cli.local_cloud import free_port
from cli.provider_simulator_server import listening

pytestmark = pytest.mark.enable_socket


class AnApi:
    def answer(self, *_: Any) -> tuple[int, dict[str, Any]]:
        return 200, {"status_code": "200"}


def test_a_connection_that_was_answered_is_closed_so_that_none_outlives_the_server():
    port = free_port()
    server = listening(AnApi(), "127.0.0.1", port)  # type: ignore[arg-type]
    connection = HTTPConnection("127.0.0.1", port)
    try:
        connection.request("GET", "/v2/any/status")
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (200, b'{"status_code": "200"}')
        assert answer.will_close
    finally:
        connection.close()
        server.shutdown()
        server.server_close()
