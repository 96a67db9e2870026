"""What can be paid for in a jurisdiction, at which price, to whose account: `payments.toml`."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from functions.payment_webhooks.order_ids import NOBODYS
from shared import config
from shared.jurisdiction import AgencyCode, Slug
from shared.text import Text

NAME: Final = "payments"
#: By which a payer pays.
Channel = Literal["qris", "gopay", "va", "card"]
Kind = Literal["fare", "tax", "ticket", "merchant", "other"]
#: The second part of an order's number.
OrderCode = Literal["BRT", "PBB", "TIX", "MRC", "OTH"]
#: On which days a tariff holds; `holiday` is a public holiday, on whatever weekday.
DayKind = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday"]
#: By which Bank Indonesia sets what an acquirer keeps.
MerchantClass = Literal[
    "micro", "small", "medium", "large", "government", "education", "public_service"
]
Rupiah = Annotated[int, Field(ge=0, le=10**12)]
BasisPoints = Annotated[int, Field(ge=0, le=10_000)]
Nmid = Annotated[str, Field(pattern=r"^ID[0-9]{13}$")]


class _Model(BaseModel):
    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True)


class _Dated(_Model):
    """Something that holds from one day to another, both included (WIB)."""

    valid_from: date
    valid_until: date | None = None
    source: str = ""
    verified: bool = False  #: read in its source, not from memory or the press

    def holds_on(self, day: date) -> bool:
        """Tell whether it holds on a day (WIB)."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> "_Dated":
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise ValueError("`valid_until` is before `valid_from`; swap them")
        return self


class Tariff(_Dated):
    """A price of a product for one class of payers."""

    fare_class: Slug = "general"
    amount: Rupiah
    only_on: tuple[DayKind, ...] = ()  #: none: every day
    not_on: tuple[DayKind, ...] = ()


class Penalty(_Dated):
    """How much late tax costs, by the day and channel of its payment."""

    channels: tuple[Channel, ...] = ()  #: none: every channel
    basis_points: BasisPoints  #: of the principal, for each month begun
    months_at_most: Annotated[int, Field(ge=1, le=600)] = 24


class MdrRate(_Dated):
    """What an acquirer keeps of a payment (MDR)."""

    merchant_class: MerchantClass | None = None  #: none: every class
    channels: tuple[Channel, ...] = ("qris",)
    up_to: Rupiah | None = None  #: for amounts up to this, included
    basis_points: BasisPoints = 0
    fixed: Rupiah = 0


class Account(_Model):
    """Whose revenue it is: an agency and its budget code (kode rekening)."""

    code: Slug
    agency: AgencyCode
    budget_code: Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)*$", max_length=32)]
    name: Text

    @property
    def ledger_account(self) -> str:
        """The account's name in the ledger."""
        return f"revenue:{self.agency}:{self.budget_code}"


class Site(_Model):
    """Where something is paid or redeemed: a corridor, a gate, a market."""

    id: Slug
    name: Text


class Product(_Model):
    """Something that can be paid for."""

    code: Slug
    order_code: OrderCode
    kind: Kind
    name: Text
    account: Slug
    penalty_account: Slug | None = None  #: of a tax: where its penalties are accounted
    merchant_class: MerchantClass = "public_service"
    sites: tuple[Slug, ...] = ()
    tariffs: tuple[Tariff, ...] = ()  #: none: the order names the amount
    lowest: Rupiah = 1  #: of an amount that the order names
    highest: Rupiah = 10_000_000
    penalties: tuple[Penalty, ...] = ()
    nop_prefixes: tuple[Annotated[str, Field(pattern=r"^[0-9]{2,10}$")], ...] = ()
    most: Annotated[int, Field(ge=1, le=100)] = 10  #: of one order
    minutes_to_pay: Annotated[int, Field(ge=1, le=10_080)] = 15
    days_valid: Annotated[int, Field(ge=1, le=366)] = 30  #: of a ticket, unless it names its day


class Merchant(_Model):
    """A payee of its own NMID: a stall, a parking place, a levy's cashier."""

    nmid: Nmid
    name: str
    product: Slug
    account: Slug
    site: Slug | None = None
    merchant_class: MerchantClass = "micro"


class StaticQr(_Model):
    """A printed QR: what a payment without an order of ours was for, by who received it."""

    product: Slug
    site: Slug | None = None
    nmid: Nmid | None = None
    outlet: str | None = None
    terminal: str | None = None

    @model_validator(mode="after")
    def _says_who_received_it(self) -> "StaticQr":
        if not (self.nmid or self.outlet or self.terminal):
            raise ValueError("give `nmid`, `outlet` or `terminal`, by which a payment is known")
        return self


class Client(_Model):
    """A machine that may order or redeem: its products, and the site where it stands."""

    id: Slug
    scopes: tuple[Literal["orders/write", "gate/redeem"], ...]
    products: tuple[Slug, ...] = ()
    site: Slug | None = None


class SnapPartner(_Model):
    """Who notifies us by BI-SNAP; `id` names its keys among the secrets."""

    id: Slug
    partner_service_ids: tuple[str, ...] = ()  #: before the NOP in its virtual accounts
    channel: Channel = "va"


