"""An agency's side of its queue, natively and over HTTP: the documented programs, and crashes."""

import json
import os
import random
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cli.agency_work import AgencyWork, Assignment
from cli.api import action_id
from cli.signin import machine_client
from cli.surroundings import LOCAL_CREDENTIALS, ROOT, Surroundings
from shared.complaints.law import Status
from tests.e2e.citizen import Street, eventually

EXAMPLES = ROOT / "docs" / "examples"
LAMP: dict[str, Any] = {"description": "Lampu jalan mati", "service_code": "lampu-jalan"}
PARKING: dict[str, Any] = {
    "description": "Mobil parkir liar menutup trotoar",
    "service_code": "parkir-liar",
}
ROAD: dict[str, Any] = {
    "description": "Jalan berlubang di depan pasar",
    "service_code": "jalan-rusak",
    "attributes": {"pemilik_jalan": "kota"},
}
NATIVE, OVER_HTTP, DRAINED = "semarang-disperkim", "semarang-dishub", "semarang-dpu"


@pytest.fixture(scope="module")
def street(surroundings: Surroundings) -> Street:
    return Street(surroundings)


def environment_of(street: Street, agency: str) -> dict[str, str]:
    """Return what an operator tells an agency, and what stands for the agency's own account."""
    around, outputs = street.around, street.around.outputs
    known, client = outputs.agency(agency), machine_client(outputs, agency, around.cognito)
    return {
        "PATH": os.environ["PATH"],
        "SIMPUL_API": outputs.api_url,
        "SIMPUL_AGENCY": agency,
        "SIMPUL_TOKEN": street.machine(agency),
        "SIMPUL_QUEUE_URL": known.queue_url,
        "SIMPUL_ROLE_ARN": str(known.role_arn),
        "SIMPUL_EXTERNAL_ID": known.external_id,
        "SIMPUL_TOKEN_URL": outputs.token_url,
        "SIMPUL_CLIENT_ID": client.client_id,
        "SIMPUL_CLIENT_SECRET": client.client_secret,
        "SIMPUL_WAIT_S": "1",
        "AWS_ENDPOINT_URL": str(outputs.endpoint_url),
        "AWS_DEFAULT_REGION": outputs.region,
        "AWS_ACCESS_KEY_ID": LOCAL_CREDENTIALS["aws_access_key_id"],
        "AWS_SECRET_ACCESS_KEY": LOCAL_CREDENTIALS["aws_secret_access_key"],
    }


