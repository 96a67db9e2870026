"""The command's surroundings for tests of the books: tables and a bucket of their own."""

from typing import Any

import pytest

from cli.surroundings import Surroundings
from shared import aws
from tests.aws_double import LEDGER, PAYMENTS, PAYMENTS_BUCKET
from tests.unit.cli.conftest import OUTPUTS


@pytest.fixture
def around(aws_double: None) -> Surroundings:
    tables = OUTPUTS.tables.model_copy(update={"ledger": LEDGER, "payments": PAYMENTS})
    buckets = {**OUTPUTS.buckets, "payments": PAYMENTS_BUCKET}
    surroundings = Surroundings(
        state_dir=None,  # type: ignore[arg-type]
        outputs_path=None,  # type: ignore[arg-type]
        make_client=lambda service, **_: aws._client(service),
    )
    known: Any = vars(surroundings)
    known |= {
        "outputs": OUTPUTS.model_copy(update={"tables": tables, "buckets": buckets}),
        "dynamodb": aws.dynamodb(),
    }
    return surroundings
