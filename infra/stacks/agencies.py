"""One jurisdiction's agencies, treasurers, sellers, gates and fleets: queues, roles and clients."""

from collections.abc import Sequence

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
        cognito.CfnUserPoolGroup(
            self,
            "Operators",
            user_pool_id=pool.user_pool_id,
            group_name=f"operator:{jurisdiction.id}",
            description=f"Works the triage desk of {jurisdiction.name.en}",
        )
        cognito.CfnUserPoolGroup(
            self,
            "Treasurers",
            user_pool_id=pool.user_pool_id,
            group_name=f"treasurer:{jurisdiction.id}",
            description=f"Reconciles and refunds the revenue of {jurisdiction.name.en}",
        )
        cognito.CfnUserPoolGroup(
            self,
            "ShelterOfficers",
            user_pool_id=pool.user_pool_id,
            group_name=f"shelter_officer:{jurisdiction.id}",
            description=f"Watches the shelters of {jurisdiction.name.en}",
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
