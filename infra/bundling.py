"""Builds Lambda packages without Docker: sources, configuration, locked wheels and bytecode.

A package's hash comes from what goes into it, so a synth that finds nothing changed builds
nothing. Installed dependencies are kept under `.build/`, by the lock's hash and platform.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import jsii
from aws_cdk import AssetHashType, BundlingOptions, DockerImage, ILocalBundling
from aws_cdk import aws_lambda as lambda_
from pydantic import BaseModel

from functions.payment_webhooks.configuration import Payments
from functions.shelter_alerts.configuration import Shelters
from shared.config import compiled, compiled_part

ROOT = Path(__file__).parent.parent
BUILD = ROOT / ".build"
LOCKS = ROOT / "locks"

RUNTIME_VERSION = "3.13"
#: Configuration that one context's functions alone read, by the file's name.
PARTS: Mapping[str, Mapping[str, type[BaseModel]]] = {
    "payment_webhooks": {"payments": Payments},
    "shelter_alerts": {"shelters": Shelters},
}
#: Of a wheel: scripts and tests never run on Lambda, and uv's own marks differ from run to run.
_DROPPED_FOLDERS = frozenset({"bin", "tests", "__pycache__"})
_DROPPED_FILES = frozenset(
    {".lock", "RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json"}
)


class BundlingError(Exception):
    """A package could not be built. Says what is missing and how to get it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a package will run: the wheels it needs and the interpreter that compiles it."""

    name: str
    wheels: tuple[str, ...]  #: uv's options that choose the wheels
    compiler: Path | None  #: an interpreter of the very version that will run it

    @property
    def key(self) -> str:
        """What makes a package for one target differ from one for another."""
        return f"{self.name}-{'compiled' if self.compiler else 'source'}"


@cache
def lambda_target() -> Target:
    """Return the target of every stage on AWS: Python 3.13 on arm64."""
    compiler = _interpreter(RUNTIME_VERSION)
    if compiler is None:
        print(  # noqa: T201
            f"No python{RUNTIME_VERSION} here: Lambda packages are built without bytecode, "
            "so cold starts take about half a second longer.",
            file=sys.stderr,
        )
    platform_tag = "aarch64-manylinux_2_28"  # Python 3.13 has Amazon Linux 2023: glibc 2.34
    wheels = ("--python-platform", platform_tag, "--python-version", RUNTIME_VERSION)
    return Target(name=f"{platform_tag}-{RUNTIME_VERSION}", wheels=wheels, compiler=compiler)


@cache
def local_target() -> Target:
    """Return the target of a local cloud: the interpreter and machine that run this program."""
    version = platform.python_version()
    return Target(
        name=f"{platform.machine()}-{version}",
        wheels=("--python", sys.executable),
        compiler=Path(sys.executable),
    )


def host_is_arm() -> bool:
    """Whether this machine's processor is of the kind that Lambda calls arm64."""
    return platform.machine().lower() in {"arm64", "aarch64"}


