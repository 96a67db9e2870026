"""Listening at an agency's queue: what becomes of each message, and what is put back, and when.

A queue sets a message aside after so many receives (its maxReceiveCount), and looking at one is a
receive like any other. So what is left is not offered again at once, which in a loop would spend
all of them within minutes, but after a quarter of an hour: 672 times in the seven days that a
message lives, under the thousand of an agency's queue. Once nobody listens any more it is free.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from botocore.exceptions import BotoCoreError, ClientError

from cli.agency_work import HOLD_S, AgencyWork, Assignment, Outdated
from cli.screen import one_line

AGAIN_AFTER_S = 15 * 60
#: How long one message waits for a person's decision before others may receive it.
DECIDE_WITHIN_S = 30 * 60
_BATCH = 10
#: What becomes of news: it is read, and there is nothing to answer.
NOTED = "dicatat / noted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do with an assignment: leave it in the queue, accept it, or answer it too."""

    accept: bool = False
    answer: str | None = None


@dataclass(kw_only=True)
class Listening:
    """One visit to a queue. Who asks a person takes one message at a time, the rest is others'."""

    work: AgencyWork
    once: bool
    asks: bool
    now: Callable[[], datetime]
    _unhandled: list[Assignment] = field(default_factory=list)
    _left: list[tuple[Assignment, datetime]] = field(default_factory=list)

    def assignments(self, most: int | None, wait_s: int) -> Iterator[Assignment]:
        """Yield what comes, at most `most`; with `once` until one wait has brought all it did."""
        seen = 0
        while most is None or seen < most:
            size = 1 if self.asks else min(_BATCH, (most or seen + _BATCH) - seen)
            hold_s = DECIDE_WITHIN_S if self.asks else HOLD_S
            wait = min(wait_s, 1) if self.once and seen else wait_s
            batch = self.work.receive(most=size, wait_s=wait, hold_s=hold_s)
            self._unhandled = list(batch)
            yield from batch
            seen += len(batch)
            if self.once and (not self.asks or not batch or seen == _BATCH):
                return

    def handle(self, assignment: Assignment, decision: Decision) -> str:
        """Do what was decided, delete the message unless it was left, and say what became of it."""
        if not decision.accept:
            return self._leave(assignment)
        self._unhandled.remove(assignment)
        try:
            outcome = NOTED if assignment.is_news else self._act(assignment, decision.answer)
        except Outdated as reason:
            outcome = f"sudah tidak berlaku / outdated ({one_line(reason)})"
        except (Exception, KeyboardInterrupt):
            with suppress(ClientError, BotoCoreError):
                self.work.put_back(assignment, after_s=HOLD_S)
            raise
        self.work.done(assignment)
        return outcome

    def end(self) -> None:
        """Let others receive at once what was left or not come to; it returns later in any case."""
        still_held = [assignment for assignment, until in self._left if self.now() < until]
        with suppress(ClientError, BotoCoreError):
            for assignment in (*self._unhandled, *still_held):
                self.work.put_back(assignment)

    def _act(self, assignment: Assignment, answer: str | None) -> str:
        became = self.work.accept(assignment)
        if answer is None:
            return str(became.status)
        became = self.work.resolve(assignment, answer, version=became.version)
        if became.already:
            return f"{became.status}; jawaban ini tidak dikirim / this answer was not sent"
        return str(became.status)

    def _leave(self, assignment: Assignment) -> str:
        self._unhandled.remove(assignment)
        self._left.append((assignment, self.now() + timedelta(seconds=AGAIN_AFTER_S)))
        self.work.put_back(assignment, after_s=AGAIN_AFTER_S)
        count, limit = assignment.received_count, self.work.most_receives
        when = (
            "begitu perintah ini selesai / free when this command ends"
            if self.once
            else f"dalam {AGAIN_AFTER_S // 60} menit atau begitu Anda selesai "
            f"/ free in {AGAIN_AFTER_S // 60} minutes or when you end"
        )
        told = (
            f"tetap di antrean, bebas lagi {when} (pengambilan {count} dari {limit} "
            f"/ received {count} of {limit} times)"
        )
        if count < limit:
            return told
        return (
            f"{told}; pengambilan berikutnya memindahkannya ke antrean gagal / the next receive "
            f"moves it to the dead-letter queue: simpul dlq redrive {self.work.code}"
        )
