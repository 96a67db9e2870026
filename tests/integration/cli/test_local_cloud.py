"""Real processes: a stand-in for the local cloud and for the CDK, started, watched and ended."""

import json
import os
import socket
import sys
import time
from contextlib import nullcontext
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import cloud as commands
from cli import local_cloud
from cli.deployment import Deployment
from cli.local_cloud import LocalCloud, free_port
from cli.main import app
from cli.screen import CannotContinue

pytestmark = pytest.mark.enable_socket

STAND_IN = """#!{python}
import http.server, os, subprocess, sys
if {fails}:
    sys.exit("no luck")
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
open({children!r}, "w").write(str(child.pid))
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/_ministack/health" else 404)
        self.end_headers()
        self.wfile.write(os.environ["AUTH"].encode())
    def log_message(self, *_): pass
http.server.HTTPServer((os.environ["BIND_HOST"], int(os.environ["GATEWAY_PORT"])), Handler).serve_forever()
"""

CDK = """#!{python}
import json, os, sys
print("simpul-local-data: deploying", flush=True)
print(" ".join(sys.argv[1:]), os.environ["AWS_ENDPOINT_URL"], os.environ.get("AWS_PROFILE"))
if {fails!r} == sys.argv[1]:
    sys.exit("it broke")
if "--outputs-file" in sys.argv:
    open(sys.argv[sys.argv.index("--outputs-file") + 1], "w").write({told!r})
"""

STACKS = {
    "simpul-local-data": {"Other": "x"},
    "simpul-local-agencies-semarang": {
        "AgencySemarangDpu": json.dumps(
            {
                "code": "semarang-dpu",
                "queue_url": "q/dpu",
                "dlq_url": "q/dpu-dlq",
                "role_arn": "arn:dpu",
                "external_id": "e",
                "client_id": "c",
            }
        ),
        "PaymentsClientSemarangLoket": json.dumps(
            {
                "id": "semarang-loket",
                "jurisdiction_id": "semarang",
                "client_id": "l",
                "scopes": ["orders/write"],
            }
        ),
        "FleetClientSemarangMitraArmada": json.dumps(
            {
                "id": "semarang-mitra-armada",
                "jurisdiction_id": "semarang",
                "client_id": "f",
                "scopes": ["fleet/telemetry"],
            }
        ),
    },
    "simpul-local-service": {
        "ApiUrl": "http://localhost/v1/",
        "UserPoolId": "pool",
        "OfficersClientId": "officers",
        "OfficersCallbackUrl": "http://localhost:8765/callback",
        "RoutingQueueUrl": "q/routing",
        "RoutingDlqUrl": "q/routing-dlq",
        "NoticesQueueUrl": "n",
        "NoticesDlqUrl": "nd",
        "PhotosQueueUrl": "p",
        "PhotosDlqUrl": "pd",
        "ErasuresQueueUrl": "e",
        "ErasuresDlqUrl": "ed",
        "PartnersPrefix": "simpul/local/partners/",
        "PhotosBucket": "photos",
        "OpenDataBucket": "open-data",
        "PaymentsBucket": "payments",
        "PaymentsTable": "payments",
        "LedgerTable": "ledger",
        "SheltersTable": "shelters",
        "MovementsQueueUrl": "m",
        "MovementsDlqUrl": "md",
        "EvaluationQueueUrl": "ev",
        "EvaluationDlqUrl": "evd",
        "ShelterAlertsQueueUrl": "sa",
        "ShelterAlertsDlqUrl": "sad",
        "SheltersOutboxFailuresUrl": "sof",
        "PaymentsQueueUrl": "pay",
        "PaymentsDlqUrl": "payd",
        "SettlementsQueueUrl": "s",
        "SettlementsDlqUrl": "sd",
        "PaymentsSecretsPrefix": "simpul/local/payments/",
        "MidtransApiUrl": "http://127.0.0.1:4646",
        "OutboxFailuresUrl": "q/of",
        "ComplaintsTable": "complaints",
        "ReportersTable": "reporters",
    },
}


def script(path: Path, text: str, **values) -> tuple[str]:
    path.write_text(text.format(python=sys.executable, **values))
    path.chmod(0o755)
    return (str(path),)


@pytest.fixture
def make_cloud(tmp_path):
    made = []

    def make(*, fails=False, port=None):
        command = script(
            tmp_path / "stand-in", STAND_IN, fails=fails, children=str(tmp_path / "child.pid")
        )
        cloud = LocalCloud(state_dir=tmp_path / "state", port=port or free_port(), command=command)
        cloud.state_dir.mkdir(exist_ok=True)
        made.append(cloud)
        return cloud

    yield make
    for cloud in made:
        cloud.stop()


@pytest.fixture
def cloud(make_cloud):
    return make_cloud()


def a_deployment(cloud, tmp_path, *, fails=""):
    cdk = script(tmp_path / "cdk", CDK, fails=fails, told=json.dumps(STACKS))
    return Deployment(cloud=cloud, root=tmp_path, cdk=cdk)


def steps(said):
    def step(title):
        said.append(title)
        return nullcontext(said.append)

    return step


def no_keys(around):
    return around.state_dir


def alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists() and "Z" not in Path(f"/proc/{pid}/stat").read_text()


