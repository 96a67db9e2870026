"""`simpul ledger correct`: an entry more, once, with its reason."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from cli.surroundings import Surroundings
from functions.payment_webhooks.items import order_values
from shared import aws
from shared.dynamo import from_item, to_item
from tests.aws_double import LEDGER, PAYMENTS, items
from tests.unit.cli.conftest import OUTPUTS
from tests.unit.payment_webhooks.orders import FARES, ORDER_ID, an_order

RIGHT = {
    "--debit": "suspense:late",
    "--credit": FARES,
    "--amount": "3500",
    "--why": "Penumpang sudah diangkut",
}


@pytest.fixture(name="around")
def _around(aws_double: None) -> Surroundings:
    tables = OUTPUTS.tables.model_copy(update={"ledger": LEDGER, "payments": PAYMENTS})
    surroundings = Surroundings(
        state_dir=None,  # type: ignore[arg-type]
        outputs_path=None,  # type: ignore[arg-type]
        make_client=lambda service, **_: aws._client(service),
    )
    known: Any = vars(surroundings)
    known |= {
        "outputs": OUTPUTS.model_copy(update={"tables": tables}),
        "dynamodb": aws.dynamodb(),
    }
    aws.dynamodb().put_item(TableName=PAYMENTS, Item=to_item(order_values(an_order())))
    return surroundings


def correct(around, *more, order_id=ORDER_ID, code=0, **options):
    given = RIGHT | {f"--{name}": value for name, value in options.items()}
    arguments = [word for pair in given.items() for word in pair]
    ran = CliRunner().invoke(app, ["ledger", "correct", order_id, *arguments, *more], obj=around)
    assert ran.exit_code == code, ran.output
    return ran


def test_a_correction_is_posted_once_with_its_reason(around):
    assert json.loads(correct(around, "--json").stdout)["posted"] is True
    assert json.loads(correct(around, "--json").stdout)["posted"] is False
    assert "posted already" in correct(around).stdout
    (entry,) = map(from_item, items(LEDGER))
    assert (entry["kind"], entry["note"]) == ("correction", RIGHT["--why"])
    assert entry["lines"] == [
        {"account": "suspense:late", "amount": 3_500},
        {"account": FARES, "amount": -3_500},
    ]
    assert "posted" in correct(around, why="Sekali lagi, dengan alasan lain").stdout
    assert len(items(LEDGER)) == 2


@pytest.mark.parametrize(
    "options",
    [
        {"debit": "kas"},
        {"credit": "revenue:dishub"},
        {"credit": "suspense:late"},
        {"amount": "0"},
        {"why": "salah"},
    ],
)
def test_what_is_no_correction_is_refused(around, options):
    correct(around, code=1, **options)
    assert items(LEDGER) == []


@pytest.mark.parametrize("order_id", ["SMG-BRT-0000000000001", "x"])
def test_an_order_that_is_not_there_has_nothing_to_correct(around, order_id):
    correct(around, order_id=order_id, code=1)
