"""The Lambda functions: one for each entry point, named by its context and trigger."""

from collections.abc import Mapping
from dataclasses import dataclass

from infra.stages import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry point: `functions/<context>/<trigger>.py`, whose `handler` Lambda calls."""

    context: str
    trigger: str
    timeout_s: int
    memory_mb: int = 512
    lock: str = "lambda"  #: the file in `locks/` of what its package carries besides our own

    @property
    def id(self) -> str:
        """The entry as the route table names it."""
        return f"{self.context}.{self.trigger}"

    @property
    def handler(self) -> str:
        """The path by which Lambda finds the handler."""
        return f"functions.{self.id}.handler"

    def function_name(self, stage: Stage) -> str:
        """Return the function's name on a stage."""
        return f"{stage.prefix}-{self.id}".replace(".", "-").replace("_", "-")


#: A request should be answered well before API Gateway gives up after 29 s. APIs have more memory,
#: which on Lambda is more processor and so a shorter cold start for a person who waits.
INTAKE_API = Entry(context="complaint_intake", trigger="api", timeout_s=15, memory_mb=1024)
OPEN311_API = Entry(context="complaint_intake", trigger="open311.api", timeout_s=15, memory_mb=1024)
INTAKE_OUTBOX = Entry(context="complaint_intake", trigger="outbox", timeout_s=30)
INTAKE_ON_PROGRESS = Entry(context="complaint_intake", trigger="on_progress", timeout_s=30)
#: The largest picture takes 0.9 GB to draw anew; at 1769 MB Lambda gives it a processor of its own.
INTAKE_ON_PHOTO = Entry(
    context="complaint_intake",
    trigger="on_photo",
    timeout_s=60,
    memory_mb=1769,
    lock="lambda-photos",
)
#: Fifteen minutes, AWS's most, are some hundred thousand complaints.
INTAKE_EVERY_MONTH = Entry(
    context="complaint_intake", trigger="every_month", timeout_s=900, memory_mb=1024
)
INTAKE_ON_ERASURE = Entry(context="complaint_intake", trigger="on_erasure", timeout_s=60)
INTAKE_ON_RIGHTS_REQUEST = Entry(
    context="complaint_intake", trigger="on_rights_request", timeout_s=60
)
INTAKE_EVERY_DAY = Entry(context="complaint_intake", trigger="every_day", timeout_s=300)
ROUTING_API = Entry(context="agency_routing", trigger="api", timeout_s=15, memory_mb=1024)
ROUTING_ON_COMPLAINT = Entry(context="agency_routing", trigger="on_complaint", timeout_s=30)
ROUTING_SWEEP = Entry(context="agency_routing", trigger="every_quarter_hour", timeout_s=60)
_PAYMENTS = "payment_webhooks"
#: What payments' packages carry: RSA and Ed25519.
_SIGNING = "lambda-payments"
PAYMENTS_API = Entry(context=_PAYMENTS, trigger="api", timeout_s=15, memory_mb=1024, lock=_SIGNING)
ORDERS_API = Entry(
    context=_PAYMENTS, trigger="orders.api", timeout_s=20, memory_mb=1024, lock=_SIGNING
)
BOOKS_API = Entry(
    context=_PAYMENTS, trigger="books.api", timeout_s=15, memory_mb=1024, lock=_SIGNING
)
#: It asks the provider, which is given up after a few seconds, for each message of a batch.
PAYMENTS_ON_NOTIFICATION = Entry(
    context=_PAYMENTS, trigger="on_notification", timeout_s=60, lock=_SIGNING
)
#: A file of a hundred thousand lines and the orders that it is about.
PAYMENTS_ON_SETTLEMENT_FILE = Entry(
    context=_PAYMENTS, trigger="on_settlement_file", timeout_s=600, memory_mb=1769, lock=_SIGNING
)
PAYMENTS_EVERY_MINUTE = Entry(
    context=_PAYMENTS, trigger="every_minute", timeout_s=50, lock=_SIGNING
)
PAYMENTS_EVERY_HOUR = Entry(
    context=_PAYMENTS, trigger="every_hour", timeout_s=600, memory_mb=1024, lock=_SIGNING
)
_SHELTERS = "shelter_alerts"
#: A batch is some five hundred movements, most of which change nothing.
SHELTERS_ON_MOVEMENT = Entry(context=_SHELTERS, trigger="on_movement", timeout_s=30)
SHELTERS_EVERY_MINUTE = Entry(context=_SHELTERS, trigger="every_minute", timeout_s=50)
SHELTERS_OUTBOX = Entry(context=_SHELTERS, trigger="outbox", timeout_s=30)
#: Each look counts a shelter, and a batch is ten of them.
SHELTERS_ON_TIMER = Entry(context=_SHELTERS, trigger="on_timer", timeout_s=30)
SHELTERS_ON_ALERT = Entry(context=_SHELTERS, trigger="on_alert", timeout_s=30)
SHELTER_ALERTS_API = Entry(context=_SHELTERS, trigger="alerts.api", timeout_s=15, memory_mb=1024)
FEEDS_API = Entry(context=_SHELTERS, trigger="feeds.api", timeout_s=15, memory_mb=1024)
#: Two hundred items a request, each checked against the registry.
FLEETS_API = Entry(context=_SHELTERS, trigger="mds.api", timeout_s=15, memory_mb=1024)
REDIRECTS_API = Entry(context=_SHELTERS, trigger="redirects.api", timeout_s=15, memory_mb=1024)

ENTRIES: Mapping[str, Entry] = {
    entry.id: entry
    for entry in (
        INTAKE_API,
        OPEN311_API,
        INTAKE_OUTBOX,
        INTAKE_ON_PROGRESS,
        INTAKE_ON_PHOTO,
        INTAKE_EVERY_MONTH,
        INTAKE_ON_ERASURE,
        INTAKE_ON_RIGHTS_REQUEST,
        INTAKE_EVERY_DAY,
        ROUTING_API,
        ROUTING_ON_COMPLAINT,
        ROUTING_SWEEP,
        PAYMENTS_API,
        ORDERS_API,
        BOOKS_API,
        PAYMENTS_ON_NOTIFICATION,
        PAYMENTS_ON_SETTLEMENT_FILE,
        PAYMENTS_EVERY_MINUTE,
        PAYMENTS_EVERY_HOUR,
        SHELTERS_ON_MOVEMENT,
        SHELTERS_EVERY_MINUTE,
        SHELTERS_OUTBOX,
        SHELTERS_ON_TIMER,
        SHELTERS_ON_ALERT,
        SHELTER_ALERTS_API,
        FEEDS_API,
        REDIRECTS_API,
        FLEETS_API,
    )
}
