"""Every desk action by the right actor, and refused to each wrong one: actor × action × state."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import pytest

from cli.surroundings import Surroundings
from functions.agency_routing.requests import AT_A_DESK
from shared import ids
from shared.clock import WIB, now
from shared.complaints.items import complaint_values
from shared.complaints.law import ACTORS, TRANSITIONS, Action, Actor, Status
from shared.complaints.record import Complaint
from shared.dynamo import to_item
from tests.builders import a_complaint, a_number
from tests.e2e.citizen import Street, eventually

AGENCY = "semarang-dpu"
TOMORROW = f"{(now() + timedelta(days=1)).astimezone(WIB):%Y-%m-%d}"
#: Who acts on a complaint of Semarang that DPU has, and as what the law knows them.
ROLES: Mapping[str, Actor | None] = {
    "agency": Actor.AGENCY,
    "desk": Actor.DESK,
    "another agency": None,
    "another desk": None,
}
#: What an action needs besides a note.
NEEDED: Mapping[Action, Mapping[str, str]] = {
    Action.ASSIGN: {"agency": "semarang-dlh"},
    Action.SCHEDULE: {"until": TOMORROW},
    Action.RESOLVE_CONDITIONALLY: {"until": TOMORROW},
    Action.REJECT: {"reason": "proses-hukum"},
    Action.REDACT: {"public_description": "Jalan berlubang"},
}
#: Those of the law that need no other complaint.
ACTIONS = [Action(one) for one in AT_A_DESK if one not in ("split", "merge", "unmerge")]


def expected(actor: str, action: Action, status: Status) -> int:
    """Say what the law says: done, not now, or not theirs."""
    role = ROLES[actor]
    unrouted = status is Status.RECEIVED
    if role is None or role not in ACTORS[action] or (unrouted and role is Actor.AGENCY):
        return 403
    transition = TRANSITIONS.get((status, action))
    return 200 if transition and role in transition.by and not unrouted else 409


def in_status(status: Status, **changes: Any) -> Complaint:
    """Return a complaint in a status, as if brought there; none is under way to anyone."""
    number = next(ids.complaint_numbers("SMG", ids.keyed_hash(b"desk", str(uuid4()))))
    at = now()
    unrouted: dict[str, Any] = {"undelivered_since": None} if status is Status.RECEIVED else {}
    return a_complaint(
        status=status,
        complaint_id=number,
        service_code="jalan-rusak",
        created_at=at,
        updated_at=at,
        due_at=at + timedelta(days=3),
        **unrouted,
        **changes,
    )


@pytest.fixture(scope="module")
def street(surroundings: Surroundings) -> Street:
    """Everyone who meets on the cloud."""
    return Street(surroundings)


@pytest.fixture(scope="module")
def tokens(street: Street) -> Mapping[str, str]:
    """The access token of each actor."""
    return {
        "agency": street.machine(AGENCY),
        "desk": street.officer("operator:semarang"),
        "another agency": street.machine("semarang-dishub"),
        "another desk": street.officer("operator:jateng"),
    }


def put(street: Street, complaints: list[Complaint]) -> None:
    """Write complaints into the table as the account's own user."""
    table = street.around.outputs.tables.complaints
    requests = [{"PutRequest": {"Item": to_item(complaint_values(one))}} for one in complaints]
    for at in range(0, len(requests), 25):
        batch = {table: requests[at : at + 25]}
        answer = street.around.client("dynamodb").batch_write_item(RequestItems=batch)
        assert not answer.get("UnprocessedItems")


def cases() -> Iterator[tuple[str, Action, Status]]:
    """Yield every actor, action and state; of the strangers' refusals, which all are alike, a part."""
    for status, action in product(Status, ACTIONS):
        yield "agency", action, status
        yield "desk", action, status
        if status in (Status.ASSIGNED, Status.RESOLVED):
            yield "another agency", action, status
            yield "another desk", action, status


