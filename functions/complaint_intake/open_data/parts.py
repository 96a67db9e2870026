"""Writes an object of any length to S3 while it is being made, in the memory of one part."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from shared import aws

if TYPE_CHECKING:
    from types_boto3_s3.type_defs import CompletedPartTypeDef

#: S3 takes parts from 5 MiB on, but for the last one, and ten thousand of them.
PART_BYTES: Final = 8 * 1024 * 1024


def write(bucket: str, key: str, content: Iterable[bytes], *, headers: Mapping[str, Any]) -> int:
    """Write an object from its pieces, in place of one that is there; return its bytes.

    It appears when it is complete, and not at all if anything fails: what was sent is then given
    up. Should the process itself end, the bucket gives it up after a day. `headers` are arguments
    of S3's, as `ContentType`.
    """
    s3 = aws.s3()
    begun = s3.create_multipart_upload(Bucket=bucket, Key=key, **headers)
    upload = begun["UploadId"]
    parts: list[CompletedPartTypeDef] = []
    total = 0

    def send(part: bytes) -> None:
        number = len(parts) + 1
        sent = s3.upload_part(Bucket=bucket, Key=key, UploadId=upload, PartNumber=number, Body=part)
        parts.append({"PartNumber": number, "ETag": sent["ETag"]})

    try:
        waiting = bytearray()
        for piece in content:
            waiting += piece
            total += len(piece)
            if len(waiting) >= PART_BYTES:
                send(bytes(waiting))
                waiting.clear()
        if waiting or not parts:
            send(bytes(waiting))
        s3.complete_multipart_upload(
            Bucket=bucket, Key=key, UploadId=upload, MultipartUpload={"Parts": parts}
        )
    except BaseException:
        s3.abort_multipart_upload(Bucket=bucket, Key=key, UploadId=upload)
        raise
    return total
