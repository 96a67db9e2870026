"""A partner's server on this machine, to which webhooks go in a test."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any


class Receiver:
    """A partner's server on this machine; `answers` are the statuses to give, the last for good."""

    def __init__(self) -> None:
        self.answers = [204]
        self.received: list[tuple[dict[str, str], bytes]] = []

    def about(self, number: str) -> list[tuple[dict[str, str], bytes]]:
        """Return the webhooks about a complaint."""
        return [one for one in self.received if number.encode() in one[1]]


@contextmanager
def receiving() -> Iterator[tuple[Receiver, str]]:
    """Open a partner's server; give it and its URL."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.received.append((dict(self.headers.items()), body))
            answers = receiver.answers
            self.send_response(answers.pop(0) if len(answers) > 1 else answers[0])
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield receiver, f"http://127.0.0.1:{server.server_port}/hook"
        finally:
            server.shutdown()
            thread.join()
