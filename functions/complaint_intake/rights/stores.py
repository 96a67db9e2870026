"""The stores that rights need, made once a container from what the environment names."""

import os
from functools import cache

from functions.complaint_intake.alerts.store import AlertStore
from functions.complaint_intake.rights.register import ReporterRegister
from shared.complaints.photos import PhotoStore
from shared.complaints.store import ComplaintStore


@cache
def complaints() -> ComplaintStore:
    """Return the store of complaints."""
    return ComplaintStore(os.environ["COMPLAINTS_TABLE"])


@cache
def register() -> ReporterRegister:
    """Return the register of reporters."""
    return ReporterRegister(os.environ["REPORTERS_TABLE"])


@cache
def alerts() -> AlertStore:
    """Return the subscriptions to what is new near a place."""
    return AlertStore(os.environ["REPORTERS_TABLE"])


@cache
def photos() -> PhotoStore:
    """Return the store of photos."""
    return PhotoStore(os.environ["COMPLAINTS_TABLE"], os.environ["PHOTOS_BUCKET"])
