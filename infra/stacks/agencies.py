"""One jurisdiction's agencies, treasurers, sellers, gates and fleets: queues, roles and clients."""

from collections.abc import Sequence
from typing import Final

from aws_cdk import Stack
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from functions.payment_webhooks.configuration import Client
from functions.shelter_alerts.configuration import Provider
from infra.constructs.agency_desk import AgencyDesk
from infra.constructs.machine_client import MachineClient
from infra.routes.route import FLEET
from infra.stacks.placing import placed
from infra.stages import Stage
from shared.jurisdiction import Jurisdiction

#: Who works for a whole jurisdiction: a group of users as `shared/access.py` reads it, and its work.
_GROUPS: Final = (
    ("Operators", "operator", "Works the triage desk"),
    ("Treasurers", "treasurer", "Reconciles and refunds the revenue"),
    ("ShelterOfficers", "shelter_officer", "Watches the shelters"),
)


class AgenciesStack(Stack):
    """What a jurisdiction's configuration asks for, agency by agency."""

    def __init__(
        self,
        scope: Construct,
        *,
        stage: Stage,
        jurisdiction: Jurisdiction,
        pool: cognito.IUserPool,
        clients: Sequence[Client] = (),
        fleets: Sequence[Provider] = (),
    ) -> None:
        super().__init__(
            scope,
            f"{stage.prefix}-agencies-{jurisdiction.id}",
            description=f"Simpul: the agencies of {jurisdiction.name.en}",
            **placed(stage),
        )
        for construct_id, group, does in _GROUPS:
            cognito.CfnUserPoolGroup(
                self,
                construct_id,
                user_pool_id=pool.user_pool_id,
                group_name=f"{group}:{jurisdiction.id}",
                description=f"{does} of {jurisdiction.name.en}",
            )
        for agency in jurisdiction.agencies:
            AgencyDesk(self, stage=stage, agency=agency, pool=pool)
        for client in clients:
            MachineClient(
                self,
                stage=stage,
                kind="payments",
                jurisdiction_id=jurisdiction.id,
                name=client.id,
                scopes=client.scopes,
                pool=pool,
            )
        for fleet in fleets:
            MachineClient(
                self,
                stage=stage,
                kind="fleet",
                jurisdiction_id=jurisdiction.id,
                name=fleet.id,
                scopes=(FLEET,),
                pool=pool,
            )
