"""What payments count by themselves and somebody must be told of."""

from typing import Final, NamedTuple


class PaymentAlarm(NamedTuple):
    """An alarm on a metric that functions of payments count."""

    name: str  #: of the alarm, after the stage's prefix
    metric: str
    what: str  #: is wrong
    threshold: float = 1
    statistic: str = "Sum"


#: In an hour so many messages that were not signed, or not as they should be.
_MOST_REFUSED: Final = 50
#: How long a payment may be pending before it is odd that nobody could say what became of it.
_OLDEST_STALE_S: Final = 24 * 60 * 60

PAYMENT_ALARMS: Final = (
    PaymentAlarm(
        "ledger-altered",
        "LedgerEntryAltered",
        "an entry of the ledger is not what it was when it was posted: `simpul ledger verify`",
    ),
    PaymentAlarm(
        "payments-quarantined",
        "PaymentsQuarantined",
        "a payment does not fit its order, or more was refunded than paid",
    ),
    PaymentAlarm(
        "payments-unhandled",
        "PaymentsUnhandled",
        "a provider said something that we have no rule for; it is kept as it came",
    ),
    PaymentAlarm(
        "payments-unknown",
        "PaymentsOfUnknownOrders",
        "money came for an order that nobody made; it is in suspense",
    ),
    PaymentAlarm(
        "payments-late", "PaymentsLate", "money came for what had ended; it is in suspense"
    ),
    PaymentAlarm(
        "payments-overpaid", "PaymentsOverpaid", "an order was paid twice; the rest is in suspense"
    ),
    PaymentAlarm(
        "settlement-differences",
        "SettlementDifferences",
        "a provider's or bank's file differs from the ledger; its report is in the bucket",
    ),
    PaymentAlarm(
        "settlement-files-refused",
        "SettlementFilesRefused",
        "a settlement file could not be read; its report says why",
    ),
    PaymentAlarm(
        "payments-refused",
        "NotificationsRefused",
        "many messages are not signed as a provider would sign them",
        _MOST_REFUSED,
    ),
    PaymentAlarm(
        "payments-stale",
        "OldestStalePaymentSeconds",
        "of an order nobody could say for a day what became of it: `simpul payments stale`",
        _OLDEST_STALE_S,
        "Maximum",
    ),
)