@dataclass(frozen=True, kw_only=True)
class Package:
    """What one context's functions run from."""

    context: str
    jurisdictions: tuple[str, ...]
    target: Target
    lock: Path = LOCKS / "lambda.txt"
    root: Path = ROOT
    config: Path = ROOT / "config"
    build: Path = BUILD

    @cached_property
    def hash(self) -> str:
        """A hash over everything the package is made from, this program among it."""
        digest = hashlib.sha256(f"{self.target.key}\0{self.context}\0".encode())
        digest.update(Path(__file__).read_bytes())
        digest.update(self.lock.read_bytes())
        for path in self._sources():
            digest.update(f"\0{path.relative_to(self.root)}\0".encode())
            digest.update(path.read_bytes())
        for name, text in self._configuration.items():
            digest.update(f"\0{name}\0{text}".encode())
        return digest.hexdigest()

    def write_to(self, folder: Path) -> None:
        """Build the package in `folder`, which exists and is empty."""
        shutil.copytree(self._dependencies(), folder, dirs_exist_ok=True)
        for path in self._sources():
            copy = folder / path.relative_to(self.root)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        (folder / "config").mkdir()
        for name, text in self._configuration.items():
            (folder / "config" / name).write_text(text, encoding="utf-8")
        _compile(folder, ("functions", "shared"), self.target.compiler)

    def as_code(self) -> lambda_.Code:
        """Return the package as CDK takes it: built at synth, and only when it changed."""
        return lambda_.Code.from_asset(
            str(self.root / "functions" / self.context),
            asset_hash=self.hash,
            asset_hash_type=AssetHashType.CUSTOM,
            bundling=BundlingOptions(
                image=DockerImage.from_registry("none"),  # wanted by the type, never used
                local=_LocalBundling(self),
            ),
        )

    def _sources(self) -> Iterator[Path]:
        yield self.root / "functions" / "__init__.py"
        for folder in (self.root / "functions" / self.context, self.root / "shared"):
            yield from sorted(
                path
                for path in folder.rglob("*")
                if path.is_file() and "__pycache__" not in path.parts
            )

    @cached_property
    def _configuration(self) -> dict[str, str]:
        found = {f"{name}.json": compiled(name, self.config) for name in self.jurisdictions}
        for part, model in PARTS.get(self.context, {}).items():
            for name in self.jurisdictions:
                found[f"{name}.{part}.json"] = compiled_part(name, part, model, self.config)
        return found

    def _dependencies(self) -> Path:
        lock = hashlib.sha256(self.lock.read_bytes() + Path(__file__).read_bytes()).hexdigest()
        kept = self.build / "dependencies" / f"{self.lock.stem}-{self.target.key}-{lock[:16]}"
        if kept.exists():
            return kept
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as scratch:
            made = Path(scratch) / "packages"
            _install(self.lock, made, self.target)
            _drop_leftovers(made)
            _compile(made, (".",), self.target.compiler)
            try:
                made.rename(kept)
            except OSError:  # another synth was faster, with the same content
                if not kept.exists():
                    raise
        return kept


@jsii.implements(ILocalBundling)
class _LocalBundling:
    def __init__(self, package: Package) -> None:
        self._package = package

    def try_bundle(self, output_dir: str, *_: Any, **__: Any) -> bool:
        self._package.write_to(Path(output_dir))
        return True


def _install(lock: Path, folder: Path, target: Target) -> None:
    command = [_uv(), "pip", "install", "--quiet", "--no-config", "--require-hashes", "--no-deps"]
    command += ["--only-binary", ":all:", "--link-mode", "copy", "--target", str(folder)]
    command += [*target.wheels, "--requirements", str(lock)]
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise BundlingError(f"{lock.name} could not be installed for {target.name}: {done.stderr}")


def _drop_leftovers(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and path.name in _DROPPED_FOLDERS:
            shutil.rmtree(path)
        elif path.name in _DROPPED_FILES:
            path.unlink()


def _compile(folder: Path, parts: Sequence[str], compiler: Path | None) -> None:
    """Write bytecode that is trusted unchecked and is the same wherever it is built."""
    if compiler is None:
        return
    command = [str(compiler), "-m", "compileall", "-q", "-j", "1", "-s", "."]
    command += ["--invalidation-mode", "unchecked-hash", *parts]
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(  # noqa: S603
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BundlingError(f"a source file does not compile: {done.stdout}{done.stderr}")


def _uv() -> str:
    beside = Path(sys.executable).with_name("uv")
    found = str(beside) if beside.exists() else shutil.which("uv")
    if found is None:
        raise BundlingError("uv is missing; run `make setup`, or put uv on the PATH")
    return found


def _interpreter(version: str) -> Path | None:
    """Find an interpreter of a minor version on the PATH or among pyenv's."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates = [shutil.which(f"python{version}")]
    candidates += [str(path) for path in pyenv.glob(f"{version}*/bin/python{version}")]
    for candidate in filter(None, candidates):
        if _version_of(candidate) == version:
            return Path(candidate)
    return None


def _version_of(interpreter: str) -> str:
    """Return an interpreter's minor version, or nothing if it does not start (a pyenv shim)."""
    told = "import sys; print('%d.%d' % sys.version_info[:2])"
    done = subprocess.run([interpreter, "-c", told], capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout.strip()
