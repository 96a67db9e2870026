"""Orders, the claims of their events, and the entries of the journal, in DynamoDB."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from botocore.exceptions import ClientError

from functions.payment_webhooks import items, pbb
from functions.payment_webhooks.entry import JournalEntry, entry_values
from functions.payment_webhooks.indexes import BY_STALE
from functions.payment_webhooks.processing import Bill, BillTaken, Claimed, StaleVersion
from functions.payment_webhooks.record import Order
from functions.payment_webhooks.states import Outcome
from shared import aws
from shared.clock import to_text
from shared.complaints.changes import differences, update_of
from shared.dynamo import from_item, to_attribute, to_item
from shared.reads import queried
from shared.writes import old_item, patiently, refused

SWEEP_PAGE: Final = 100  #: marks that a query of the sweep reads at a time
_ABSENT: Final = "attribute_not_exists(pk)"


class PaymentStore:
    """Orders in the table `payments`, entries in the table `ledger`, which only takes new ones.

    Units are for items up to 1 KB, as an order with a transaction or two is. Those of the indexes
    come on top: by_stale 1 write on setting, moving and removing; by_day 1 on each change of status;
    by_posted 1 an entry.

    | access pattern                  | operation             | key / index              | units           |
    | ------------------------------- | --------------------- | ------------------------ | --------------- |
    | a new order, once               | Put if absent         | pk=O#<id> sk=ORDER       | 1 write         |
    | read an order                   | Get, consistent       | pk=O#<id> sk=ORDER       | 1 read          |
    | an event, once, on one version  | Transaction: claim, order, entries (at most 2), bill | O#<id> EVENT#…, ORDER; J#…; B#… | 4, 6 or 8 writes |
    | an event nobody has a rule for  | Put if absent         | pk=O#<id> sk=EVENT#…     | 1 write         |
    | another change, on one version  | Update                | pk=O#<id> sk=ORDER       | 1 write         |
    | ask about an order later        | Update if same mark   | pk=O#<id> sk=ORDER       | 1 write         |
    | orders to be asked about        | Query a shard         | by_stale                 | 0.5 read / 4 KB |
    | read a tax bill                 | Get, consistent       | pk=B#<nop>#<year> sk=BILL | 1 read         |
    """  # noqa: E501

    def __init__(self, payments_table: str, ledger_table: str) -> None:
        self._payments = payments_table
        self._ledger = ledger_table

    def create(self, order: Order) -> Order | None:
        """Store a new order; return None, or the one that has its number already.

        Raises:
            Busy: others kept writing the same item.
        """
        put = self._new(self._payments, items.order_values(order))
        try:
            patiently(
                lambda: aws.dynamodb().put_item(
                    **put, ReturnValuesOnConditionCheckFailure="ALL_OLD"
                )
            )
        except ClientError as error:
            old = old_item(error) if refused(error) else None
            if old is None:
                raise
            return items.order_from(from_item(old))
        return None

    def get(self, order_id: str) -> Order | None:
        """Return an order as it is now, or None."""
        found = self._read({"pk": items.partition(order_id), "sk": items.RECORD})
        return items.order_from(found) if found else None

    def bill(self, nop: str, year: int) -> pbb.TaxBill | None:
        """Return a tax bill as it is now, or None."""
        found = self._read(from_item(pbb.bill_key(nop, year)))
        return pbb.bill_from(found) if found else None

    def settle(
        self,
        outcome: Outcome,
        entries: Sequence[JournalEntry],
        *,
        notification_id: str,
        at: datetime,
        bill: Bill = Bill.LEAVE,
    ) -> None:
        """Write an event's claim, the order, its entries and what becomes of its bill, or nothing.

        Raises:
            Claimed: the event is recorded already.
            StaleVersion: the order is no longer the one that the outcome was made from.
            BillTaken: another order has the bill.
            Busy: others kept writing the same items.
        """
        before, after = outcome.before, outcome.after
        claim = {
            "pk": items.partition(after.order_id),
            "sk": outcome.claim,
            "notification_id": notification_id,
            "at": to_text(at),
            "outcome": str(after.status),
        }
        order = (
            {"Update": self._change(before, after)}
            if before.version
            else {"Put": self._new(self._payments, items.order_values(after))}
        )
        writes = [
            {"Put": self._new(self._payments, claim)},
            order,
            *({"Put": self._new(self._ledger, entry_values(entry))} for entry in entries),
            *self._of_bill(after, bill, at),
        ]
        try:
            patiently(lambda: aws.dynamodb().transact_write_items(TransactItems=writes))
        except ClientError as error:
            if refused(error, 0):
                raise Claimed from None
            if refused(error, 1):
                raise StaleVersion from None
            if bill is not Bill.LEAVE and refused(error, len(writes) - 1):
                raise BillTaken from None
            raise

    def note(self, order_id: str, claim: str, *, notification_id: str, at: datetime) -> None:
        """Note an event that changes no order, once."""
        values = {
            "pk": items.partition(order_id),
            "sk": claim,
            "notification_id": notification_id,
            "at": to_text(at),
            "outcome": "unhandled",
        }
        try:
            patiently(lambda: aws.dynamodb().put_item(**self._new(self._payments, values)))
        except ClientError as error:
            if not refused(error):
                raise

    def change(self, before: Order, after: Order) -> None:
        """Write a change that is no event of a payment, on the version that it was made from.

        `after` has the next version.

        Raises:
            StaleVersion: the order is no longer the one that `before` describes.
            Busy: others kept writing the same item.
        """
        try:
            patiently(lambda: aws.dynamodb().update_item(**self._change(before, after)))
        except ClientError as error:
            if not refused(error):
                raise
            raise StaleVersion from None

    def ask_later(self, order_id: str, was: datetime, until: datetime) -> None:
        """Move the mark by which an order is asked about, if it is still the same."""
        try:
            patiently(
                lambda: aws.dynamodb().update_item(
                    TableName=self._payments,
                    Key=to_item({"pk": items.partition(order_id), "sk": items.RECORD}),
                    UpdateExpression="SET stale_at = :until",
                    ConditionExpression="stale_at = :was",
                    ExpressionAttributeValues=to_item(
                        {":was": to_text(was), ":until": to_text(until)}
                    ),
                )
            )
        except ClientError as error:
            if not refused(error):
                raise

    def stale(self, shard: int, before: datetime) -> Iterator[tuple[str, str]]:
        """Yield ids of a shard's orders to be asked about, with their marks, the oldest first."""
        found = queried(
            TableName=self._payments,
            IndexName=BY_STALE,
            KeyConditionExpression="stale_shard = :shard AND stale_at <= :before",
            ExpressionAttributeValues=to_item(
                {":shard": items.stale_partition(shard), ":before": to_text(before)}
            ),
            Limit=SWEEP_PAGE,
        )
        return ((one["pk"].removeprefix("O#"), one["stale_at"]) for one in found)

    def _read(self, key: Mapping[str, Any]) -> Mapping[str, Any] | None:
        found = aws.dynamodb().get_item(
            TableName=self._payments, Key=to_item(key), ConsistentRead=True
        )
        return from_item(found["Item"]) if "Item" in found else None

    def _change(self, before: Order, after: Order) -> Any:
        """Return the update of what differs, so that a redemption made meanwhile is not lost."""
        old, new = items.order_values(before), items.order_values(after)
        changed = differences(old, new)
        changed.pop("redeemed", None)
        update, arguments = update_of(changed)
        arguments["ExpressionAttributeValues"][":before"] = to_attribute(before.version)
        return {
            "TableName": self._payments,
            "Key": to_item({"pk": old["pk"], "sk": old["sk"]}),
            **arguments,
            "UpdateExpression": update,
            "ConditionExpression": "#version = :before",
        }

    def _of_bill(self, order: Order, bill: Bill, at: datetime) -> Iterator[Any]:
        if bill is Bill.CLAIM:
            claim = pbb.claim_of_bill(order, at, order.receipt_number or "")
            yield {"Update": {"TableName": self._payments, **claim}}
        elif bill is Bill.RELEASE:
            yield {"Update": {"TableName": self._payments, **pbb.release_of_bill(order)}}

    @staticmethod
    def _new(table: str, values: Mapping[str, Any]) -> Any:
        """Return the put of an item that is not there yet."""
        return {"TableName": table, "Item": to_item(values), "ConditionExpression": _ABSENT}
