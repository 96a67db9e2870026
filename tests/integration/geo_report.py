"""Calls the Open311 handler as API Gateway does, and reads its answers as a client would."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from functions.complaint_intake.open311.api import handler, keys
from shared.clock import now
from tests.builders import CONTEXT, an_api_event
from tests.unit.complaint_intake.open311.reading import tree_of

FORM = "application/x-www-form-urlencoded"
KEY = "a key that was given to kota-lain"
OTHER_KEY = "a key that was given to kota-ketiga"

Fields = Mapping[str, str] | Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """An answer: its status, its headers and what it says in either format."""

    status: int
    headers: Mapping[str, str]
    body: str

    @property
    def said(self) -> Any:
        """What the body says."""
        if self.headers["Content-Type"].startswith("text/xml"):
            return tree_of(self.body)
        return json.loads(self.body)

    @property
    def faults(self) -> list[str]:
        """What the descriptions of errors begin with: the fields at fault."""
        return [error["description"].split(":")[0] for error in self.said]


def give_keys() -> None:
    """Give a key to each of two other cities."""
    keys().add(KEY, "kota-lain", now())
    keys().add(OTHER_KEY, "kota-ketiga", now())


def call(method: str, path: str, **event: Any) -> Answer:
    """Send a request below `/open311/v2`."""
    found = handler(an_api_event(method, f"/open311/v2{path}", **event), CONTEXT)
    headers = {name: values[-1] for name, values in found["multiValueHeaders"].items()}
    return Answer(found["statusCode"], headers, found["body"])


def get(path: str, **query: str) -> Answer:
    """Get something, in English."""
    return call("GET", path, query=query, headers={"Accept-Language": "en"})


def post(path: str, fields: Fields, **headers: str) -> Answer:
    """Post a form, in English. Header names are written with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    pairs = fields.items() if isinstance(fields, Mapping) else fields
    return call(
        "POST",
        path,
        body=urlencode(list(pairs)),
        headers={"Content-Type": FORM, "Accept-Language": "en"} | named,
    )
