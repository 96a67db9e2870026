"""What citizens and partners hear of a complaint, through the real deployment with IAM enforced."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from jsonschema import Draft202012Validator
from standardwebhooks import Webhook
from typer.testing import CliRunner

from cli.main import app
from cli.surroundings import ROOT, Surroundings
from shared.clock import now, to_text
from tests.e2e.citizen import Street, eventually
from tests.e2e.photographs import settled, uploaded
from tests.e2e.receiver import receiving
from tests.photo_files import a_zip

AGENCY = "semarang-disperkim"
CONTRACT = json.loads(
    Path(ROOT, "events", "contracts", "complaint.progressed.v1.json").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def street(surroundings: Surroundings) -> Street:
    return Street(surroundings)


class Mailbox:
    """A citizen's own e-mail address and telephone, and what came there."""

    def __init__(self, street: Street) -> None:
        self.street = street
        unique = uuid4()
        self.address = f"warga-{unique.hex}@example.id"
        self.phone = f"+62812{unique.int % 10**9:09d}"

    @property
    def contact(self) -> dict[str, Any]:
        """The contact to give with a complaint."""
        return {"name": "Bu Tutik", "phone": self.phone, "email": self.address, "notify": True}

    def emails(self, about: str = "") -> list[dict[str, Any]]:
        """Return the e-mails, or those whose subject says something."""
        found = self._told("ses/messages")["messages"]
        sent = [one for account in found.values() for one in account]
        return [one for one in sent if self.address in one["To"] and about in one["Subject"]]

    def texts(self, about: str = "") -> list[str]:
        """Return the text messages, or those that say something."""
        sent = self._told("sns/sms-messages")["sms_messages"].get(self.phone, ())
        return [one["Message"] for one in sent if about in one["Message"]]

    def _told(self, what: str) -> Any:
        url = f"{self.street.around.outputs.endpoint_url}/_ministack/{what}"
        return self.street.around.http.get(url).json()


def drained(street: Street) -> bool:
    """Tell whether every notice that was due has been dealt with."""
    told = street.around.sqs.get_queue_attributes(
        QueueUrl=street.around.outputs.queues.notices,
        AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    )["Attributes"]
    return not any(map(int, told.values()))


def resolved(street: Street, receipt: dict[str, Any], note: str = "Lampu sudah diganti.") -> None:
    """Let the agency accept a complaint and resolve it."""
    version, token = street.assigned(receipt, AGENCY)["version"], street.machine(AGENCY)
    accepted = street.act(receipt, "accept", version, token)
    assert accepted.status_code == 200, accepted.text
    done = street.act(receipt, "resolve", accepted.json()["version"], token, public_note=note)
    assert done.status_code == 200, done.text


def a_witness_was_told(street: Street) -> None:
    """Wait until someone has been told of what happened only now."""
    witness = Mailbox(street)
    resolved(street, street.submit(service_code="lampu-jalan", contact=witness.contact))
    eventually(lambda: witness.emails("selesai") and witness.texts("selesai"))


def everyone_was_told(street: Street) -> None:
    """Wait until whatever happened before now has been told: as a later witness has been."""
    a_witness_was_told(street)
    eventually(lambda: drained(street))


def opened_by(street: Street, text: str) -> dict[str, Any]:
    """Open the complaint as the page does to which a notice's link leads, and return it."""
    found = re.search(r"(\S+)/lacak#(\S+)\.(\S+)", text)
    assert found, text
    base, number, token = found.groups()
    assert base == street.around.outputs.api_url
    answer = street.call("GET", f"/complaints/{number}", X_Tracking_Token=token)
    assert answer.status_code == 200, answer.text
    view: dict[str, Any] = answer.json()
    return view


