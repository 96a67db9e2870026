"""Dead-letter queues: seeing what is in them, and driving it back."""

import json

import pytest

from cli.dlq import Letter, drive_back


def fill(cloud, url, count):
    for number in range(count):
        cloud.sqs.send_message(QueueUrl=url, MessageBody=f"message {number}")


def test_empty_queues_are_one_line(simpul):
    listed = simpul("dlq", "list")
    assert "14 antrean gagal kosong" in listed.stdout


def test_only_what_holds_something_is_listed(simpul, cloud):
    fill(cloud, "q/semarang-dpu-dlq", 2)
    listed = simpul("dlq", "list")
    assert "semarang-dpu" in listed.stdout
    assert "semarang-dlh" not in listed.stdout
    assert "semarang-dlh" in simpul("dlq", "list", "--all").stdout


def test_a_machine_reads_all_depths(simpul, cloud):
    fill(cloud, "q/routing-dlq", 3)
    depths = {d["name"]: d["messages"] for d in json.loads(simpul("dlq", "list", "--json").stdout)}
    assert depths["routing"] == 3
    assert depths["outbox-failures"] == 0


def test_messages_are_driven_back_to_their_source(simpul, cloud):
    fill(cloud, "q/routing-dlq", 12)
    assert "12 pesan" in simpul("dlq", "redrive", "routing").stdout
    assert len(cloud.sqs.queues["q/routing"]) == 12
    assert cloud.sqs.queues["q/routing-dlq"] == []


def test_driving_back_twice_moves_nothing_more(simpul, cloud):
    fill(cloud, "q/semarang-dpu-dlq", 1)
    simpul("dlq", "redrive", "semarang-dpu")
    again = simpul("dlq", "redrive", "semarang-dpu", "--json")
    assert json.loads(again.stdout) == {"name": "semarang-dpu", "moved": 0}
    assert len(cloud.sqs.queues["q/semarang-dpu"]) == 1


def test_messages_that_someone_else_holds_are_left(cloud):
    fill(cloud, "q/dead", 2)
    cloud.sqs.receive_message(QueueUrl="q/dead", MaxNumberOfMessages=2)
    assert drive_back(cloud.sqs, "q/dead", "q/source") == 0


@pytest.mark.parametrize(
    ("name", "url"), [("outbox-failures", "q/of"), ("shelters-outbox-failures", "q/shelters-of")]
)
def test_notes_of_lost_stream_records_are_told_again(simpul, cloud, name, url):
    cloud.sqs.send_message(QueueUrl=url, MessageBody='{"keys": null}')
    (listed,) = (
        one for one in json.loads(simpul("dlq", "list", "--json").stdout) if one["messages"]
    )
    assert listed["name"] == name
    again = simpul("dlq", "redrive", name, "--json")
    assert json.loads(again.stdout) == {"name": name, "moved": 0}
    assert cloud.sqs.queues[url] == []


def test_an_unknown_queue_is_one_sentence(simpul):
    refused = simpul("dlq", "redrive", "semarang")
    assert refused.exit_code == 1
    assert "simpul dlq list --all" in refused.stderr


def test_what_failed_is_shown(simpul, cloud, monkeypatch):
    letter = Letter(complaint_id="SMG-1", type=None, since="2026-11-20", received_count="6")
    monkeypatch.setattr("cli.dlq.letters", lambda *_: [letter])
    assert "SMG-1" in simpul("dlq", "show", "semarang-dpu").stdout
    (shown,) = json.loads(simpul("dlq", "show", "semarang-dpu", "--json").stdout)
    assert shown["received_count"] == "6"


def test_a_queue_that_is_not_there_cannot_be_shown(simpul):
    assert "dlq list --all" in simpul("dlq", "show", "solo-dpu").stderr


def test_what_stood_in_an_order_is_driven_back_into_it(cloud):
    sent = {}
    cloud.sqs.receive_message = lambda **_: {
        "Messages": [
            {
                "MessageId": "m1",
                "Body": "{}",
                "ReceiptHandle": "h",
                "Attributes": {"MessageGroupId": "07"},
            }
        ]
    }
    cloud.sqs.send_message = lambda **message: sent.update(message)
    cloud.sqs.delete_message = lambda **_: None
    cloud.sqs.get_queue_attributes = lambda **_: {
        "Attributes": {
            "ApproximateNumberOfMessages": "1",
            "ApproximateNumberOfMessagesNotVisible": "0",
        }
    }
    assert drive_back(cloud.sqs, "q/movements-dlq", "q/movements") == 1
    assert (sent["MessageGroupId"], sent["MessageDeduplicationId"]) == ("07", "m1")
