"""A package holds what its context needs and no more, and is the same wherever it is built."""

import hashlib
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_lambda as lambda_

from infra import bundling
from infra.bundling import BundlingError, Package, Target, lambda_target, local_target
from infra.stacks.placing import placed
from infra.stages import stage_named
from tests.infra.conftest import ROOT

SOURCE_ONLY = Target(name="test", wheels=(), compiler=None)
COMPILED = Target(name="test", wheels=(), compiler=Path(sys.executable))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small project with the dependencies of its lock already installed."""
    files = {
        "functions/__init__.py": '"""Functions."""\n',
        "functions/orders/__init__.py": "",
        "functions/orders/api.py": "def handler(): ...\n",
        "functions/orders/form.html": "<form>",
        "functions/orders/__pycache__/api.cpython-399.pyc": "stale",
        "functions/other/api.py": "secret = 1\n",
        "shared/__init__.py": "",
        "shared/clock.py": "import datetime\n",
        "locks/lambda.txt": "somelib==1.0 --hash=sha256:0\n",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Install one library in place of the registry's; the list grows with each installation."""
    calls: list[Path] = []

    def install(lock: Path, folder: Path, target: Target) -> None:
        calls.append(lock)
        files = ("somelib/__init__.py", "somelib/tests/test_it.py", "bin/tool", ".lock")
        for name in (*files, "somelib-1.0.dist-info/RECORD", "somelib-1.0.dist-info/METADATA"):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("", encoding="utf-8")

    monkeypatch.setattr(bundling, "_install", install)
    return calls


def a_package(tree: Path, **changes: object) -> Package:
    given = {
        "context": "orders",
        "jurisdictions": ("semarang",),
        "target": SOURCE_ONLY,
        "lock": tree / "locks" / "lambda.txt",
        "root": tree,
        "config": ROOT / "config",
        "build": tree / ".build",
    }
    return Package(**{**given, **changes})  # type: ignore[arg-type]


def built(package: Package, folder: Path) -> Path:
    folder.mkdir()
    package.write_to(folder)
    return folder


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def content_hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for name in sorted(files(folder)):
        digest.update(name.encode() + (folder / name).read_bytes())
    return digest.hexdigest()


@pytest.mark.usefixtures("installed")
def test_a_package_holds_its_context_what_is_shared_its_data_and_its_dependencies(
    tree: Path,
) -> None:
    folder = built(a_package(tree), tree / "out")
    assert files(folder) == {
        "config/semarang.json",
        "functions/__init__.py",
        "functions/orders/__init__.py",
        "functions/orders/api.py",
        "functions/orders/form.html",
        "shared/__init__.py",
        "shared/clock.py",
        "somelib/__init__.py",
        "somelib-1.0.dist-info/METADATA",
    }
    assert json.loads((folder / "config" / "semarang.json").read_bytes())["id"] == "semarang"


@pytest.mark.usefixtures("installed")
def test_only_payments_functions_carry_what_is_configured_for_payments(tree: Path) -> None:
    package = a_package(tree, context="payment_webhooks", jurisdictions=("jateng", "semarang"))
    carried = {name for name in files(built(package, tree / "out")) if name.startswith("config")}
    assert carried == {
        "config/jateng.json",
        "config/jateng.payments.json",
        "config/semarang.json",
        "config/semarang.payments.json",
    }
    part = json.loads((tree / "out" / "config" / "semarang.payments.json").read_bytes())
    assert part["order_prefix"] == "SMG"


def test_dependencies_are_installed_once_for_every_package_of_a_lock(
    tree: Path, installed: list[Path]
) -> None:
    built(a_package(tree), tree / "one")
    built(a_package(tree, context="other"), tree / "two")
    assert len(installed) == 1
    (tree / "locks" / "lambda.txt").write_text("somelib==1.1 --hash=sha256:1\n")
    built(a_package(tree), tree / "three")
    assert len(installed) == 2


def test_a_function_may_have_a_lock_of_its_own_beside_its_contexts(
    tree: Path, installed: list[Path]
) -> None:
    own = tree / "locks" / "lambda-own.txt"
    own.write_text("somelib==1.0 --hash=sha256:0\n")
    common, special = a_package(tree), a_package(tree, lock=own)
    hashes = common.hash, special.hash
    built(common, tree / "one")
    built(special, tree / "two")
    assert installed == [common.lock, own]
    own.write_text("somelib==1.1 --hash=sha256:1\n")
    assert a_package(tree).hash == hashes[0]
    assert a_package(tree, lock=own).hash != hashes[1]