def test_a_citizen_is_told_by_email_and_text_message_and_their_links_open_the_complaint(
    street: Street,
) -> None:
    citizen = Mailbox(street)
    receipt = street.submit("Lampu jalan mati", service_code="lampu-jalan", contact=citizen.contact)
    number = receipt["complaint_id"]
    (mail,) = eventually(lambda: citizen.emails("diterima"))
    (text,) = eventually(lambda: citizen.texts("diterima"))
    assert mail["Subject"] == f"Laporan {number} diterima"
    assert mail["Source"] == "Simpul <notices@simpul.example>"
    assert (
        opened_by(street, mail["BodyText"])["visibility"] == "public"
    )  # as its reporter alone sees
    assert opened_by(street, text)["complaint_id"] == number

    resolved(street, receipt)
    (mail,) = eventually(lambda: citizen.emails("selesai"))
    (text,) = eventually(lambda: citizen.texts("selesai"))
    assert "Lampu sudah diganti." in mail["BodyText"]
    assert "Lampu" not in text + mail["Subject"]
    assert opened_by(street, mail["BodyText"])["status"] == "resolved"
    assert opened_by(street, text)["status"] == "resolved"
    for one in citizen.emails():
        assert "Bu Tutik" not in one["BodyText"]  # nobody can have us write words of theirs


def test_an_event_that_comes_again_is_told_once(street: Street) -> None:
    citizen = Mailbox(street)
    receipt = street.submit(service_code="lampu-jalan", contact=citizen.contact)
    resolved(street, receipt)
    eventually(lambda: citizen.emails("selesai") and citizen.texts("selesai"))
    eventually(lambda: drained(street))
    before = (len(citizen.emails()), len(citizen.texts()))
    version = street.see(receipt)["version"]
    for status, previous, at in (("received", None, 1), ("resolved", "accepted", version)):
        event = {
            "type": "complaint_progressed.v1",
            "complaint_id": receipt["complaint_id"],
            "jurisdiction_id": "semarang",
            "version": at,
            "status": status,
            "previous_status": previous,
            "notify": True,
            "vehicle_partner": None,
            "public": True,
            "at": to_text(now()),
        }
        for _ in range(2):
            street.around.sqs.send_message(
                QueueUrl=street.around.outputs.queues.notices, MessageBody=json.dumps(event)
            )
    everyone_was_told(street)
    assert (len(citizen.emails()), len(citizen.texts())) == before


def test_who_unsubscribes_by_the_link_hears_no_more_and_by_the_token_again(street: Street) -> None:
    citizen = Mailbox(street)
    receipt = street.submit(service_code="lampu-jalan", contact=citizen.contact)
    (mail,) = eventually(lambda: citizen.emails("diterima"))
    link = next(word for word in mail["BodyText"].split() if "/notices/unsubscribe?" in word)
    assert receipt["tracking_token"] not in link
    asked = street.around.http.get(link)
    assert (asked.status_code, '<form method="post">' in asked.text) == (200, True)
    wrong = street.around.http.post(link[:-2] + "xx")
    assert wrong.status_code == 403
    stopped = street.around.http.post(link, data={"List-Unsubscribe": "One-Click"})
    assert stopped.status_code == 200
    resolved(street, receipt)
    everyone_was_told(street)
    assert not citizen.emails("selesai")
    assert not citizen.texts("selesai")
    assert street.see(receipt)["status"] == "resolved"

    path = f"/complaints/{receipt['complaint_id']}/notices"
    wanted = {"email": True, "sms": False}
    assert street.call("PUT", path, wanted).status_code == 403
    chosen = street.call("PUT", path, wanted, X_Tracking_Token=receipt["tracking_token"])
    assert (chosen.status_code, chosen.json()) == (200, wanted)


@pytest.mark.parametrize(
    "changes", [{"anonymous": True}, {"contact": {"notify": False}}, {"visibility": "secret"}]
)
def test_who_is_anonymous_or_did_not_wish_it_hears_nothing_and_a_secret_stays_one(
    street: Street, changes: dict[str, Any]
) -> None:
    citizen = Mailbox(street)
    contact = citizen.contact | changes.pop("contact", {})
    receipt = street.submit(service_code="lampu-jalan", contact=contact, **changes)
    resolved(street, receipt, note="RAHASIA diganti")
    if changes.get("visibility") != "secret":
        everyone_was_told(street)
        assert citizen.emails() == []
        assert citizen.texts() == []
        return
    eventually(lambda: citizen.emails("selesai") and citizen.texts("selesai"))
    said = json.dumps([citizen.emails(), citizen.texts()])
    for matter in ("RAHASIA", "Lampu", "Permukiman", "Disperkim", "isperkim"):
        assert matter not in said


