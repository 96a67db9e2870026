"""Where a deployment's parts are: `outputs.json`, written after a deploy and free of secrets."""

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from cli.screen import CannotContinue


class AgencyOutputs(BaseModel):
    """An agency's way in: its queue, its role, and its machine client where it has one."""

    model_config = ConfigDict(frozen=True)

    queue_url: str
    dlq_url: str
    role_arn: str | None = None
    external_id: str
    client_id: str | None = None


class Tables(BaseModel):
    """The tables' names."""

    model_config = ConfigDict(frozen=True)

    complaints: str
    reporters: str
    payments: str
    ledger: str
    shelters: str


class Queues(BaseModel):
    """The inner queues' URLs."""

    model_config = ConfigDict(frozen=True)

    routing: str
    routing_dlq: str
    outbox_failures: str
    shelters_outbox_failures: str
    notices: str
    notices_dlq: str
    photos: str
    photos_dlq: str
    erasures: str
    erasures_dlq: str
    payments: str
    payments_dlq: str
    settlements: str
    settlements_dlq: str
    movements: str
    movements_dlq: str
    evaluation: str
    evaluation_dlq: str
    shelter_alerts: str
    shelter_alerts_dlq: str


class Client(BaseModel):
    """A seller's, gate's or fleet's machine client; its secret is Cognito's."""

    model_config = ConfigDict(frozen=True)

    jurisdiction_id: str
    client_id: str
    scopes: tuple[str, ...]


class Payments(BaseModel):
    """What payments have besides: clients by their id in configuration, secrets, the provider.

    `test_keys` is a file that only a local cloud has: keys of a provider that is played.
    """

    model_config = ConfigDict(frozen=True)

    clients: Mapping[str, Client]
    keys_prefix: str
    provider_url: str
    test_keys: str | None = None


class Outputs(BaseModel):
    """A deployment, as the command and the tests see it. `endpoint_url` is None on AWS."""

    model_config = ConfigDict(frozen=True)

    api_url: str
    open311_url: str
    gbfs_url: str
    region: str
    endpoint_url: str | None = None
    user_pool_id: str
    token_url: str
    authorize_url: str
    officers_client_id: str
    officers_callback_url: str
    agencies: Mapping[str, AgencyOutputs]
    tables: Tables
    queues: Queues
    buckets: Mapping[str, str]
    partners_prefix: str
    payments: Payments
    fleets: Mapping[str, Client]  #: by their id in `config/<jurisdiction>/shelters.toml`

    def function(self, entry: str) -> str:
        """Return the name of a Lambda function, by its entry: `complaint-intake-outbox`."""
        return f"{self.tables.complaints.removesuffix('complaints')}{entry}"

    def agency(self, code: str) -> AgencyOutputs:
        """Return an agency's outputs.

        Raises:
            CannotContinue: no agency has this code.
        """
        if found := self.agencies.get(code):
            return found
        near = get_close_matches(code, self.agencies, n=5, cutoff=0.5)
        raise CannotContinue(
            f"Dinas `{code}` tidak ada; coba: {', '.join(near or list(self.agencies)[:5])}. "
            "/ There is no such agency."
        )


def load(path: Path) -> Outputs:
    """Read a deployment's outputs.

    Raises:
        CannotContinue: there are none, or they are another version's.
    """
    try:
        return Outputs.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise CannotContinue(
            f"Belum ada awan yang menyala ({path} tidak ada); jalankan `simpul up`. "
            "/ Nothing is deployed yet: run `simpul up`."
        ) from None
    except ValidationError:
        raise CannotContinue(
            f"{path} berasal dari versi lain; jalankan `simpul up` lagi. "
            "/ It is of another version: run `simpul up` again."
        ) from None


def save(outputs: Outputs, path: Path) -> None:
    """Write a deployment's outputs at once, so that no reader sees half of them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".tmp")
    unfinished.write_text(outputs.model_dump_json(indent=2) + "\n", encoding="utf-8")
    unfinished.replace(path)
