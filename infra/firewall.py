"""What the web firewall refuses before a function is woken: bodies too long, and floods."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType

from aws_cdk import aws_wafv2 as waf

from infra.constructs.gateway_responses import TOO_LARGE, TOO_MANY, problem
from infra.constructs.rest_api import VERSION
from infra.routes import ROUTES
from infra.routes.route import BODY_KB
from infra.stages import Stage
from shared.text import Text

#: Above it the firewall answers before a function is woken. It reads no further into a body, so
#: a route that takes more measures by itself.
BODY_LIMIT = BODY_KB * 1024
#: Under these a provider's system sends from few addresses, as often as there are payments, or as
#: its fleet moves. Their requests are signed, or have a token.
MESSAGES = ("/payments/", "/mds/", "/cds/")
#: Methods that write nothing, and the paths of those who write in bulk, by what they begin or end.
READING = ("GET", "HEAD", "OPTIONS")
BULK = (
    ("STARTS_WITH", f"/{VERSION}/agencies/"),
    ("ENDS_WITH", "/actions"),
    ("STARTS_WITH", f"/{VERSION}/open311/"),
    ("STARTS_WITH", f"/{VERSION}/orders"),
    ("STARTS_WITH", f"/{VERSION}/tickets/"),
    ("STARTS_WITH", f"/{VERSION}/fleet/"),
    ("STARTS_WITH", f"/{VERSION}/shelters/"),
    *(("STARTS_WITH", f"/{VERSION}{path}") for path in MESSAGES),
)
_MANY = tuple(f"/{VERSION}{path}" for path in MESSAGES)
LARGER = tuple(dict.fromkeys(route.path for route in ROUTES if route.body_kb > BODY_KB))

_Field = waf.CfnWebACL.FieldToMatchProperty
_Statement = waf.CfnWebACL.StatementProperty


def rules(stage: Stage) -> list[waf.CfnWebACL.RuleProperty]:
    """Return the rules of a stage, the first that fits first."""
    elsewhere = [_not("STARTS_WITH", each, _Field(uri_path={})) for each in _MANY]
    messages = [_is("STARTS_WITH", each, _Field(uri_path={})) for each in _MANY]
    return [
        waf.CfnWebACL.RuleProperty(
            name="body-size",
            priority=0,
            action=_refuse(413, "too-large"),
            statement=_all_of([_too_long(), *map(_not_to, LARGER)]),
            visibility_config=seen_as(f"{stage.prefix}-body-size"),
        ),
        _limit(stage, 1, "requests-per-address", stage.requests_per_address, _all_of(elsewhere)),
        _limit(stage, 2, "writes-per-address", stage.writes_per_address, _writing_in_public()),
        _limit(stage, 3, "messages-per-address", stage.messages_per_address, _any_of(messages)),
    ]


def bodies() -> Mapping[str, waf.CfnWebACL.CustomResponseBodyProperty]:
    """Return what is said to the refused, by the names that the rules use."""
    return {
        "too-large": _problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE),
        "too-many": _problem(HTTPStatus.TOO_MANY_REQUESTS, TOO_MANY),
    }


def seen_as(metric: str) -> waf.CfnWebACL.VisibilityConfigProperty:
    """Return what is counted: numbers alone, as samples would keep requests with personal data."""
    return waf.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=metric, sampled_requests_enabled=False
    )


def _limit(
    stage: Stage, priority: int, name: str, requests: int, scope: _Statement
) -> waf.CfnWebACL.RuleProperty:
    """Return a rule of so many requests from an address in five minutes, of those in scope."""
    return waf.CfnWebACL.RuleProperty(
        name=name,
        priority=priority,
        action=_refuse(429, "too-many", {"Retry-After": "300"}),
        statement=_Statement(
            rate_based_statement=waf.CfnWebACL.RateBasedStatementProperty(
                aggregate_key_type="IP",
                limit=requests,
                evaluation_window_sec=300,
                scope_down_statement=scope,
            )
        ),
        visibility_config=seen_as(f"{stage.prefix}-{name}"),
    )


def _too_long() -> _Statement:
    return _Statement(
        size_constraint_statement=waf.CfnWebACL.SizeConstraintStatementProperty(
            comparison_operator="GT",
            size=BODY_LIMIT,
            field_to_match=_Field(body=waf.CfnWebACL.BodyProperty(oversize_handling="MATCH")),
            text_transformations=[_AS_IT_IS],
        )
    )


def _not_to(path: str) -> _Statement:
    # before it stands the stage, or a domain's base path
    return _not("ENDS_WITH", path, _Field(uri_path={}))


def _writing_in_public() -> _Statement:
    """Return what a citizen's writing looks like: no reading, and nothing that a machine may do.

    Agencies and other systems work in bulk from one address, with a token or a key of their own.
    """
    method, path = _Field(method={}), _Field(uri_path={})
    reading = [_not("EXACTLY", name, method) for name in READING]
    machines = [_not(where, part, path) for where, part in BULK]
    return _all_of([*reading, *machines])


def _all_of(statements: list[_Statement]) -> _Statement:
    return _Statement(and_statement=waf.CfnWebACL.AndStatementProperty(statements=statements))


def _any_of(statements: list[_Statement]) -> _Statement:
    return _Statement(or_statement=waf.CfnWebACL.OrStatementProperty(statements=statements))


def _is(where: str, text: str, field: _Field) -> _Statement:
    return _Statement(
        byte_match_statement=waf.CfnWebACL.ByteMatchStatementProperty(
            search_string=text,
            positional_constraint=where,
            field_to_match=field,
            text_transformations=[_AS_IT_IS],
        )
    )


def _not(where: str, text: str, field: _Field) -> _Statement:
    return _Statement(
        not_statement=waf.CfnWebACL.NotStatementProperty(statement=_is(where, text, field))
    )


_AS_IT_IS = waf.CfnWebACL.TextTransformationProperty(priority=0, type="NONE")


def _refuse(
    status: int, body: str, headers: Mapping[str, str] = MappingProxyType({})
) -> waf.CfnWebACL.RuleActionProperty:
    sent = {
        "Access-Control-Allow-Origin": "*",
        "Cache-Control": "no-store",
        **headers,
    }
    return waf.CfnWebACL.RuleActionProperty(
        block=waf.CfnWebACL.BlockActionProperty(
            custom_response=waf.CfnWebACL.CustomResponseProperty(
                response_code=status,
                custom_response_body_key=body,
                response_headers=[
                    waf.CfnWebACL.CustomHTTPHeaderProperty(name=name, value=value)
                    for name, value in sent.items()
                ],
            )
        )
    )


def _problem(
    status: HTTPStatus, said: tuple[str, Text]
) -> waf.CfnWebACL.CustomResponseBodyProperty:
    """Return a body as like the API's as can be: no request id, which the firewall cannot repeat.

    Its content type is application/json, the nearest of the three that the firewall knows.
    """
    return waf.CfnWebACL.CustomResponseBodyProperty(
        content=json.dumps(problem(status, said)), content_type="APPLICATION_JSON"
    )