def test_rejected_photos_are_told_once_and_by_email_only(street: Street) -> None:
    citizen = Mailbox(street)
    bad = [uploaded(street, a_zip(), "image/png") for _ in range(2)]
    receipt = street.submit(service_code="lampu-jalan", photo_ids=bad, contact=citizen.contact)
    eventually(lambda: citizen.emails("foto"))
    assert {one["status"] for one in settled(street, receipt)} == {"rejected"}
    # Two that are told of at once meet at the lease, and the later one waits for minutes.
    a_witness_was_told(street)
    (mail,) = citizen.emails("foto")
    assert opened_by(street, mail["BodyText"])["photos"][0]["reason"]
    assert citizen.texts("foto") == []


def simpul(around: Surroundings, *arguments: str) -> Any:
    """Run the command as an operator would, and return what it printed as JSON."""
    done = CliRunner().invoke(app, [*arguments, "--json"], obj=around)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def partner(around: Surroundings, partner_id: str) -> Any:
    """Return a partner as the command lists it."""
    listed = simpul(around, "partner", "list")
    return next(one for one in listed if one["partner_id"] == partner_id)


@contextmanager
def removed_at_the_end(around: Surroundings, partner_id: str) -> Iterator[None]:
    """Remove a partner whatever happens: nobody answers for it afterwards."""
    try:
        yield
    finally:
        simpul(around, "partner", "remove", partner_id)


def test_a_fleet_hears_of_complaints_in_its_vehicles_by_webhooks_that_it_can_verify(
    street: Street, tmp_path: Path
) -> None:
    around, fleet = street.around, f"armada-{uuid4().hex[:6]}"
    code = f"{uuid4().hex[:8].upper()}"
    vehicles = tmp_path / "vehicles.csv"
    vehicles.write_text(f"vehicle_code,label\n{code},Mobil 1\n", encoding="utf-8")
    simpul(around, "fleet", "register", str(vehicles), "--partner", fleet)
    with receiving() as (receiver, url), removed_at_the_end(around, fleet):
        added = simpul(
            around, "partner", "add", fleet, "--url", url, "--fleet", "--status", "assigned",
            "--status", "resolved",
        )  # fmt: skip
        verify = Webhook(added["secret"]).verify
        assert simpul(around, "partner", "test", fleet)["status"] == 204
        headers, body = receiver.received.pop()
        assert verify(body, headers)["type"] == "webhook.test.v1"
        assert "secret" not in json.dumps(simpul(around, "partner", "list"))

        others = street.submit(service_code="lampu-jalan")
        public = street.submit(service_code="lampu-jalan", vehicle_code=code)
        private = street.submit(service_code="lampu-jalan", vehicle_code=code, visibility="private")
        secret = street.submit(service_code="lampu-jalan", vehicle_code=code, visibility="secret")
        told = {}
        for receipt in (public, private):
            number = receipt["complaint_id"]
            (webhook,) = eventually(partial(receiver.about, number))
            told[number] = verify(webhook[1], webhook[0])
            Draft202012Validator(CONTRACT).validate(told[number])
        assert told[public["complaint_id"]]["data"]["vehicle_code"] == code
        shown = told[private["complaint_id"]]["data"]
        assert (shown["status"], shown["vehicle_code"]) == ("assigned", None)
        assert (shown["agency"], shown["service_code"]) == (None, None)

        rotated = simpul(around, "partner", "rotate", fleet)["secret"]
        receiver.answers = [410]
        resolved(street, public)
        eventually(lambda: len(receiver.about(public["complaint_id"])) == 2)
        headers, body = receiver.about(public["complaint_id"])[-1]
        assert verify(body, headers)["data"]["previous_status"] == "accepted"
        assert rotated != added["secret"]
        eventually(lambda: partner(around, fleet)["disabled"])
        for receipt in (others, secret):
            street.assigned(receipt, AGENCY)
        everyone_was_told(street)
        assert not receiver.about(others["complaint_id"])
        assert not receiver.about(secret["complaint_id"])


def test_the_sender_of_notices_may_not_read_the_secrets_that_make_numbers(street: Street) -> None:
    secrets = street.as_role("secretsmanager", street.function_role("complaint-intake-on-progress"))
    prefix = street.around.outputs.partners_prefix.removesuffix("partners/")
    assert secrets.get_secret_value(SecretId=f"{prefix}tracking-token")["SecretString"]
    with pytest.raises(secrets.exceptions.ClientError, match="AccessDenied"):
        secrets.get_secret_value(SecretId=f"{prefix}complaint-id")
