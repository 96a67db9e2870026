"""The local cloud's process: MiniStack on the loopback address, with IAM enforced on every call."""

import os
import shutil
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
from pydantic import BaseModel, ValidationError

from cli.screen import CannotContinue
from cli.surroundings import ROOT
from infra.stages import HOME_REGION

HOST = "127.0.0.1"
DEFAULT_PORT = 4566
START_WITHIN_S = 60.0
STOP_WITHIN_S = 10.0


class Started(BaseModel):
    """What is remembered of a process: `born` tells it from a later one with the same pid."""

    pid: int
    born: str
    port: int


@dataclass(frozen=True, kw_only=True)
class LocalCloud:
    """One local cloud with its state in one folder; several may run beside each other."""

    state_dir: Path
    port: int = DEFAULT_PORT
    command: tuple[str, ...] = (str(ROOT / ".venv-cloud" / "bin" / "ministack"),)
    region: str = HOME_REGION
    sleep: Callable[[float], None] = time.sleep

    @property
    def endpoint_url(self) -> str:
        """Where its services listen, all on one port."""
        return f"http://localhost:{self.port}"

    @property
    def log(self) -> Path:
        """What it says."""
        return self.state_dir / "cloud.log"

    @property
    def running(self) -> Started | None:
        """The process of this state folder, when it is alive."""
        try:
            started = Started.model_validate_json(self._record.read_bytes())
        except (FileNotFoundError, ValidationError):
            return None
        return started if _born(started.pid) == started.born else None

    @property
    def healthy(self) -> bool:
        """Whether it answers."""
        try:
            answer = httpx.get(f"{self.endpoint_url}/_ministack/health", timeout=2)
        except httpx.TransportError:
            return False
        return answer.is_success

    def start(self) -> None:
        """Start it with nothing in it, and wait until it answers.

        Raises:
            CannotContinue: it is not installed, the port is taken, or it ended at once.
        """
        if not Path(self.command[0]).exists():
            raise CannotContinue(
                "Awan lokal belum terpasang; jalankan `make setup`. "
                "/ The local cloud is not installed: run `make setup`."
            )
        if port_taken(self.port):
            raise CannotContinue(
                f"Porta {self.port} sedang dipakai program lain; hentikan program itu, atau pilih "
                f"porta lain: SIMPUL_PORT={self.port + 1} make demo. "
                f"/ Port {self.port} is in use: stop that program or choose another SIMPUL_PORT."
            )
        scratch = self.state_dir / "tmp"
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        pid = _spawn(self.command, self._environment(scratch), self.log)
        started = Started(pid=pid, born=_born(pid) or "", port=self.port)
        self._record.write_text(started.model_dump_json(), encoding="utf-8")
        self._wait_until_healthy()

    def stop(self) -> bool:
        """End the process and its children, and only those; tell whether there were any."""
        started = self.running
        if started is None:
            self._record.unlink(missing_ok=True)
            return False
        for sign in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(started.pid, sign)
            if self._gone(started):
                break
        with suppress(ProcessLookupError):  # Lambda's workers, should any outlive their parent
            os.killpg(started.pid, signal.SIGKILL)
        self._record.unlink(missing_ok=True)
        shutil.rmtree(self.state_dir / "tmp", ignore_errors=True)
        return True

    @property
    def _record(self) -> Path:
        return self.state_dir / "cloud.json"

    def _environment(self, scratch: Path) -> dict[str, str]:
        """Return all that the cloud and the functions in it see of this machine."""
        return {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            "TMPDIR": str(scratch),
            "AUTH": "true",
            "BIND_HOST": HOST,
            "IOT_MTLS_ENABLED": "0",
            "GATEWAY_PORT": str(self.port),
            "MINISTACK_REGION": self.region,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "LOG_LEVEL": "WARNING",
        }

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + START_WITHIN_S
        while not self.healthy:
            if self.running is None or time.monotonic() > deadline:
                self.stop()
                raise CannotContinue(
                    f"Awan lokal gagal menyala:\n{tail(self.log)}\n"
                    f"/ The local cloud did not start; its log is {self.log}"
                )
            self.sleep(0.1)

    def _gone(self, started: Started) -> bool:
        deadline = time.monotonic() + STOP_WITHIN_S
        while _born(started.pid) == started.born:
            if time.monotonic() > deadline:
                return False
            self.sleep(0.05)
        return True


def port_taken(port: int) -> bool:
    """Tell whether something listens on a port of the loopback address."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def tail(log: Path, lines: int = 15) -> str:
    """Return the last lines of a log."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


def _spawn(command: tuple[str, ...], env: dict[str, str], log: Path) -> int:
    """Start a process that outlives this one, in a session and group of its own."""
    write = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    return os.posix_spawn(
        command[0],
        command,
        env,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(log), write, 0o644),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,  # a Ctrl-C meant for the command does not reach it
    )


def _born(pid: int) -> str | None:
    """Return when a process was started, in clock ticks since boot; None when it is no more."""
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)  # our own child, so that it does not linger as a zombie
    try:
        state, *rest = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if state == "Z" else rest[18]
