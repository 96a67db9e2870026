"""Why a notification is not taken: said once, answered in each provider's own format."""

from enum import StrEnum


class Reason(StrEnum):
    """What is wrong with a notification; each is counted by this name."""

    UNSIGNED = "Unsigned"  #: there is no signature
    SIGNATURE = "Signature"  #: there is one, and no key of ours fits it
    MISSING = "Missing"  #: a field or header is not there
    FORMAT = "Format"  #: a field or header has not the form that it must have
    BODY = "Body"  #: the body is not a JSON object
    OVERSIZE = "Oversize"
    AMOUNT = "Amount"  #: a bill asks for another sum
    PAID = "Paid"  #: a bill is paid already


class Refused(Exception):
    """A notification that is not taken, with the field or header at fault where there is one."""

    def __init__(self, reason: Reason, field: str = "") -> None:
        super().__init__(f"{reason}: {field}" if field else reason.value)
        self.reason = reason
        self.field = field
