"""Puts the stacks of a stage together."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from aws_cdk import App, Tags

from functions.payment_webhooks.configuration import payments_of
from functions.shelter_alerts import together
from functions.shelter_alerts.configuration import shelters_of
from infra.acknowledged import acknowledge
from infra.routes import ROUTES
from infra.routes.route import Route
from infra.stacks.agencies import AgenciesStack
from infra.stacks.data import DataStack
from infra.stacks.edge import EdgeStack
from infra.stacks.observability import ObservabilityStack
from infra.stacks.service import ServiceStack
from infra.stages import Stage, stage_named
from shared.config import CONFIG_DIR, check_together, jurisdiction_ids, load
from shared.jurisdiction import Jurisdiction

DEFAULT_STAGE = "dev"


def simpul(environ: Mapping[str, str], context: Mapping[str, Any] | None = None) -> App:
    """Return the app of the stage that the CDK's context names (`-c stage=`), or `context`.

    Raises:
        ValueError: there is no stage of that name.
        ConfigError: the configuration of a jurisdiction cannot be used.
    """
    app = App(context=context)
    stage = stage_named(app.node.try_get_context("stage") or DEFAULT_STAGE, environ)
    add_stacks(app, stage, jurisdictions(), ROUTES)
    return app


def jurisdictions(root: Path = CONFIG_DIR) -> list[Jurisdiction]:
    """Return every configured jurisdiction, read and validated, alone and together.

    Raises:
        ConfigError: the configuration of a jurisdiction cannot be used.
    """
    found = [load(name, root) for name in jurisdiction_ids(root)]
    check_together(found, root)
    together.check_together(found, root)
    return found


def add_stacks(
    app: App, stage: Stage, jurisdictions: Sequence[Jurisdiction], routes: Sequence[Route]
) -> None:
    """Add a stage's stacks to an app."""
    data = DataStack(app, stage=stage)
    for jurisdiction in jurisdictions:
        AgenciesStack(
            app,
            stage=stage,
            jurisdiction=jurisdiction,
            pool=data.identity.pool,
            clients=payments_of(jurisdiction.id).clients,
            fleets=shelters_of(jurisdiction.id).providers,
        )
    service = ServiceStack(
        app,
        stage=stage,
        data=data,
        routes=routes,
        jurisdictions=tuple(jurisdiction.id for jurisdiction in jurisdictions),
    )
    if not stage.is_local:  # the local cloud knows no web ACL associations
        EdgeStack(app, stage=stage, api=service.rest.api)
    ObservabilityStack(app, stage=stage, jurisdictions=jurisdictions)
    if stage.is_local:
        for rule in ("SQS4", "S10"):
            acknowledge(
                app, rule, "The local cloud speaks plain HTTP, on the loopback address only"
            )
    Tags.of(app).add("project", "simpul")
    Tags.of(app).add("stage", stage.name)
