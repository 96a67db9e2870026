"""What the environment tells the functions of shelters: names, never secrets."""

import os


def shelters_table() -> str:
    """Return the name of the table of shelters."""
    return os.environ["SHELTERS_TABLE"]


def movements_queue_url() -> str:
    """Return the URL of the FIFO queue of movements."""
    return os.environ["MOVEMENTS_QUEUE_URL"]


def movements_dlq_url() -> str:
    """Return the URL of the FIFO queue of what can never be worked through."""
    return os.environ["MOVEMENTS_DLQ_URL"]


def evaluation_queue_url() -> str:
    """Return the URL of the queue of looks at shelters."""
    return os.environ["EVALUATION_QUEUE_URL"]


def alerts_queue_url() -> str:
    """Return the URL of the queue of what is to be told of alerts."""
    return os.environ["ALERTS_QUEUE_URL"]


def clients_parameter_prefix() -> str:
    """Return the path under which parameters tell each machine client's provider."""
    return os.environ["CLIENTS_PARAMETER_PREFIX"]
