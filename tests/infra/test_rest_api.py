"""The API is the route table: nothing more, nothing less, and guarded as it says."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from infra.routes import ROUTES
from tests.infra.conftest import Synthesis


def path_of(resources: Mapping[str, Any], resource_id: Mapping[str, Any]) -> str:
    """Return the path of a resource, as the route table writes it."""
    if "Fn::GetAtt" in resource_id:  # the root
        return ""
    resource = resources[resource_id["Ref"]]["Properties"]
    return f"{path_of(resources, resource['ParentId'])}/{resource['PathPart']}"


def methods(synthesis: Synthesis) -> dict[tuple[str, str], Mapping[str, Any]]:
    resources = synthesis.templates["service"]["Resources"]
    return {
        (method["HttpMethod"], path_of(resources, method["ResourceId"])): method
        for method in synthesis.properties("AWS::ApiGateway::Method")
    }


def test_the_api_serves_exactly_the_route_table(synthesis: Synthesis) -> None:
    served = {key for key in methods(synthesis) if key[0] != "OPTIONS"}
    assert served == {(route.method, route.resource) for route in ROUTES}


def test_every_route_is_public_or_asks_for_its_scopes_as_the_table_says(
    synthesis: Synthesis,
) -> None:
    (authorizer,) = synthesis.of_type("AWS::ApiGateway::Authorizer")
    served = methods(synthesis)
    for route in ROUTES:
        method = served[route.method, route.resource]
        if route.scopes:
            assert method["AuthorizationType"] == "COGNITO_USER_POOLS"
            assert method["AuthorizerId"] == {"Ref": authorizer}
            assert method["AuthorizationScopes"] == list(route.scopes)
        else:
            assert method["AuthorizationType"] == "NONE"


def test_every_route_reaches_its_own_function(synthesis: Synthesis) -> None:
    functions = synthesis.of_type("AWS::Lambda::Function")
    for (verb, path), method in methods(synthesis).items():
        if verb == "OPTIONS":
            continue
        (handler,) = {
            f"functions.{each.function}.handler"
            for each in ROUTES
            if (each.method, each.resource) == (verb, path)
        }
        uri = json.dumps(method["Integration"]["Uri"])
        (name,) = (name for name in functions if name in uri)
        assert functions[name]["Properties"]["Handler"] == handler


def test_a_parent_has_at_most_one_variable_child(synthesis: Synthesis) -> None:
    variables = Counter(
        json.dumps(resource["ParentId"])
        for resource in synthesis.properties("AWS::ApiGateway::Resource")
        if resource["PathPart"].startswith("{")
    )
    assert variables
    assert max(variables.values()) == 1


def test_every_path_answers_a_preflight_for_its_own_methods(synthesis: Synthesis) -> None:
    served = methods(synthesis)
    for route in ROUTES:
        if route.by_servers:  # which no page calls
            assert ("OPTIONS", route.resource) not in served
            continue
        preflight = served["OPTIONS", route.resource]
        assert preflight["AuthorizationType"] == "NONE"
        (response,) = preflight["Integration"]["IntegrationResponses"]
        headers = response["ResponseParameters"]
        allowed = headers["method.response.header.Access-Control-Allow-Methods"]
        assert route.method in allowed
        assert "*" not in allowed
        accepted = headers["method.response.header.Access-Control-Allow-Headers"].strip("'")
        assert set(route.headers) <= set(accepted.split(","))


def test_a_function_is_invoked_by_one_wildcard_permission(synthesis: Synthesis) -> None:
    by_function = Counter(
        json.dumps(permission["FunctionName"])
        for permission in synthesis.properties("AWS::Lambda::Permission")
        if permission["Principal"] == "apigateway.amazonaws.com"
    )
    assert len(by_function) == len({route.function for route in ROUTES})
    assert set(by_function.values()) == {1}


def test_what_the_gateway_answers_itself_is_a_problem_with_cors(synthesis: Synthesis) -> None:
    responses = {
        response["ResponseType"]: response
        for response in synthesis.properties("AWS::ApiGateway::GatewayResponse")
    }
    expected = {
        "MISSING_AUTHENTICATION_TOKEN": ("404", "not_found"),
        "UNAUTHORIZED": ("401", "unauthorized"),
        "ACCESS_DENIED": ("403", "forbidden"),
        "REQUEST_TOO_LARGE": ("413", "body_too_large"),
        "THROTTLED": ("429", "too_many_requests"),
        "INTEGRATION_TIMEOUT": ("504", "unavailable"),
        "DEFAULT_4XX": ("400", "bad_request"),
        "DEFAULT_5XX": ("500", "internal_error"),
    }
    for kind, (status, code) in expected.items():
        response = responses[kind]
        assert response["StatusCode"] == status
        headers = response["ResponseParameters"]
        assert headers["gatewayresponse.header.Content-Type"] == "'application/problem+json'"
        assert headers["gatewayresponse.header.Access-Control-Allow-Origin"] == "'*'"
        problem = json.loads(response["ResponseTemplates"]["application/json"])
        assert problem["status"] == int(status)
        assert problem["code"] == code
        assert problem["request_id"] == "$context.requestId"
        assert problem["detail"].startswith(f"{problem['title']}. / ")  # then in English


def test_a_preflight_allows_any_page(synthesis: Synthesis) -> None:
    for (verb, _), method in methods(synthesis).items():
        if verb == "OPTIONS":
            (response,) = method["Integration"]["IntegrationResponses"]
            allowed = response["ResponseParameters"]
            assert allowed["method.response.header.Access-Control-Allow-Origin"] == "'*'"


def test_a_deployment_waits_for_the_gateway_responses(synthesis: Synthesis) -> None:
    (deployment,) = synthesis.of_type("AWS::ApiGateway::Deployment").values()
    assert set(synthesis.of_type("AWS::ApiGateway::GatewayResponse")) <= set(
        deployment["DependsOn"]
    )


def test_the_stage_is_throttled_and_neither_logs_nor_traces_callers(synthesis: Synthesis) -> None:
    (stage,) = synthesis.properties("AWS::ApiGateway::Stage")
    assert stage["StageName"] == "v1"
    assert stage["TracingEnabled"] is False  # its segments hold callers' addresses
    (settings,) = (one for one in stage["MethodSettings"] if one["HttpMethod"] == "*")
    assert settings["DataTraceEnabled"] is False
    assert settings["LoggingLevel"] == "OFF"  # its log group would have no retention
    assert settings["ThrottlingRateLimit"] == synthesis.stage.requests_per_second
    assert settings["ThrottlingBurstLimit"] == synthesis.stage.burst
    for personal in ("identity.", "$context.path", "authorizer.claims.sub", "principalId", "query"):
        assert personal not in stage["AccessLogSetting"]["Format"]


def test_what_anyone_may_write_has_a_throttle_of_its_own(synthesis: Synthesis) -> None:
    (stage,) = synthesis.properties("AWS::ApiGateway::Stage")
    limited = {
        (one["ResourcePath"][1:].replace("~1", "/"), one["HttpMethod"]): one
        for one in stage["MethodSettings"]
        if one["HttpMethod"] != "*"
    }
    written = {
        (route.resource, route.method)
        for route in ROUTES
        if route.method != "GET" and not route.scopes and not route.signed
    }
    assert limited.keys() == written
    for one in limited.values():
        assert one["ThrottlingRateLimit"] == synthesis.stage.writes_per_second
        assert one["ThrottlingBurstLimit"] == synthesis.stage.writes_burst
        assert not one.get("DataTraceEnabled")
    assert synthesis.stage.writes_per_second <= synthesis.stage.requests_per_second


def test_the_firewall_limits_what_an_address_writes_but_not_agencies_in_bulk(
    on_aws: Synthesis,
) -> None:
    (acl,) = on_aws.properties("AWS::WAFv2::WebACL")
    (rule,) = (one for one in acl["Rules"] if one["Name"] == "writes-per-address")
    rate = rule["Statement"]["RateBasedStatement"]
    assert rate["AggregateKeyType"] == "IP"
    assert rate["Limit"] == on_aws.stage.writes_per_address < on_aws.stage.requests_per_address
    assert rule["Action"]["Block"]["CustomResponse"]["ResponseCode"] == 429
    for route in ROUTES:
        path = "/v1" + route.path.replace("{proxy+}", "requests.json")
        proven = bool(route.scopes) or route.signed or "/open311/" in path
        citizens = route.method != "GET" and not proven
        assert _matches(rate["ScopeDownStatement"], path, route.method) is citizens, route
    assert not _matches(rate["ScopeDownStatement"], "/v1/complaints", "OPTIONS")


def test_providers_messages_are_limited_by_themselves_and_not_as_citizens_requests(
    on_aws: Synthesis,
) -> None:
    (acl,) = on_aws.properties("AWS::WAFv2::WebACL")
    limits = {
        rule["Name"]: rule["Statement"]["RateBasedStatement"]
        for rule in acl["Rules"]
        if "RateBasedStatement" in rule["Statement"]
    }
    messages, requests = limits["messages-per-address"], limits["requests-per-address"]
    assert messages["Limit"] == on_aws.stage.messages_per_address > requests["Limit"]
    for route in ROUTES:
        path = "/v1" + route.path
        many = route.signed or path.startswith(("/v1/mds/", "/v1/cds/"))
        assert _matches(messages["ScopeDownStatement"], path, "POST") is many, route
        assert _matches(requests["ScopeDownStatement"], path, "POST") is not many, route


def _matches(statement: Any, path: str, method: str) -> bool:
    """Tell what the firewall would, of the kinds of statements used here."""
    match statement:
        case {"AndStatement": {"Statements": several}}:
            return all(_matches(one, path, method) for one in several)
        case {"OrStatement": {"Statements": several}}:
            return any(_matches(one, path, method) for one in several)
        case {"NotStatement": {"Statement": one}}:
            return not _matches(one, path, method)
        case {"ByteMatchStatement": byte_match}:
            text = method if "Method" in byte_match["FieldToMatch"] else path
            found = byte_match["SearchString"]
            held: dict[str, bool] = {
                "EXACTLY": text == found,
                "STARTS_WITH": text.startswith(found),
                "ENDS_WITH": text.endswith(found),
            }
            return held[byte_match["PositionalConstraint"]]
    raise AssertionError(statement)


def test_every_log_group_forgets(synthesis: Synthesis) -> None:
    groups = synthesis.properties("AWS::Logs::LogGroup")
    assert len(groups) == 1 + len(synthesis.of_type("AWS::Lambda::Function"))
    for group in groups:
        assert group["RetentionInDays"] == synthesis.stage.log_retention_days


def test_the_firewall_limits_size_and_rate_before_the_api(on_aws: Synthesis) -> None:
    (acl,) = on_aws.properties("AWS::WAFv2::WebACL")
    by_name = {rule["Name"]: rule for rule in acl["Rules"]}
    size = by_name["body-size"]
    too_long, *but = size["Statement"]["AndStatement"]["Statements"]
    assert too_long["SizeConstraintStatement"]["Size"] == 64 * 1024
    larger = [one["NotStatement"]["Statement"]["ByteMatchStatement"]["SearchString"] for one in but]
    assert sorted(larger) == sorted({route.path for route in ROUTES if route.body_kb > 64})
    assert "/complaints/batch" in larger
    assert "/mds/telemetry" in larger
    assert size["Action"]["Block"]["CustomResponse"]["ResponseCode"] == 413
    rate = by_name["requests-per-address"]
    assert rate["Statement"]["RateBasedStatement"]["Limit"] == on_aws.stage.requests_per_address
    assert rate["Action"]["Block"]["CustomResponse"]["ResponseCode"] == 429
    for status, key in ((413, "too-large"), (429, "too-many")):
        problem = json.loads(acl["CustomResponseBodies"][key]["Content"])
        assert problem["status"] == status
        assert set(problem) == {"type", "title", "status", "code", "detail"}
        assert " / " in problem["detail"]
    for rule in acl["Rules"]:
        headers = {
            header["Name"]: header["Value"]
            for header in rule["Action"]["Block"]["CustomResponse"]["ResponseHeaders"]
        }
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert headers["Cache-Control"] == "no-store"
    assert headers["Retry-After"] == "300"
    (association,) = on_aws.properties("AWS::WAFv2::WebACLAssociation")
    assert "/stages/" in json.dumps(association["ResourceArn"])


def test_the_local_cloud_gets_a_fixed_api_id_and_no_edge(local: Synthesis) -> None:
    (api,) = local.properties("AWS::ApiGateway::RestApi")
    assert {"Key": "ms-custom-id", "Value": "simpul"} in api["Tags"]
    assert "edge" not in local.templates
