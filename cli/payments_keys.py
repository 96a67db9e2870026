"""Keys of a provider that is only played: made once for a local cloud, and put in its secrets.

`payments-test-keys.json` in the state folder holds them, the played provider's private ones too.
They open nothing but a local cloud.
"""

import base64
import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from cli.surroundings import Surroundings
from functions.payment_webhooks.configuration import payments_of
from shared import config

FILE = "payments-test-keys.json"
#: What of the file is the played provider's alone, and goes into no secret.
_PROVIDERS_OWN = frozenset({"private_key_of_provider", "our_public_key", "public"})


def path_of(state_dir: Path) -> Path:
    """Return where a local cloud's keys are kept."""
    return state_dir / FILE


def fill(around: Surroundings) -> Path:
    """Put the state folder's keys, made if there are none, in the cloud's secrets; return the file."""
    path = path_of(around.state_dir)
    keys = json.loads(path.read_bytes()) if path.exists() else {}
    fitting = _completed(keys)
    if fitting != keys:
        path.touch(mode=0o600)
        path.write_text(json.dumps(fitting, indent=1) + "\n", encoding="utf-8")
    prefix = around.outputs.payments.keys_prefix
    client = around.client("secretsmanager")
    for name, value in fitting.items():
        secret = json.dumps(_ours(value))
        client.put_secret_value(SecretId=f"{prefix}{name}", SecretString=secret)
    return path


def load(around: Surroundings) -> dict[str, Any]:
    """Return a local cloud's keys."""
    found: dict[str, Any] = json.loads(path_of(around.state_dir).read_bytes())
    return found


def _completed(keys: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys with those that configuration asks for and that are not there yet."""
    known = {each: payments_of(each) for each in config.jurisdiction_ids()}
    partners = {one.id for each in known.values() for one in each.snap.partners}
    marketplaces = {one.id for each in known.values() for one in each.marketplaces}
    made: dict[str, Any] = {name: dict(value) for name, value in keys.items()}
    for name in ("midtrans", "snap", "gobiz", "marketplaces", "tickets"):
        made.setdefault(name, {})
    for jurisdiction_id in known:
        made["midtrans"].setdefault(
            jurisdiction_id, {"server_keys": [f"SB-Mid-server-{secrets.token_urlsafe(18)}"]}
        )
    for partner in sorted(partners):
        if partner not in made["snap"]:
            made["snap"][partner] = _snap(partner)
    made["gobiz"].setdefault("secrets", [secrets.token_urlsafe(32)])
    for partner in sorted(marketplaces):
        key = base64.b64encode(secrets.token_bytes(32)).decode()
        made["marketplaces"].setdefault(partner, {"secrets": [f"whsec_{key}"]})
    if not made["tickets"].get("keys"):
        made["tickets"]["keys"] = [_ticket_key()]
    return made


def _ours(value: Any) -> Any:
    """Return what of the keys a merchant has: all but the provider's own."""
    if isinstance(value, dict):
        return {name: _ours(one) for name, one in value.items() if name not in _PROVIDERS_OWN}
    return [_ours(one) for one in value] if isinstance(value, list) else value


def _snap(partner: str) -> dict[str, Any]:
    theirs, ours = _rsa(), _rsa()
    return {
        "public_keys": [theirs[1]],
        "private_key_of_provider": theirs[0],
        "client_id": f"simpul-{partner}",
        "client_secret": secrets.token_urlsafe(32),
        "partner_id": f"simpul-{partner}",
        "private_key": ours[0],
        "our_public_key": ours[1],
    }


def _rsa() -> tuple[str, str]:
    """Return a new private key and its public one, as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return _private(key), _public(key.public_key())


def _ticket_key() -> dict[str, str]:
    key = ed25519.Ed25519PrivateKey.generate()
    return {
        "kid": secrets.token_hex(4),
        "private": _private(key),
        "public": _public(key.public_key()),
    }


def _private(key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def _public(key: rsa.RSAPublicKey | ed25519.Ed25519PublicKey) -> str:
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()
