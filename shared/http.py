"""The one HTTP resolver of all APIs: reads requests, maps errors, logs a line a request."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Any, TypeVar

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from pydantic import BaseModel, ValidationError

from shared import access, aws
from shared.errors import BodyTooLarge, InvalidInput, NotFound, Problem, described
from shared.text import Text
from shared.validation import faults_of

MAX_BODY_BYTES = 64 * 1024
PROBLEM = "application/problem+json"
JSON = "application/json"

#: Our two languages in an `Accept-Language`, each with its region and weight.
_PREFERENCE = re.compile(
    r"(?:^|,)\s*(?P<language>id|en)(?:-[\w-]+)?\s*(?:;\s*q=(?P<weight>[01](?:\.\d{0,3})?)\s*)?(?=,|$)"
)

#: Any page may call the API: it is public, or needs a token that no browser sends by itself. On
#: every answer, since a cache may give one page what another client, without Origin, had fetched.
_CORS = {
    "Access-Control-Allow-Origin": ["*"],
    "Access-Control-Expose-Headers": ["Content-Language, ETag, Location, Retry-After"],
}

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Request:
    """An API Gateway proxy event, read as far as a handler asks."""

    event: Mapping[str, Any]

    @cached_property
    def headers(self) -> Mapping[str, str]:
        """The headers, with lower-case names; the last of repeated ones."""
        return {name.lower(): value for name, value in (self.event.get("headers") or {}).items()}

    @cached_property
    def query(self) -> Mapping[str, str]:
        """The query parameters; the last of repeated ones, empty ones left out."""
        given = self.event.get("queryStringParameters") or {}
        return {name: value for name, value in given.items() if value}

    @cached_property
    def language(self) -> str:
        """The language to answer in: "en" if `Accept-Language` prefers it, else "id"."""
        weights: dict[str, float] = {}
        for tag in _PREFERENCE.finditer(self.headers.get("accept-language", "").lower()):
            if weight := float(tag["weight"] or 1):
                weights.setdefault(tag["language"], weight)
        return max(weights, key=weights.__getitem__, default="id")

    @cached_property
    def body(self) -> bytes:
        """The body's bytes.

        Raises:
            BodyTooLarge: it is over 64 KB.
        """
        return self.read(MAX_BODY_BYTES)

    def read(self, most_bytes: int) -> bytes:
        """Return the body's bytes, for a route that takes more or less than the others.

        Raises:
            BodyTooLarge: there are more than `most_bytes`.
        """
        raw = self.event.get("body") or ""
        if self.event.get("isBase64Encoded"):
            try:
                content = base64.b64decode(raw, validate=True)
            except ValueError:
                content = b""
        else:
            content = raw.encode("utf-8", "surrogatepass")
        if len(content) > most_bytes:
            raise BodyTooLarge(
                Text(
                    f"Isi permintaan paling besar {most_bytes // 1024} KB.",
                    f"The request body may have at most {most_bytes // 1024} KB.",
                )
            )
        return content

    def parse(self, model: type[Model]) -> Model:
        """Return the JSON body as `model`.

        Raises:
            InvalidInput: it does not fit; every fault is named.
        """
        try:
            return model.model_validate_json(self.body)
        except ValidationError as error:
            raise InvalidInput(faults=faults_of(error, model)) from None

    def caller(self, clients_parameter_prefix: str) -> access.Caller:
        """Return who is calling, from the claims that API Gateway verified."""
        context = self.event.get("requestContext") or {}
        claims = (context.get("authorizer") or {}).get("claims") or {}
        return access.caller_of(
            claims, lambda client_id: aws.parameter(clients_parameter_prefix + client_id)
        )

    @property
    def id(self) -> str:
        """API Gateway's id of the request, which every problem repeats."""
        return str((self.event.get("requestContext") or {}).get("requestId", ""))


