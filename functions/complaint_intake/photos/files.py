"""The photos' bucket, as the function that draws them anew uses it."""

from typing import Final

from botocore.exceptions import ClientError

from functions.complaint_intake.photos.process import Upload
from functions.complaint_intake.photos.reencode import Safe
from shared import aws
from shared.complaints.photos import picture_keys, upload_key

#: The tag by which the bucket forgets pictures that no complaint named; infra's rule reads it.
_TAG: Final = "claimed"
_MISSING: Final = "NoSuchKey"


class PhotoFiles:
    """Uploads and pictures in S3, each addressed by its photo's id."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def upload(self, photo_id: str) -> Upload | None:
        """Return the file that was sent; None if there is none (any more)."""
        try:
            found = aws.s3().get_object(Bucket=self._bucket, Key=upload_key(photo_id))
        except ClientError as error:
            if error.response["Error"]["Code"] != _MISSING:
                raise
            return None
        return Upload(found["Body"].read(), found["ContentType"])

    def keep(self, photo_id: str, safe: Safe) -> None:
        """Write both pictures, to be forgotten unless they are tied."""
        pictures = zip(picture_keys(photo_id), (safe.photo, safe.thumbnail), strict=True)
        for key, picture in pictures:
            aws.s3().put_object(
                Bucket=self._bucket,
                Key=key,
                Body=picture,
                ContentType="image/jpeg",
                CacheControl="private, max-age=900",  # as long as a link to it works
                Tagging=f"{_TAG}=no",
            )

    def tie(self, photo_id: str) -> bool:
        """Have both pictures kept for good; False if they are gone."""
        for key in picture_keys(photo_id):
            try:
                aws.s3().put_object_tagging(
                    Bucket=self._bucket,
                    Key=key,
                    Tagging={"TagSet": [{"Key": _TAG, "Value": "yes"}]},
                )
            except ClientError as error:
                if error.response["Error"]["Code"] != _MISSING:
                    raise
                return False
        return True

    def drop_pictures(self, photo_id: str) -> None:
        """Delete both pictures."""
        for key in picture_keys(photo_id):
            aws.s3().delete_object(Bucket=self._bucket, Key=key)

    def drop_upload(self, photo_id: str) -> None:
        """Delete the file that was sent."""
        aws.s3().delete_object(Bucket=self._bucket, Key=upload_key(photo_id))
