"""Sends e-mail by SES and text messages by SNS, and tells what can never be sent from what may pass."""

from typing import Any, Final

from botocore.exceptions import ClientError

from shared import aws
from shared.messengers.mail import Email

#: What is wrong with the address or the text, and will be the next time too.
_NEVER_BY_EMAIL: Final = frozenset({"BadRequestException", "MessageRejected"})
_NEVER_BY_SMS: Final = frozenset(
    {
        "InvalidParameter",
        "InvalidParameterException",
        "InvalidParameterValue",
        "OptedOut",
        "OptedOutException",
        "ParameterValueInvalid",
        "ValidationException",
    }
)
#: … but for a sender or an account that is not set up: that is ours to mend, and then it passes.
_OURS_TO_MEND: Final = "not verified"


class CanNeverBeSent(Exception):
    """The service will not take this notice, now or later; `reason` is its code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def send_email(
    sender: str, address: str, email: Email, stop: str | None, configuration_set: str
) -> None:
    """Send an e-mail (one SES call) that mail programs can unsubscribe from by themselves.

    `stop` is the link by which they do (RFC 8058); None: it goes to an office, as its duty.

    Raises:
        CanNeverBeSent: SES refuses the address or the text.
        ClientError: whatever may pass.
    """
    headers = {"Auto-Submitted": "auto-generated"}  # no out-of-office answers, please (RFC 3834)
    if stop:
        headers["List-Unsubscribe"] = f"<{stop}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    content: Any = {
        "Simple": {
            "Subject": {"Data": email.subject, "Charset": "UTF-8"},
            "Body": {"Text": {"Data": email.text, "Charset": "UTF-8"}},
            "Headers": [{"Name": name, "Value": value} for name, value in headers.items()],
        }
    }
    try:
        aws.ses().send_email(
            FromEmailAddress=sender,
            Destination={"ToAddresses": [address]},
            Content=content,
            ConfigurationSetName=configuration_set,
        )
    except ClientError as error:
        _raise(error, _NEVER_BY_EMAIL)


def send_sms(region: str, sender: str, number: str, text: str) -> None:
    """Send a text message (one SNS call); a blank `sender` leaves its name to the operators.

    Raises:
        CanNeverBeSent: SNS refuses the number or the text.
        ClientError: whatever may pass.
    """
    attributes = {"AWS.SNS.SMS.SMSType": "Transactional"}
    if sender:
        attributes["AWS.SNS.SMS.SenderID"] = sender
    try:
        aws.sns(region).publish(
            PhoneNumber=number,
            Message=text,
            MessageAttributes={
                name: {"DataType": "String", "StringValue": value}
                for name, value in attributes.items()
            },
        )
    except ClientError as error:
        _raise(error, _NEVER_BY_SMS)


def _raise(error: ClientError, never: frozenset[str]) -> None:
    told = error.response["Error"]
    if told["Code"] in never and _OURS_TO_MEND not in told.get("Message", ""):
        raise CanNeverBeSent(told["Code"]) from None
    raise error
