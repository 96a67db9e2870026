"""What API Gateway answers by itself, in the same problem format as the functions do."""

import json
from http import HTTPStatus

from aws_cdk import aws_apigateway as apigateway

from infra.stages import Stage

_Type = apigateway.ResponseType

#: Each response type: its status, our stable code, and the title in Indonesian.
_RESPONSES: tuple[tuple[apigateway.ResponseType, HTTPStatus, str, str], ...] = (
    # API Gateway's name for a path or method that it does not have.
    (_Type.MISSING_AUTHENTICATION_TOKEN, HTTPStatus.NOT_FOUND, "not_found", "Tidak ditemukan"),
    (_Type.RESOURCE_NOT_FOUND, HTTPStatus.NOT_FOUND, "not_found", "Tidak ditemukan"),
    (_Type.UNAUTHORIZED, HTTPStatus.UNAUTHORIZED, "unauthorized", "Harus masuk dahulu"),
    (_Type.EXPIRED_TOKEN, HTTPStatus.UNAUTHORIZED, "unauthorized", "Harus masuk kembali"),
    (_Type.ACCESS_DENIED, HTTPStatus.FORBIDDEN, "forbidden", "Tidak diizinkan"),
    (_Type.INVALID_SIGNATURE, HTTPStatus.FORBIDDEN, "forbidden", "Tidak diizinkan"),
    (_Type.WAF_FILTERED, HTTPStatus.FORBIDDEN, "forbidden", "Tidak diizinkan"),
    (
        _Type.REQUEST_TOO_LARGE,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "body_too_large",
        "Isi permintaan terlalu besar",
    ),
    (
        _Type.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "unsupported_media_type",
        "Jenis isi tidak didukung",
    ),
    (_Type.THROTTLED, HTTPStatus.TOO_MANY_REQUESTS, "too_many_requests", "Terlalu banyak"),
    (_Type.QUOTA_EXCEEDED, HTTPStatus.TOO_MANY_REQUESTS, "too_many_requests", "Terlalu banyak"),
    (_Type.INTEGRATION_FAILURE, HTTPStatus.BAD_GATEWAY, "unavailable", "Sedang terganggu"),
    (_Type.INTEGRATION_TIMEOUT, HTTPStatus.GATEWAY_TIMEOUT, "unavailable", "Sedang terganggu"),
    (_Type.AUTHORIZER_FAILURE, HTTPStatus.INTERNAL_SERVER_ERROR, "internal_error", "Ada gangguan"),
    (_Type.DEFAULT_4_XX, HTTPStatus.BAD_REQUEST, "bad_request", "Permintaan tidak dapat diproses"),
    (_Type.DEFAULT_5_XX, HTTPStatus.INTERNAL_SERVER_ERROR, "internal_error", "Ada gangguan"),
)
_RETRY_LATER = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.BAD_GATEWAY})


def add_gateway_responses(api: apigateway.RestApi, stage: Stage) -> None:
    """Give the API every response of the table."""
    for response_type, status, code, title in _RESPONSES:
        headers = {
            "Access-Control-Allow-Origin": f"'{stage.web_origin}'",
            "Cache-Control": "'no-store'",
            "Content-Type": "'application/problem+json'",
        }
        if status in _RETRY_LATER:
            headers["Retry-After"] = "'5'"
        if status is HTTPStatus.UNAUTHORIZED:
            headers["WWW-Authenticate"] = "'Bearer'"
        problem = {
            "type": f"urn:simpul:problem:{code}",
            "title": title,
            "status": int(status),
            "code": code,
            "detail": title,
            "request_id": "$context.requestId",
        }
        api.add_gateway_response(
            _construct_id(response_type),
            type=response_type,
            status_code=str(int(status)),
            response_headers=headers,
            templates={"application/json": json.dumps(problem)},
        )


def _construct_id(response_type: apigateway.ResponseType) -> str:
    return response_type.response_type.title().replace("_", "")
