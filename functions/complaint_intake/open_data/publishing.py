"""Publishes a month of a jurisdiction's public complaints, and says where it is to be had."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final, TypedDict

from botocore.exceptions import ClientError

from functions.complaint_intake.open_data import months, parts, rows
from functions.complaint_intake.settings import open_data_bucket
from shared import aws, config
from shared.clock import to_text
from shared.complaints.listings import ComplaintListings
from shared.complaints.record import Complaint
from shared.errors import NotFound
from shared.text import Text

#: How long a link to a file works.
LINK_S: Final = 15 * 60
_CSV: Final = "text/csv; charset=utf-8; header=present"
_NOT_THERE: Final = Text(
    "Belum ada data terbuka untuk bulan ini.", "There is no open data for this month (yet)."
)


class Published(TypedDict):
    """What was published: whose and which month, and how much it is."""

    jurisdiction_id: str
    month: str
    rows: int
    bytes: int


def publish(
    jurisdiction_id: str, month: str, *, listings: ComplaintListings, now: datetime
) -> Published:
    """Write a month's file in place of one that is there. It says how complaints stand now.

    Raises:
        ValueError: there is no such jurisdiction, or the month is not written like 2026-11.
    """
    if jurisdiction_id not in config.jurisdiction_ids():
        raise ValueError(f"there is no jurisdiction {jurisdiction_id!r}")
    start, end = months.span(month)
    count = 0

    def counted() -> Iterator[Complaint]:
        nonlocal count
        for complaint in listings.received(jurisdiction_id, start, end):
            if complaint.created_at < end and complaint.is_public:
                count += 1
                yield complaint

    written = parts.write(
        open_data_bucket(),
        months.key_of(jurisdiction_id, month),
        rows.lines(counted(), config.load(jurisdiction_id)),
        headers={"ContentType": _CSV, "Metadata": {"published-at": to_text(now)}},
    )
    return Published(jurisdiction_id=jurisdiction_id, month=month, rows=count, bytes=written)


def link(jurisdiction_id: str, month: str) -> str:
    """Return a link to a month's file that works for 15 minutes (one S3 call).

    Raises:
        NotFound: there is none.
    """
    if jurisdiction_id not in config.jurisdiction_ids():
        raise NotFound(_NOT_THERE)
    try:
        months.span(month)
        key = months.key_of(jurisdiction_id, month)
        aws.s3().head_object(Bucket=open_data_bucket(), Key=key)
    except ValueError:
        raise NotFound(_NOT_THERE) from None
    except ClientError as error:
        if error.response["Error"]["Code"] != "404":
            raise
        raise NotFound(_NOT_THERE) from None
    name = f"{jurisdiction_id}-{month}.csv"
    signed: str = aws.s3().generate_presigned_url(
        "get_object",
        Params={
            "Bucket": open_data_bucket(),
            "Key": key,
            "ResponseContentDisposition": f'attachment; filename="{name}"',
        },
        ExpiresIn=LINK_S,
    )
    return signed
