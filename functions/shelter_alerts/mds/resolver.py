"""Speaks MDS and CDS: asks for the version, reads arrays, and answers errors in the standard's form."""

import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from aws_lambda_powertools.event_handler import Response

from functions.shelter_alerts.mds.bulk import MOST_ITEMS
from shared.errors import InvalidInput, Problem
from shared.http import ApiResolver, Request
from shared.text import Text

#: The standards by the first step of the path: their media type, and the versions spoken.
_SPOKEN: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "mds": ("application/vnd.mds+json", ("2.0",)),
    "cds": ("application/vnd.cds+json", ("1.1", "1.0")),
}
_VERSION: Final = re.compile(r'\s*version\s*=\s*"?(\d+\.\d+)(?:\.\d+)?"?\s*')
_MOST_BYTES: Final = 512 * 1024
#: How half of a character outside Unicode's first plane is written in JSON.
_HALF: Final = rb"\ud"


class NotAcceptable(Problem):
    """The version of the standard that was asked for, if any, is not spoken here."""

    status = HTTPStatus.NOT_ACCEPTABLE
    code = "not_acceptable"
    title = Text("Versi ini tidak dilayani", "This version is not spoken here")


class MobilityResolver(ApiResolver):
    """The resolver of a standard of the Open Mobility Foundation."""

    def refused(self, problem: Problem, request: Request) -> Response[str]:
        """Answer an error as the standard has it."""
        names = [fault.field for fault in problem.faults]
        if isinstance(problem, NotAcceptable):
            names = list(_SPOKEN[_standard(request)][1])
        body = {
            "error": "bad_param" if isinstance(problem, InvalidInput) else problem.code,
            "error_description": (problem.detail or problem.title).in_language(request.language),
            "error_details": names,
        }
        return self.told(body, problem.status, request, headers=problem.headers)

    def told(
        self,
        body: Mapping[str, Any],
        status: HTTPStatus,
        request: Request,
        headers: Mapping[str, str] | None = None,
    ) -> Response[str]:
        """Return an answer in the standard's media type and version."""
        media_type, versions = _SPOKEN[_standard(request)]
        return Response(
            status_code=status,
            content_type=f"{media_type};version={_asked_for(request) or versions[0]}",
            body=_written(body),
            headers={"Cache-Control": "no-store", **(headers or {})},
        )

    def check_version(self) -> None:
        """Refuse a request that does not ask for a version spoken here.

        Raises:
            NotAcceptable: it asks for another (HTTP 406); in MDS also if it asks for none.
        """
        if _asked_for(self.incoming) is None:
            media_type, versions = _SPOKEN[_standard(self.incoming)]
            asked = f"Accept: {media_type};version={versions[0]}"
            raise NotAcceptable(Text(f"Mintalah “{asked}”.", f"Ask for “{asked}”."))

    def items(self, *, or_one: bool = False) -> list[Any]:
        """Return the items of the body, a bare array of 1 to 200.

        Raises:
            InvalidInput: it is none.
            BodyTooLarge: it is over 512 KB.
        """
        content = self.incoming.read(_MOST_BYTES)
        try:
            found = json.loads(content, parse_constant=_no_number)
            if _HALF in content.lower():  # of a character; what is written of it shows the other
                json.dumps(found, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            raise _no_array() from None
        if or_one and isinstance(found, dict):
            return [found]
        if not isinstance(found, list) or not 0 < len(found) <= MOST_ITEMS:
            raise _no_array()
        return found


def _standard(request: Request) -> str:
    path = str(request.event.get("path", "")).removeprefix("/v1")
    return "cds" if path.startswith("/cds/") else "mds"


def _asked_for(request: Request) -> str | None:
    """Return the version asked for that is spoken here; who names none of CDS gets the newest."""
    standard = _standard(request)
    media_type, versions = _SPOKEN[standard]
    default = versions[0] if standard == "cds" else None
    for one in request.headers.get("accept", "").split(","):
        kind, *parameters = one.split(";")
        if kind.strip().lower() == media_type:
            for parameter in parameters:
                found = _VERSION.fullmatch(parameter.lower())
                if found and found[1] in versions:
                    return found[1]
                default = None if found else default
    return default


def _written(body: Mapping[str, Any]) -> str:
    """Return an answer in JSON; a number that was too large to be read is shown as null."""
    try:
        return json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except ValueError:
        return _written(json.loads(json.dumps(body), parse_constant=lambda _name: None))


def _no_array() -> InvalidInput:
    return InvalidInput.at(
        "body",
        "bad_param",
        Text(
            f"Kirimkan larik JSON berisi 1 sampai {MOST_ITEMS} butir.",
            f"Send a JSON array of 1 to {MOST_ITEMS} items.",
        ),
    )


def _no_number(_name: str) -> Any:
    raise ValueError("NaN and infinities are no JSON")
