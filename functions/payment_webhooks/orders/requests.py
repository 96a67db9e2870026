"""What sellers, gates and treasurers send."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from shared.models import Body

#: The longest token of a ticket that is looked at.
_TOKEN = Field(min_length=1, max_length=2048)
#: A gate's own mark of one scan, by which the same scan sent again is known.
ScanId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]+$", max_length=64)]
GateName = Annotated[str, Field(min_length=1, max_length=64)]
#: Scans that a gate may send at once, when it is connected again.
MOST_SCANS = 100


class OrderRequest(Body):
    """An order: of fares, tickets, a tax bill, or an amount to a merchant."""

    model_config = ConfigDict(str_strip_whitespace=True)

    product: Annotated[str, Field(min_length=1, max_length=48)]
    jurisdiction_id: Annotated[str, Field(max_length=24)] | None = None  #: the seller's own
    quantity: Annotated[int, Field(ge=1, le=100)] = 1
    fare_class: Annotated[str, Field(max_length=48)] = "general"
    site: Annotated[str, Field(max_length=48)] | None = None
    channel: Literal["qris"] = "qris"
    amount: Annotated[int, Field(ge=1)] | None = None  #: rupiah; where prices are set it must fit
    nmid: Annotated[str, Field(max_length=15)] | None = None  #: of the merchant who is paid
    nop: Annotated[str, Field(max_length=40)] | None = None
    year: Annotated[int, Field(ge=1985, le=2100)] | None = None  #: of a tax
    visit_on: date | None = None  #: of a ticket (WIB)


class RefundRequest(Body):
    """Money to be given back: an amount, or all that is left."""

    model_config = ConfigDict(str_strip_whitespace=True)

    amount: Annotated[int, Field(ge=1)] | None = None  #: rupiah
    reason: Annotated[str, Field(min_length=3, max_length=200)]
    #: Tickets that let somebody in already are refunded only if it is meant.
    even_if_redeemed: bool = False


class Scan(Body):
    """One scan that a gate made while it had no network."""

    scan_id: ScanId
    token: Annotated[str, _TOKEN]
    scanned_at: datetime
    gate: GateName | None = None


class RedemptionRequest(Body):
    """One ticket at an open gate, or the scans of a gate that was offline."""

    token: Annotated[str, _TOKEN] | None = None
    scan_id: ScanId | None = None
    gate: GateName | None = None
    scans: Annotated[list[Scan], Field(max_length=MOST_SCANS)] | None = None
