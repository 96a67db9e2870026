"""The stages Simpul is deployed to, and all that differs between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

StageName = Literal["local", "dev", "prod"]

#: Jakarta: the law wants public bodies' personal data kept in the country (PP 71/2019).
HOME_REGION = "ap-southeast-3"
#: The one account that a local cloud has.
LOCAL_ACCOUNT = "000000000000"
LOCAL_PORT = 4566
#: How far above a local cloud's port its payments' provider listens, when one is played.
SIMULATOR_OFFSET = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """The API's own name, with a certificate in the stage's region."""

    name: str
    certificate_arn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One deployment of Simpul.

    `account` is None when neither this file nor the environment names one: the templates are then
    for whichever account deploys them, which is what lets synth work offline.
    """

    name: StageName
    region: str
    account: str | None
    keeps_data: bool = True  #: tables, keys, users and secrets outlive their stack
    endpoint_url: str | None = None  #: of a local cloud; None on AWS
    log_retention_days: int = 30
    log_level: str = "INFO"
    requests_per_second: int = 50  #: of all callers together
    burst: int = 100
    writes_per_second: int = 10  #: of all callers together, to each public route that writes
    writes_burst: int = 50
    #: In five minutes, all and those that write; a mobile network shares its addresses.
    requests_per_address: int = 2_000
    writes_per_address: int = 300
    messages_per_address: int = 30_000  #: signed ones, of a payments' provider
    officers_callback_urls: tuple[str, ...] = ("http://localhost:8765/callback",)
    alarm_emails: tuple[str, ...] = ()
    domain: Domain | None = None
    #: Whom notices are from: an address of a domain of one's own. None: no e-mail is sent.
    email_sender: str | None = None
    sms_region: str | None = None  #: from where text messages are sent; None: none are
    sms_sender: str = ""  #: the sender id registered with the operators, if any
    #: Where payments' providers answer: their sandboxes, unless it is in earnest.
    midtrans_api_url: str = "https://api.sandbox.midtrans.com"
    snap_api_url: str = "https://merchants.sbx.midtrans.com"

    @property
    def prefix(self) -> str:
        """What the name of every resource of this stage begins with."""
        return f"simpul-{self.name}"

    @property
    def is_local(self) -> bool:
        """Whether this stage runs on a local cloud."""
        return self.name == "local"

    @property
    def clients_parameter_prefix(self) -> str:
        """Under what SSM keeps each machine client's agency, by Cognito client id."""
        return f"/simpul/{self.name}/clients/"

    @property
    def partner_secret_prefix(self) -> str:
        """Under what Secrets Manager keeps each partner's secret, by the partner's id."""
        return self.secret_name("partners/")

    def secret_name(self, name: str) -> str:
        """Return what Secrets Manager calls one of this stage's secrets."""
        return f"simpul/{self.name}/{name}"

    def agency_queue(self, code: str) -> str:
        """Return the name of an agency's queue; its role is called the same."""
        return f"{self.prefix}-agency-{code}"


def simulator_url(endpoint_url: str) -> str:
    """Return where `simpul payments simulate` plays the provider of a local cloud's payments."""
    port = (urlsplit(endpoint_url).port or LOCAL_PORT) + SIMULATOR_OFFSET
    return f"http://127.0.0.1:{port}"


def stage_named(name: str, environ: Mapping[str, str]) -> Stage:
    """Return a stage, its account and region filled in from the environment.

    Raises:
        ValueError: there is no stage of that name.
    """
    region = environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION") or HOME_REGION
    account = environ.get("CDK_DEFAULT_ACCOUNT")
    match name:
        case "local":
            endpoint_url = environ.get("AWS_ENDPOINT_URL", "http://localhost:4566").rstrip("/")
            return Stage(
                name="local",
                region=region,
                account=LOCAL_ACCOUNT,
                keeps_data=False,
                endpoint_url=endpoint_url,
                midtrans_api_url=simulator_url(endpoint_url),
                snap_api_url=simulator_url(endpoint_url),
                log_retention_days=1,
                requests_per_second=10_000,
                burst=5_000,
                writes_per_second=10_000,
                writes_burst=5_000,
                email_sender="Simpul <notices@simpul.example>",  # reaches nobody: a reserved name
                sms_region=region,
                sms_sender="SIMPUL",
            )
        case "dev":
            return Stage(name="dev", region=HOME_REGION, account=account)
        case "prod":
            return Stage(
                name="prod",
                region=HOME_REGION,
                account=account,
                log_retention_days=90,
                requests_per_second=500,
                burst=1_000,
                writes_per_second=100,
                writes_burst=200,
                midtrans_api_url="https://api.midtrans.com",
                snap_api_url="https://merchants.midtrans.com",
            )
        case _:
            raise ValueError(f"stage {name!r} does not exist; choose local, dev or prod")
