"""Orders, bills and scans in DynamoDB, as sellers and gates change them."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from botocore.exceptions import ClientError

from functions.payment_webhooks import pbb
from functions.payment_webhooks.items import RECORD, order_from, order_values, partition
from functions.payment_webhooks.orders.refunding import ACCEPTED, ASKED, REFUSED
from functions.payment_webhooks.pbb import TaxBill
from functions.payment_webhooks.record import Order
from shared import aws
from shared.dynamo import from_item, to_item
from shared.writes import old_item, patiently, refused

Values = Mapping[str, Any]

_REFUND: Final = "REFUND#"


class OrderDesk:
    """The table `payments`, but for what providers tell of it.

    | access pattern                        | operation           | key                        | units        |
    | ------------------------------------- | ------------------- | -------------------------- | ------------ |
    | create an order, once a key           | Put if absent       | pk=O#<id> sk=ORDER         | 1 write / KB |
    | an order                              | Get                 | pk=O#<id> sk=ORDER         | 0.5 read     |
    | what the provider charged by          | Update if none yet  | pk=O#<id> sk=ORDER         | 1 write / KB |
    | redeem a ticket, once                 | Update if unused    | pk=O#<id> sk=ORDER         | 1 write / KB |
    | ask for a refund, once a key          | transaction of 2    | … and sk=REFUND#<key>      | 4 writes     |
    | what refunds were asked for           | Query               | pk=O#<id> sk=REFUND#…      | 1 read       |
    | a tax bill                            | Get                 | pk=B#<nop>#<year> sk=BILL  | 0.5 read     |
    | a scan at a gate                      | Put                 | pk=S#<j>#<site>#<day>      | 1 write      |

    The order's `version` counts what providers tell; nothing here changes it, and nothing that
    they tell changes what is written here.
    """

    def __init__(self, table: str) -> None:
        self._table = table

    def create(self, order: Order) -> Order | None:
        """Store an order; if there is one of its number, change nothing and return that."""
        try:
            patiently(
                lambda: aws.dynamodb().put_item(
                    TableName=self._table,
                    Item=to_item(order_values(order)),
                    ConditionExpression="attribute_not_exists(pk)",
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
            )
        except ClientError as error:
            if not refused(error):
                raise
            return order_from(_plain(error))
        return None

    def order(self, order_id: str, *, consistent: bool = False) -> Order | None:
        """Return an order."""
        found = self.values(order_id, consistent=consistent)
        return order_from(found) if found else None

    def values(self, order_id: str, *, consistent: bool = False) -> dict[str, Any] | None:
        """Return an order as plain values, what only this module writes among them."""
        found = aws.dynamodb().get_item(
            TableName=self._table, Key=_key(order_id), ConsistentRead=consistent
        )
        return from_item(found["Item"]) if "Item" in found else None

    def charged(self, order_id: str, charge: Values) -> Mapping[str, Any]:
        """Keep by what an order is paid, and return the charge that is kept: the first."""
        try:
            patiently(
                lambda: aws.dynamodb().update_item(
                    TableName=self._table,
                    Key=_key(order_id),
                    UpdateExpression="SET charge = :charge",
                    ConditionExpression="attribute_exists(pk) AND attribute_not_exists(charge)",
                    ExpressionAttributeValues=to_item({":charge": charge}),
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
            )
        except ClientError as error:
            if not refused(error):
                raise
            kept: Mapping[str, Any] = _plain(error)["charge"]
            return kept
        return charge

    def redeem(
        self, order_id: str, number: int, redemption: Values, *, most_refunded: int
    ) -> dict[str, Any] | None:
        """Let a ticket in, if it was paid for, not given back and not used.

        Return None, or the order's values as they stand in its way (empty: there is no order).
        """
        try:
            patiently(
                lambda: aws.dynamodb().update_item(
                    TableName=self._table,
                    Key=_key(order_id),
                    UpdateExpression="SET redeemed.#number = :redemption",
                    ConditionExpression=(
                        "#status IN (:paid, :partly) AND attribute_not_exists(revoked)"
                        " AND attribute_not_exists(redeemed.#number) AND quantity >= :number"
                        " AND refunded_amount <= :most"
                        " AND (attribute_not_exists(refund_asked) OR refund_asked <= :most)"
                    ),
                    ExpressionAttributeNames={"#number": str(number), "#status": "status"},
                    ExpressionAttributeValues=to_item(
                        {
                            ":redemption": redemption,
                            ":paid": "paid",
                            ":partly": "partially_refunded",
                            ":number": number,
                            ":most": most_refunded,
                        }
                    ),
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
            )
        except ClientError as error:
            if not refused(error):
                raise
            return _plain(error)
        return None

    def refunds(self, order_id: str) -> dict[str, dict[str, Any]]:
        """Return the refunds of an order that were asked for, by key."""
        found = aws.dynamodb().query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :refunds)",
            ExpressionAttributeValues=to_item({":pk": partition(order_id), ":refunds": _REFUND}),
            ConsistentRead=True,
        )
        plain = [from_item(item) for item in found["Items"]]
        return {one["sk"].removeprefix(_REFUND): one for one in plain}

    def ask_refund(
        self, order_id: str, key: str, ask: Values, *, asked: int, unused: Iterable[int]
    ) -> bool:
        """Note that a refund is asked for, before it is; tickets that it takes stop letting in.

        `asked` is what has been asked for already, in rupiah, and `unused` are the tickets that
        must not have let anybody in. Return False if the order changed meanwhile.
        """
        names = {f"#n{number}": str(number) for number in unused}
        conditions = [
            "attribute_exists(pk)",
            "refund_asked = :asked"
            if asked
            else "(attribute_not_exists(refund_asked) OR refund_asked = :asked)",
            *(f"attribute_not_exists(redeemed.{name})" for name in names),
        ]
        update = {
            "TableName": self._table,
            "Key": _key(order_id),
            "UpdateExpression": "SET refund_asked = :sum",
            "ConditionExpression": " AND ".join(conditions),
            "ExpressionAttributeValues": to_item({":asked": asked, ":sum": asked + ask["amount"]}),
            **({"ExpressionAttributeNames": names} if names else {}),
        }
        note = {
            "TableName": self._table,
            "Item": to_item({"pk": partition(order_id), "sk": _REFUND + key, **ask}),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        return self._both({"Update": update}, {"Put": note})

    def refund_accepted(self, order_id: str, key: str) -> None:
        """Note that the provider took a refund; what becomes of it, its notifications tell."""
        patiently(
            lambda: aws.dynamodb().update_item(
                TableName=self._table,
                Key=_refund_key(order_id, key),
                UpdateExpression="SET outcome = :accepted",
                ExpressionAttributeValues=to_item({":accepted": ACCEPTED}),
            )
        )

    def refund_refused(self, order_id: str, key: str, amount: int) -> bool:
        """Take back that a refund was asked for, as the provider refused it."""
        update = {
            "TableName": self._table,
            "Key": _key(order_id),
            "UpdateExpression": "SET refund_asked = refund_asked - :amount",
            "ConditionExpression": "refund_asked >= :amount",
            "ExpressionAttributeValues": to_item({":amount": amount}),
        }
        note = {
            "TableName": self._table,
            "Key": _refund_key(order_id, key),
            "UpdateExpression": "SET outcome = :refused",
            "ConditionExpression": "outcome = :asked",
            "ExpressionAttributeValues": to_item({":refused": REFUSED, ":asked": ASKED}),
        }
        return self._both({"Update": update}, {"Update": note})

    def _both(self, *writes: Any) -> bool:
        """Do two writes or none; False if the condition of one is not met."""
        try:
            patiently(lambda: aws.dynamodb().transact_write_items(TransactItems=writes))
        except ClientError as error:
            if not any(refused(error, number) for number in range(len(writes))):
                raise
            return False
        return True

    def bill(self, nop: str, year: int) -> TaxBill | None:
        """Return a tax bill."""
        found = aws.dynamodb().get_item(TableName=self._table, Key=pbb.bill_key(nop, year))
        return pbb.bill_from(from_item(found["Item"])) if "Item" in found else None

    def scanned(self, partition_key: str, scan_id: str, scan: Values) -> None:
        """Keep a scan at a gate; the same one again is the same item."""
        patiently(
            lambda: aws.dynamodb().put_item(
                TableName=self._table,
                Item=to_item({"pk": partition_key, "sk": scan_id, **scan}),
            )
        )


def _key(order_id: str) -> dict[str, Any]:
    return to_item({"pk": partition(order_id), "sk": RECORD})


def _refund_key(order_id: str, key: str) -> dict[str, Any]:
    return to_item({"pk": partition(order_id), "sk": _REFUND + key})


def _plain(error: ClientError) -> dict[str, Any]:
    return from_item(old_item(error) or {})
