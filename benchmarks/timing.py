"""Measures CPU time so that a busy machine disturbs little: contenders take turns, round by round.

CPU time of the process is what counts, never the clock on the wall. Contenders are compared
within a round, where they ran side by side; the median over the rounds is the result.
"""

import gc
import multiprocessing
import os
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Timings:
    """CPU seconds of one contender, one entry a round."""

    seconds: Sequence[float]

    @property
    def median(self) -> float:
        """The usual cost."""
        return statistics.median(self.seconds)

    @property
    def least(self) -> float:
        """The cost when nothing else disturbed it."""
        return min(self.seconds)

    def over(self, base: "Timings") -> float:
        """Return how many times `base` this costs: the median of the rounds' own ratios."""
        pairs = zip(self.seconds, base.seconds, strict=True)
        return statistics.median(mine / other for mine, other in pairs)


def in_turns(
    contenders: Mapping[str, Callable[[], object]],
    *,
    rounds: int,
    calls: int,
    clock: Callable[[], float] = time.process_time,
) -> dict[str, Timings]:
    """Return each contender's CPU time for one call, from `rounds` turns of `calls` calls."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for one in contenders.values():
        for _ in range(calls):
            one()
    gc.collect()
    gc.freeze()
    for turn in range(rounds):
        for name in _rotated(list(contenders), turn):
            one = contenders[name]
            gc.collect()
            before = clock()
            for _ in range(calls):
                one()
            seconds[name].append((clock() - before) / calls)
    gc.unfreeze()
    return {name: Timings(found) for name, found in seconds.items()}


def programs_in_turns(
    programs: Mapping[str, str], *, rounds: int, environment: Mapping[str, str]
) -> dict[str, Timings]:
    """Return the CPU time of each Python program's process, started anew each round.

    One round goes before the measured ones, so that every module has its bytecode.
    """
    seconds: dict[str, list[float]] = {name: [] for name in programs}
    for turn in range(rounds + 1):
        for name in _rotated(list(programs), turn):
            spent = _cpu_of(programs[name], environment)
            if turn:
                seconds[name].append(spent)
    return {name: Timings(found) for name, found in seconds.items()}


def in_fresh_process(
    work: Callable[Parameters, Result], *args: Parameters.args, **kwargs: Parameters.kwargs
) -> Result:
    """Return what `work` returns in a new, silent process: no earlier import or cache helps it."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, initializer=_silence) as pool:
        return pool.submit(work, *args, **kwargs).result()


def _silence() -> None:
    """Let log lines go where they cost what they cost, and nobody reads them; warn of nothing."""
    warnings.simplefilter("ignore")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115


def _rotated(names: list[str], turn: int) -> list[str]:
    start = turn % len(names)
    return names[start:] + names[:start]


def _cpu_of(program: str, environment: Mapping[str, str]) -> float:
    """Return the CPU time of a program's process from its start to its last line.

    It tells the time itself: clearing up afterwards, which a Lambda container does not do
    before it serves, may take as long as the import itself.
    """
    told = f"{program}\nimport time\nprint(time.process_time())"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", told],
        env=dict(environment),
        stdout=subprocess.PIPE,
        check=True,
    )
    return float(done.stdout)
