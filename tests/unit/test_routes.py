"""The route table and the handlers say the same."""

import re

import pytest

import functions.agency_routing.api
import functions.complaint_intake.api
from infra.routes import INTAKE, ROUTES, ROUTING
from shared.http import ApiResolver

APIS = {INTAKE: functions.complaint_intake.api.app, ROUTING: functions.agency_routing.api.app}


def served(app: ApiResolver) -> set[tuple[str, str]]:
    routes = [*app._static_routes, *app._dynamic_routes]
    return {(route.method, re.sub(r"<(\w+)>", r"{\1}", route.path)) for route in routes}


@pytest.mark.parametrize("function", APIS)
def test_an_api_serves_exactly_its_routes(function):
    listed = {(route.method, route.path) for route in ROUTES if route.function == function}
    assert served(APIS[function]) == listed


def test_every_route_has_an_api():
    assert {route.function for route in ROUTES} == set(APIS)
