"""What the public reads of the books: revenue in sums, and the roots that seal the journal."""

from datetime import date, datetime
from typing import Literal

from pydantic import ConfigDict, Field

from shared.models import View

GroupBy = Literal["agency", "product", "day"]


class RevenueRow(View):
    """Revenue of an agency, a product or a day, in rupiah."""

    agency: str | None = None
    product: str | None = None
    day: date | None = None
    transactions: int  #: payments that were credited
    received: int  #: credited
    returned: int  #: reversed, refunded, charged back or moved to suspense
    revenue: int  #: what is left


class Revenue(View):
    """Revenue of the days from `from` to `to` (WIB, both included), as the journal stood at `as_of`."""

    model_config = ConfigDict(defer_build=True, serialize_by_alias=True, validate_by_name=True)

    jurisdiction_id: str | None  #: null: all of them
    from_: date = Field(alias="from")
    to: date
    group_by: GroupBy
    currency: Literal["IDR"] = "IDR"
    as_of: datetime | None
    rows: list[RevenueRow]
    total: RevenueRow


class SealView(View):
    """The seal of a posting hour (UTC): the Merkle root over its entries, chained to the last."""

    jurisdiction_id: str
    hour: str
    entries: int
    root: str
    previous: str
    chain: str
    sealed_at: datetime


class SealList(View):
    """Seals, the newest first; `cursor` asks for the page of those before, null at the beginning."""

    jurisdiction_id: str
    seals: list[SealView]
    cursor: str | None
