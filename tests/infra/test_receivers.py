"""The receivers of payments: which signed paths they take follows from configuration."""

from functions.payment_webhooks.configuration import payments_of
from functions.payment_webhooks.providers.snap_services import NOTIFICATIONS
from functions.payment_webhooks.settings import SNAP_PREFIX
from infra.constructs.payments import signed_paths
from shared import config
from tests.infra.conftest import Synthesis


def test_every_path_that_a_jurisdiction_accepts_is_accepted_and_no_other():
    accepted = {
        path for one in config.jurisdiction_ids() for path in payments_of(one).snap.accepted_paths
    }
    assert set(signed_paths()) == accepted


def test_every_service_may_be_signed_as_the_standards_path_and_as_ours():
    for service in NOTIFICATIONS:
        assert {service.path, SNAP_PREFIX + service.path} <= set(signed_paths())
    assert all(payments_of(one).snap.prefix == SNAP_PREFIX for one in config.jurisdiction_ids())


def test_the_receivers_function_is_told_them(synthesis: Synthesis):
    (function,) = (
        one
        for one in synthesis.properties("AWS::Lambda::Function")
        if one["FunctionName"] == f"{synthesis.stage.prefix}-payment-webhooks-api"
    )
    told = function["Environment"]["Variables"]["SNAP_SIGNED_PATHS"]
    assert told.split(",") == signed_paths()
