"""`simpul outputs`: a local deployment's from its file, a stage's on AWS from its stacks."""

import json

from tests.unit.cli.conftest import OUTPUTS


class FakeCloudFormation:
    def __init__(self, stacks):
        self.stacks = stacks

    def get_paginator(self, _):
        return self

    def paginate(self):
        return [{"Stacks": self.stacks}]


def stack(name, **told):
    outputs = [{"OutputKey": key, "OutputValue": value} for key, value in told.items()]
    return {"StackName": name, "Outputs": outputs}


DEV = [
    stack("someone-elses"),
    {"StackName": "simpul-dev-data"},
    stack(
        "simpul-dev-agencies-semarang",
        AgencySemarangDpu=json.dumps(
            {"code": "semarang-dpu", "queue_url": "q", "dlq_url": "d", "external_id": "e"}
        ),
    ),
    stack(
        "simpul-dev-service",
        ApiUrl="https://api.example/v1",
        UserPoolId="pool",
        OfficersClientId="officers",
        OfficersCallbackUrl="https://desk.example/callback",
        RoutingQueueUrl="r",
        RoutingDlqUrl="rd",
        NoticesQueueUrl="n",
        NoticesDlqUrl="nd",
        PhotosQueueUrl="p",
        PhotosDlqUrl="pd",
        ErasuresQueueUrl="e",
        ErasuresDlqUrl="ed",
        PartnersPrefix="simpul/dev/partners/",
        PhotosBucket="photos",
        OpenDataBucket="open-data",
        PaymentsBucket="payments",
        PaymentsTable="pay",
        LedgerTable="l",
        SheltersTable="t",
        MovementsQueueUrl="m",
        MovementsDlqUrl="md",
        EvaluationQueueUrl="ev",
        EvaluationDlqUrl="evd",
        ShelterAlertsQueueUrl="sa",
        ShelterAlertsDlqUrl="sad",
        SheltersOutboxFailuresUrl="sof",
        PaymentsQueueUrl="pay",
        PaymentsDlqUrl="payd",
        SettlementsQueueUrl="s",
        SettlementsDlqUrl="sd",
        PaymentsSecretsPrefix="simpul/dev/payments/",
        MidtransApiUrl="https://api.sandbox.midtrans.com",
        OutboxFailuresUrl="of",
        ComplaintsTable="c",
        ReportersTable="p",
    ),
]


def on_aws(around, cloud, stacks):
    def make_client(service, **_):
        if service == "cloudformation":
            return FakeCloudFormation(stacks)
        return cloud.client(service)

    around.make_client = make_client


def test_a_local_deployments_come_from_its_file(simpul):
    assert json.loads(simpul("outputs").stdout)["api_url"] == OUTPUTS.api_url


def test_a_stages_come_from_its_stacks(simpul, around, cloud):
    on_aws(around, cloud, DEV)
    told = json.loads(simpul("outputs", "--stage", "dev").stdout)
    assert told["endpoint_url"] is None
    assert told["token_url"] == (
        "https://pool-domain.auth.ap-southeast-3.amazoncognito.com/oauth2/token"
    )
    assert told["agencies"]["semarang-dpu"]["role_arn"] is None
    assert told["payments"]["provider_url"] == "https://api.sandbox.midtrans.com"
    assert told["payments"]["test_keys"] is None


def test_a_stage_that_is_not_deployed_is_one_sentence(simpul, around, cloud):
    on_aws(around, cloud, [])
    refused = simpul("outputs", "--stage", "dev")
    assert refused.exit_code == 1
    assert "belum dipasang" in refused.stderr


def test_an_unknown_stage_is_one_sentence(simpul):
    refused = simpul("outputs", "--stage", "staging")
    assert refused.exit_code == 1
    assert "local, dev or prod" in refused.stderr
