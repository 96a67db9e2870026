"""`simpul dlq`: what could not be handled, and driving it back."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, TypedDict

import typer
from rich.table import Table

from cli.outbox_failures import StreamReader, stream_readers, tell_again
from cli.outputs import Outputs
from cli.screen import CannotContinue, JsonOption, done, one_line, out, show_json
from cli.surroundings import Surroundings
from shared.clock import to_text

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient
    from types_boto3_sqs.type_defs import MessageTypeDef

app = typer.Typer(no_args_is_help=True, help="Antrean gagal. / Dead-letter queues.")

NameArgument = Annotated[
    str, typer.Argument(help="routing, atau kode dinas. / routing, or an agency's code.")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetters:
    """A dead-letter queue and where its messages came from."""

    name: str
    url: str
    source_url: str | None = None
    reader: StreamReader | None = (
        None  #: whose notes of stream records these are: told again instead
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message that could not be handled: of what it is, and nothing that a citizen wrote."""

    complaint_id: str | None
    type: str | None
    since: str  #: RFC 3339; when it was first sent
    received_count: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """How many messages a queue holds: ready, and just now in someone's hands."""

    name: str
    messages: int
    in_flight: int


@app.command("list")
def list_queues(
    ctx: typer.Context,
    everything: Annotated[
        bool, typer.Option("--all", help="Juga yang kosong. / The empty ones too.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Isi semua antrean gagal. / What is in the dead-letter queues."""
    around: Surroundings = ctx.obj
    depths = [depth(around.sqs, queue) for queue in dead_letters(around.outputs)]
    if as_json:
        show_json([asdict(found) for found in depths])
        return
    shown = [found for found in depths if everything or found.messages or found.in_flight]
    if not shown:
        out.print(done(f"Semua {len(depths)} antrean gagal kosong. / All are empty."))
        return
    table = Table("antrean / queue", "pesan / messages", "dipegang / in flight")
    for found in shown:
        table.add_row(found.name, str(found.messages), str(found.in_flight))
    out.print(table)
    out.print("Kembalikan dengan / drive back with: simpul dlq redrive <antrean>")


@app.command()
def show(
    ctx: typer.Context,
    name: NameArgument,
    most: Annotated[
        int, typer.Option("--max", min=1, max=10, help="Paling banyak sekian. / At most so many.")
    ] = 10,
    as_json: JsonOption = False,
) -> None:
    """Apa yang gagal, tanpa isi aduannya; pesan tetap di sana. / What failed; it stays there."""
    around: Surroundings = ctx.obj
    found = [asdict(one) for one in letters(around.sqs, _queue(around, name).url, most)]
    if as_json:
        show_json(found)
        return
    table = Table("nomor / number", "jenis / type", "sejak / since", "diterima / received")
    for one in found:
        table.add_row(*(one_line(value or "–") for value in one.values()))
    out.print(table)


@app.command()
def redrive(
    ctx: typer.Context,
    name: NameArgument,
    as_json: JsonOption = False,
) -> None:
    """Kembalikan pesan ke antrean asalnya; aman diulang. / Drive messages back; safe to repeat."""
    around: Surroundings = ctx.obj
    queue = _queue(around, name)
    if queue.reader is not None:
        moved = tell_again(around, queue.reader, depth(around.sqs, queue).messages)
    else:
        moved = drive_back(around.sqs, queue.url, str(queue.source_url))
    if as_json:
        show_json({"name": name, "moved": moved})
    else:
        out.print(done(f"{moved} pesan dikembalikan. / messages driven back."))


def dead_letters(outputs: Outputs) -> Iterator[DeadLetters]:
    """Return every dead-letter queue of a deployment."""
    queues = outputs.queues
    yield DeadLetters(name="routing", url=queues.routing_dlq, source_url=queues.routing)
    yield DeadLetters(name="notices", url=queues.notices_dlq, source_url=queues.notices)
    yield DeadLetters(name="photos", url=queues.photos_dlq, source_url=queues.photos)
    yield DeadLetters(name="erasures", url=queues.erasures_dlq, source_url=queues.erasures)
    yield DeadLetters(name="payments", url=queues.payments_dlq, source_url=queues.payments)
    yield DeadLetters(name="settlements", url=queues.settlements_dlq, source_url=queues.settlements)
    yield DeadLetters(name="movements", url=queues.movements_dlq, source_url=queues.movements)
    yield DeadLetters(name="evaluation", url=queues.evaluation_dlq, source_url=queues.evaluation)
    yield DeadLetters(
        name="shelter-alerts", url=queues.shelter_alerts_dlq, source_url=queues.shelter_alerts
    )
    for name, reader in stream_readers(outputs).items():
        yield DeadLetters(name=name, url=reader.failures_url, reader=reader)
    for code, agency in outputs.agencies.items():
        yield DeadLetters(name=code, url=agency.dlq_url, source_url=agency.queue_url)


def letters(sqs: "SQSClient", url: str, most: int) -> list[Letter]:
    """Return at most ten messages of a dead-letter queue, which are free again at once."""
    received = sqs.receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=most,
        VisibilityTimeout=0,
        WaitTimeSeconds=1,
        MessageSystemAttributeNames=["ApproximateReceiveCount", "SentTimestamp"],
    ).get("Messages", [])
    return [_letter(message) for message in received]


def _letter(message: Mapping[str, Any]) -> Letter:
    try:
        body = json.loads(message["Body"])
    except ValueError:
        body = None
    said = body if isinstance(body, dict) else {}
    sent = datetime.fromtimestamp(int(message["Attributes"]["SentTimestamp"]) / 1000, tz=UTC)
    return Letter(
        complaint_id=said.get("complaint_id"),
        type=said.get("type"),
        since=to_text(sent),
        received_count=str(message["Attributes"]["ApproximateReceiveCount"]),
    )


def _queue(around: Surroundings, name: str) -> DeadLetters:
    queues = {queue.name: queue for queue in dead_letters(around.outputs)}
    if found := queues.get(name):
        return found
    raise CannotContinue(
        f"Antrean gagal `{name}` tidak ada; lihat `simpul dlq list --all`. / No such queue."
    )


def depth(sqs: "SQSClient", queue: DeadLetters) -> Depth:
    """Return how much is in a queue, as far as SQS knows."""
    told = sqs.get_queue_attributes(
        QueueUrl=queue.url,
        AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    )["Attributes"]
    return Depth(
        name=queue.name,
        messages=int(told["ApproximateNumberOfMessages"]),
        in_flight=int(told["ApproximateNumberOfMessagesNotVisible"]),
    )


def drive_back(sqs: "SQSClient", dead_url: str, source_url: str) -> int:
    """Send what a dead-letter queue holds now to its source and return how many messages it was.

    Each message is sent before it is deleted: interrupted in between, it comes twice, and who
    receives it must bear that anyway. It stops at the number that was there at the start, so
    messages that fail again meanwhile do not go round in circles.
    """
    left = depth(sqs, DeadLetters(name="", url=dead_url, source_url=source_url)).messages
    moved = 0
    while moved < left:
        received = sqs.receive_message(
            QueueUrl=dead_url,
            MaxNumberOfMessages=min(10, left - moved),
            WaitTimeSeconds=1,
            VisibilityTimeout=60,
            MessageAttributeNames=["All"],
            MessageSystemAttributeNames=["MessageGroupId"],
        ).get("Messages", [])
        if not received:
            break
        for message in received:
            sqs.send_message(
                QueueUrl=source_url,
                MessageBody=message["Body"],
                MessageAttributes=message.get("MessageAttributes", {}),
                **_in_order(message),
            )
            sqs.delete_message(QueueUrl=dead_url, ReceiptHandle=message["ReceiptHandle"])
            moved += 1
    return moved


class _Place(TypedDict, total=False):
    MessageGroupId: str
    MessageDeduplicationId: str


def _in_order(message: "MessageTypeDef") -> _Place:
    """Return where a message of an ordered queue stands; of another queue nothing."""
    group = message.get("Attributes", {}).get("MessageGroupId")
    if group is None:
        return {}
    return {"MessageGroupId": group, "MessageDeduplicationId": message["MessageId"]}
