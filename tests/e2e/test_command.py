"""The `simpul` command against a real local cloud, as a person at a terminal uses it."""

import json
from uuid import uuid4

import httpx
import pytest
from typer.testing import CliRunner

from cli.dlq import dead_letters, drive_back
from cli.main import app


@pytest.fixture(scope="module")
def simpul(surroundings):
    runner = CliRunner()

    def run(*arguments):
        done = runner.invoke(app, list(arguments), obj=surroundings)
        assert done.exit_code == 0, done.output
        return done.stdout

    return run


def test_a_complaint_is_submitted_heard_answered_and_shown(simpul):
    receipt = json.loads(
        simpul(
            *("complaint", "submit", "--json", "-c", "taman-pohon", "--key", str(uuid4())),
            *("-d", "Pohon tumbang menutup jalan di Taman Sampangan"),
        )
    )
    heard: list[dict[str, str]] = []
    while receipt["complaint_id"] not in [message["complaint_id"] for message in heard]:
        listen = ("agency", "listen", "semarang-disperkim", "--once", "--json")
        lines = simpul(*listen, "--answer", "Sudah dipotong dan diangkut.").splitlines()
        heard += [json.loads(line) for line in lines]
        assert lines, "nothing came within one long poll"
    shown = simpul(
        *("complaint", "show", receipt["complaint_id"], "--token", receipt["tracking_token"])
    )
    assert "Sudah dipotong dan diangkut." in shown
    assert "resolved" in shown


def test_what_is_only_looked_at_is_free_at_once_for_who_works_it(simpul):
    while simpul("agency", "listen", "semarang-disperkim", "--once", "--json", "--accept"):
        pass  # what other tests left there
    description = r"Pohon miring \[/x] :smile: dekat Taman Sampangan"
    receipt = json.loads(
        simpul("complaint", "submit", "--json", "-c", "taman-pohon", "-d", description)
    )
    listen = ("agency", "listen", "semarang-disperkim", "--once")
    looked = simpul(*listen)
    assert receipt["complaint_id"] in looked
    assert description in looked
    assert "tetap di antrean" in looked
    again = [json.loads(line) for line in simpul(*listen, "--json", "--accept").splitlines()]
    (mine,) = [one for one in again if one["complaint_id"] == receipt["complaint_id"]]
    assert (mine["outcome"], mine["received_count"]) == ("accepted", 2)


def test_a_machine_and_an_officer_get_tokens_that_the_api_takes(simpul, outputs):
    with_client = next(code for code, agency in outputs.agencies.items() if agency.client_id)
    machine = simpul("agency", "credentials", with_client, "--token").strip()
    officer = simpul("officer", "token", "--group", "operator:semarang").strip()
    work = f"{outputs.api_url}/agencies/{with_client}/complaints"
    assert httpx.get(work, headers={"Authorization": f"Bearer {machine}"}).status_code == 200
    desk = f"{outputs.api_url}/triage"
    assert httpx.get(desk, headers={"Authorization": f"Bearer {officer}"}).status_code == 200
    assert httpx.get(desk, headers={"Authorization": f"Bearer {machine}"}).status_code in {401, 403}


def test_dead_letters_are_driven_back_on_real_queues(surroundings, simpul):
    queues = surroundings.outputs.agencies["jateng-esdm"]
    for number in range(12):
        surroundings.sqs.send_message(QueueUrl=queues.dlq_url, MessageBody=f"{number}")
    listed = {
        depth["name"]: depth["messages"] for depth in json.loads(simpul("dlq", "list", "--json"))
    }
    assert listed["jateng-esdm"] == 12
    assert "12 pesan" in simpul("dlq", "redrive", "jateng-esdm")
    assert drive_back(surroundings.sqs, queues.dlq_url, queues.queue_url) == 0
    surroundings.sqs.purge_queue(QueueUrl=queues.queue_url)


def test_the_demo_loses_nothing_and_most_of_the_frozen_half_is_right(simpul):
    told = json.loads(simpul("demo", "--json"))
    assert told["lost"] == 0
    assert told["accuracy_frozen"] >= 0.85
    assert told["statuses"]["resolved"] > 0


def test_every_dead_letter_queue_of_the_deployment_is_listed(surroundings):
    stage = surroundings.outputs.function("")
    there = {
        url
        for page in surroundings.sqs.get_paginator("list_queues").paginate(QueueNamePrefix=stage)
        for url in page.get("QueueUrls", ())
        if url.removesuffix(".fifo").endswith(("-dlq", "-failures"))
    }
    assert {one.url.rpartition("/")[2] for one in dead_letters(surroundings.outputs)} == {
        url.rpartition("/")[2] for url in there
    }
