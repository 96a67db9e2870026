"""Someone who follows a place: before and after they have confirmed it."""

from dataclasses import replace
from datetime import timedelta

from functions.complaint_intake.alerts.subscription import Subscription
from tests.builders import NOW

NAME = "7ZK3Q9M4T0XWH7ZK-3Q9M4T0XWH"
PENDING = Subscription(
    alert_id=NAME,
    jurisdiction_id="semarang",
    service_code=None,
    lat=-6.99,
    long=110.42,
    radius_m=500,
    channel="email",
    address="tutik@example.id",
    language="id",
    asked_at=NOW,
    until=NOW + timedelta(hours=48),
)
RUNNING = replace(PENDING, confirmed_at=NOW, until=NOW + timedelta(days=365))
