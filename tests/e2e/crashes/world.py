"""Tables and queues like the product's, with nothing wired to them: the test pulls each trigger.

So a trigger can be repeated after a crash exactly as AWS would repeat it, and in no other way.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import boto3

# Imported here, so that the processes forked for each run need not; none makes a client yet.
import functions.agency_routing.api
import functions.agency_routing.every_quarter_hour
import functions.agency_routing.on_complaint
import functions.complaint_intake.api
import functions.complaint_intake.batch
import functions.complaint_intake.on_progress
import functions.complaint_intake.outbox  # noqa: F401
from shared import config
from shared.complaints.indexes import COMPLAINTS_INDEXES, REPORTERS_INDEXES, Index, key_attributes
from tests.e2e.crashes.dying import Death, Run, run

INTAKE = "functions.complaint_intake.api.handler"
NOTICES = "functions.complaint_intake.on_progress.handler"
OUTBOX = "functions.complaint_intake.outbox.handler"
ROUTING = "functions.agency_routing.on_complaint.handler"
DESK = "functions.agency_routing.api.handler"
SWEEP = "functions.agency_routing.every_quarter_hour.handler"

JURISDICTION = "semarang"
_GIVE_UP_AFTER = 5

#: The tables as the product's are; tests/infra holds these to what is synthesized.
KEY = [("pk", "HASH"), ("sk", "RANGE")]
COMPLAINTS_STREAM = "NEW_AND_OLD_IMAGES"


@dataclass
class World:
    """Where the handlers act. `death` strikes once, in the step it names."""

    prefix: str
    session: boto3.Session
    endpoint_url: str
    death: tuple[str, Death] | None = None
    seen: list[tuple[str, Run]] = field(default_factory=list)

    def client(self, service: str) -> Any:
        """Return a client of the account's own user."""
        make_client: Any = self.session.client  # typed by service name, which here is a variable
        return make_client(service, endpoint_url=self.endpoint_url)

    @property
    def environment(self) -> dict[str, str]:
        """What the handlers' processes find in their environment."""
        account = f"{self.endpoint_url}/000000000000/{self.prefix}"
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "COMPLAINTS_TABLE": f"{self.prefix}-complaints",
            "REPORTERS_TABLE": f"{self.prefix}-reporters",
            "COMPLAINT_ID_SECRET": f"{self.prefix}/complaint-id",
            "TRACKING_TOKEN_SECRET": f"{self.prefix}/tracking-token",
            "CLIENTS_PARAMETER_PREFIX": f"/{self.prefix}/clients/",
            "ROUTING_QUEUE_URL": f"{account}-routing",
            "OUTBOX_FAILURES_URL": f"{account}-outbox-failures",
            "NOTICES_QUEUE_URL": f"{account}-notices",
            "PHOTOS_QUEUE_URL": f"{account}-photos",
            "ERASURES_QUEUE_URL": f"{account}-erasures",
            "AGENCY_QUEUE_URL_PREFIX": f"{account}-agency-",
            "PUBLIC_URL": "https://aduan.example/v1",
            "EMAIL_SENDER": "notices@simpul.example",  # whose domain the local stage has verified
            "EMAIL_CONFIGURATION_SET": "simpul-local",
            "SMS_REGION": str(self.session.region_name),
            "SMS_SENDER": "SIMPUL",
            "PARTNER_SECRET_PREFIX": f"{self.prefix}/partners/",
            "WEBHOOKS_TO_LOOPBACK": "yes",
            "POWERTOOLS_LOG_LEVEL": "CRITICAL",
        }

    def build(self) -> None:
        """Make the tables, queues, secrets and the client's parameter."""
        sqs = self.client("sqs")
        self._make_table(
            "complaints",
            COMPLAINTS_INDEXES,
            StreamSpecification={"StreamEnabled": True, "StreamViewType": COMPLAINTS_STREAM},
        )
        self._make_table("reporters", REPORTERS_INDEXES)
        inner = ("routing", "outbox-failures", "notices", "photos", "erasures")
        for name in (*inner, *(f"agency-{code}" for code in self.agencies)):
            sqs.create_queue(
                QueueName=f"{self.prefix}-{name}", Attributes={"VisibilityTimeout": "0"}
            )
        for name in ("complaint-id", "tracking-token"):
            self.client("secretsmanager").create_secret(
                Name=f"{self.prefix}/{name}", SecretString=uuid4().hex * 2
            )
        for code in self.agencies:
            self.client("ssm").put_parameter(
                Name=f"/{self.prefix}/clients/{code}", Value=code, Type="String"
            )

    def _make_table(self, name: str, indexes: Sequence[Index], **more: Any) -> None:
        self.client("dynamodb").create_table(
            TableName=f"{self.prefix}-{name}",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": part, "KeyType": kind} for part, kind in KEY],
            AttributeDefinitions=[
                {"AttributeName": part, "AttributeType": "S"} for part in key_attributes(indexes)
            ],
            GlobalSecondaryIndexes=[one.definition for one in indexes],
            **more,
        )

    @property
    def agencies(self) -> Sequence[str]:
        """Every agency of the jurisdiction."""
        return tuple(config.load(JURISDICTION).agency_by_code)

    def trigger(self, step: str, handler: str, event: Mapping[str, Any]) -> Any:
        """Run a step, and repeat it as its trigger would until it is answered."""
        for _ in range(_GIVE_UP_AFTER):
            strikes = self.death and self.death[0] == step
            death = self.death[1] if self.death and strikes else None
            if strikes:
                self.death = None
            outcome = run(handler, event, death)
            self.seen.append((step, outcome))
            if not outcome.died:
                return outcome.answer
        raise AssertionError(f"{step} never ended")

    def stream(self) -> Iterator[Mapping[str, Any]]:
        """Yield every record of the complaints table's stream so far, oldest first."""
        streams, dynamodb = self.client("dynamodbstreams"), self.client("dynamodb")
        table = dynamodb.describe_table(TableName=f"{self.prefix}-complaints")["Table"]
        arn = table["LatestStreamArn"]
        for shard in streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
            iterator = streams.get_shard_iterator(
                StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
            )["ShardIterator"]
            while iterator:
                page = streams.get_records(ShardIterator=iterator)
                if not page["Records"]:
                    break
                yield from page["Records"]
                iterator = page.get("NextShardIterator")

    def stream_of(self, complaint_id: str) -> list[Mapping[str, Any]]:
        """Return the stream's records of one complaint, as the stream mapping filters them."""
        return [
            record
            for record in self.stream()
            if record["dynamodb"]["Keys"]
            == {"pk": {"S": f"C#{complaint_id}"}, "sk": {"S": "RECORD"}}
        ]

    def waiting(self, queue: str) -> list[dict[str, Any]]:
        """Take all messages off a queue and return their bodies."""
        sqs, url = self.client("sqs"), f"{self.endpoint_url}/000000000000/{self.prefix}-{queue}"
        bodies = []
        while messages := sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=30
        ).get("Messages"):
            for message in messages:
                bodies.append(json.loads(message["Body"]))
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return bodies

    def items(self, complaint_id: str) -> list[dict[str, Any]]:
        """Return everything that the complaints table holds of a complaint."""
        found: list[dict[str, Any]] = self.client("dynamodb").query(
            TableName=f"{self.prefix}-complaints",
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": f"C#{complaint_id}"}},
            ConsistentRead=True,
        )["Items"]
        return found


def http(
    method: str,
    resource: str,
    body: Any,
    *,
    headers: Mapping[str, str] | None = None,
    claims: Mapping[str, str] | None = None,
    **path: str,
) -> dict[str, Any]:
    """Return the event by which API Gateway hands a request to its function."""
    return {
        "httpMethod": method,
        "resource": resource,
        "path": resource.format(**path),
        "pathParameters": path or None,
        "headers": {"Content-Type": "application/json", **(headers or {})},
        "queryStringParameters": None,
        "body": json.dumps(body),
        "isBase64Encoded": False,
        "requestContext": {"requestId": "test", "authorizer": {"claims": dict(claims or {})}},
    }


def messages(bodies: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the event by which SQS hands messages to their function."""
    return {
        "Records": [
            {"messageId": str(number), "body": json.dumps(body)}
            for number, body in enumerate(bodies)
        ]
    }
