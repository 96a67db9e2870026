"""The sample complaints as the benchmarks need them: facts to decide on, records as they lie."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from functions.agency_routing.decide import Facts, decide
from functions.complaint_intake import intake
from functions.complaint_intake.submission import Submission
from shared import config
from shared.complaints.law import Status
from shared.complaints.record import Assignment, Complaint
from shared.jurisdiction import Jurisdiction

FILE = Path(__file__).parent.parent / "events" / "samples" / "complaints.jsonl"
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


class _Taken:
    """A store that keeps what is submitted to it."""

    def __init__(self) -> None:
        self.complaints: list[Complaint] = []

    def submit(
        self, complaint: Complaint, *, reporter: tuple[str, Mapping[str, Any]] | None = None
    ) -> None:
        del reporter  # contact data lies in another table
        self.complaints.append(complaint)

    def get(self, complaint_id: str) -> Complaint | None:
        return next((one for one in self.complaints if one.complaint_id == complaint_id), None)


def read() -> list[Mapping[str, Any]]:
    """Return the samples with their expectations."""
    return [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


def received() -> list[Complaint]:
    """Return each sample as it is when it has been submitted."""
    store = _Taken()
    for number, sample in enumerate(read()):
        intake.accept(
            Submission.model_validate_json(json.dumps(sample["submission"])),
            key=f"{number:032x}",
            channel="mobile",
            language="id",
            now=NOW,
            id_secret=b"bench",
            token_secret=b"bench",
            store=store,
            reporters_table="reporters",
        )
    return store.complaints


def routed() -> Iterator[Complaint]:
    """Yield each sample as it is when its agency has been sent it."""
    for complaint in received():
        decision = decide(*case(complaint))
        assignment = Assignment(
            no=1, agency=decision.agency, rule=decision.rule, because=decision.because, at=NOW
        )
        yield replace(
            complaint,
            status=Status.ASSIGNED,
            service_code=decision.service_code,
            assignments=(assignment,),
            undelivered_since=None,
        )


def case(complaint: Complaint) -> tuple[Facts, Jurisdiction]:
    """Return what a complaint's decision is made from."""
    facts = Facts(
        service_code=complaint.service_code,
        kind=complaint.kind,
        description=complaint.description,
        address_string=complaint.address_string,
        attributes=complaint.attributes,
        lat=complaint.lat,
        long=complaint.long,
    )
    return facts, config.load(complaint.jurisdiction_id)
