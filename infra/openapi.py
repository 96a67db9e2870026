"""Makes `docs/openapi.json` from the route table and the models it names.

`python -m infra.openapi` writes it; with `--check` it only says whether the file is as it should be.
"""

import json
import re
import sys
from http import HTTPStatus
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic.json_schema import models_json_schema

from infra.entries import OPEN311_API
from infra.routes import ROUTES
from infra.routes.parameters import OPEN311_PARAMETERS, PARAMETERS
from infra.routes.route import Reply, Route

DOCUMENT = Path(__file__).parent.parent / "docs" / "openapi.json"

_REFERENCE = "#/components/schemas/{model}"
_DESCRIPTIONS = {
    400: "Something in the request is not acceptable: `errors` names the fields",
    401: "The token is missing, has run out, or lacks the scope",
    403: "Not allowed",
    404: "Not found",
    406: "The version of the standard that was asked for is not spoken here",
    409: "In conflict with the present state",
    413: "The body is over {body_kb} KB",
    500: "Not taken just now; send again",
    502: "The payment provider refused, or could not be understood",
    503: "Busy; send again after Retry-After seconds",
}
_PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem details",
    "required": ["type", "title", "status", "code", "detail", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable; clients may branch on it"},
        "detail": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {
                    "field": {"type": "string"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
    },
}


def document() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of all routes."""
    models = {name: _model(name) for route in ROUTES for name in _model_names(route)}
    modes = [
        (models[name], "validation" if name in _requests() else "serialization")
        for name in sorted(models)
    ]
    _, definitions = models_json_schema(modes, ref_template=_REFERENCE)  # type: ignore[arg-type]
    paths: dict[str, Any] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Simpul",
            "version": "1",
            "description": "Complaints of citizens, the agencies that work them, and payments.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/v1"}],
        "paths": paths,
        "components": {
            "schemas": {"Problem": _PROBLEM, **definitions["$defs"]},
            "securitySchemes": {
                "cognito": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "Cognito access token with one of the operation's scopes",
                }
            },
        },
    }


def rendered() -> str:
    """Return the document as the file holds it."""
    return json.dumps(document(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _operation(route: Route) -> dict[str, Any]:
    names = re.findall(r"{(\w+)}", route.path)
    operation: dict[str, Any] = {
        "operationId": route.operation_id,
        "summary": route.summary,
        "tags": [route.function.split(".")[0]],
        "parameters": [
            *(_parameter(route, name, "path", required=True) for name in names),
            *(_parameter(route, name, "query", required=True) for name in route.required_query),
            *(_parameter(route, name, "query") for name in route.query),
            *(_parameter(route, name, "header") for name in route.headers),
        ],
        "responses": _responses(route),
    }
    if route.scopes:
        operation["security"] = [{"cognito": []}]
        operation["description"] = f"Scopes (any one): {', '.join(route.scopes)}"
    if route.request:
        schema = {"$ref": _REFERENCE.format(model=route.request.split(":")[1])}
        operation["requestBody"] = {
            "required": True,
            "content": {route.request_media_type: {"schema": schema}},
        }
    return operation


def _parameter(route: Route, name: str, place: str, *, required: bool = False) -> dict[str, Any]:
    standard = OPEN311_PARAMETERS if route.function == OPEN311_API.id else {}
    schema = standard.get(name) or PARAMETERS[name]
    return {"name": name, "in": place, "required": required, "schema": schema}


def _responses(route: Route) -> dict[str, Any]:
    """Return the answers of a route; a page may have its own of a status that is also a problem."""
    responses = {str(status): _response(reply) for status, reply in route.replies.items()}
    for status in route.problems:
        problem = _problem(status, route)
        page = responses.get(str(status), problem)
        responses[str(status)] = page | {"content": page["content"] | problem["content"]}
    return responses


def _response(reply: Reply) -> dict[str, Any]:
    response: dict[str, Any] = {"description": reply.description}
    if reply.headers:
        response["headers"] = {name: {"schema": PARAMETERS[name]} for name in reply.headers}
    if reply.model:
        references = [
            {"$ref": _REFERENCE.format(model=model)}
            for model in reply.model.split(":")[1].split("|")
        ]
        schema: dict[str, Any] = references[0] if len(references) == 1 else {"anyOf": references}
        if reply.listed:
            schema = {"type": "array", "items": schema}
        response["content"] = {reply.media_type: {"schema": schema}}
        if reply.also_xml:
            response["content"]["text/xml"] = {}
        if reply.also_csv:
            response["content"]["text/csv"] = {}
    elif reply.media_type == "text/html":
        response["content"] = {reply.media_type: {"schema": {"type": "string"}}}
    return response


def _problem(status: int, route: Route) -> dict[str, Any]:
    description = _DESCRIPTIONS[status].format(body_kb=route.body_kb)
    schema = {"$ref": _REFERENCE.format(model="Problem")}
    ours = {"application/problem+json": {"schema": schema}}
    if not route.problem or (route.scopes and status == HTTPStatus.UNAUTHORIZED):
        return {"description": description, "content": ours}
    told = _response(route.problem) | {"description": description}
    if route.scopes and status == HTTPStatus.FORBIDDEN:  # the gateway refuses scopes by itself
        told["content"] |= ours
    return told


def _requests() -> set[str]:
    return {route.request for route in ROUTES if route.request}


def _model_names(route: Route) -> list[str]:
    names = [route.request] if route.request else []
    for reply in filter(None, (*route.replies.values(), route.problem)):
        if reply.model:
            module, models = reply.model.split(":")
            names.extend(f"{module}:{model}" for model in models.split("|"))
    return names


def _model(name: str) -> Any:
    module, model = name.split(":")
    return getattr(import_module(module), model)


def main(arguments: list[str]) -> int:
    """Write the document, or with `--check` tell whether the file is up to date."""
    if "--check" in arguments:
        same = DOCUMENT.exists() and DOCUMENT.read_text(encoding="utf-8") == rendered()
        if not same:
            print(f"{DOCUMENT} is out of date; run: make openapi")
        return 0 if same else 1
    DOCUMENT.parent.mkdir(exist_ok=True)
    DOCUMENT.write_text(rendered(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
