"""The route table and the handlers say the same."""

import re

import pytest

import functions.agency_routing.api
import functions.complaint_intake.api
import functions.complaint_intake.open311.api
import functions.payment_webhooks.api
import functions.payment_webhooks.books.api
import functions.payment_webhooks.orders.api
import functions.shelter_alerts.alerts.api
import functions.shelter_alerts.feeds.api
import functions.shelter_alerts.mds.api
import functions.shelter_alerts.redirects.api
from infra.entries import (
    BOOKS_API,
    FEEDS_API,
    FLEETS_API,
    INTAKE_API,
    OPEN311_API,
    ORDERS_API,
    PAYMENTS_API,
    REDIRECTS_API,
    ROUTING_API,
    SHELTER_ALERTS_API,
)
from infra.routes import ROUTES
from shared.http import ApiResolver

APIS = {
    INTAKE_API.id: functions.complaint_intake.api.app,
    OPEN311_API.id: functions.complaint_intake.open311.api.app,
    ROUTING_API.id: functions.agency_routing.api.app,
    PAYMENTS_API.id: functions.payment_webhooks.api.app,
    ORDERS_API.id: functions.payment_webhooks.orders.api.app,
    BOOKS_API.id: functions.payment_webhooks.books.api.app,
    FEEDS_API.id: functions.shelter_alerts.feeds.api.app,
    FLEETS_API.id: functions.shelter_alerts.mds.api.app,
    SHELTER_ALERTS_API.id: functions.shelter_alerts.alerts.api.app,
    REDIRECTS_API.id: functions.shelter_alerts.redirects.api.app,
}


def served(app: ApiResolver) -> set[tuple[str, str]]:
    routes = [*app._static_routes, *app._dynamic_routes]
    return {(route.method, re.sub(r"<(\w+)>", r"{\1}", route.path)) for route in routes}


@pytest.mark.parametrize("function", APIS)
def test_an_api_serves_exactly_its_routes(function):
    listed = {
        (route.method, route.path.removesuffix(".{format}"))  # which Open311 takes off beforehand
        for route in ROUTES
        if route.function == function
    }
    assert served(APIS[function]) == listed


@pytest.mark.parametrize("route", [one for one in ROUTES if one.gateway_path], ids=str)
def test_a_route_lies_in_the_subtree_that_its_resource_stands_for(route):
    subtree = route.gateway_path.removesuffix("{proxy+}")
    assert subtree != route.gateway_path
    assert route.path.startswith(subtree)
    # What one resource guards, it guards for all of them alike.
    alike = {one.scopes for one in ROUTES if one.resource == route.resource}
    assert alike == {route.scopes}


def test_every_route_has_an_api():
    assert {route.function for route in ROUTES} == set(APIS)