def test_a_cloud_starts_answers_and_ends_with_its_children(cloud, tmp_path):
    cloud.start()
    assert cloud.healthy
    child = int((tmp_path / "child.pid").read_text())
    assert alive(child)
    assert cloud.stop() is True
    deadline = time.monotonic() + 5
    while alive(child) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not alive(child)
    assert not cloud.healthy
    assert cloud.stop() is False


def test_a_taken_port_is_refused_with_the_remedy(make_cloud):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(CannotContinue, match="SIMPUL_PORT="):
            make_cloud(port=taken.getsockname()[1]).start()


def test_a_cloud_that_is_not_installed_is_refused(tmp_path):
    cloud = LocalCloud(state_dir=tmp_path, command=(str(tmp_path / "nothing"),))
    with pytest.raises(CannotContinue, match="make setup"):
        cloud.start()


def test_a_cloud_that_ends_at_once_shows_its_last_words(make_cloud):
    with pytest.raises(CannotContinue, match="no luck"):
        make_cloud(fails=True).start()


def test_a_stranger_with_the_remembered_pid_is_left_alone(cloud):
    started = local_cloud.Started(pid=os.getpid(), born="of another age", port=1)
    (cloud.state_dir / "cloud.json").write_text(started.model_dump_json())
    assert cloud.running is None
    assert cloud.stop() is False


def test_a_cloud_deaf_to_the_polite_signal_is_killed(cloud, tmp_path, monkeypatch):
    monkeypatch.setattr(local_cloud, "STOP_WITHIN_S", 0.2)
    stand_in = Path(cloud.command[0])
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\nimport http"
    stand_in.write_text(stand_in.read_text().replace("import http", deaf, 1))
    cloud.start()
    pid = cloud.running.pid
    assert cloud.stop() is True
    assert not alive(pid)


def test_a_log_that_was_never_written_has_no_end(tmp_path):
    assert local_cloud.tail(tmp_path / "none.log") == ""


def test_bringing_up_bootstraps_deploys_and_says_where_things_are(cloud, tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "the-users-own")
    said: list[str] = []
    deployment = a_deployment(cloud, tmp_path)
    made = commands.bring_up(cloud, progress=steps(said), deployment=deployment, fill_keys=no_keys)
    assert made.api_url == "http://localhost/v1"
    assert made.token_url == f"{cloud.endpoint_url}/oauth2/token"
    assert made.agencies["semarang-dpu"].client_id == "c"
    assert made.payments.clients["semarang-loket"].client_id == "l"
    assert made.fleets["semarang-mitra-armada"].client_id == "f"
    assert made.payments.test_keys == str(cloud.state_dir / "payments-test-keys.json")
    assert "secret" not in (cloud.state_dir / "outputs.json").read_text()
    assert sum("bootstrap aws://000000000000" in line for line in said) == 1
    assert f"{cloud.endpoint_url} None" in deployment.log.read_text()


def test_a_running_cloud_is_deployed_to_again(cloud, tmp_path):
    said: list[str] = []
    deployment = a_deployment(cloud, tmp_path)
    commands.bring_up(cloud, progress=steps(said), deployment=deployment, fill_keys=no_keys)
    pid = cloud.running.pid
    said.clear()
    commands.bring_up(cloud, progress=steps(said), deployment=deployment, fill_keys=no_keys)
    assert cloud.running.pid == pid
    assert not any("bootstrap" in line for line in said)


@pytest.mark.parametrize("fails", ["bootstrap", "deploy"])
def test_a_failed_deployment_ends_with_the_logs_last_lines(cloud, tmp_path, fails):
    deployment = a_deployment(cloud, tmp_path, fails=fails)
    with pytest.raises(CannotContinue, match=rf"cdk {fails}(.|\n)*it broke"):
        commands.bring_up(cloud, progress=steps([]), deployment=deployment, fill_keys=no_keys)
    assert not (cloud.state_dir / "outputs.json").exists()


class TestTheCommand:
    @pytest.fixture(autouse=True)
    def _stand_ins(self, make_cloud, tmp_path, monkeypatch):
        self.cloud = make_cloud()
        made = a_deployment(self.cloud, tmp_path)
        monkeypatch.setattr(
            commands,
            "LocalCloud",
            lambda **given: LocalCloud(**given, command=self.cloud.command),
        )
        monkeypatch.setattr(
            commands,
            "Deployment",
            lambda *, cloud: Deployment(cloud=cloud, root=tmp_path, cdk=made.cdk),
        )
        monkeypatch.setattr("cli.payments_keys.fill", no_keys)

    def simpul(self, *arguments):
        state = str(self.cloud.state_dir)
        return CliRunner().invoke(app, ["--state-dir", state, *arguments])

    def test_up_status_and_down(self):
        up = self.simpul("up", "--port", str(self.cloud.port))
        assert up.exit_code == 0, up.output
        assert "cdk deploy" in up.stdout
        status = json.loads(self.simpul("status", "--json").stdout)
        assert (status["running"], status["healthy"], status["deployed"]) == (True, True, True)
        assert "sehat" in self.simpul("status").stdout
        assert self.simpul("up").exit_code == 0
        elsewhere = self.simpul("up", "--port", str(self.cloud.port + 1))
        assert elsewhere.exit_code == 1
        assert "simpul down" in elsewhere.stderr
        assert "dimatikan" in self.simpul("down").stdout
        assert "Tidak ada" in self.simpul("down").stdout
        assert "simpul up" in self.simpul("status").stdout
        assert json.loads(self.simpul("status", "--json").stdout)["endpoint_url"] is None
