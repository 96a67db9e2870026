"""Signs in to the shop: as a seller's or gate's machine client, or as a local treasurer."""

from cli.api import Api
from cli.outputs import Client
from cli.payments_access import orders_of, token_of
from cli.screen import CannotContinue, one_line
from cli.signin import officer_token
from cli.surroundings import Surroundings
from functions.payment_webhooks.configuration import jurisdiction_of, payments_of
from functions.payment_webhooks.order_ids import NOBODYS, read_order_number
from shared import config
from shared.access import GATE_SCOPE, ORDERS_SCOPE

__all__ = ["GATE_SCOPE", "ORDERS_SCOPE", "api", "client_for", "order_of", "token", "treasurer"]


def api(around: Surroundings) -> Api:
    """Return the deployment's API."""
    return Api(around.outputs.api_url, around.http)


def order_of(around: Surroundings, order_id: str) -> tuple[str, str, str | None]:
    """Return an order's number, its jurisdiction, and its product if the number does not tell.

    A payment that nobody ordered has a number of no jurisdiction's.

    Raises:
        CannotContinue: it is no order's number, or no jurisdiction has such.
    """
    number = read_order_number(order_id)
    if number and number.startswith(NOBODYS):
        stored = orders_of(around, [number]).get(number)
        if stored is None:
            raise CannotContinue(f"{number}: tidak ada pembayaran ini. / There is no such payment.")
        return number, stored.jurisdiction_id, stored.product
    jurisdiction_id = jurisdiction_of(number[:3]) if number else None
    if number is None or jurisdiction_id is None:
        raise CannotContinue(
            f"`{one_line(order_id)}` bukan nomor pesanan; contoh: SMG-BRT-7K3F9Q2M1XWZ4. "
            "/ This is no order's number."
        )
    return number, jurisdiction_id, None


def client_for(
    around: Surroundings,
    scope: str,
    *,
    named: str | None = None,
    jurisdiction_id: str | None = None,
    product: str | None = None,
) -> str:
    """Return the machine client to work as: the one named, or the first that may do it.

    Where no jurisdiction is said, the default one comes first.

    Raises:
        CannotContinue: there is none.
    """
    known = around.outputs.payments.clients
    fitting = [
        name
        for name, one in known.items()
        if scope in one.scopes
        and jurisdiction_id in (None, one.jurisdiction_id)
        and (product is None or product in _products(name, one))
    ]
    if named and named in known and scope in known[named].scopes:
        return named
    if named is None and fitting:
        return min(fitting, key=lambda name: not _is_of_default(known[name]))
    listed = ", ".join(name for name, one in known.items() if scope in one.scopes) or "–"
    raise CannotContinue(
        f"Tidak ada klien mesin untuk ini; yang punya {scope}: {listed}. "
        "/ No machine client may do this: name one with --client."
    )


def token(around: Surroundings, client: str) -> str:
    """Sign a machine client in and return its access token."""
    return token_of(around, client)


def treasurer(around: Surroundings, jurisdiction_id: str) -> str:
    """Sign a local treasurer of a jurisdiction in and return the access token."""
    group = f"treasurer:{jurisdiction_id}"
    return officer_token(around.outputs, group, around.cognito, around.http)


def _is_of_default(client: Client) -> bool:
    return config.load(client.jurisdiction_id).default


def _products(name: str, client: Client) -> tuple[str, ...]:
    found = payments_of(client.jurisdiction_id).client_by_id.get(name)
    return found.products if found else ()
