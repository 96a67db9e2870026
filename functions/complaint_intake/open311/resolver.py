"""GeoReport's manners over HTTP: formats by suffix, errors and answers in the standard's form."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from aws_lambda_powertools.event_handler import Response

from functions.complaint_intake.open311 import paths
from functions.complaint_intake.open311.parameters import Parameters
from functions.complaint_intake.open311.writing import Answered, written
from shared import config
from shared.errors import InvalidInput, NotFound, Problem
from shared.http import ApiResolver, Request
from shared.text import Text

_MEDIA_TYPES: Final[dict[paths.Format, str]] = {"xml": "text/xml", "json": "application/json"}
_FORM: Final = "application/x-www-form-urlencoded"
_MOST_FIELDS: Final = 200
#: An answer must fit into what Lambda can hand over, 6 MB, with room for how it is packed.
_MOST_BYTES: Final = 5_000_000
#: The statuses that the standard has for errors, and those by which a client knows to wait.
_TOLD_AS_THEY_ARE: Final = frozenset(
    {
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.SERVICE_UNAVAILABLE,
    }
)


class GeoReportResolver(ApiResolver):
    """The platform's resolver, for addresses and answers as GeoReport v2 has them."""

    def lambda_handler(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        """Answer one API Gateway event."""
        place = paths.read(event["path"], config.jurisdiction_ids())
        return super().lambda_handler({**event, "path": place.path, "place": place}, context)

    @property
    def place(self) -> paths.Place:
        """Where the request goes."""
        return _place(self.incoming)

    @property
    def asked(self) -> Parameters:
        """The parameters of the query, and of the form that was posted, which come last.

        Raises:
            InvalidInput: the body is not a form in UTF-8.
            BodyTooLarge: it is over 64 KB.
        """
        request = self.incoming
        query = request.event.get("multiValueQueryStringParameters") or {}
        in_query = [(name, value) for name, values in query.items() for value in values]
        return Parameters.of([*in_query, *_form(request)])

    def answer(
        self, root: str, answered: Answered, *, cache_control: str, bare: bool = False
    ) -> Response[str]:
        """Return an answer in the format that the path names; `bare` leaves its charset unsaid.

        Raises:
            InvalidInput: it is larger than can be handed over.
        """
        body = written(root, answered, self.place.format)
        if len(body.encode()) > _MOST_BYTES:
            raise InvalidInput.at(
                "page_size",
                "too_large",
                Text(
                    "Jawabannya terlalu besar; minta lebih sedikit sekaligus.",
                    "The answer is too large; ask for fewer at a time.",
                ),
            )
        return _response(
            HTTPStatus.OK,
            body,
            _MEDIA_TYPES[self.place.format] + ("" if bare else "; charset=utf-8"),
            {
                "Cache-Control": cache_control,
                "Content-Language": self.incoming.language,
                "Vary": "Accept-Language",
            },
        )

    def _unknown_route(self, _error: Exception) -> Response[str]:
        nowhere = NotFound(
            Text(
                "Alamat ini tidak ada; semua alamat berakhir .xml atau .json.",
                "There is no such address; every address ends in .xml or .json.",
            )
        )
        return self.refused(nowhere, self.incoming)

    def refused(self, problem: Problem, request: Request) -> Response[str]:
        """Return the standard's error: each fault names its field."""
        from functions.complaint_intake.open311.shapes import Error  # what goes well needs none

        place = _place(request)
        status = problem.status if problem.status in _TOLD_AS_THEY_ARE else HTTPStatus.BAD_REQUEST
        said = _said(problem, request.language)
        errors = [Error(code=int(status), description=one) for one in dict.fromkeys(said)]
        headers = {
            "Cache-Control": "no-store",
            "Content-Language": request.language,
            **problem.headers,
        }
        media_type = _MEDIA_TYPES[place.format] + "; charset=utf-8"
        return _response(status, written("errors", errors, place.format), media_type, headers)


def _said(problem: Problem, language: str) -> Iterator[str]:
    for fault in problem.faults:
        message = fault.message.in_language(language)
        yield f"{fault.field}: {message}" if fault.field else message
    if not problem.faults:
        yield (problem.detail or problem.title).in_language(language)


def _place(request: Request) -> paths.Place:
    place: paths.Place = request.event["place"]
    return place


def _form(request: Request) -> Iterator[tuple[str, str]]:
    """Yield the fields of a posted form.

    Raises:
        InvalidInput: it is none, or a field is not in UTF-8.
    """
    if not request.body:
        return
    media_type = request.headers.get("content-type", _FORM).split(";")[0].strip().lower()
    if media_type != _FORM:
        raise InvalidInput.at(
            "Content-Type", "not_a_form", Text(f"Kirim sebagai {_FORM}.", f"Send {_FORM}.")
        )
    fields = request.body.replace(b"+", b" ").split(b"&")
    if len(fields) > _MOST_FIELDS:
        raise InvalidInput(
            Text(f"Paling banyak {_MOST_FIELDS} isian.", f"Send at most {_MOST_FIELDS} fields.")
        )
    for field in fields:
        name, _, value = (unquote_to_bytes(part) for part in field.partition(b"="))
        try:
            yield name.decode(), value.decode()
        except UnicodeDecodeError:
            shown = name.decode(errors="replace")[:100]
            raise InvalidInput.at(
                shown, "not_utf8", Text("Kirim dalam UTF-8.", "Send this in UTF-8.")
            ) from None


def _response(
    status: HTTPStatus, body: str, content_type: str, headers: dict[str, str]
) -> Response[str]:
    return Response(status_code=status, content_type=content_type, body=body, headers=headers)
