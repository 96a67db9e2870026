"""A stand-in for AWS on 127.0.0.1 that gives each operation one fixed answer.

A process of its own, so that what a client spends is real and what a server spends is not
counted. It stops by itself when whoever started it is gone.
"""

import asyncio
import base64
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

ALL_NEW = ":ALL_NEW"


@contextmanager
def serving(answers: Mapping[str, bytes]) -> Iterator[str]:
    """Serve `answers` by operation, and give the endpoint's URL."""
    process = subprocess.Popen(
        [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin
    assert process.stdout
    wired = {name: base64.b64encode(body).decode() for name, body in answers.items()}
    process.stdin.write(json.dumps(wired) + "\n")
    process.stdin.flush()
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    finally:
        process.stdin.close()
        process.wait()
        process.stdout.close()


def answer_name(operation: str, request: bytes) -> str:
    """Return under which name the answer to a request is kept.

    An update may return the item; a read is of one item or of another, or of one secret.
    """
    if operation == "GetSecretValue":
        return f"{operation}:{json.loads(request)['SecretId']}"
    if operation == "GetItem":
        return f"{operation}:{json.dumps(json.loads(request)['Key'], sort_keys=True)}"
    return operation + ALL_NEW if b'"ALL_NEW"' in request else operation


class _Connection(asyncio.Protocol):
    def __init__(self, answers: Mapping[str, bytes]) -> None:
        self._answers = answers
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, chunk: bytes) -> None:
        self._received += chunk
        head, blank, body = self._received.partition(b"\r\n\r\n")
        if not blank:
            return
        lines = (line.partition(b":") for line in head.split(b"\r\n")[1:])
        headers = {name.strip().lower(): value.strip() for name, _, value in lines}
        length = int(headers.get(b"content-length", 0))
        if len(body) < length:
            return
        self._received = body[length:]
        operation = headers[b"x-amz-target"].decode().rpartition(".")[2]
        answer = self._answers[answer_name(operation, body[:length])]
        self._transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(answer), answer)
        )


async def _serve(answers: Mapping[str, bytes]) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(answers), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)  # ends with the process that started this one
    server.close()


if __name__ == "__main__":
    given = json.loads(sys.stdin.readline())
    asyncio.run(_serve({name: base64.b64decode(body) for name, body in given.items()}))