def run(street: Street, agency: str, program: str) -> str:
    """Run one of the documented programs as an agency would; return what it printed."""
    ended = subprocess.run(
        [sys.executable, str(Path(EXAMPLES, program))],
        env=environment_of(street, agency),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def assignment_of(street: Street, agency: str, number: str) -> dict[str, Any]:
    """Return the current assignment as the agency sees it."""
    path = f"/agencies/{agency}/complaints/{number}"
    answer = street.call("GET", path, token=street.machine(agency))
    assert answer.status_code == 200, answer.text
    assignment: dict[str, Any] = answer.json()["assignment"]
    return assignment


def queued(street: Street, agency: str, receipt: dict[str, Any]) -> dict[str, Any]:
    """Wait until a complaint is on its agency's queue, and return the assignment."""
    street.assigned(receipt, agency)
    found: dict[str, Any] = eventually(
        lambda: (one := assignment_of(street, agency, receipt["complaint_id"]))["queued_at"] and one
    )
    return found


@pytest.mark.parametrize(
    ("agency", "program", "about"),
    [
        (NATIVE, "native_worker.py", LAMP),
        (OVER_HTTP, "http_worker.py", PARKING),
    ],
    ids=["native", "over HTTP"],
)
def test_the_documented_program_accepts_what_waits_and_again_does_no_harm(
    street: Street, agency: str, program: str, about: dict[str, Any]
) -> None:
    receipts = [street.submit(**about) for _ in range(3)]
    for receipt in receipts:
        before = queued(street, agency, receipt)
        assert not before["acknowledged_at"]
    another = {"type": "shelter_alert.v1", "shelter_id": "semarang-tugu-muda", "action": "trigger"}
    street.around.sqs.send_message(
        QueueUrl=street.around.outputs.agency(agency).queue_url, MessageBody=json.dumps(another)
    )
    printed = run(street, agency, program)
    assert "shelter_alert.v1 semarang-tugu-muda trigger" in printed
    for receipt in receipts:
        assert f"{receipt['complaint_id']} 200" in printed
        assert street.see(receipt)["status"] == "accepted"
        after = assignment_of(street, agency, receipt["complaint_id"])
        assert after["acknowledged_at"]
        assert after["accepted_at"]
        assert bool(after["received_at"]) == (agency == OVER_HTTP)
    again = run(street, agency, program)
    assert not any(receipt["complaint_id"] in again for receipt in receipts)


def test_the_twins_acknowledgement_is_one_without_any_action_and_keeps_the_version(
    street: Street,
) -> None:
    receipt = street.submit(**PARKING)
    view = street.assigned(receipt, OVER_HTTP)
    token, base = street.machine(OVER_HTTP), f"/agencies/{OVER_HTTP}/messages"

    def look() -> dict[str, Any] | None:
        held = street.call("POST", f"{base}/receive", {"max": 10}, token=token).json()["messages"]
        return next(
            (one for one in held if one["message"]["complaint_id"] == receipt["complaint_id"]), None
        )

    held = eventually(look)
    done = street.call("POST", f"{base}/ack", {"receipt": held["receipt"]}, token=token)
    assert done.status_code == 200, done.text
    known = assignment_of(street, OVER_HTTP, receipt["complaint_id"])
    assert known["received_at"] <= known["acknowledged_at"]
    assert not known["accepted_at"]
    accepted = street.act(receipt, "accept", view["version"], token)
    assert accepted.status_code == 200, accepted.text


class Crash(Exception):
    """The consumer's process ended here."""


@dataclass
class Consumers:
    """Three programs of one agency at its queue, each of which dies now and then, and comes back."""

    street: Street
    wanted: frozenset[str]
    chance: random.Random = field(default_factory=lambda: random.Random(20))
    crashes: list[str] = field(default_factory=list)
    worked: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def drain(self) -> None:
        """Work until every complaint is accepted, coming back after each crash."""
        while not self.all_are_worked():
            try:
                self.live()
            except Crash:
                continue

    def all_are_worked(self) -> bool:
        """Whether each complaint has been accepted."""
        with self.lock:
            return self.wanted <= set(self.worked)

    def live(self) -> None:
        """Work as one process would; what it held when it dies is shown again after a second."""
        work = AgencyWork(DRAINED, Surroundings(**self.surroundings()))
        while not self.all_are_worked():
            for assignment in work.receive(most=2, wait_s=1, hold_s=2):
                self.handle(work, assignment)

    def surroundings(self) -> dict[str, Any]:
        """Return what makes clients of a process's own."""
        around = self.street.around
        return {"state_dir": around.state_dir, "outputs_path": around.outputs_path}

    def handle(self, work: AgencyWork, assignment: Assignment) -> None:
        """Accept, then delete; perhaps die before, in between or after."""
        self.perhaps_die("received")
        standing = work.accept(assignment)
        assert standing.status is Status.ACCEPTED
        self.perhaps_die("accepted")
        work.done(assignment)
        with self.lock:
            self.worked.append(assignment.complaint_id)
        self.perhaps_die("deleted")

    def perhaps_die(self, where: str) -> None:
        """End this process with a chance of one in four."""
        with self.lock:
            dies = self.chance.random() < 0.25 and len(self.crashes) < 12
            if dies:
                self.crashes.append(where)
        if dies:
            raise Crash(where)


@pytest.fixture
def waiting(street: Street) -> list[dict[str, Any]]:
    """Complaints on an agency's queue, and nothing else there."""
    work = AgencyWork(DRAINED, street.around)
    while old := work.receive(wait_s=0):
        for assignment in old:
            work.done(assignment)
    receipts = [street.submit(**ROAD) for _ in range(12)]
    for receipt in receipts:
        street.assigned(receipt, DRAINED)
    return receipts


def test_three_consumers_that_crash_work_each_complaint_and_lose_none(
    street: Street, waiting: list[dict[str, Any]]
) -> None:
    consumers = Consumers(street, frozenset(one["complaint_id"] for one in waiting))
    with ThreadPoolExecutor(max_workers=3) as threads:
        for ended in [threads.submit(consumers.drain) for _ in range(3)]:
            ended.result(timeout=60)
    assert len(consumers.crashes) >= 3
    operator = street.officer("operator:semarang")
    for receipt in waiting:
        path = f"/agencies/{DRAINED}/complaints/{receipt['complaint_id']}"
        found = street.call("GET", path, token=operator).json()
        assert found["status"] == "accepted"
        # Whoever came second with the same message did nothing more.
        assert [step["action"] for step in found["timeline"]] == ["accept"]
        expected = action_id(f"{receipt['complaint_id']}:1", "accept")
        assert found["timeline"][0]["action_id"] == str(expected)
    assert AgencyWork(DRAINED, street.around).receive(wait_s=3) == []
