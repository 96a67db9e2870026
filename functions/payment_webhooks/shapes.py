"""The shapes of what providers send and are answered, for the API's document alone.

The receivers never parse by these: a field that a provider adds must not break them.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Sent(BaseModel):
    model_config = ConfigDict(defer_build=True, extra="allow")


class _Answered(BaseModel):
    model_config = ConfigDict(defer_build=True)


class MidtransNotification(_Sent):
    """What Midtrans tells of a payment; fields may be added at any time."""

    order_id: str = Field(examples=["SMG-BRT-7K3F9Q2M1XWZ4"])
    status_code: str = Field(pattern=r"^\d{3}$", examples=["200"])
    gross_amount: str = Field(pattern=r"^[1-9]\d*\.\d{2}$", examples=["3500.00"])
    signature_key: str = Field(pattern=r"^[0-9a-f]{128}$")
    transaction_status: str | None = Field(default=None, examples=["settlement"])
    transaction_id: str | None = None


class MidtransAnswer(_Answered):
    """What Midtrans is answered; it goes by the HTTP status alone."""

    status_code: str
    status_message: str


class GobizNotification(_Sent):
    """What GoBiz tells of a payment."""

    header: dict[str, Any]
    body: dict[str, Any]


class GobizError(_Answered):
    """One thing wrong with a notification."""

    code: str
    message: str


class GobizAnswer(_Answered):
    """What GoBiz is answered."""

    success: bool
    errors: list[GobizError] | None = None


class SnapNotification(_Sent):
    """What a provider tells of a payment by QRIS or a wallet (BI-SNAP)."""

    originalReferenceNo: str  # noqa: N815 (the standard's name)
    latestTransactionStatus: str = Field(examples=["00"])  # noqa: N815


class SnapVirtualAccountPayment(_Sent):
    """What a provider tells of a virtual account's payment or its reversal (BI-SNAP)."""

    virtualAccountNo: str  # noqa: N815
    paymentRequestId: str  # noqa: N815


class SnapAnswer(_Answered):
    """A BI-SNAP answer: HTTP status, service and case in seven digits."""

    responseCode: str = Field(pattern=r"^\d{7}$", examples=["2005200"])  # noqa: N815
    responseMessage: str  # noqa: N815


class VirtualAccountData(_Sent):
    """What was sent of the virtual account, and that it is paid."""

    paymentFlagStatus: Literal["00"]  # noqa: N815
    paymentFlagReason: dict[str, str]  # noqa: N815


class SnapVirtualAccountAnswer(SnapAnswer):
    """A BI-SNAP answer that repeats the virtual account's data."""

    virtualAccountData: VirtualAccountData  # noqa: N815
