"""What the environment tells intake's functions: names, never secrets."""

import os
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Settings:
    """Names of what intake uses."""

    complaints_table: str
    reporters_table: str
    id_secret: str
    token_secret: str
    clients_parameter_prefix: str


@cache
def settings() -> Settings:
    """Return the settings; a missing one fails at the first use, by its name."""
    return Settings(
        complaints_table=os.environ["COMPLAINTS_TABLE"],
        reporters_table=os.environ["REPORTERS_TABLE"],
        id_secret=os.environ["COMPLAINT_ID_SECRET"],
        token_secret=os.environ["TRACKING_TOKEN_SECRET"],
        clients_parameter_prefix=os.environ["CLIENTS_PARAMETER_PREFIX"],
    )


def photos_bucket() -> str:
    """Return the name of the bucket that photos are sent to and shown from."""
    return os.environ["PHOTOS_BUCKET"]


def notices_queue() -> str:
    """Return the queue of what is to be told to people."""
    return os.environ["NOTICES_QUEUE_URL"]


def open_data_bucket() -> str:
    """Return the name of the bucket that holds the open data."""
    return os.environ["OPEN_DATA_BUCKET"]