def test_each_action_is_done_by_whom_the_law_names_and_refused_to_everyone_else(
    street: Street, tokens: Mapping[str, str]
) -> None:
    refusing = {status: in_status(status) for status in Status}
    table = [
        (
            case,
            in_status(case[2], hidden=case[1] is Action.SHOW)
            if expected(*case) == 200
            else refusing[case[2]],
        )
        for case in cases()
    ]
    put(street, [*refusing.values(), *(one for case, one in table if expected(*case) == 200)])

    def take(row: tuple[tuple[str, Action, Status], Complaint]) -> str | None:
        (actor, action, status), complaint = row
        answer = street.act(
            {"complaint_id": complaint.complaint_id},
            action,
            complaint.version,
            tokens[actor],
            public_note="Sudah kami periksa.",
            **NEEDED.get(action, {}),
        )
        wanted = expected(actor, action, status)
        if answer.status_code != wanted:
            return f"{actor} {action} while {status}: {answer.status_code}, not {wanted}"
        if wanted == 200 and answer.json()["status"] != TRANSITIONS[status, action].to:
            return f"{actor} {action} while {status}: became {answer.json()['status']}"
        return None

    with ThreadPoolExecutor(3) as pool:
        wrong = [one for one in pool.map(take, table) if one]
    assert wrong == []
    assert sum(expected(*case) == 200 for case, _ in table) > 90
    for complaint in refusing.values():
        kept = street.around.client("dynamodb").get_item(
            TableName=street.around.outputs.tables.complaints,
            Key={"pk": {"S": f"C#{complaint.complaint_id}"}, "sk": {"S": "RECORD"}},
            ConsistentRead=True,
        )["Item"]
        assert kept["version"] == {"N": str(complaint.version)}


def test_without_a_token_nothing_is_done(street: Street) -> None:
    answer = street.call("POST", f"/complaints/{a_number()}/actions", {})
    assert answer.status_code == 401


def test_what_a_desk_hands_over_to_sp4n_it_brings_to_its_end_there(
    street: Street, tokens: Mapping[str, str]
) -> None:
    one = in_status(Status.ACCEPTED)
    put(street, [one])
    receipt, desk = {"complaint_id": one.complaint_id}, tokens["desk"]
    given = street.act(receipt, "assign", one.version, desk, agency="jateng-sp4n")
    assert given.json()["agency"] == "jateng-sp4n"
    stranger = street.act(receipt, "accept", one.version + 1, tokens["another desk"])
    assert stranger.status_code == 403
    version = given.json()["version"]
    for action, more in (
        ("accept", {}),
        ("resolve", {"template": "selesai", "outcome": "dilayani"}),
    ):
        answer = street.act(receipt, action, version, desk, **more)
        assert answer.status_code == 200, answer.text
        version = answer.json()["version"]
    seen = street.call("GET", f"/complaints/{one.complaint_id}").json()
    assert seen["status"] == "resolved"
    assert one.complaint_id in seen["timeline"][-1]["note"]
    assert seen["timeline"][-1]["because"]["code"] == "dilayani"


def test_what_is_hidden_is_gone_for_the_public_until_it_is_shown_redacted(
    street: Street, tokens: Mapping[str, str]
) -> None:
    one = in_status(Status.ASSIGNED, description="Nama tetangga saya Pak RAHASIA")
    put(street, [one])
    receipt, desk, path = (
        {"complaint_id": one.complaint_id},
        tokens["desk"],
        f"/complaints/{one.complaint_id}",
    )
    assert street.call("GET", path).status_code == 200
    street.act(receipt, "hide", 2, desk, internal_note="Ada nama orang")
    assert street.call("GET", path).status_code == 404
    more = {"internal_note": "Nama ditutup", "public_description": "Nama tetangga saya […]"}
    street.act(receipt, "redact", 3, desk, **more)
    street.act(receipt, "show", 4, desk, internal_note="Sudah ditutup")
    seen = street.call("GET", path)
    assert seen.json()["description"] == "Nama tetangga saya […]"
    assert "RAHASIA" not in seen.text
    assert "Ada nama orang" not in seen.text
    work = street.call("GET", f"/agencies/{AGENCY}{path}", token=tokens["agency"]).json()
    assert work["description"] == one.description
    assert [step["internal_note"] for step in work["timeline"]] == [
        "Ada nama orang",
        "Nama ditutup",
        "Sudah ditutup",
    ]
    assert {step["role"] for step in work["timeline"]} == {"desk"}


def test_a_rejection_is_heard_by_the_agency_that_had_it_and_read_with_its_law(
    street: Street, tokens: Mapping[str, str]
) -> None:
    one = in_status(Status.ACCEPTED)
    put(street, [one])
    receipt = {"complaint_id": one.complaint_id}
    words = {"reason": "proses-hukum", "template": "di-luar-lingkup"}
    assert street.act(receipt, "reject", 2, tokens["desk"], **words).status_code == 200
    heard = street.heard(AGENCY, receipt, type="complaint_changed.v1")
    assert (heard["action"], heard["status"]) == ("reject", "rejected")
    seen = eventually(lambda: street.call("GET", f"/complaints/{one.complaint_id}").json())
    assert "SP4N-LAPOR" in seen["rejected_for"]["basis"]
