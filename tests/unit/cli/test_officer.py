"""Signing an officer in by authorization code and PKCE."""

import json

from cli import outputs
from tests.unit.cli.conftest import OUTPUTS

SIGN_IN = ("officer", "token", "--group", "operator:semarang")


def test_an_officer_is_made_and_signed_in(simpul, cloud):
    signed_in = simpul(*SIGN_IN)
    assert signed_in.stdout == "an-officers-token\n"
    assert cloud.cognito.members["operator:semarang"] == {"petugas.operator.semarang"}
    assert cloud.codes["the-code"]["scope"] == "openid officer/desk"
    assert cloud.codes["the-code"]["code_challenge_method"] == "S256"


def test_an_officer_that_exists_is_reused(simpul, cloud):
    simpul(*SIGN_IN)
    assert json.loads(simpul(*SIGN_IN, "--json").stdout)["group"] == "operator:semarang"
    assert len(cloud.cognito.passwords) == 1


def test_an_unknown_group_is_one_sentence(simpul):
    refused = simpul("officer", "token", "--group", "walikota")
    assert refused.exit_code == 1
    assert "Grup `walikota` tidak ada" in refused.stderr


def test_a_sign_in_page_that_refuses_is_said(simpul, cloud):
    cloud.sign_in_works = False
    assert "halaman" in simpul(*SIGN_IN).stderr


def test_a_failed_sign_in_is_said(simpul, cloud):
    cloud.cognito.admin_set_user_password = lambda **_: None
    assert "Login petugas gagal" in simpul(*SIGN_IN).stderr


def test_a_refused_code_is_said(simpul, cloud):
    cloud.token_works = False
    assert "invalid_grant" in simpul(*SIGN_IN).stderr


def test_on_aws_no_officer_is_made(simpul, around, cloud):
    outputs.save(OUTPUTS.model_copy(update={"endpoint_url": None}), around.outputs_path)
    assert OUTPUTS.authorize_url in simpul(*SIGN_IN).stderr.replace("\n", "")
    assert cloud.cognito.passwords == {}
