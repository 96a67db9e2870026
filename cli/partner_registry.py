"""Keeps partners: where they are in the complaints table, their secrets in Secrets Manager only."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from secrets import token_bytes
from typing import TYPE_CHECKING, Any

from cli.screen import CannotContinue, one_line
from cli.surroundings import Surroundings
from functions.complaint_intake.notices.partners import (
    PARTNERS,
    Partner,
    partner_from,
    partner_values,
)
from shared.clock import from_text, to_text
from shared.dynamo import from_item, to_item
from shared.messengers.signing import SECRET_BYTES, secret_of

if TYPE_CHECKING:
    from types_boto3_secretsmanager import SecretsManagerClient

#: How long the secret before a new one signs besides: the partner's time to change it.
BOTH_FOR = timedelta(hours=24)


class PartnerRegistry:
    """The partners of a deployment, as the account's own user."""

    def __init__(self, around: Surroundings) -> None:
        self._dynamodb = around.dynamodb
        self._table = around.outputs.tables.complaints
        self._secrets: SecretsManagerClient = around.client("secretsmanager")
        self._prefix = around.outputs.partners_prefix

    def all(self) -> Sequence[Partner]:
        """Return all partners, by id."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": PARTNERS}},
        )
        return [partner_from(from_item(item)) for page in pages for item in page["Items"]]

    def get(self, partner_id: str) -> Partner:
        """Return a partner.

        Raises:
            CannotContinue: there is none of that id.
        """
        found = self._dynamodb.get_item(TableName=self._table, Key=_key(partner_id))
        if "Item" not in found:
            raise CannotContinue(
                f"Mitra `{one_line(partner_id)}` tidak ada; lihat `simpul partner list`. "
                "/ There is no such partner."
            )
        return partner_from(from_item(found["Item"]))

    def put(self, partner: Partner) -> str | None:
        """Add or change a partner; return its secret if it is new, None if it keeps the one it has.

        The secret is made first: a partner without one could not be told anything.
        """
        secret: str | None = secret_of(token_bytes(SECRET_BYTES))
        try:
            self._secrets.create_secret(
                Name=self._prefix + partner.partner_id,
                Description=f"Signs webhooks to {partner.partner_id}",
                SecretString=json.dumps({"secret": secret}),
            )
        except self._secrets.exceptions.ResourceExistsException:
            secret = None
        self._dynamodb.put_item(TableName=self._table, Item=to_item(partner_values(partner)))
        return secret

    def remove(self, partner_id: str) -> None:
        """Remove a partner, then its secret; what is not there is removed already."""
        self._dynamodb.delete_item(TableName=self._table, Key=_key(partner_id))
        # Without the days of grace that secrets usually have: a partner that comes back gets a new one.
        try:
            self._secrets.delete_secret(
                SecretId=self._prefix + partner_id, ForceDeleteWithoutRecovery=True
            )
        except self._secrets.exceptions.ResourceNotFoundException:
            return

    def rotate(self, partner_id: str, now: datetime) -> tuple[str, datetime]:
        """Make a new secret; return it, and until when the one before it signs besides."""
        secret, until = secret_of(token_bytes(SECRET_BYTES)), now + BOTH_FOR
        kept = {
            "secret": secret,
            "previous": self._kept(partner_id)["secret"],
            "previous_until": to_text(until),
        }
        self._secrets.put_secret_value(
            SecretId=self._prefix + partner_id, SecretString=json.dumps(kept)
        )
        return secret, until

    def secrets(self, partner_id: str, now: datetime) -> Sequence[str]:
        """Return the secrets that sign now."""
        kept = self._kept(partner_id)
        if "previous" in kept and from_text(kept["previous_until"]) > now:
            return [kept["secret"], kept["previous"]]
        return [kept["secret"]]

    def _kept(self, partner_id: str) -> Mapping[str, Any]:
        found = self._secrets.get_secret_value(SecretId=self._prefix + partner_id)
        kept: Mapping[str, Any] = json.loads(found["SecretString"])
        return kept


def _key(partner_id: str) -> Any:
    return {"pk": {"S": PARTNERS}, "sk": {"S": partner_id}}
