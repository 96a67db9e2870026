"""Other systems' way in: the Open311 API, with a function and a role of its own."""

from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra import grants
from infra.constructs.complaint_intake import COMPLAINT_ID_SECRET
from infra.constructs.function import EntryFunction
from infra.constructs.rest_api import LOCAL_API_ID, VERSION
from infra.constructs.tables import Tables
from infra.entries import OPEN311_API
from infra.stages import Stage
from shared.complaints.indexes import BY_RECEIVED, BY_UPDATED


class Open311(Construct):
    """The Open311 API: takes requests in, and reads what is public; contact data it only writes."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        code: lambda_.Code,
        tables: Tables,
    ) -> None:
        super().__init__(scope, construct_id)
        self.api = EntryFunction(
            self,
            "Api",
            stage=stage,
            entry=OPEN311_API,
            code=code,
            environment={
                "COMPLAINTS_TABLE": tables.complaints.table_name,
                "REPORTERS_TABLE": tables.reporters.table_name,
                "COMPLAINT_ID_SECRET": stage.secret_name(COMPLAINT_ID_SECRET),
                **_url(stage),
            },
        )
        self.api.may(
            grants.on_table(
                tables.complaints, "BatchGetItem", "GetItem", "PutItem", "Query", "UpdateItem"
            ),
            grants.on_table(tables.complaints, "Query", index=BY_RECEIVED),
            grants.on_table(tables.complaints, "Query", index=BY_UPDATED),
            grants.on_table(tables.reporters, "PutItem"),
            grants.on_key_of_table(self, tables.complaints_key),
            grants.on_key_of_table(self, tables.reporters_key),
            grants.read_secrets(self, stage, COMPLAINT_ID_SECRET),
        )


def _url(stage: Stage) -> dict[str, str]:
    """Return the API's address where it is known beforehand; else each request tells it."""
    if stage.domain:
        base = f"https://{stage.domain.name}"
    elif stage.endpoint_url:
        base = f"{stage.endpoint_url}/_aws/execute-api/{LOCAL_API_ID}"
    else:
        return {}
    return {"OPEN311_URL": f"{base}/{VERSION}/open311/v2"}