class Snap(_Model):
    """Where BI-SNAP's paths hang, and which paths a provider may have signed."""

    prefix: str = "/payments/snap"
    accepted_paths: tuple[str, ...] = ()
    partners: tuple[SnapPartner, ...] = ()

    def signed_as(self, service: str) -> tuple[str, ...]:
        """Return the paths that a signature of a service ("/v1.0/debit/notify") may be over."""
        return tuple(path for path in self.accepted_paths if path.endswith(service))


class Sold(_Model):
    """What a marketplace means by one of its article numbers."""

    sku: Annotated[str, Field(min_length=1, max_length=64)]
    product: Slug
    fare_class: Slug = "general"
    site: Slug | None = None


class Marketplace(_Model):
    """A partner that sells our tickets and tells us by a signed webhook."""

    id: Slug
    name: str
    articles: tuple[Sold, ...]


class Settlement(_Model):
    """How providers' settlement files and the bank's statements are read."""

    working_days: Annotated[int, Field(ge=0, le=30)] = 3  #: within which a payment is paid out
    #: Further names of columns, by ours: `amount = ["Nilai Bruto"]`.
    provider_columns: Mapping[str, tuple[str, ...]] = {}
    bank_columns: Mapping[str, tuple[str, ...]] = {}
    bank_words: tuple[str, ...] = ()  #: further words by which a bank line is a provider's


class Payments(_Model):
    """Everything about money that differs between jurisdictions."""

    order_prefix: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]  #: the jurisdiction's `id_prefix`
    accounts: tuple[Account, ...]
    sites: tuple[Site, ...] = ()
    products: tuple[Product, ...]
    merchants: tuple[Merchant, ...] = ()
    static: tuple[StaticQr, ...] = ()
    mdr: tuple[MdrRate, ...] = ()
    refund_days: Mapping[Channel, Annotated[int, Field(ge=0, le=366)]] = {}
    clients: tuple[Client, ...] = ()
    snap: Snap = Field(default_factory=Snap)
    marketplaces: tuple[Marketplace, ...] = ()
    settlement: Settlement = Field(default_factory=Settlement)

    def __hash__(self) -> int:
        return hash(self.order_prefix)  # lets derived tables be cached

    @cached_property
    def product_by_code(self) -> Mapping[str, Product]:
        """Products by code."""
        return {product.code: product for product in self.products}

    @cached_property
    def account_by_code(self) -> Mapping[str, Account]:
        """Revenue accounts by code."""
        return {account.code: account for account in self.accounts}

    @cached_property
    def merchant_by_nmid(self) -> Mapping[str, Merchant]:
        """Merchants by NMID."""
        return {merchant.nmid: merchant for merchant in self.merchants}

    @cached_property
    def client_by_id(self) -> Mapping[str, Client]:
        """Machine clients by id."""
        return {client.id: client for client in self.clients}

    @model_validator(mode="after")
    def _names_refer_to_what_exists(self) -> "Payments":
        if self.order_prefix == NOBODYS:
            raise ValueError(f"order_prefix {NOBODYS!r} is for payments that nobody ordered")
        accounts = _unique("account", (one.code for one in self.accounts))
        sites = _unique("site", (one.id for one in self.sites))
        products = _unique("product", (one.code for one in self.products))
        _unique("merchant", (one.nmid for one in self.merchants))
        _unique("client", (one.id for one in self.clients))
        _unique("marketplace", (one.id for one in self.marketplaces))
        for product in self.products:
            where = f"product {product.code}"
            _known(f"{where}: account", [product.account, product.penalty_account], accounts)
            _known(f"{where}: site", product.sites, sites)
        for merchant in self.merchants:
            where = f"merchant {merchant.nmid}"
            _known(f"{where}: product", [merchant.product], products)
            _known(f"{where}: account", [merchant.account], accounts)
            _known(f"{where}: site", [merchant.site], sites)
        for static in self.static:
            _known("static QR: product", [static.product], products)
            _known("static QR: site", [static.site], sites)
        for client in self.clients:
            _known(f"client {client.id}: product", client.products, products)
            _known(f"client {client.id}: site", [client.site], sites)
        for marketplace in self.marketplaces:
            where = f"marketplace {marketplace.id}"
            _unique(f"{where}: article", (one.sku for one in marketplace.articles))
            _known(f"{where}: product", (one.product for one in marketplace.articles), products)
            _known(f"{where}: site", (one.site for one in marketplace.articles), sites)
        return self


def payments_of(jurisdiction_id: str) -> Payments:
    """Return a jurisdiction's configuration of payments.

    Raises:
        KeyError: there is no such jurisdiction.
        ConfigError: its `payments.toml` cannot be used.
    """
    return config.part(jurisdiction_id, NAME, Payments)


def jurisdiction_of(order_prefix: str) -> str | None:
    """Return the jurisdiction whose orders' numbers begin so ("SMG")."""
    return next(
        (
            each
            for each in config.jurisdiction_ids()
            if payments_of(each).order_prefix == order_prefix
        ),
        None,
    )


def _unique(what: str, names: Iterable[str]) -> frozenset[str]:
    seen = Counter(names)
    if twice := [name for name, count in seen.items() if count > 1]:
        raise ValueError(f"{what} {twice[0]!r} is defined twice; keep one")
    return frozenset(seen)


def _known(what: str, names: Iterable[str | None], known: frozenset[str]) -> None:
    for name in names:
        if name is not None and name not in known:
            raise ValueError(
                f"{what} {name!r} does not exist; known: {', '.join(sorted(known)) or 'none'}"
            )
