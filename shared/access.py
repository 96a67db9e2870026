"""Decides in one place who may act for which agency and on which jurisdiction's desk.

API Gateway has already verified the token and its coarse scope. What is left is the fine
question, answered from the claims: a machine client is one agency; an officer is what the
groups say.
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

_GROUP = re.compile(r"[^\s,\[\]]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who is asking: `id` for the record, the agencies it works for, the desks it sits on."""

    id: str
    agencies: frozenset[str]
    desks: frozenset[str]  #: jurisdictions whose triage desk it is on

    def acts_for(self, agency: str) -> bool:
        """Tell whether the caller may do an agency's work; a desk works as its triage agency."""
        return agency in self.agencies or any(
            config.load(desk).triage == agency for desk in self.desks
        )

    def may_read(self, agency: str) -> bool:
        """Tell whether the caller may read an agency's work: its own, or its jurisdiction's."""
        return self.acts_for(agency) or any(agency.startswith(f"{desk}-") for desk in self.desks)


def caller_of(claims: Mapping[str, Any], agency_of_client: Callable[[str], str | None]) -> Caller:
    """Return the caller that a verified access token speaks for.

    `agency_of_client` looks up the agency of a machine client's id.

    Raises:
        Forbidden: the machine client belongs to no agency, or the token has neither scope.
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
            desks=frozenset(
                jurisdiction_id
                for jurisdiction_id in config.jurisdiction_ids()
                if {"operator", f"operator:{jurisdiction_id}"} & groups
            ),
        )
    agency = agency_of_client(str(claims.get("client_id"))) if AGENCY_SCOPE in scopes else None
    if agency is None:
        raise Forbidden(
            Text(
                "Token ini tidak terdaftar untuk dinas mana pun.",
                "This token belongs to no agency.",
            )
        )
    return Caller(id=f"client:{agency}", agencies=frozenset((agency,)), desks=frozenset())


def _groups(claim: object) -> frozenset[str]:
    """Read the groups claim: a list, or API Gateway's rendering of one as a string."""
    found = claim if isinstance(claim, list) else _GROUP.findall(str(claim))
    return frozenset(str(group).strip('"') for group in found)
