"""Kills the processes of a local cloud's functions while they have messages in their hands."""

import os
import signal
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

from cli.local_cloud import LocalCloud
from cli.surroundings import Surroundings

#: Between killing a function and killing it once more.
_PAUSE_S = 15
_LOOKS_EVERY_S = 0.2


@dataclass
class Killer:
    """Kills functions' processes: all that a function has, when its queue says it has messages."""

    around: Surroundings
    killed: Counter[str] = field(default_factory=Counter)  #: processes, by their functions' entries
    _over: Event = field(default_factory=Event)

    @contextmanager
    def at_work(self, queues: Mapping[str, tuple[str, int]], times: int) -> Iterator[None]:
        """Meanwhile kill each of some functions so many times.

        `queues`: by the function's entry its queue, and after how many seconds what it had comes
        again. Deployed it would be three minutes.
        """
        as_before = {url: self._comes_again_after(url, after) for url, after in queues.values()}
        threads = [
            Thread(target=self._kill, args=(entry, url, times))
            for entry, (url, _) in queues.items()
        ]
        for one in threads:
            one.start()
        try:
            yield
        finally:
            self._over.set()
            for one in threads:
                one.join()
            for url, seconds in as_before.items():
                self._comes_again_after(url, seconds)

    def _kill(self, entry: str, queue_url: str, times: int) -> None:
        for _ in range(times):
            while not (struck := self._strike(entry, queue_url)):
                if self._over.wait(_LOOKS_EVERY_S):
                    return
            self.killed[entry] += struck
            if self._over.wait(_PAUSE_S):  # so that the next has other messages in its hands
                return

    def _strike(self, entry: str, queue_url: str) -> int:
        """Kill a function's processes if they have messages; return how many they were."""
        if not self._in_hands(queue_url):
            return 0
        found = self._processes(entry)
        _signal(found, signal.SIGSTOP)
        if not self._in_hands(queue_url):  # they were done just before
            _signal(found, signal.SIGCONT)
            return 0
        _signal(found, signal.SIGKILL)
        return len(found)

    def _processes(self, entry: str) -> Sequence[int]:
        """Return the processes in which the test's own cloud runs a function."""
        cloud = LocalCloud(state_dir=self.around.state_dir).running
        assert cloud is not None
        named = f"/ministack-lambda-{self.around.outputs.function(entry)}-"
        return [pid for pid in _children(cloud.pid) if named in _command(pid)]

    def _in_hands(self, queue_url: str) -> int:
        told = self.around.sqs.get_queue_attributes(
            QueueUrl=queue_url, AttributeNames=["ApproximateNumberOfMessagesNotVisible"]
        )
        return int(told["Attributes"]["ApproximateNumberOfMessagesNotVisible"])

    def _comes_again_after(self, queue_url: str, seconds: int) -> int:
        """Set after how long a received message comes again; return after how long it did."""
        sqs = self.around.sqs
        told = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["VisibilityTimeout"])
        sqs.set_queue_attributes(QueueUrl=queue_url, Attributes={"VisibilityTimeout": str(seconds)})
        return int(told["Attributes"]["VisibilityTimeout"])


def _signal(processes: Sequence[int], sign: signal.Signals) -> None:
    for pid in processes:
        with suppress(ProcessLookupError):
            os.kill(pid, sign)


def _children(parent: int) -> Iterator[int]:
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            _, _, rest = (folder / "stat").read_text().rpartition(")")
            if int(rest.split()[1]) == parent:
                yield int(folder.name)


def _command(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text()
    return ""
