"""Who may act for which agency, and sit on which desk: the table of who-may-what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.access import caller_of
from shared.errors import Forbidden
from tests.builders import client_claims, officer_claims

pytestmark = pytest.mark.usefixtures("small_config")

CLIENTS = {
    "abc123": "semarang-dpu",
    "def456": "jateng-dpubmck",
    "bus789": "payments:semarang:trans-semarang",
    "gate12": "payments:semarang:gerbang-lawang-sewu",
    "both34": "payments:jateng:loket",
    "fleet5": "fleet:semarang:mitra-armada",
}

WHO = {
    "the machine client of DPU": client_claims("abc123"),
    "the machine client of DPUBMCK": client_claims("def456"),
    "an officer of DPU": officer_claims("agency:semarang-dpu"),
    "an officer of two agencies": officer_claims("agency:semarang-dpu", "agency:semarang-dlh"),
    "an operator anywhere": officer_claims("operator"),
    "an operator in Semarang": officer_claims("operator:semarang"),
    "an operator in Jateng": officer_claims("operator:jateng"),
    "an officer of DPU and operator": officer_claims("agency:semarang-dpu", "operator:semarang"),
    "an operator of a place unknown": officer_claims("operator:solo"),
    "a treasurer": officer_claims("treasurer"),
    "an officer of shelters": officer_claims("shelter_officer"),
    "an officer of shelters in Semarang": officer_claims("shelter_officer:semarang"),
    "a treasurer in Jateng": officer_claims("treasurer:jateng"),
    "a seller in Semarang": client_claims("bus789", "orders/write"),
    "a gate in Semarang": client_claims("gate12", "gate/redeem"),
    "a box office in Jateng": client_claims("both34", "orders/write gate/redeem"),
    "a fleet in Semarang": client_claims("fleet5", "fleet/telemetry"),
    "an officer without a group": officer_claims(),
}

AGENCIES = (
    "semarang-dpu",
    "semarang-dlh",
    "semarang-diskominfo",
    "jateng-dpubmck",
    "jateng-diskominfo",
)

#: For whom each may act (A) or only read (r), agency by agency; then the desks.
TABLE = {
    "the machine client of DPU": ("A....", []),
    "the machine client of DPUBMCK": ("...A.", []),
    "an officer of DPU": ("A....", []),
    "an officer of two agencies": ("AA...", []),
    "an operator anywhere": ("rrArA", ["jateng", "semarang"]),
    "an operator in Semarang": ("rrA..", ["semarang"]),
    "an operator in Jateng": ("...rA", ["jateng"]),
    "an officer of DPU and operator": ("ArA..", ["semarang"]),
    "an operator of a place unknown": (".....", []),
    "a treasurer": (".....", []),
    "an officer of shelters": (".....", []),
    "an officer of shelters in Semarang": (".....", []),
    "a treasurer in Jateng": (".....", []),
    "a seller in Semarang": (".....", []),
    "a gate in Semarang": (".....", []),
    "a box office in Jateng": (".....", []),
    "a fleet in Semarang": (".....", []),
    "an officer without a group": (".....", []),
}

JURISDICTIONS = ("jateng", "semarang")
#: Who may order (o) and give money back (r) in each jurisdiction.
MONEY = {
    "the machine client of DPU": ("", ""),
    "an operator anywhere": ("", ""),
    "an officer of DPU and operator": ("", ""),
    "a treasurer": ("r", "r"),
    "an officer of shelters": ("", ""),
    "a treasurer in Jateng": ("r", ""),
    "a seller in Semarang": ("", "o"),
    "a gate in Semarang": ("", ""),
    "a box office in Jateng": ("o", ""),
    "a fleet in Semarang": ("", ""),
    "an officer without a group": ("", ""),
}


#: Whose shelters' alerts each may take up and silence.
SHELTERS = {
    "the machine client of DPU": [],
    "an operator anywhere": [],
    "a treasurer": [],
    "a fleet in Semarang": [],
    "an officer of shelters": ["jateng", "semarang"],
    "an officer of shelters in Semarang": ["semarang"],
    "an officer without a group": [],
}


@pytest.mark.parametrize("who", SHELTERS)
def test_who_watches_shelters(who):
    caller = caller_of(WHO[who], CLIENTS.get)
    assert [one for one in JURISDICTIONS if caller.may_watch(one)] == SHELTERS[who]


@pytest.mark.parametrize("who", TABLE)
def test_who_may_do_what(who):
    caller = caller_of(WHO[who], CLIENTS.get)
    may, desks = TABLE[who]
    assert [caller.acts_for(agency) for agency in AGENCIES] == [mark == "A" for mark in may]
    assert [caller.may_read(agency) for agency in AGENCIES] == [mark != "." for mark in may]
    assert sorted(caller.desks) == desks


@pytest.mark.parametrize("who", MONEY)
def test_who_may_do_what_with_money(who):
    caller = caller_of(WHO[who], CLIENTS.get)
    found = tuple(
        "".join(
            mark
            for mark, may in (
                ("o", caller.may_order(jurisdiction_id)),
                ("r", caller.may_refund(jurisdiction_id)),
            )
            if may
        )
        for jurisdiction_id in JURISDICTIONS
    )
    assert found == MONEY[who]


def test_a_payments_client_is_known_by_the_id_that_configuration_gives_it():
    caller = caller_of(client_claims("bus789", "orders/write"), CLIENTS.get)
    assert caller.client is not None
    assert (caller.client.jurisdiction_id, caller.client.id) == ("semarang", "trans-semarang")
    assert caller.id == "client:semarang:trans-semarang"
    assert caller_of(client_claims("abc123"), CLIENTS.get).client is None


def test_a_fleets_client_is_known_by_the_id_that_configuration_gives_it():
    caller = caller_of(client_claims("fleet5", "agency/work fleet/telemetry"), CLIENTS.get)
    assert caller.fleet is not None
    assert (caller.fleet.jurisdiction_id, caller.fleet.id) == ("semarang", "mitra-armada")
    assert caller.id == "client:semarang:mitra-armada"
    assert (caller.agencies, caller.client) == (frozenset(), None)
    assert caller_of(client_claims("abc123"), CLIENTS.get).fleet is None


def test_scopes_that_are_not_about_payments_give_a_payments_client_nothing():
    claims = client_claims("bus789", "orders/write agency/work")
    caller = caller_of(claims, CLIENTS.get)
    assert caller.agencies == frozenset()
    assert caller.client is not None
    assert caller.client.scopes == {"orders/write"}


def test_a_caller_is_recorded_by_agency_or_by_officer():
    assert caller_of(client_claims("abc123"), CLIENTS.get).id == "client:semarang-dpu"
    assert caller_of(officer_claims(), CLIENTS.get).id == "officer:5f0c"


@pytest.mark.parametrize(
    "claims",
    [
        {},
        client_claims("nobody"),
        {"client_id": "abc123", "scope": "fleet/telemetry", "sub": "abc123"},
        {"client_id": "abc123", "scope": "agency/workshop", "sub": "abc123"},
        client_claims("abc123", "orders/write"),
        client_claims("bus789", "agency/work"),
        client_claims("nobody", "orders/write"),
        client_claims("nobody", "fleet/telemetry"),
        client_claims("fleet5", "agency/work"),
        client_claims("bus789", "fleet/telemetry"),
        {"client_id": "abc123", "sub": "abc123", "cognito:groups": "operator"},
        {"client_id": "officers", "scope": "openid", "sub": "5f0c", "cognito:groups": "operator"},
    ],
    ids=str,
)
def test_a_token_of_another_scope_or_of_no_agency_is_forbidden(claims):
    with pytest.raises(Forbidden, match="belongs to no agency"):
        caller_of(claims, CLIENTS.get)


def test_groups_on_a_machine_clients_token_give_it_nothing():
    claims = client_claims("abc123") | {"cognito:groups": "operator,agency:semarang-dlh"}
    caller = caller_of(claims, CLIENTS.get)
    assert caller.agencies == {"semarang-dpu"}
    assert caller.desks == frozenset()


group_names = st.sampled_from(["agency:semarang-dpu", "agency:semarang-dlh", "operator:semarang"])


@given(st.lists(group_names, unique=True))
def test_the_groups_claim_is_read_in_every_rendering(groups):
    renderings = [
        groups,
        ",".join(groups),
        ", ".join(groups),
        f"[{' '.join(groups)}]",
        f"[{', '.join(groups)}]",
        str(groups).replace("'", '"'),
    ]
    callers = [
        caller_of(officer_claims() | {"cognito:groups": rendering}, CLIENTS.get)
        for rendering in renderings
    ]
    expected = {group.removeprefix("agency:") for group in groups if group.startswith("agency:")}
    assert all(caller.agencies == expected for caller in callers)
    assert all(bool(caller.desks) == ("operator:semarang" in groups) for caller in callers)
