"""What a route is: an operation of the API, as the table in `infra/routes.py` lists it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Method = Literal["GET", "POST", "PUT", "DELETE"]

#: The longest body of a route that says nothing else, in kilobytes.
BODY_KB = 64

INTAKE = "complaint_intake.api"
ROUTING = "agency_routing.api"
RECEIVERS = "payment_webhooks.api"
SELLING = "payment_webhooks.orders.api"
BOOKS = "payment_webhooks.books.api"
FLEETS = "shelter_alerts.mds.api"
SHELTER_DESK = "shelter_alerts.alerts.api"
FEEDS = "shelter_alerts.feeds.api"
REDIRECTS = "shelter_alerts.redirects.api"

AGENCY = "agency/work"
OFFICER = "officer/desk"
ORDERS = "orders/write"
GATE = "gate/redeem"
FLEET = "fleet/telemetry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer of a route: its body's model as `module:Name` (none: no body) and headers."""

    description: str
    model: str | None = None
    media_type: str = "application/json"
    headers: tuple[str, ...] = ()
    listed: bool = False  #: the body is a list of them
    also_xml: bool = False  #: the same is answered as text/xml, for which there is no schema
    also_csv: bool = False  #: … and as text/csv


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One operation: who serves it, who may call it, and what goes in and comes out.

    `scopes` empty means public; otherwise a token needs any one of them. `problems` are the
    statuses it may answer as `application/problem+json`, or as `problem` says. `body_kb` is the
    longest body it takes. `signed` requests prove by themselves from whom they are, and come from
    few addresses in any number.
    """

    method: Method
    path: str
    function: str
    operation_id: str
    summary: str
    replies: Mapping[int, Reply]
    scopes: tuple[str, ...] = ()
    request: str | None = None
    request_media_type: str = "application/json"
    query: tuple[str, ...] = ()
    required_query: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    problems: tuple[int, ...] = field(default=())
    problem: Reply | None = None
    body_kb: int = BODY_KB
    signed: bool = False
    #: The API's resource that the path falls under, where one stands for a whole subtree: all of it
    #: one context's, and guarded alike.
    gateway_path: str = ""

    @property
    def by_servers(self) -> bool:
        """Whether only other systems' servers call it, and no page in a browser."""
        return self.signed or self.scopes == (FLEET,)

    @property
    def resource(self) -> str:
        """The path of the API Gateway resource that receives the route's requests."""
        return self.gateway_path or self.path