class ApiResolver(APIGatewayRestResolver):
    """Powertools' REST resolver with this platform's errors, log line and responses."""

    def __init__(self, service: str) -> None:
        # A domain of the city's own has the stage's name in the path; API Gateway's own has not.
        super().__init__(strip_prefixes=["/v1"])
        self.logger = Logger(service=service)
        self.exception_handler(Problem)(self._problem)
        self.not_found(self._unknown_route)

    @property
    def incoming(self) -> Request:
        """The request being answered."""
        return Request(self.current_event.raw_event)

    def lambda_handler(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        """Answer one API Gateway event; whatever is not ours to handle becomes a plain 500."""
        try:
            answer: dict[str, Any] = self.resolve(event, context)
        except Exception as error:  # noqa: BLE001 (logged, and answered below)
            self.logger.error("unhandled", route=event.get("resource"), **described(error))
            answer = _wire(self.refused(_Unexpected(), Request(event)))
        answer["multiValueHeaders"] |= _CORS
        self.logger.info(
            "request",
            method=event.get("httpMethod"),
            route=event.get("resource"),
            status=answer["statusCode"],
            request_id=Request(event).id,
        )
        return answer

    def refused(self, problem: Problem, request: Request) -> Response[str]:
        """Return the answer to a request that cannot be done; a standard may have its own form."""
        return problem_response(problem, request)

    def _problem(self, problem: Problem) -> Response[str]:
        return self.refused(problem, self.incoming)

    def _unknown_route(self, _error: Exception) -> Response[str]:
        return self.refused(NotFound(), self.incoming)


class _Unexpected(Problem):
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    code = "internal_error"
    title = Text("Terjadi kesalahan di pihak kami", "Something went wrong on our side")


def reply(
    body: BaseModel, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response[str]:
    """Return a JSON response of a model."""
    return Response(
        status_code=status,
        content_type=JSON,
        body=body.model_dump_json(),
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def cacheable(
    body: BaseModel, request: Request, *, cache_control: str, vary: str = "Accept-Language"
) -> Response[str]:
    """Return a JSON response with an ETag, or 304 if the client has it already."""
    content = body.model_dump_json()
    etag = f'"{hashlib.sha256(content.encode()).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": cache_control, "Vary": vary}
    known = request.headers.get("if-none-match", "")
    if known.strip() == "*" or etag in (tag.strip().removeprefix("W/") for tag in known.split(",")):
        return Response(status_code=304, content_type=None, body="", headers=headers)
    headers["Content-Language"] = request.language
    return Response(status_code=200, content_type=JSON, body=content, headers=headers)


def redirect(location: str, *, cache_control: str = "no-store") -> Response[str]:
    """Return a response that sends the client on to another address."""
    return Response(
        status_code=302,
        content_type=None,
        body="",
        headers={"Location": location, "Cache-Control": cache_control},
    )


def problem_response(problem: Problem, request: Request) -> Response[str]:
    """Return a problem in RFC 9457's format, in the request's language."""
    language = request.language
    return Response(
        status_code=problem.status,
        content_type=PROBLEM,
        body=json.dumps(problem_body(problem, request), ensure_ascii=False),
        headers={"Content-Language": language, "Cache-Control": "no-store", **problem.headers},
    )


def problem_body(problem: Problem, request: Request) -> dict[str, Any]:
    """Return the members of RFC 9457's object for a problem, in the request's language."""
    language = request.language
    body: dict[str, Any] = {
        "type": f"urn:simpul:problem:{problem.code}",
        "title": problem.title.in_language(language),
        "status": int(problem.status),
        "code": problem.code,
        "detail": _detail(problem).in_language(language),
        "request_id": request.id,
    }
    if problem.faults:
        body["errors"] = [
            {
                "field": fault.field,
                "code": fault.code,
                "message": fault.message.in_language(language),
            }
            for fault in problem.faults
        ]
    return body


def _detail(problem: Problem) -> Text:
    if problem.detail:
        return problem.detail
    if problem.faults:
        first = problem.faults[0]
        where = f"{first.field}: " if first.field else ""
        return Text(f"{where}{first.message.id}", f"{where}{first.message.en}")
    return problem.title


def _wire(response: Response[str]) -> dict[str, Any]:
    return {
        "statusCode": int(response.status_code),
        "multiValueHeaders": {
            "Content-Type": [response.content_type],
            **{name: [value] for name, value in response.headers.items()},
        },
        "body": response.body,
        "isBase64Encoded": False,
    }
