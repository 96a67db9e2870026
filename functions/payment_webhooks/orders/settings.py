"""What the environment tells the API of orders: names, never secrets."""

import os


def payments_table() -> str:
    """Return the name of the payments table."""
    return os.environ["PAYMENTS_TABLE"]


def clients_parameter_prefix() -> str:
    """Return the path under which parameters tell whose each machine client is."""
    return os.environ["CLIENTS_PARAMETER_PREFIX"]