@pytest.mark.usefixtures("installed")
def test_a_package_is_compiled_and_its_bytecode_is_the_same_wherever_it_is_built(
    tree: Path,
) -> None:
    package = a_package(tree, target=COMPILED)
    one = built(package, tree / "one")
    two = built(a_package(tree, target=COMPILED, build=tree / "elsewhere"), tree / "two")
    tag = sys.implementation.cache_tag
    assert f"functions/orders/__pycache__/api.{tag}.pyc" in files(one)
    assert f"somelib/__pycache__/__init__.{tag}.pyc" in files(one)
    assert content_hash(one) == content_hash(two)


@pytest.mark.usefixtures("installed")
def test_a_source_that_does_not_compile_stops_the_build(tree: Path) -> None:
    (tree / "functions" / "orders" / "api.py").write_text("def handler(:\n")
    with pytest.raises(BundlingError, match=r"does not compile.*api\.py"):
        built(a_package(tree, target=COMPILED), tree / "out")


@pytest.mark.parametrize(
    "name",
    ["functions/orders/api.py", "functions/__init__.py", "shared/clock.py", "locks/lambda.txt"],
)
def test_the_hash_changes_with_every_file_that_goes_in(tree: Path, name: str) -> None:
    before = a_package(tree).hash
    (tree / name).write_text("changed = True\n")
    assert a_package(tree).hash != before


def test_the_hash_changes_with_target_and_jurisdictions_and_with_nothing_else(tree: Path) -> None:
    package = a_package(tree)
    assert a_package(tree, target=COMPILED).hash != package.hash
    assert a_package(tree, jurisdictions=("jateng", "semarang")).hash != package.hash
    (tree / "functions" / "other" / "api.py").write_text("other = 2\n")
    (tree / "functions" / "orders" / "__pycache__" / "new.pyc").write_text("stale")
    assert a_package(tree).hash == package.hash


@pytest.mark.usefixtures("installed")
def test_the_cdk_builds_a_package_once_and_names_it_by_its_hash(tree: Path) -> None:
    def synthesized(folder: str) -> set[str]:
        app = App(outdir=str(tree / folder))
        stack = Stack(app, "stack", **placed(stage_named("dev", {})))
        lambda_.Function(
            stack,
            "Function",
            code=a_package(tree).as_code(),
            handler="functions.orders.api.handler",
            runtime=lambda_.Runtime.PYTHON_3_13,
        )
        app.synth()
        return {path.name for path in (tree / folder).glob("asset.*")}

    (one,) = synthesized("one")
    (two,) = synthesized("two")
    assert one == two
    assert "functions/orders/api.py" in files(tree / "one" / one)


def test_lambda_packages_are_for_arm_and_compiled_by_its_own_python_if_there_is_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bundling, "_interpreter", lambda version: Path(f"/usr/bin/python{version}"))
    target = lambda_target.__wrapped__()
    assert target.compiler == Path("/usr/bin/python3.13")
    assert "aarch64-manylinux_2_28" in target.wheels

    monkeypatch.setattr(bundling, "_interpreter", lambda _: None)
    assert lambda_target.__wrapped__().compiler is None
    assert capsys.readouterr().err.count("\n") == 1


def test_local_packages_are_for_this_machine_and_interpreter() -> None:
    target = local_target()
    assert target.compiler == Path(sys.executable)
    assert platform.machine() in target.name


def test_an_interpreter_is_found_by_asking_it_for_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = "9.9"
    broken = tmp_path / "path" / f"python{wanted}"
    real = tmp_path / "pyenv" / "versions" / f"{wanted}.1" / "bin" / f"python{wanted}"
    for script, body in ((broken, "exit 127"), (real, f"echo {wanted}")):
        script.parent.mkdir(parents=True)
        script.write_text(f"#!/bin/sh\n{body}\n")
        script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{broken.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    assert bundling._interpreter(wanted) == real
    assert bundling._interpreter("9.8") is None


def test_uv_is_taken_from_beside_the_interpreter_or_from_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin" / "python"))
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    with pytest.raises(BundlingError, match="uv is missing"):
        bundling._uv()
    for folder in ("path", "bin"):
        uv = tmp_path / folder / "uv"
        uv.parent.mkdir()
        uv.write_text("#!/bin/sh\n")
        uv.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path / "path"))
        assert bundling._uv() == str(uv)


