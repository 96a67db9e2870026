"""The main job on real input: submit the samples, see them routed, let agencies answer."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID, uuid5

from cli.agency_work import AgencyWork, Outdated
from cli.api import Api
from cli.screen import CannotContinue

WORKERS = 4
ROUTED_WITHIN_S = 60.0
ANSWERED_WITHIN_S = 60.0
PAUSE_S = 0.2
#: How many agencies answer in the demo, and which of their complaints they leave open (each n-th).
ANSWERING = 4
LEFT_OPEN = 4
ANSWER = (
    "Terima kasih atas aduannya. Petugas sudah memeriksa lokasi dan menyelesaikan penanganannya."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A complaint of `events/samples`, with the agency that a competent officer would choose."""

    id: str
    frozen: bool
    expected_agency: str
    submission: dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Followed:
    """A submitted sample: its receipt and the reporter's latest view of it."""

    sample: Sample
    complaint_id: str
    tracking_token: str
    view: dict[str, Any] = field(default_factory=dict)
    seconds_to_agency: float | None = None  #: from the citizen's submission to the assignment

    @property
    def agency(self) -> str | None:
        """The agency that has the complaint, as soon as one does."""
        agency = self.view.get("agency")
        return str(agency["code"]) if agency else None

    @property
    def right(self) -> bool:
        """Whether it is where a competent officer would have sent it."""
        return self.agency == self.sample.expected_agency


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of a run."""

    complaints: Sequence[Followed]
    answering: Sequence[str]
    took_s: float

    @property
    def lost(self) -> list[Followed]:
        """Accepted complaints that reached nobody."""
        return [followed for followed in self.complaints if followed.agency is None]

    def accuracy(self, *, frozen: bool | None = None) -> float:
        """Return the share that went to the right agency: of all, or of one half by itself."""
        counted = [c for c in self.complaints if frozen is None or c.sample.frozen == frozen]
        return sum(c.right for c in counted) / len(counted) if counted else 0.0

    def statuses(self) -> Counter[str]:
        """Return how many complaints stand in which status."""
        return Counter(str(c.view.get("status", "lost")) for c in self.complaints)


class Progress(Protocol):
    """Shows how far a stage is."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Take note of `done` of `total` in `stage`: submitted, routed or answered."""


@dataclass(kw_only=True)
class MainJob:
    """Runs the job once. Time and waiting are given, so that a test needs neither."""

    api: Api
    work_of: Callable[[str], AgencyWork]
    progress: Progress
    run_id: UUID
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def run(self, samples: Sequence[Sample]) -> Result:
        """Submit, follow and answer, and return what came of it."""
        began = self.monotonic()
        with ThreadPoolExecutor(WORKERS) as pool:
            followed = self._submit(samples, pool)
            self._wait_until_routed(followed, pool)
            answering = chosen(followed)
            self._answer(followed, answering, pool)
            for _ in pool.map(self._look, followed):
                pass
        return Result(
            complaints=followed,
            answering=answering,
            took_s=self.monotonic() - began,
        )

    def _submit(self, samples: Sequence[Sample], pool: ThreadPoolExecutor) -> list[Followed]:
        followed = []
        for one in pool.map(self._submit_one, samples):
            followed.append(one)
            self.progress("submitted", len(followed), len(samples))
        return followed

    def _submit_one(self, sample: Sample) -> Followed:
        receipt = self.api.submit(sample.submission, key=str(uuid5(self.run_id, sample.id)))
        return Followed(
            sample=sample,
            complaint_id=receipt["complaint_id"],
            tracking_token=receipt["tracking_token"],
        )

    def _look(self, followed: Followed) -> None:
        followed.view = self.api.complaint(
            followed.complaint_id, tracking_token=followed.tracking_token
        )
        if followed.agency and followed.seconds_to_agency is None:
            followed.seconds_to_agency = _seconds_to_agency(followed.view)

    def _wait_until_routed(self, followed: Sequence[Followed], pool: ThreadPoolExecutor) -> None:
        deadline = self.monotonic() + ROUTED_WITHIN_S
        waiting = list(followed)
        while True:
            for _ in pool.map(self._look, waiting):
                pass
            waiting = [one for one in waiting if one.agency is None]
            self.progress("routed", len(followed) - len(waiting), len(followed))
            if not waiting or self.monotonic() > deadline:
                return
            self.sleep(PAUSE_S)

    def _answer(
        self, followed: Sequence[Followed], agencies: Sequence[str], pool: ThreadPoolExecutor
    ) -> None:
        """Let agencies work their queues until they have seen all that is theirs."""
        due = {
            agency: {c.complaint_id for c in followed if c.agency == agency} for agency in agencies
        }
        total, done = sum(map(len, due.values())), 0
        deadline = self.monotonic() + ANSWERED_WITHIN_S

        def work(agency: str) -> int:
            seen = self._work_queue(self.work_of(agency), due[agency], deadline)
            return len(seen & due[agency])

        for seen in pool.map(work, agencies):
            done += seen
            self.progress("answered", done, total)

    def _work_queue(self, work: AgencyWork, due: set[str], deadline: float) -> set[str]:
        """Accept what is in a queue and answer most of it; also what an earlier run left there."""
        seen: set[str] = set()
        while not due <= seen and self.monotonic() < deadline:
            for assignment in work.receive(wait_s=1):
                if assignment.is_news:
                    work.done(assignment)
                    continue
                try:
                    accepted = work.accept(assignment)
                    if len(seen) % LEFT_OPEN != LEFT_OPEN - 1:
                        work.resolve(assignment, ANSWER, version=accepted.version)
                except Outdated:
                    pass  # an operator or an earlier delivery was faster
                work.done(assignment)
                seen.add(assignment.complaint_id)
        return seen


def read_samples(file: Path) -> list[Sample]:
    """Read samples, one JSON object a line.

    Raises:
        CannotContinue: the file is missing or not of this form.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        found = [json.loads(line) for line in lines if line.strip()]
        return [
            Sample(
                id=one["id"],
                frozen=one["set"] == "frozen",
                expected_agency=one["expected_agency"],
                submission=one["submission"],
            )
            for one in found
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CannotContinue(
            f"Contoh aduan {file} tidak dapat dibaca: {error!r} / The samples are unreadable."
        ) from None


def chosen(followed: Iterable[Followed]) -> list[str]:
    """Return the agencies that answer in the demo: the busiest, desks of triage apart."""
    busy = Counter(c.agency for c in followed if c.agency and not c.agency.endswith("-diskominfo"))
    return [agency for agency, _ in busy.most_common(ANSWERING)]


def _seconds_to_agency(view: dict[str, Any]) -> float:
    changed, made = (datetime.fromisoformat(view[name]) for name in ("updated_at", "created_at"))
    return (changed - made).total_seconds()
