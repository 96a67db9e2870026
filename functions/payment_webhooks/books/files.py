"""The bucket of the books: manifests of seals, settlement files, reports, and what was settled."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from shared import aws

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

SEALS: Final = "seals"
SETTLEMENTS: Final = "settlements"
REPORTS: Final = "reports"
#: The largest file that is read: over a million lines.
MOST_BYTES: Final = 128 * 1024 * 1024


class TooLarge(Exception):
    """A file is over the limit."""


class BookFiles:
    """Objects in the bucket, each written whole and with a name that says what it is.

    | object                                              | what                                |
    | --------------------------------------------------- | ----------------------------------- |
    | seals/<jurisdiction>/<hour>.json                    | the hashes that a seal is over       |
    | settlements/<jurisdiction>/{provider,bank}/<name>   | a file as it was dropped             |
    | reports/<jurisdiction>/<kind>/<name>.<digest>.json  | its report (also .csv and .txt)      |
    | reports/<jurisdiction>/settled/<day>/<digest>.json  | what a file settled of a day         |
    """

    def __init__(self, bucket: str, s3: "Callable[[], S3Client]" = aws.s3) -> None:
        self._bucket = bucket
        self._s3 = s3

    def put_manifest(self, jurisdiction_id: str, hour: str, manifest: Mapping[str, Any]) -> None:
        """Write the manifest of a seal."""
        self.put_json(f"{SEALS}/{jurisdiction_id}/{hour}.json", manifest)

    def manifest(self, jurisdiction_id: str, hour: str) -> Any:
        """Return the manifest of a seal; None if there is none, or it is no JSON."""
        try:
            return self.json(f"{SEALS}/{jurisdiction_id}/{hour}.json")
        except ValueError:
            return None

    def settled_on(self, jurisdiction_id: str, day: str) -> Iterator[tuple[str, Any]]:
        """Yield the digest of each file that settled something of a day, and what it settled."""
        folder = f"{REPORTS}/{jurisdiction_id}/settled/{day}/"
        for key in self._keys(folder):
            yield key.removeprefix(folder).removesuffix(".json"), self.json(key) or {}

    def put_settled(
        self, jurisdiction_id: str, day: str, digest: str, settled: Mapping[str, Any]
    ) -> None:
        """Write which transactions of a day a file settled."""
        self.put_json(f"{REPORTS}/{jurisdiction_id}/settled/{day}/{digest}.json", settled)

    def reports(self, jurisdiction_id: str, kind: str) -> Iterator[Any]:
        """Yield the reports of the files of a kind ("provider", "bank") that were read."""
        for key in self._keys(f"{REPORTS}/{jurisdiction_id}/{kind}/"):
            if key.endswith(".json") and not key.endswith(".error.json"):
                yield self.json(key)

    def read(self, key: str) -> bytes | None:
        """Return an object; None if there is none (any more).

        Raises:
            TooLarge: it is over the limit.
        """
        try:
            found = self._s3().get_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] not in {"NoSuchKey", "404"}:
                raise
            return None
        if found["ContentLength"] > MOST_BYTES:
            raise TooLarge(key)
        return found["Body"].read()

    def json(self, key: str) -> Any:
        """Return a JSON object's content; None if there is none.

        Raises:
            ValueError: it is no JSON.
        """
        content = self.read(key)
        return None if content is None else json.loads(content)

    def put(self, key: str, content: bytes, media_type: str) -> None:
        """Write an object, in place of one that is there."""
        self._s3().put_object(Bucket=self._bucket, Key=key, Body=content, ContentType=media_type)

    def put_json(self, key: str, value: Any) -> None:
        """Write an object of JSON."""
        content = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        self.put(key, content.encode(), "application/json")

    def _keys(self, prefix: str) -> Iterator[str]:
        pages = (
            self._s3().get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        )
        for page in pages:
            yield from (one["Key"] for one in page.get("Contents", ()))
