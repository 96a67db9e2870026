"""The settlements' queue: reconciles files of providers and of the bank that were dropped in the bucket."""

import os
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import unquote_plus

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from functions.payment_webhooks.books.columns import UnreadableFile
from functions.payment_webhooks.books.differences import BANK, OPEN, PROVIDER
from functions.payment_webhooks.books.files import REPORTS, BookFiles, TooLarge
from functions.payment_webhooks.books.journal import Journal
from functions.payment_webhooks.books.reconciling import (
    Books,
    digest_of,
    read_before,
    reconcile_bank_file,
    reconcile_provider_file,
)
from functions.payment_webhooks.configuration import payments_of
from shared import config, queues
from shared.clock import now, to_text

logger = Logger(service="payment_webhooks")
metrics = Metrics(namespace="Simpul", service="payment_webhooks")

#: settlements/<jurisdiction>/{provider|bank}/<name>; folders of one's own may stand between.
_KEY: Final = re.compile(r"settlements/(?P<jurisdiction_id>[a-z0-9-]+)/(?P<kind>provider|bank)/.+")


def work(message: Mapping[str, Any]) -> None:
    """Reconcile each file that a message names: of ours, or of S3's own notification."""
    for key in keys_of(message):
        file(key)


def keys_of(message: Mapping[str, Any]) -> list[str]:
    """Return the keys of the objects that a message is about; none for S3's test of the way."""
    if message.get("type") == "settlement_file.v1":
        return [str(message["key"])]
    if "detail" in message:
        return [str(message["detail"]["object"]["key"])]
    return [unquote_plus(one["s3"]["object"]["key"]) for one in message.get("Records", ())]


def file(key: str) -> None:
    found = _KEY.fullmatch(key)
    if found is None or found["jurisdiction_id"] not in config.jurisdiction_ids():
        logger.warning("no settlement file by its name", key=key)
        metrics.add_metric("SettlementFilesRefused", MetricUnit.Count, 1)
        return
    jurisdiction_id, kind, name = found["jurisdiction_id"], found["kind"], PurePosixPath(key).name
    files = BookFiles(os.environ["RAW_BUCKET"])
    place = f"{REPORTS}/{jurisdiction_id}/{kind}/{name}"
    try:
        content = files.read(key)
    except TooLarge:
        _refused(files, place, key, {"id": "Berkas terlalu besar.", "en": "The file is too large."})
        return
    if content is None:
        logger.warning("the file is gone", key=key)
        return
    books = books_of(jurisdiction_id, files)
    if read_before(books, content) is not None:
        logger.info("read before", key=key, sha256=digest_of(content))
        return
    reconcile = {PROVIDER: reconcile_provider_file, BANK: reconcile_bank_file}[kind]
    try:
        report = reconcile(books, name, content, as_of=now())
    except UnreadableFile as error:
        told = {"id": error.told.id, "en": error.told.en}
        _refused(files, f"{place}.{digest_of(content)[:12]}", key, told)
        return
    open_ = sum(report["counts"][leg][state] for leg in report["counts"] for state in OPEN)
    metrics.add_metric("SettlementDifferences", MetricUnit.Count, open_)
    logger.info(
        "reconciled", key=key, lines=report["lines"], counts=report["counts"],
        posted=len(report["posted"]),
    )  # fmt: skip


def books_of(jurisdiction_id: str, files: BookFiles) -> Books:
    return Books(
        jurisdiction_id=jurisdiction_id,
        journal=Journal(os.environ["LEDGER_TABLE"], os.environ["PAYMENTS_TABLE"]),
        files=files,
        settlement=payments_of(jurisdiction_id).settlement,
        days_off=config.load(jurisdiction_id).days_off,
    )


def _refused(files: BookFiles, place: str, key: str, told: Mapping[str, str]) -> None:
    """Tell of a file that cannot be read. It would not be better the next time it came."""
    files.put_json(f"{place}.error.json", {"file": key, "at": to_text(now()), "error": told})
    logger.error("file refused", key=key, error=told["en"])
    metrics.add_metric("SettlementFilesRefused", MetricUnit.Count, 1)


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Work through the messages of a batch; what fails comes again."""
    failures = queues.work_through(event, work, logger)
    if metrics.metric_set:
        metrics.flush_metrics()
    return failures
