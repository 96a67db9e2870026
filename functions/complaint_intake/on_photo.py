"""The photos' queue: draws uploads anew, and ties photos to the complaints that name them."""

import os
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from functions.complaint_intake.photos.files import PhotoFiles
from functions.complaint_intake.photos.process import claim, look_at
from functions.complaint_intake.settings import photos_bucket
from shared import ids, queues
from shared.clock import now
from shared.complaints.events import PhotoRejectedV1, PhotosClaimedV1, PhotoUploadedV1
from shared.complaints.photos import UPLOADS, PhotoStore

logger = Logger(service="complaint_intake")
metrics = Metrics(namespace="Simpul", service="complaint_intake")


@cache
def files() -> PhotoFiles:
    return PhotoFiles(photos_bucket())


@cache
def photos() -> PhotoStore:
    return PhotoStore(os.environ["COMPLAINTS_TABLE"], photos_bucket())


def tell(message: PhotoRejectedV1) -> None:
    queues.send(os.environ["NOTICES_QUEUE_URL"], message)


def work(message: PhotoUploadedV1 | PhotosClaimedV1) -> None:
    """Do what a message asks for.

    Raises:
        ValueError: it is of a type, or about a file, that this version does not know.
    """
    match message["type"]:
        case "photo_uploaded.v1":
            uploaded(message["key"])
        case "photos_claimed.v1":
            for photo_id in message["photo_ids"]:
                claimed(photo_id, message["complaint_id"])
        case _:
            raise ValueError(f"unknown message {message['type']!r}")


def uploaded(key: str) -> None:
    photo_id = key.removeprefix(UPLOADS)
    if not ids.is_photo_id(photo_id):
        raise ValueError("an upload with another name than the form gives")
    photo = look_at(photo_id, now=now(), files=files(), store=photos(), tell=tell)
    if photo:
        metrics.add_metric(f"Photos{photo.status.title()}", MetricUnit.Count, 1)
        logger.info("photo", photo_id=photo_id, status=photo.status, code=photo.code)


def claimed(photo_id: str, complaint_id: str) -> None:
    photo = claim(photo_id, complaint_id, now=now(), files=files(), store=photos(), tell=tell)
    if photo.complaint_id != complaint_id:
        logger.warning("photo of another complaint", photo_id=photo_id, complaint_id=complaint_id)


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Work through the messages of a batch; what fails comes again."""
    failures = queues.work_through(event, work, logger)
    if metrics.metric_set:
        metrics.flush_metrics()
    return failures
