"""Deploys a stage with the real CDK and collects its outputs from the stacks'."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cli.bootstrap import Machine, uv_environment
from cli.local_cloud import LocalCloud, tail
from cli.outputs import AgencyOutputs, Client, Outputs, Payments, Queues, Tables
from cli.screen import CannotContinue
from cli.surroundings import LOCAL_CREDENTIALS, ROOT
from infra.stages import LOCAL_ACCOUNT

#: What each stack told: stack id → output name → value.
StackOutputs = Mapping[str, Mapping[str, str]]
#: Called with each line that the CDK prints.
Watch = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """The `local` stage on one local cloud."""

    cloud: LocalCloud
    root: Path = ROOT
    cdk: tuple[str, ...] = (str(ROOT / "node_modules" / ".bin" / "cdk"),)

    @property
    def log(self) -> Path:
        """What the CDK said."""
        return self.cloud.state_dir / "deploy.log"

    def bootstrap(self, watch: Watch) -> None:
        """Prepare the account of the cloud for the CDK."""
        where = f"aws://{LOCAL_ACCOUNT}/{self.cloud.region}"
        self.log.write_text("", encoding="utf-8")
        self._run(["bootstrap", where, "--app", ""], watch)

    def deploy(self, watch: Watch) -> Outputs:
        """Deploy every stack and return where its parts are.

        Raises:
            CannotContinue: the CDK failed; the text ends with the last lines of its log.
        """
        told = self.cloud.state_dir / "stacks.json"
        told.unlink(missing_ok=True)
        out = self.cloud.state_dir / "cdk.out"
        self._run(
            [
                *("deploy", "--all", "--require-approval", "never", "-c", "stage=local"),
                *("--method", "direct", "--outputs-file", str(told), "--output", str(out)),
            ],
            watch,
        )
        stacks: StackOutputs = json.loads(told.read_bytes())
        endpoint = self.cloud.endpoint_url
        return collect(
            stacks, region=self.cloud.region, sign_in_url=endpoint, endpoint_url=endpoint
        )

    def _run(self, arguments: Sequence[str], watch: Watch) -> None:
        with self.log.open("a", encoding="utf-8") as log:
            process = subprocess.Popen(  # noqa: S603 (our own command)
                [*self.cdk, *arguments, "--ci", "--no-notices", "--no-color"],
                cwd=self.root,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
            )
            with process:
                for line in process.stdout or ():
                    log.write(line)
                    watch(line.rstrip())
        if process.returncode:
            raise CannotContinue(
                f"`cdk {arguments[0]}` gagal:\n{tail(self.log)}\n"
                f"/ It failed; the whole log is {self.log}"
            )

    def _environment(self) -> dict[str, str]:
        """Return the environment without anything of the user's own AWS account."""
        own = {name: text for name, text in os.environ.items() if not name.startswith("AWS_")}
        own = uv_environment(Machine(env=own), Path(sys.executable))  # for building the packages
        return {
            **own,
            "PATH": f"{self.root / '.venv' / 'bin'}{os.pathsep}{own.get('PATH', '')}",
            "AWS_ENDPOINT_URL": self.cloud.endpoint_url,
            "AWS_REGION": self.cloud.region,
            "AWS_DEFAULT_REGION": self.cloud.region,
            **{name.upper(): value for name, value in LOCAL_CREDENTIALS.items()},
            "CDK_DISABLE_CLI_TELEMETRY": "true",
        }


def collect(
    stacks: StackOutputs, *, region: str, sign_in_url: str, endpoint_url: str | None = None
) -> Outputs:
    """Return a deployment's outputs from what its stacks told."""
    service = next(told for name, told in stacks.items() if name.endswith("-service"))
    return Outputs(
        api_url=service["ApiUrl"].rstrip("/"),
        open311_url=service["ApiUrl"].rstrip("/") + "/open311/v2",
        gbfs_url=service["ApiUrl"].rstrip("/") + "/gbfs/3.0/gbfs.json",
        region=region,
        endpoint_url=endpoint_url,
        user_pool_id=service["UserPoolId"],
        token_url=f"{sign_in_url}/oauth2/token",
        authorize_url=f"{sign_in_url}/oauth2/authorize",
        officers_client_id=service["OfficersClientId"],
        officers_callback_url=service["OfficersCallbackUrl"],
        agencies=_agencies(stacks),
        tables=Tables(
            complaints=service["ComplaintsTable"],
            reporters=service["ReportersTable"],
            payments=service["PaymentsTable"],
            ledger=service["LedgerTable"],
            shelters=service["SheltersTable"],
        ),
        queues=Queues(
            routing=service["RoutingQueueUrl"],
            routing_dlq=service["RoutingDlqUrl"],
            outbox_failures=service["OutboxFailuresUrl"],
            shelters_outbox_failures=service["SheltersOutboxFailuresUrl"],
            notices=service["NoticesQueueUrl"],
            notices_dlq=service["NoticesDlqUrl"],
            photos=service["PhotosQueueUrl"],
            photos_dlq=service["PhotosDlqUrl"],
            erasures=service["ErasuresQueueUrl"],
            erasures_dlq=service["ErasuresDlqUrl"],
            payments=service["PaymentsQueueUrl"],
            payments_dlq=service["PaymentsDlqUrl"],
            settlements=service["SettlementsQueueUrl"],
            settlements_dlq=service["SettlementsDlqUrl"],
            movements=service["MovementsQueueUrl"],
            movements_dlq=service["MovementsDlqUrl"],
            evaluation=service["EvaluationQueueUrl"],
            evaluation_dlq=service["EvaluationDlqUrl"],
            shelter_alerts=service["ShelterAlertsQueueUrl"],
            shelter_alerts_dlq=service["ShelterAlertsDlqUrl"],
        ),
        buckets={
            "photos": service["PhotosBucket"],
            "open_data": service["OpenDataBucket"],
            "payments": service["PaymentsBucket"],
        },
        payments=Payments(
            clients=_clients(stacks, "PaymentsClient"),
            keys_prefix=service["PaymentsSecretsPrefix"],
            provider_url=service["MidtransApiUrl"],
        ),
        fleets=_clients(stacks, "FleetClient"),
        partners_prefix=service["PartnersPrefix"],
    )


def _agencies(stacks: StackOutputs) -> dict[str, AgencyOutputs]:
    found = {}
    for stack, told in stacks.items():
        if re.search(r"-agencies-[a-z0-9]+$", stack):
            for name, value in told.items():
                if name.startswith("Agency"):
                    agency = json.loads(value)
                    found[agency["code"]] = AgencyOutputs.model_validate(agency)
    return dict(sorted(found.items()))


def _clients(stacks: StackOutputs, kind: str) -> dict[str, Client]:
    found = {}
    for told in stacks.values():
        for name, value in told.items():
            if name.startswith(kind):
                client = json.loads(value)
                found[client["id"]] = Client.model_validate(client)
    return dict(sorted(found.items()))
