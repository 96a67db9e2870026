"""The shapes of what wallets and marketplaces send and are answered, for the API's document alone.

Nothing is parsed by these: a field that somebody adds must not break it.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from functions.payment_webhooks.shapes import SnapAnswer


class _Sent(BaseModel):
    model_config = ConfigDict(defer_build=True, extra="allow")


class SnapInquiry(_Sent):
    """What a wallet or bank asks (BI-SNAP): the customer number is NOP and tax year."""

    partnerServiceId: str = Field(examples=["   33740"])  # noqa: N815 (the standard's names)
    customerNo: str = Field(examples=["3374010001001000102024"])  # noqa: N815
    virtualAccountNo: str  # noqa: N815
    inquiryRequestId: str | None = None  # noqa: N815


class InquiredAccount(_Sent):
    """The virtual account: whose bill it is, and what is owed."""

    inquiryStatus: Literal["00", "01"]  # noqa: N815
    totalAmount: dict[str, str] | None = None  # noqa: N815
    virtualAccountName: str | None = None  # noqa: N815


class SnapInquiryAnswer(SnapAnswer):
    """A BI-SNAP answer with the virtual account's bill."""

    virtualAccountData: InquiredAccount  # noqa: N815


class MarketplaceEvent(_Sent):
    """A marketplace's event. `data` has sale_id, sku, quantity, amount (rupiah), visit_on."""

    type: str = Field(examples=["ticket.sold", "ticket.refunded", "ticket.cancelled"])
    timestamp: str | None = None
    data: dict[str, Any]
