"""Access tokens: a machine client's by its secret, an officer's by authorization code and PKCE."""

import base64
import hashlib
import secrets
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx

from cli.outputs import Outputs
from cli.screen import CannotContinue

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient

AGENCY_SCOPE = "agency/work"
OFFICER_SCOPE = "openid officer/desk"


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineClient:
    """What an agency's own system signs in with."""

    client_id: str
    client_secret: str
    token_url: str
    scope: str = AGENCY_SCOPE


def machine_client(
    outputs: Outputs, agency: str, cognito: "CognitoIdentityProviderClient"
) -> MachineClient:
    """Fetch an agency's machine client with its secret.

    Raises:
        CannotContinue: the agency has none; it polls its queue natively instead.
    """
    client_id = outputs.agency(agency).client_id
    if client_id is None:
        raise CannotContinue(
            f"Dinas `{agency}` tidak punya klien mesin; aktifkan `http_twin` di config, atau pakai "
            f"`simpul agency listen {agency}`. / This agency has no machine client."
        )
    described = cognito.describe_user_pool_client(
        UserPoolId=outputs.user_pool_id, ClientId=client_id
    )["UserPoolClient"]
    return MachineClient(
        client_id=client_id,
        client_secret=described["ClientSecret"],
        token_url=outputs.token_url,
    )


def machine_token(client: MachineClient, http: httpx.Client) -> str:
    """Sign a machine client in and return its access token."""
    form = {"grant_type": "client_credentials", "scope": client.scope}
    secret = (client.client_id, client.client_secret)
    return _access_token(http.post(client.token_url, data=form, auth=secret))


def officer_token(
    outputs: Outputs, group: str, cognito: "CognitoIdentityProviderClient", http: httpx.Client
) -> str:
    """Sign a local officer of `group` in by code + PKCE and return the access token.

    The officer is made when missing. Its password is a new one each time and kept nowhere.

    Raises:
        CannotContinue: this is not a local cloud, or the group does not exist.
    """
    if outputs.endpoint_url is None:
        raise CannotContinue(
            "Petugas buatan hanya ada di awan lokal; di AWS, masuklah lewat halaman login. "
            f"/ Only a local cloud makes officers; on AWS sign in at {outputs.authorize_url}"
        )
    username = f"petugas.{group.replace(':', '.')}"
    password = f"Aa1!{secrets.token_urlsafe(24)}"  # its beginning satisfies any password policy
    _make_officer(outputs.user_pool_id, group, username, password, cognito)
    return _sign_in(outputs, username, password, http)


def _make_officer(
    pool: str, group: str, username: str, password: str, cognito: "CognitoIdentityProviderClient"
) -> None:
    try:
        cognito.get_group(UserPoolId=pool, GroupName=group)
    except cognito.exceptions.ResourceNotFoundException:
        raise CannotContinue(
            f"Grup `{group}` tidak ada; contoh: operator:semarang, agency:semarang-dpu. "
            "/ There is no such group."
        ) from None
    with suppress(cognito.exceptions.UsernameExistsException):  # made by an earlier call
        cognito.admin_create_user(
            UserPoolId=pool,
            Username=username,
            MessageAction="SUPPRESS",
            UserAttributes=[
                {"Name": "email", "Value": f"{username}@example.id"},
                {"Name": "email_verified", "Value": "true"},
            ],
        )
    cognito.admin_set_user_password(
        UserPoolId=pool, Username=username, Password=password, Permanent=True
    )
    cognito.admin_add_user_to_group(UserPoolId=pool, Username=username, GroupName=group)


def _sign_in(outputs: Outputs, username: str, password: str, http: httpx.Client) -> str:
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
    digest = hashlib.sha256(verifier.encode()).digest()
    request = {
        "response_type": "code",
        "client_id": outputs.officers_client_id,
        "redirect_uri": outputs.officers_callback_url,
        "scope": OFFICER_SCOPE,
        "state": state,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    page = http.get(outputs.authorize_url, params=request)
    if page.status_code != httpx.codes.OK:
        raise CannotContinue(f"Halaman login menolak / The sign-in page refused: {page.text}")
    form = {**request, "username": username, "password": password}
    signed_in = http.post(urljoin(outputs.authorize_url, "/login"), data=form)
    came_back = parse_qs(urlsplit(signed_in.headers.get("location", "")).query)
    if came_back.get("state") != [state] or "code" not in came_back:
        raise CannotContinue(
            "Login petugas gagal; ulangi, atau jalankan `simpul up` lagi. "
            "/ Signing the officer in failed: try again, or run `simpul up` again."
        )
    exchange = {
        "grant_type": "authorization_code",
        "client_id": outputs.officers_client_id,
        "redirect_uri": outputs.officers_callback_url,
        "code": came_back["code"][0],
        "code_verifier": verifier,
    }
    return _access_token(http.post(outputs.token_url, data=exchange))


def _access_token(response: httpx.Response) -> str:
    answer: dict[str, Any] = response.json() if response.content else {}
    if response.is_error or "access_token" not in answer:
        raise CannotContinue(
            f"Token tidak diberikan ({answer.get('error', response.status_code)}); jalankan "
            "`simpul up` lagi. / No token was given: run `simpul up` again."
        )
    return str(answer["access_token"])
