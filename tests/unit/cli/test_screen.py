"""Errors that can happen to anyone are a sentence; faults of ours keep their traceback."""

import httpx
import pytest
from botocore.exceptions import ClientError, NoCredentialsError
from typer.testing import CliRunner

from cli import outputs
from cli.main import app
from cli.screen import told


def raising(error):
    def fail(**_):
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            ClientError({"Error": {"Code": "AccessDenied", "Message": ""}}, "Receive"),
            "AccessDenied",
        ),
        (NoCredentialsError(), "Unable to locate credentials"),
        (httpx.ConnectError("refused", request=httpx.Request("GET", "http://x")), "simpul up"),
        (httpx.ConnectError("refused"), "simpul up"),
    ],
)
def test_what_can_happen_to_anyone_is_a_sentence(simpul, cloud, error, sentence):
    cloud.sqs.get_queue_attributes = raising(error)
    failed = simpul("dlq", "list")
    assert failed.exit_code == 1
    assert sentence in failed.stderr


def test_a_fault_of_ours_is_not_hidden(simpul, cloud):
    cloud.sqs.get_queue_attributes = raising(ZeroDivisionError())
    assert isinstance(simpul("dlq", "list").exception, ZeroDivisionError)
    assert told(ZeroDivisionError()) is None


def test_without_a_deployment_the_remedy_is_named(tmp_path):
    failed = CliRunner().invoke(app, ["--state-dir", str(tmp_path), "dlq", "list"])
    assert failed.exit_code == 1
    assert "simpul up" in failed.stderr


def test_another_versions_outputs_are_refused(tmp_path):
    (tmp_path / "outputs.json").write_text("{}")
    failed = CliRunner().invoke(app, ["dlq", "list"], env={"SIMPUL_HOME": str(tmp_path)})
    assert failed.exit_code == 1
    assert "versi lain" in failed.stderr


def test_outputs_survive_writing_and_reading(around):
    assert outputs.load(around.outputs_path) == around.outputs
