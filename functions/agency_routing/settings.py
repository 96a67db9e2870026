"""What the environment tells routing's functions: names, never secrets."""

import os


def complaints_table() -> str:
    """Return the name of the complaints table."""
    return os.environ["COMPLAINTS_TABLE"]


def routing_queue_url() -> str:
    """Return the URL of the queue on which routing takes its work."""
    return os.environ["ROUTING_QUEUE_URL"]


def clients_parameter_prefix() -> str:
    """Return the path under which parameters tell each machine client's agency."""
    return os.environ["CLIENTS_PARAMETER_PREFIX"]


def agency_queue_url(agency: str) -> str:
    """Return the URL of an agency's queue."""
    return os.environ["AGENCY_QUEUE_URL_PREFIX"] + agency


def photos_bucket() -> str:
    """Return the name of the bucket that photos are shown from."""
    return os.environ["PHOTOS_BUCKET"]
