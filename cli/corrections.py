"""`simpul ledger correct`: adds an entry that moves money of an order between accounts."""

from typing import Annotated

import typer
from botocore.exceptions import ClientError

from cli.payments_access import orders_of
from cli.screen import CannotContinue, JsonOption, done, out, show_json
from cli.surroundings import Surroundings
from functions.payment_webhooks.correcting import NotCorrectable, correction
from functions.payment_webhooks.entry import JournalEntry, entry_values
from functions.payment_webhooks.items import partition
from functions.payment_webhooks.order_ids import read_order_number
from shared.clock import now, to_text
from shared.dynamo import to_item
from shared.writes import refused

_REMEDIES = {
    "debited": "--debit harus akun, misalnya suspense:late. / It must be an account.",
    "credited": "--credit harus akun lain dari --debit. / It must be another account.",
    "amount": "--amount harus rupiah bulat di atas nol. / It must be more than nothing.",
    "why": "--why harus menjelaskan alasannya. / It must say why.",
}


def correct(
    ctx: typer.Context,
    order_id: Annotated[str, typer.Argument(help="Nomor pesanan. / The order's number.")],
    debit: Annotated[str, typer.Option(help="Akun yang didebit. / The account debited.")],
    credit: Annotated[str, typer.Option(help="Akun yang dikredit. / The account credited.")],
    amount: Annotated[int, typer.Option(help="Rupiah.")],
    why: Annotated[str, typer.Option(help="Alasannya, tersimpan. / The reason, which is kept.")],
    as_json: JsonOption = False,
) -> None:
    """Koreksi: ayat baru, tak pernah mengubah yang lama. / Add a correcting entry to the ledger.

    Boleh diulang: koreksi yang sama dicatat sekali. / The same again is posted once.
    """
    around: Surroundings = ctx.obj
    number = read_order_number(order_id) or ""
    order = orders_of(around, [number]).get(number) if number else None
    if order is None:
        raise CannotContinue(f"Pesanan `{order_id}` tidak ada. / There is no such order.")
    try:
        entry = correction(order, debited=debit, credited=credit, amount=amount, why=why, at=now())
    except NotCorrectable as error:
        raise CannotContinue(_REMEDIES[error.field]) from None
    is_new = _posted(around, entry)
    if as_json:
        show_json({"entry_id": entry.entry_id, "posted": is_new})
        return
    what = "dicatat / posted" if is_new else "sudah dicatat / posted already"
    out.print(done(f"{entry.entry_id} {what}: Rp{amount:,}, {debit} → {credit}"))


def _posted(around: Surroundings, entry: JournalEntry) -> bool:
    """Put an entry in the journal with its claim; False if it was posted before."""
    claim = {
        "pk": partition(entry.order_id or ""),
        "sk": f"EVENT#correction#{entry.reference}",
        "at": to_text(entry.posted_at),
        "outcome": entry.note,
    }
    tables = around.outputs.tables
    puts = [(tables.payments, claim), (tables.ledger, entry_values(entry))]
    try:
        around.dynamodb.transact_write_items(
            TransactItems=[
                {
                    "Put": {
                        "TableName": table,
                        "Item": to_item(values),
                        "ConditionExpression": "attribute_not_exists(pk)",
                    }
                }
                for table, values in puts
            ]
        )
    except ClientError as error:
        if not refused(error):
            raise
        return False
    return True
