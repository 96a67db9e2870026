"""Sets a machine up from the locks: `.venv`, the CDK's npm packages and the local cloud's own venv.

Runs under the system's Python before anything is installed, so it uses the standard library only.
Each part leaves a stamp of what it was made from; a second run with the same locks does nothing.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20
LOG = Path(".local/setup.log")

#: How pip, uv and npm say that they could not reach their registry.
NO_NETWORK = re.compile(
    r"NewConnectionError|NameResolutionError|ConnectTimeout|ProxyError|SSLError|ReadTimeout"
    r"|name resolution|Network is unreachable|dns error|error sending request|tcp connect error"
    r"|operation timed out|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH",
    re.IGNORECASE,
)


class CannotSetUp(Exception):
    """Something that the user must mend first; the text says what and how, in two languages."""


Run = Callable[[Sequence[str], dict[str, str]], "subprocess.CompletedProcess[str]"]


def run(command: Sequence[str], env: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    """Run a command quietly and return what it said (both streams in `stdout`)."""
    return subprocess.run(  # noqa: S603 (our own fixed commands)
        command,
        env=env,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        cwd=ROOT,
    )


@dataclass(kw_only=True)
class Machine:
    """What the set-up asks of the machine it runs on; a test gives another one."""

    root: Path = ROOT
    python: str = sys.executable
    version: tuple[int, ...] = tuple(sys.version_info[:3])
    has_ensurepip: bool = field(default_factory=lambda: find_spec("ensurepip") is not None)
    env: dict[str, str] = field(default_factory=lambda: dict(os.environ))
    which: Callable[[str], str | None] = shutil.which
    run: Run = run
    say: Callable[[str], None] = print


def set_up(machine: Machine) -> None:
    """Make whatever is missing or out of date.

    Raises:
        CannotSetUp: the machine lacks something, or a registry could not be reached.
    """
    require_python(machine)
    require_node(machine)
    python_environment(machine, ".venv", ("installer.txt", "dev.txt"), project=True)
    python_environment(machine, ".venv-cloud", ("local-cloud.txt",))
    node_packages(machine)


def require_python(machine: Machine) -> None:
    """Refuse a Python that is too old or that cannot make virtual environments."""
    if machine.version < OLDEST_PYTHON:
        found = ".".join(map(str, machine.version))
        raise CannotSetUp(
            f"Python {found} terlalu lama; pasang Python 3.11 atau lebih baru.\n"
            f"Python {found} is too old: install Python 3.11 or newer (sudo apt install python3)."
        )
    if not machine.has_ensurepip:
        raise CannotSetUp(
            "Modul venv Python belum terpasang; jalankan: sudo apt install python3-venv\n"
            "Python's venv module is missing: run sudo apt install python3-venv"
        )


def require_node(machine: Machine) -> None:
    """Refuse a machine without npm, or with a Node that is missing or too old."""
    if not machine.which("node"):
        raise CannotSetUp(
            "Node.js belum terpasang; pasang Node 20 atau lebih baru: sudo apt install nodejs npm\n"
            "Node.js is missing: install Node 20 or newer (sudo apt install nodejs npm)."
        )
    said = machine.run(["node", "--version"], machine.env).stdout.strip()
    major = re.match(r"v(\d+)\.", said)
    if not major or int(major[1]) < OLDEST_NODE:
        raise CannotSetUp(
            f"Node {said or '?'} terlalu lama; pasang Node 20 atau lebih baru.\n"
            f"Node {said or '?'} is too old: install Node 20 or newer."
        )
    if not machine.which("npm"):
        raise CannotSetUp(
            "npm belum terpasang; jalankan: sudo apt install npm\n"
            "npm is missing: run sudo apt install npm"
        )


def python_environment(
    machine: Machine, name: str, locks: tuple[str, ...], *, project: bool = False
) -> None:
    """Make the virtual environment `name` hold exactly what the locks say."""
    folder = machine.root / name
    python = folder / "bin" / "python"
    files = [machine.root / "locks" / lock for lock in locks]
    sources = [*files, machine.root / "pyproject.toml"] if project else files
    stamp = _stamp(sources, str(machine.version[:2]), str(machine.root))
    if python.exists() and _read(folder / ".stamp") == stamp:
        return
    machine.say(f"→ {name}: {' + '.join(f'locks/{lock}' for lock in locks)}")
    uv = machine.root / ".venv" / "bin" / "uv"
    made_by = _made_by(folder)
    if not python.exists() or made_by != machine.version[:2] or (project and not uv.exists()):
        _do(machine, [machine.python, "-m", "venv", "--clear", str(folder)])
    if not uv.exists():
        installer = str(machine.root / "locks" / "installer.txt")
        pip = [str(python), "-m", "pip", "--disable-pip-version-check"]
        _do(machine, [*pip, "install", "--quiet", "--require-hashes", "-r", installer])
    env = uv_environment(machine, python)
    target = ["--python", str(python)]
    _do(machine, [str(uv), "pip", "sync", "--require-hashes", *target, *map(str, files)], env)
    if project:
        offline = ["--offline", "--no-deps", "--no-build-isolation"]
        _do(machine, [str(uv), "pip", "install", *target, *offline, "-e", str(machine.root)], env)
    (folder / ".stamp").write_text(stamp)


def node_packages(machine: Machine) -> None:
    """Install what `package-lock.json` says: the CDK's command line."""
    folder = machine.root / "node_modules"
    stamp = _stamp([machine.root / "package-lock.json"])
    if _read(folder / ".stamp") == stamp:
        return
    machine.say("→ node_modules: package-lock.json")
    _do(machine, ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"])
    folder.mkdir(exist_ok=True)  # npm makes none for an empty lock
    (folder / ".stamp").write_text(stamp)


def uv_environment(machine: Machine, python: Path) -> dict[str, str]:
    """Tell uv what pip knows of this machine's mirror and certificates, which uv does not read."""
    env = {**machine.env, "UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1"}
    env.setdefault("UV_SYSTEM_CERTS", "1")
    if certificates := env.get("PIP_CERT"):
        env.setdefault("SSL_CERT_FILE", certificates)
    if {"UV_DEFAULT_INDEX", "UV_INDEX_URL"} & env.keys():
        return env
    index = env.get("PIP_INDEX_URL")
    if not index:
        ask = [str(python), "-m", "pip", "config", "get", "global.index-url"]
        told = machine.run(ask, machine.env)
        index = told.stdout.strip() if told.returncode == 0 else None
    return {**env, "UV_DEFAULT_INDEX": index} if index else env


def _do(machine: Machine, command: Sequence[str], env: dict[str, str] | None = None) -> None:
    done = machine.run(command, machine.env if env is None else env)
    if done.returncode == 0:
        return
    log = machine.root / LOG
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text(f"$ {' '.join(command)}\n{done.stdout}", encoding="utf-8")
    if NO_NETWORK.search(done.stdout):
        raise CannotSetUp(
            "Tidak ada sambungan ke registri paket; periksa internet atau proksi, lalu ulangi.\n"
            "The package registry cannot be reached: check the network or proxy and run it again"
            f" (details: {LOG})."
        )
    tail = "\n".join(done.stdout.strip().splitlines()[-8:])
    raise CannotSetUp(
        f"{tail}\nPemasangan gagal pada perintah di atas; rinciannya di {LOG}.\n"
        f"Setting up failed at: {' '.join(command)} (details: {LOG})."
    )


def _made_by(folder: Path) -> tuple[int, ...] | None:
    """Return the version of Python that a virtual environment was made by."""
    said = re.search(r"^version\s*=\s*(\d+)\.(\d+)", _read(folder / "pyvenv.cfg"), re.MULTILINE)
    return tuple(map(int, said.groups())) if said else None


def _stamp(files: list[Path], *facts: str) -> str:
    digest = hashlib.sha256("\0".join(facts).encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def main(machine: Machine | None = None) -> int:
    """Set up and return the exit status, with one clear sentence when it could not."""
    try:
        set_up(machine or Machine())
    except CannotSetUp as problem:
        sys.stderr.write(f"✗ {problem}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
