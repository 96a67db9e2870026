"""The least a handler could do: read its event, make the same AWS calls, give the same answer."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

import botocore.session

from benchmarks.recorder import Call


def barest(
    calls: Sequence[Call], answer: Any, clients: Mapping[str, Any]
) -> Callable[[Mapping[str, Any], object], Any]:
    """Return a handler that makes `calls` with ready-made items and validates nothing."""
    ready = [
        (getattr(clients[call.service], botocore.xform_name(call.operation)), call.params)
        for call in calls
    ]
    is_http = "body" in answer
    is_json = is_http and answer["body"][:1] in "{["
    content = json.loads(answer["body"]) if is_json else answer

    def handler(event: Mapping[str, Any], _context: object) -> Any:
        for body in (record["body"] for record in event.get("Records", (event,))):
            _read(body or "null")
            for operation, params in ready:
                operation(**params)
        if not is_http:
            return content
        if not is_json:
            return {**answer, "body": answer["body"].encode().decode()}
        return {
            "statusCode": answer["statusCode"],
            "headers": {"Content-Type": "application/json"},
            "body": json.dumps(content, ensure_ascii=False, separators=(",", ":")),
            "isBase64Encoded": False,
        }

    return handler


def _read(body: str) -> Any:
    """Read a body: JSON, or a form."""
    return json.loads(body) if body[0] in "{[n" else parse_qsl(body)
