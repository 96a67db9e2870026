"""Photos of complaints: what is known of each, and links to the pictures that run out."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from botocore.exceptions import ClientError

from shared import aws
from shared.clock import from_text, to_text
from shared.complaints.items import RECORD, partition
from shared.complaints.record import Photo, PhotoStatus
from shared.dynamo import from_item, to_attribute
from shared.text import Text
from shared.writes import old_item, refused

#: Where in the bucket a client's file lies until it is drawn anew, and the two pictures after.
UPLOADS: Final = "uploads/"
PICTURES: Final = "photos/"
THUMBNAILS: Final = "thumbnails/"

#: How long a photo waits for a complaint to name it, and a complaint for its photo to come. The
#: bucket forgets untied pictures after as long, so a claim must come a day before that.
KEPT_UNTIED: Final = timedelta(days=7)
CLAIMABLE: Final = timedelta(days=6)
#: How long a link to a picture works.
LINK_S: Final = 15 * 60
_SORT_KEY: Final = "PHOTO"


class PhotoStore:
    """Photos in DynamoDB (the complaints table) and their pictures in S3.

    `expires_at`, by which the table forgets an item, is there until the photo is tied.

    | access pattern                     | operation               | key                | units         |
    | ---------------------------------- | ----------------------- | ------------------ | ------------- |
    | what is known of some, at most 100 | BatchGet                | pk=P#<id> sk=PHOTO | 0.5 read each |
    | one was looked at, once            | Update if not yet       | the same           | 1 write       |
    | a complaint names it, the first    | Update if unnamed       | the same           | 1 write       |
    | it is tied                         | Update if it is theirs  | the same           | 1 write       |
    | a complaint gets more of them      | Update if there is room | pk=C#<id> sk=RECORD | 1 write      |
    | erase a complaint's                | Update if it is theirs, 3 S3 Deletes | the same | 1 write    |
    """

    def __init__(self, table: str, bucket: str) -> None:
        self._table = table
        self._bucket = bucket

    def many(self, photo_ids: Sequence[str], *, consistent: bool = False) -> Mapping[str, Photo]:
        """Return what is known of photos (at most 100), by id; nothing of unknown ones."""
        keys = [_key(one) for one in dict.fromkeys(photo_ids)]
        asked: Any = {self._table: {"Keys": keys, "ConsistentRead": consistent}} if keys else {}
        found: dict[str, Photo] = {}
        while asked:
            answer = aws.dynamodb().batch_get_item(RequestItems=asked)
            for item in answer["Responses"].get(self._table, ()):
                photo = _photo(item)
                found[photo.photo_id] = photo
            asked = answer.get("UnprocessedKeys") or {}
        return found

    def looked_at(
        self, photo_id: str, now: datetime, rejected: tuple[str, Text] | None = None
    ) -> Photo:
        """Record once what a photo turned out to be; return what stands.

        `rejected` is why it is no good: a code, and words for its sender.
        """
        said: dict[str, Any] = {":ready": PhotoStatus.READY, ":at": to_text(now)}
        sets = "#status = :ready, #at = :at, expires_at = :then"
        if rejected:
            code, reason = rejected
            said |= {":ready": PhotoStatus.REJECTED, ":code": code, ":reason": _values(reason)}
            sets += ", code = :code, reason = :reason"
        return self._update(
            photo_id,
            f"SET {sets}",
            "attribute_not_exists(#status)",
            said | {":then": _epoch_s(now + KEPT_UNTIED)},
            {"#status": "status", "#at": "at"},
        )

    def claim(self, photo_id: str, complaint_id: str, now: datetime) -> Photo:
        """Let a complaint have a photo that no other has; return what stands, whoever has it."""
        return self._update(
            photo_id,
            "SET complaint_id = :complaint, expires_at = :then",
            "attribute_not_exists(complaint_id)",
            {":complaint": complaint_id, ":then": _epoch_s(now + KEPT_UNTIED)},
        )

    def add_to(self, complaint_id: str, photo_ids: Sequence[str], *, most: int) -> bool:
        """Add photos to a complaint that has none of them yet and room for all; tell if it was done.

        The complaint's version stays: nothing that an agency decides on has changed.
        """
        new = {f":new{n}": to_attribute(one) for n, one in enumerate(photo_ids)}
        absent = "".join(f" AND NOT contains(photo_ids, {name})" for name in new)
        try:
            aws.dynamodb().update_item(
                TableName=self._table,
                Key={"pk": {"S": partition(complaint_id)}, "sk": {"S": RECORD}},
                UpdateExpression="SET photo_ids = list_append(if_not_exists(photo_ids, :none), :all)",
                ConditionExpression=(
                    "attribute_exists(pk) AND attribute_not_exists(erasure_requested_at) AND "
                    "attribute_not_exists(erased_at) AND "
                    f"(attribute_not_exists(photo_ids) OR size(photo_ids) <= :room){absent}"
                ),
                ExpressionAttributeValues=new
                | {
                    ":none": to_attribute([]),
                    ":all": to_attribute(list(photo_ids)),
                    ":room": to_attribute(most - len(photo_ids)),
                },
            )
        except ClientError as error:
            if not refused(error):
                raise
            return False
        return True

    def reject(self, photo: Photo, code: str, reason: Text) -> Photo:
        """Record that a photo is no good after all; return it, or what stands if it is erased."""
        return self._update(
            photo.photo_id,
            "SET #status = :rejected, code = :code, reason = :reason",
            "attribute_exists(pk) AND #status <> :erased",
            {
                ":rejected": PhotoStatus.REJECTED,
                ":code": code,
                ":reason": _values(reason),
                ":erased": PhotoStatus.ERASED,
            },
            {"#status": "status"},
        )

    def tie(self, photo: Photo) -> None:
        """Keep a photo for as long as its complaint: nothing is left to be done for it."""
        self._update(
            photo.photo_id,
            "REMOVE expires_at",
            "complaint_id = :complaint AND #status <> :erased",
            {":complaint": photo.complaint_id, ":erased": PhotoStatus.ERASED},
            {"#status": "status"},
        )

    def erase(self, photo_id: str, complaint_id: str, now: datetime) -> None:
        """Delete a photo's files, unless it is another complaint's: anyone may name any photo.

        May be repeated. What is left of the item for a week says so to whoever works on the
        photo just then, or finds its upload or its claim later. It is written first: who writes
        a picture after that reads it afterwards, and deletes the picture again.
        """
        left = self._update(
            photo_id,
            "SET #status = :erased, complaint_id = :complaint, expires_at = :then"
            " REMOVE code, reason, #at",
            "attribute_not_exists(complaint_id) OR complaint_id = :complaint",
            {
                ":erased": PhotoStatus.ERASED,
                ":complaint": complaint_id,
                ":then": _epoch_s(now + KEPT_UNTIED),
            },
            {"#status": "status", "#at": "at"},
        )
        if left.status is PhotoStatus.ERASED:
            for key in (upload_key(photo_id), *picture_keys(photo_id)):
                aws.s3().delete_object(Bucket=self._bucket, Key=key)

    def link(self, photo_id: str, *, thumbnail: bool = False) -> str:
        """Return a link to a picture that works for 15 minutes. It is signed here, without a call."""
        picture, small = picture_keys(photo_id)
        signed: str = aws.s3().generate_presigned_url(
            "get_object",
            Params={"Bucket": self._bucket, "Key": small if thumbnail else picture},
            ExpiresIn=LINK_S,
        )
        return signed

    def _update(
        self,
        photo_id: str,
        expression: str,
        condition: str,
        values: Mapping[str, Any],
        names: Mapping[str, str] | None = None,
    ) -> Photo:
        """Update an item if the condition holds; return it as it stands then, either way."""
        arguments: Any = {
            "TableName": self._table,
            "Key": _key(photo_id),
            "UpdateExpression": expression,
            "ConditionExpression": condition,
            "ExpressionAttributeValues": {
                name: to_attribute(value) for name, value in values.items()
            },
            **({"ExpressionAttributeNames": names} if names else {}),
            "ReturnValues": "ALL_NEW",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        try:
            written = aws.dynamodb().update_item(**arguments)
        except ClientError as error:
            if not refused(error):
                raise
            old = old_item(error)
            return _photo(old) if old else Photo(photo_id=photo_id)
        return _photo(written["Attributes"])


def upload_key(photo_id: str) -> str:
    """Return where in the bucket a client puts a photo."""
    return UPLOADS + photo_id


def picture_keys(photo_id: str) -> tuple[str, str]:
    """Return where in the bucket a safe photo and its thumbnail lie."""
    return f"{PICTURES}{photo_id}.jpg", f"{THUMBNAILS}{photo_id}.jpg"


def _key(photo_id: str) -> dict[str, Any]:
    return {"pk": {"S": f"P#{photo_id}"}, "sk": {"S": _SORT_KEY}}


def _values(text: Text) -> dict[str, str]:
    return {"id": text.id, "en": text.en}


def _epoch_s(at: datetime) -> int:
    return int(at.timestamp())


def _photo(item: Mapping[str, Any]) -> Photo:
    values = from_item(item)
    return Photo(
        photo_id=str(values["pk"]).removeprefix("P#"),
        status=PhotoStatus(values.get("status", PhotoStatus.WAITING)),
        complaint_id=values.get("complaint_id"),
        code=values.get("code"),
        reason=Text(**values["reason"]) if "reason" in values else None,
        at=from_text(values["at"]) if "at" in values else None,
        tied="expires_at" not in values,
    )
