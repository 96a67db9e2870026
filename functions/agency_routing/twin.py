"""The HTTP twin of an agency's queue, for agencies that cannot speak SQS."""

import json
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from functions.agency_routing import arrivals
from functions.agency_routing.settings import agency_queue_url
from functions.agency_routing.views import Message, Messages
from shared import aws
from shared.errors import InvalidInput
from shared.text import Text

if TYPE_CHECKING:
    from types_boto3_sqs.type_defs import MessageTypeDef

#: Waiting long belongs to native SQS; a request here holds a Lambda while it waits.
WAIT_S: Final = 1
#: What a client is told to wait before it asks an empty queue again.
RETRY_AFTER_S: Final = 10
_BAD_RECEIPT: Final = ("ReceiptHandleIsInvalid", "InvalidParameterValue", "MessageNotInflight")


def receive(agency: str, most: int) -> Messages:
    """Return messages waiting on an agency's queue; each stays until it is acknowledged."""
    found = aws.sqs().receive_message(
        QueueUrl=agency_queue_url(agency),
        MaxNumberOfMessages=most,
        WaitTimeSeconds=WAIT_S,
        MessageSystemAttributeNames=["ApproximateReceiveCount"],
    )
    return Messages(messages=[_message(message) for message in found.get("Messages", ())])


def _message(received: "MessageTypeDef") -> Message:
    body = json.loads(received["Body"])
    of = body["message_id"] if body.get("type") == "complaint_assigned.v1" else ""
    return Message(
        receipt=arrivals.receipt(of, received["ReceiptHandle"]),
        message_id=received["MessageId"],
        received_count=int(received["Attributes"]["ApproximateReceiveCount"]),
        message=body,
    )


def delete(agency: str, receipt: str) -> None:
    """Delete a message that is dealt with. Doing so twice is no mistake.

    Raises:
        InvalidInput: the receipt is not one of this queue's.
    """
    handle = arrivals.read_receipt(receipt)[1]
    try:
        aws.sqs().delete_message(QueueUrl=agency_queue_url(agency), ReceiptHandle=handle)
    except ClientError as error:
        raise _bad_receipt(error) from error


def extend(agency: str, receipt: str, seconds: int) -> None:
    """Keep a message invisible to others for `seconds` from now.

    Raises:
        InvalidInput: the receipt is not one of this queue's, or its time has run out.
    """
    try:
        aws.sqs().change_message_visibility(
            QueueUrl=agency_queue_url(agency),
            ReceiptHandle=arrivals.read_receipt(receipt)[1],
            VisibilityTimeout=seconds,
        )
    except ClientError as error:
        raise _bad_receipt(error) from error


def _bad_receipt(error: ClientError) -> Exception:
    code = error.response["Error"]["Code"].rsplit(".", 1)[-1]
    if code not in _BAD_RECEIPT:
        return error
    return InvalidInput.at(
        "receipt",
        "invalid_receipt",
        Text(
            "Tanda terima ini tidak berlaku; ambil pesan lagi.",
            "This receipt is not valid any more; receive the message again.",
        ),
    )
