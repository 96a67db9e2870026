"""The one table of HTTP routes: API resources, authorizers and OpenAPI are made from it.

Each context's `api.py` serves exactly its routes here; a test compares them.
"""

from typing import Final

from infra.routes.agencies import AGENCIES_ROUTES
from infra.routes.alerts import ALERTS_ROUTES
from infra.routes.books import BOOKS_ROUTES
from infra.routes.complaints import COMPLAINTS_ROUTES
from infra.routes.fleets import FLEETS_ROUTES
from infra.routes.notices import NOTICES_ROUTES
from infra.routes.open311 import OPEN311_ROUTES
from infra.routes.orders import ORDERS_ROUTES
from infra.routes.pages import PAGES_ROUTES
from infra.routes.photos import PHOTOS_ROUTES
from infra.routes.receivers import RECEIVERS_ROUTES
from infra.routes.rights import RIGHTS_ROUTES
from infra.routes.route import Route
from infra.routes.shelter_alerts import SHELTER_ALERTS_ROUTES
from infra.routes.shelter_feeds import SHELTER_FEEDS_ROUTES

ROUTES: Final[tuple[Route, ...]] = (
    *COMPLAINTS_ROUTES,
    *PHOTOS_ROUTES,
    *PAGES_ROUTES,
    *AGENCIES_ROUTES,
    *NOTICES_ROUTES,
    *ALERTS_ROUTES,
    *OPEN311_ROUTES,
    *RIGHTS_ROUTES,
    *RECEIVERS_ROUTES,
    *ORDERS_ROUTES,
    *BOOKS_ROUTES,
    *SHELTER_FEEDS_ROUTES,
    *FLEETS_ROUTES,
    *SHELTER_ALERTS_ROUTES,
)
