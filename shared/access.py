"""Decides in one place who may act for which agency, on which desk, with whose money and shelters.

API Gateway has already verified the token and its coarse scope. What is left is the fine
question, answered from the claims: a machine client is one agency, one seller or gate of a
jurisdiction's payments, or one fleet's provider; an officer is what the groups say.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from shared import config
from shared.errors import Forbidden
from shared.text import Text

AGENCY_SCOPE = "agency/work"
OFFICER_SCOPE = "officer/desk"
ORDERS_SCOPE = "orders/write"
GATE_SCOPE = "gate/redeem"
#: What a seller or a gate may be given; anything else in its token is not about payments.
PAYMENTS_SCOPES = frozenset({ORDERS_SCOPE, GATE_SCOPE})

FLEET_SCOPE = "fleet/telemetry"

#: What SSM keeps of a fleet's client, and of a payments client, where it keeps an agency's code of an agency's.
_PAYMENTS_CLIENT = re.compile(r"payments:([a-z0-9]+):([a-z0-9]+(?:-[a-z0-9]+)*)")
_FLEET_CLIENT = re.compile(r"fleet:([a-z0-9]+):([a-z0-9]+(?:-[a-z0-9]+)*)")
_GROUP = re.compile(r"[^\s,\[\]]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentsClient:
    """A seller's or gate's system, by the id that `config/<jurisdiction>/payments.toml` gives it."""

    jurisdiction_id: str
    id: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetClient:
    """A fleet's system, by the id that `config/<jurisdiction>/shelters.toml` gives it."""

    jurisdiction_id: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who is asking: `id` for the record, the agencies it works for, the desks it sits on."""

    id: str
    agencies: frozenset[str] = frozenset()
    desks: frozenset[str] = frozenset()  #: jurisdictions whose triage desk it is on
    treasuries: frozenset[str] = frozenset()  #: jurisdictions whose money it answers for
    shelters: frozenset[str] = frozenset()  #: jurisdictions whose shelters it watches
    client: PaymentsClient | None = None
    fleet: FleetClient | None = None

    def acts_for(self, agency: str) -> bool:
        """Tell whether the caller may do an agency's work; a desk works as its triage agency."""
        return agency in self.agencies or any(
            config.load(desk).triage == agency for desk in self.desks
        )

    def may_read(self, agency: str) -> bool:
        """Tell whether the caller may read an agency's work: its own, or its jurisdiction's."""
        return self.acts_for(agency) or any(agency.startswith(f"{desk}-") for desk in self.desks)

    def may_order(self, jurisdiction_id: str) -> bool:
        """Tell whether the caller may create orders of a jurisdiction and read them."""
        client = self.client
        return (
            client is not None
            and client.jurisdiction_id == jurisdiction_id
            and ORDERS_SCOPE in client.scopes
        )

    def may_refund(self, jurisdiction_id: str) -> bool:
        """Tell whether the caller may give a jurisdiction's money back: its treasurer alone."""
        return jurisdiction_id in self.treasuries

    def may_watch(self, jurisdiction_id: str) -> bool:
        """Tell whether the caller may take up and silence alerts of a jurisdiction's shelters."""
        return jurisdiction_id in self.shelters


def caller_of(claims: Mapping[str, Any], client_of: Callable[[str], str | None]) -> Caller:
    """Return the caller that a verified access token speaks for.

    `client_of` looks up whose machine client an id is: an agency's code,
    `payments:<jurisdiction>:<client>` or `fleet:<jurisdiction>:<client>`.

    Raises:
        Forbidden: the machine client is nobody's, or the token has no scope of ours.
    """
    scopes = str(claims.get("scope", "")).split()
    if OFFICER_SCOPE in scopes:
        groups = _groups(claims.get("cognito:groups", ""))
        return Caller(
            id=f"officer:{claims.get('sub')}",
            agencies=frozenset(
                agency
                for jurisdiction_id in config.jurisdiction_ids()
                for agency in config.load(jurisdiction_id).agency_by_code
                if f"agency:{agency}" in groups
            ),
            desks=_where("operator", groups),
            treasuries=_where("treasurer", groups),
            shelters=_where("shelter_officer", groups),
        )
    if not {AGENCY_SCOPE, FLEET_SCOPE, *PAYMENTS_SCOPES}.intersection(scopes):
        raise _nobody()
    found = client_of(str(claims.get("client_id")))
    if found is None:
        raise _nobody()
    if of_payments := _PAYMENTS_CLIENT.fullmatch(found):
        granted = PAYMENTS_SCOPES.intersection(scopes)
        client = PaymentsClient(jurisdiction_id=of_payments[1], id=of_payments[2], scopes=granted)
        if not granted:
            raise _nobody()
        return Caller(id=f"client:{client.jurisdiction_id}:{client.id}", client=client)
    if of_fleet := _FLEET_CLIENT.fullmatch(found):
        if FLEET_SCOPE not in scopes:
            raise _nobody()
        fleet = FleetClient(jurisdiction_id=of_fleet[1], id=of_fleet[2])
        return Caller(id=f"client:{fleet.jurisdiction_id}:{fleet.id}", fleet=fleet)
    if AGENCY_SCOPE not in scopes:
        raise _nobody()
    return Caller(id=f"client:{found}", agencies=frozenset((found,)))


def _where(role: str, groups: frozenset[str]) -> frozenset[str]:
    """Return the jurisdictions in which somebody has a role: everywhere, or in those named."""
    return frozenset(
        jurisdiction_id
        for jurisdiction_id in config.jurisdiction_ids()
        if {role, f"{role}:{jurisdiction_id}"} & groups
    )


def _nobody() -> Forbidden:
    return Forbidden(
        Text(
            "Token ini tidak terdaftar untuk dinas mana pun.",
            "This token belongs to no agency.",
        )
    )


def _groups(claim: object) -> frozenset[str]:
    """Read the groups claim: a list, or API Gateway's rendering of one as a string."""
    found = claim if isinstance(claim, list) else _GROUP.findall(str(claim))
    return frozenset(str(group).strip('"') for group in found)
