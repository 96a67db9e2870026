"""Setting a machine up: what it asks for, and the sentence when something is missing."""

from pathlib import Path
from subprocess import CompletedProcess

import pytest

from cli import bootstrap
from cli.bootstrap import CannotSetUp, Machine


class FakeRun:
    """Does what the commands would do to the disk, and remembers them."""

    def __init__(self, root: Path, *, node="v20.20.0", fails=None, mirror=None):
        self.root = root
        self.node = node
        self.fails = fails or {}
        self.mirror = mirror
        self.commands: list[list[str]] = []
        self.environments: list[dict[str, str]] = []

    def __call__(self, command, env):
        self.commands.append(list(command))
        self.environments.append(env)
        line = " ".join(command)
        for part, said in self.fails.items():
            if part in line:
                return CompletedProcess(command, 1, stdout=said)
        if line == "node --version":
            return CompletedProcess(command, 0, stdout=f"{self.node}\n")
        if "config get" in line:
            return CompletedProcess(command, 0 if self.mirror else 1, stdout=self.mirror or "")
        if "-m venv" in line:
            self._file(Path(command[-1]) / "bin" / "python")
            (Path(command[-1]) / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.11.2\n")
        if "installer.txt" in line and "-m pip" in line:
            self._file(self.root / ".venv" / "bin" / "uv")
        return CompletedProcess(command, 0, stdout="")

    @staticmethod
    def _file(path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

    def did(self, part: str) -> int:
        return sum(part in " ".join(command) for command in self.commands)


@pytest.fixture
def project(tmp_path):
    (tmp_path / "locks").mkdir()
    for lock in ("installer", "dev", "local-cloud"):
        (tmp_path / "locks" / f"{lock}.txt").write_text(lock)
    (tmp_path / "pyproject.toml").write_text("[project]")
    (tmp_path / "package-lock.json").write_text("{}")
    return tmp_path


def a_machine(root, run=None, **different):
    facts = {
        "python": "python3",
        "version": (3, 11, 2),
        "has_ensurepip": True,
        "env": {},
        "which": lambda name: f"/usr/bin/{name}",
        "say": lambda text: None,
        **different,
    }
    return Machine(root=root, run=run or FakeRun(root), **facts)


def test_an_empty_machine_gets_everything_from_the_locks(project):
    run = FakeRun(project)
    bootstrap.set_up(a_machine(project, run))
    assert run.did("-m venv") == 2
    assert run.did("pip sync --require-hashes") == 2
    assert run.did("--offline --no-deps --no-build-isolation -e") == 1
    assert run.did("npm ci") == 1


def test_a_second_run_does_nothing(project):
    bootstrap.set_up(a_machine(project))
    run = FakeRun(project)
    bootstrap.set_up(a_machine(project, run))
    assert run.commands == [["node", "--version"]]


def test_a_changed_lock_is_installed_into_the_same_environment(project):
    bootstrap.set_up(a_machine(project))
    (project / "locks" / "dev.txt").write_text("newer")
    run = FakeRun(project)
    bootstrap.set_up(a_machine(project, run))
    assert run.did("pip sync") == 1
    assert run.did("-m venv") == 0


def test_another_python_makes_the_environments_anew(project):
    bootstrap.set_up(a_machine(project))
    run = FakeRun(project)
    bootstrap.set_up(a_machine(project, run, version=(3, 13, 0)))
    assert run.did("-m venv --clear") == 2


def test_an_environment_without_uv_is_made_anew(project):
    bootstrap.set_up(a_machine(project))
    (project / ".venv" / "bin" / "uv").unlink()
    (project / ".venv" / ".stamp").unlink()
    run = FakeRun(project)
    bootstrap.set_up(a_machine(project, run))
    assert run.did("-m venv --clear") == 1


@pytest.mark.parametrize(
    ("different", "remedy"),
    [
        ({"version": (3, 10, 4)}, "install Python 3.11"),
        ({"has_ensurepip": False}, "python3-venv"),
        ({"which": lambda name: None if name == "node" else name}, "install Node 20"),
        ({"which": lambda name: None if name == "npm" else name}, "sudo apt install npm"),
    ],
)
def test_what_is_missing_is_said_with_its_remedy(project, different, remedy):
    with pytest.raises(CannotSetUp, match=remedy):
        bootstrap.set_up(a_machine(project, **different))


@pytest.mark.parametrize("said", ["v18.19.0", ""])
def test_an_old_or_broken_node_is_refused(project, said):
    with pytest.raises(CannotSetUp, match="install Node 20"):
        bootstrap.set_up(a_machine(project, FakeRun(project, node=said)))


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("-m pip", "NewConnectionError(... Temporary failure in name resolution)"),
        ("pip sync", "error sending request for url: dns error"),
        ("npm ci", "npm error code EAI_AGAIN"),
    ],
)
def test_no_network_is_one_sentence(project, command, said):
    machine = a_machine(project, FakeRun(project, fails={command: said}))
    with pytest.raises(CannotSetUp, match="registry cannot be reached"):
        bootstrap.set_up(machine)


def test_any_other_failure_shows_its_last_lines_and_the_log(project, capsys):
    machine = a_machine(project, FakeRun(project, fails={"pip sync": "a\nhash mismatch"}))
    assert bootstrap.main(machine) == 1
    said = capsys.readouterr().err
    assert "hash mismatch" in said
    assert ".local/setup.log" in said
    assert "hash mismatch" in (project / ".local" / "setup.log").read_text()


def test_a_failed_installation_is_tried_again(project):
    broken = a_machine(project, FakeRun(project, fails={"pip sync": "disk full"}))
    with pytest.raises(CannotSetUp):
        bootstrap.set_up(broken)
    assert bootstrap.main(a_machine(project)) == 0


def test_uv_is_told_of_pips_mirror_and_certificates(project):
    run = FakeRun(project, mirror="mirror.example")
    bootstrap.set_up(a_machine(project, run, env={"PIP_CERT": "/etc/ca.pem"}))
    synced = next(i for i, command in enumerate(run.commands) if "sync" in command)
    assert run.environments[synced]["UV_DEFAULT_INDEX"] == "mirror.example"
    assert run.environments[synced]["SSL_CERT_FILE"] == "/etc/ca.pem"


def test_uvs_own_index_is_left_alone(project):
    run = FakeRun(project, mirror="mirror.example")
    bootstrap.set_up(a_machine(project, run, env={"UV_DEFAULT_INDEX": "own.example"}))
    assert run.did("config get") == 0


def test_pips_index_from_the_environment_is_passed_on(project):
    machine = a_machine(project, env={"PIP_INDEX_URL": "mirror.example"})
    told = bootstrap.uv_environment(machine, project / "python")
    assert told["UV_DEFAULT_INDEX"] == "mirror.example"


def test_commands_run_quietly_with_both_streams_in_one():
    done = bootstrap.run(["sh", "-c", "echo out; echo err >&2; exit 3"], {"PATH": "/bin:/usr/bin"})
    assert (done.returncode, done.stdout) == (3, "out\nerr\n")
