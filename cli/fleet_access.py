"""How the command speaks as a fleet: its machine client's token, and requests of MDS and CDS."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import httpx

from cli.outputs import Client
from cli.screen import CannotContinue
from cli.signin import MachineClient, machine_token
from cli.surroundings import Surroundings

MDS: Final = "application/vnd.mds+json;version=2.0"
CDS: Final = "application/vnd.cds+json;version=1.1"


def fleet_of(around: Surroundings, jurisdiction_id: str) -> tuple[str, Client]:
    """Return a jurisdiction's first fleet: its id in configuration, and its machine client.

    Raises:
        CannotContinue: it has none.
    """
    for name, client in around.outputs.fleets.items():
        if client.jurisdiction_id == jurisdiction_id:
            return name, client
    raise CannotContinue(f"Yurisdiksi {jurisdiction_id} tidak punya armada. / It has no fleet.")


def token_of(around: Surroundings, client: Client) -> str:
    """Return an access token of a fleet's machine client."""
    described = around.cognito.describe_user_pool_client(
        UserPoolId=around.outputs.user_pool_id, ClientId=client.client_id
    )["UserPoolClient"]
    machine = MachineClient(
        client_id=client.client_id,
        client_secret=described["ClientSecret"],
        token_url=around.outputs.token_url,
        scope=" ".join(client.scopes),
    )
    return machine_token(machine, around.http)


def send(
    http: httpx.Client, url: str, token: str, items: Sequence[Mapping[str, Any]]
) -> httpx.Response:
    """Send items in the standard's own way."""
    accept = CDS if "/cds/" in url else MDS
    headers = {"Authorization": f"Bearer {token}", "Accept": accept}
    return http.post(url, json=items, headers=headers)
