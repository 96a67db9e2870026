"""What API Gateway answers by itself, in the same problem format as the functions do."""

import json
from http import HTTPStatus

from aws_cdk import aws_apigateway as apigateway

from shared.text import Text

_Type = apigateway.ResponseType

#: What is said of each status: our stable code, the title, and in both languages what to do, as
#: API Gateway does not choose by `Accept-Language`.
_NOT_FOUND = ("not_found", Text("Tidak ditemukan", "Not found"))
_UNAUTHORIZED = ("unauthorized", Text("Harus masuk dahulu", "Sign in first"))
_FORBIDDEN = ("forbidden", Text("Tidak diizinkan", "Not allowed"))
_BUSY = ("too_many_requests", Text("Terlalu banyak permintaan", "Too many requests"))
_UNAVAILABLE = ("unavailable", Text("Sedang terganggu", "Unavailable just now"))
_BROKEN = ("internal_error", Text("Terjadi kesalahan di pihak kami", "Something went wrong here"))
_TOO_LARGE = ("body_too_large", Text("Isi permintaan terlalu besar", "The body is too large"))
_BAD_TYPE = ("unsupported_media_type", Text("Jenis isi tidak didukung", "Unsupported media type"))
_BAD_REQUEST = ("bad_request", Text("Permintaan tidak dapat diproses", "The request is malformed"))

_RESPONSES: tuple[tuple[apigateway.ResponseType, HTTPStatus, tuple[str, Text]], ...] = (
    # API Gateway's name for a path or method that it does not have.
    (_Type.MISSING_AUTHENTICATION_TOKEN, HTTPStatus.NOT_FOUND, _NOT_FOUND),
    (_Type.RESOURCE_NOT_FOUND, HTTPStatus.NOT_FOUND, _NOT_FOUND),
    (_Type.UNAUTHORIZED, HTTPStatus.UNAUTHORIZED, _UNAUTHORIZED),
    (_Type.EXPIRED_TOKEN, HTTPStatus.UNAUTHORIZED, _UNAUTHORIZED),
    (_Type.ACCESS_DENIED, HTTPStatus.FORBIDDEN, _FORBIDDEN),
    (_Type.INVALID_SIGNATURE, HTTPStatus.FORBIDDEN, _FORBIDDEN),
    (_Type.WAF_FILTERED, HTTPStatus.FORBIDDEN, _FORBIDDEN),
    (_Type.REQUEST_TOO_LARGE, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _TOO_LARGE),
    (_Type.UNSUPPORTED_MEDIA_TYPE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, _BAD_TYPE),
    (_Type.THROTTLED, HTTPStatus.TOO_MANY_REQUESTS, _BUSY),
    (_Type.QUOTA_EXCEEDED, HTTPStatus.TOO_MANY_REQUESTS, _BUSY),
    (_Type.INTEGRATION_FAILURE, HTTPStatus.BAD_GATEWAY, _UNAVAILABLE),
    (_Type.INTEGRATION_TIMEOUT, HTTPStatus.GATEWAY_TIMEOUT, _UNAVAILABLE),
    (_Type.AUTHORIZER_FAILURE, HTTPStatus.INTERNAL_SERVER_ERROR, _BROKEN),
    (_Type.DEFAULT_4_XX, HTTPStatus.BAD_REQUEST, _BAD_REQUEST),
    (_Type.DEFAULT_5_XX, HTTPStatus.INTERNAL_SERVER_ERROR, _BROKEN),
)
#: What the firewall says before a request reaches API Gateway.
TOO_LARGE, TOO_MANY = _TOO_LARGE, _BUSY
_RETRY_LATER = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.BAD_GATEWAY})


def problem(status: HTTPStatus, said: tuple[str, Text], **more: str) -> dict[str, str | int]:
    """Return the body of a problem whose reader's language is not known."""
    code, title = said
    return {
        "type": f"urn:simpul:problem:{code}",
        "title": title.id,
        "status": int(status),
        "code": code,
        "detail": f"{title.id}. / {title.en}.",
        **more,
    }


def add_gateway_responses(api: apigateway.RestApi) -> None:
    """Give the API every response of the table."""
    for response_type, status, said in _RESPONSES:
        headers = {
            "Access-Control-Allow-Origin": "'*'",
            "Cache-Control": "'no-store'",
            "Content-Type": "'application/problem+json'",
        }
        if status in _RETRY_LATER:
            headers["Retry-After"] = "'5'"
        if status is HTTPStatus.UNAUTHORIZED:
            headers["WWW-Authenticate"] = "'Bearer'"
        body = problem(status, said, request_id="$context.requestId")
        api.add_gateway_response(
            _construct_id(response_type),
            type=response_type,
            status_code=str(int(status)),
            response_headers=headers,
            templates={"application/json": json.dumps(body)},
        )


def _construct_id(response_type: apigateway.ResponseType) -> str:
    return response_type.response_type.title().replace("_", "")