def test_a_lock_that_cannot_be_installed_stops_the_build_with_uvs_own_words(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uv = tree / "uv"
    uv.write_text("#!/bin/sh\necho 'no such version' >&2\nexit 1\n")
    uv.chmod(0o755)
    monkeypatch.setattr(bundling, "_uv", lambda: str(uv))
    with pytest.raises(BundlingError, match="could not be installed for test: no such version"):
        built(a_package(tree), tree / "out")


def test_a_package_built_meanwhile_by_another_synth_is_taken(
    tree: Path, installed: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    compile_now = bundling._compile

    def compile_late(folder: Path, parts: object, compiler: object) -> None:
        if folder.name == "packages":  # the other one is done at this very moment
            monkeypatch.setattr(bundling, "_compile", compile_now)
            built(a_package(tree), tree / "other")

    monkeypatch.setattr(bundling, "_compile", compile_late)
    folder = built(a_package(tree), tree / "out")
    assert "somelib/__init__.py" in files(folder)
    assert len(installed) == 2


def test_a_cache_that_cannot_be_written_is_no_secret(
    tree: Path, installed: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(PermissionError):
        built(a_package(tree), tree / "out")


@pytest.fixture(scope="session")
def real_packages(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """A function that builds a context's real package for Lambda, dependencies and all."""

    def build(name: str, lock: str = "lambda") -> Path:
        folder = tmp_path_factory.mktemp(name)
        package = Package(
            context="complaint_intake",
            jurisdictions=("jateng", "semarang"),
            target=lambda_target(),
            lock=bundling.LOCKS / f"{lock}.txt",
            build=tmp_path_factory.mktemp(f"{name}-cache"),
        )
        try:
            package.write_to(folder)
        except BundlingError as error:
            if "error sending request" in str(error) or "Failed to fetch" in str(error):
                pytest.skip("the package registry cannot be reached")
            raise
        return folder

    return build


@pytest.mark.slow
def test_the_real_package_for_lambda_is_reproducible_small_and_without_boto3(
    real_packages: Callable[..., Path],
) -> None:
    one, two = real_packages("one"), real_packages("two")
    assert content_hash(one) == content_hash(two)
    top = {path.name for path in one.iterdir()}
    assert {"functions", "shared", "config", "pydantic", "aws_lambda_powertools"} <= top
    assert not {"boto3", "botocore", "bin", ".lock", "PIL"} & top
    native = [path.name for path in one.rglob("*.so")]
    assert native
    assert all("aarch64" in name for name in native)
    if lambda_target().compiler:
        assert "functions/complaint_intake/__pycache__/api.cpython-313.pyc" in files(one)
    assert sum(path.stat().st_size for path in one.rglob("*") if path.is_file()) < 30_000_000


@pytest.mark.slow
def test_the_real_package_of_photos_carries_pillow_for_arm_besides(
    real_packages: Callable[..., Path],
) -> None:
    folder = real_packages("photos", lock="lambda-photos")
    assert (folder / "pydantic").is_dir()
    drawing = [path.name for path in (folder / "PIL").glob("_imaging.*.so")]
    assert len(drawing) == 1
    assert "aarch64" in drawing[0]
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) < 60_000_000


@pytest.mark.slow
def test_the_real_handler_imports_from_its_local_package_alone(tmp_path: Path) -> None:
    folder = tmp_path / "package"
    folder.mkdir()
    package = Package(
        context="complaint_intake", jurisdictions=("jateng", "semarang"), target=local_target()
    )
    try:
        package.write_to(folder)
    except BundlingError as error:
        if "error sending request" in str(error) or "Failed to fetch" in str(error):
            pytest.skip("the package registry cannot be reached")
        raise
    program = (
        "import functions.complaint_intake.api as api, pydantic, shared.config as config\n"
        "print(pydantic.__file__, *config.jurisdiction_ids(), callable(api.handler))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": str(folder), "AWS_REGION": "ap-southeast-3", "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [f"{folder}/pydantic/__init__.py", "jateng", "semarang", "True"]
