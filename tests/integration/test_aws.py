"""Clients, secrets and parameters: made and fetched once a container."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from functions.agency_routing.twin import WAIT_S
from infra.entries import ENTRIES
from shared import aws
from tests.aws_double import COMPLAINTS, answering
from tests.builders import ID_SECRET
from tests.metering import metered

pytestmark = pytest.mark.usefixtures("aws_double")


def test_a_client_is_made_once():
    assert aws.dynamodb() is aws.dynamodb()
    assert aws.sqs() is aws.sqs()


def test_a_secret_is_fetched_once():
    calls: list[str] = []
    client = aws._client("secretsmanager")
    with answering(client, "before-call", lambda model, **_: calls.append(model.name)):
        assert aws.secret("simpul/test/complaint-id") == ID_SECRET
        assert aws.secret("simpul/test/complaint-id") == ID_SECRET
    assert calls == ["GetSecretValue"]


def test_a_secret_that_is_missing_fails():
    with pytest.raises(ClientError):
        aws.secret("simpul/test/no-such-secret")


def test_a_parameter_is_its_value():
    assert aws.parameter("/simpul/test/clients/client-of-dpu") == "semarang-dpu"


def test_a_parameter_that_is_missing_is_none():
    assert aws.parameter("/simpul/test/clients/nobody") is None


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=lambda entry: entry.id)
def test_a_client_gives_up_before_its_function_does(entry):
    config: Any = aws.dynamodb().meta.config
    assert config.retries["mode"] == "standard"
    attempts = config.retries["total_max_attempts"]
    # Standard mode waits up to a second before the second attempt, two before the third, and so on.
    waits_s = sum(2**n for n in range(attempts - 1))
    worst_s = attempts * (config.connect_timeout + config.read_timeout) + waits_s
    assert worst_s <= entry.timeout_s - 1  # a second to log it and answer


def test_every_client_has_the_same_patience():
    patience = {
        (config.connect_timeout, config.read_timeout, config.retries["total_max_attempts"])
        for service in ("dynamodb", "secretsmanager", "sqs", "ssm")
        for config in [aws._client(service).meta.config]
    }
    assert len(patience) == 1


def test_a_client_waits_longer_than_the_longest_poll():
    config: Any = aws.sqs().meta.config
    assert config.read_timeout > WAIT_S


def test_the_bill_of_a_test_counts_what_is_called():
    with metered() as bill:
        aws.dynamodb().get_item(TableName=COMPLAINTS, Key={"pk": {"S": "x"}, "sk": {"S": "y"}})
    aws.dynamodb().get_item(TableName=COMPLAINTS, Key={"pk": {"S": "x"}, "sk": {"S": "y"}})
    assert (bill.calls, bill.read_units, bill.write_units) == (["GetItem"], 0.5, 0)
