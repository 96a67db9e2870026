"""Another city's system over Open311: a client that nobody here wrote, and one that posts like FixMyStreet."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from xml.etree import ElementTree as ET

import httpx
import pytest
from botocore.exceptions import ClientError
from georeport import GeoReport
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from cli.main import app
from cli.surroundings import Surroundings
from tests import georeport_schemas as schemas
from tests.e2e.citizen import Street, eventually
from tests.e2e.photographs import settled, uploaded
from tests.photo_files import a_photo

AGENCY = "semarang-disperkim"
LINK = "https://kota.example.id/foto/1.jpg"


@dataclass(frozen=True)
class OtherCity:
    """Another city's system: its key, and how it posts."""

    street: Street
    client: str
    key: str
    key_id: str

    @property
    def url(self) -> str:
        return self.street.around.outputs.open311_url

    def get(self, path: str, **query: str) -> httpx.Response:
        return self.street.around.http.get(f"{self.url}/{path}", params=query)

    def post(self, path: str, fields: dict[str, str], **headers: str) -> httpx.Response:
        """Post a form as LWP does: every bracket escaped."""
        return self.street.around.http.post(f"{self.url}/{path}", data=fields, headers=headers)

    def send(self, **changes: str) -> dict[str, Any]:
        """Send a request and return what stands for its receipt."""
        fields = {
            "api_key": self.key,
            "jurisdiction_id": "semarang",
            "service_code": "lampu-jalan",
            "lat": "-6.983",
            "long": "110.409",
            "first_name": "Tutik",
            "last_name": "Handayani",
            "email": "tutik@example.id",
            "phone": "081200000063",
            "description": f"Lampu jalan mati di depan balai\n\n{uuid4()}",
            "attribute[nomor_tiang]": "A-17",
            "media_url": LINK,
            **changes,
        }
        answer = self.post("requests.xml", fields)
        assert answer.status_code == 200, answer.text
        number = ET.fromstring(answer.content).findtext("request/service_request_id")  # noqa: S314
        assert number
        return {"complaint_id": number}

    def update(self, receipt: dict[str, Any], **changes: str) -> httpx.Response:
        """Send an update as FixMyStreet does."""
        fields = {
            "api_key": self.key,
            "jurisdiction_id": "semarang",
            "service_request_id": receipt["complaint_id"],
            "update_id": str(uuid4()),
            "status": "OPEN",
            "updated_datetime": datetime.now(UTC).isoformat(timespec="seconds"),
            "description": "Masih mati.",
            "first_name": "Tutik",
            "last_name": "-",
            "email": "tutik@example.id",
            **changes,
        }
        return self.post("servicerequestupdates.xml", fields)

    def updates(self, receipt: dict[str, Any], **query: str) -> list[dict[str, Any]]:
        """Fetch the updates of the last hour, and return those of a request."""
        now = datetime.now(UTC)
        window = {
            "start_date": f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}",
            "end_date": f"{now + timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}",
        }
        answer = self.get(
            "servicerequestupdates.json", jurisdiction_id="semarang", **window, **query
        )
        Draft202012Validator(schemas.UPDATES).validate(answer.json())
        number = receipt["complaint_id"]
        return [one for one in answer.json() if one["service_request_id"] == number]


@pytest.fixture(scope="module")
def street(surroundings: Surroundings) -> Street:
    return Street(surroundings)


def keys(street: Street, *arguments: str) -> Any:
    """Run `simpul open311 keys`."""
    arguments = ("open311", "keys", *arguments, "--json")
    done = CliRunner().invoke(app, arguments, obj=street.around)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def city(street: Street, client: str) -> OtherCity:
    made = keys(street, "create", client)
    return OtherCity(street, client, made["key"], made["id"])


@pytest.fixture(scope="module")
def kota_lain(street: Street) -> OtherCity:
    return city(street, "kota-lain")


@pytest.fixture(scope="module")
def kota_ketiga(street: Street) -> OtherCity:
    return city(street, "kota-ketiga")


def work(street: Street, receipt: dict[str, Any]) -> dict[str, Any]:
    """Return a complaint as its agency sees it, once it has it."""

    def look() -> dict[str, Any] | None:
        path = f"/agencies/{AGENCY}/complaints/{receipt['complaint_id']}"
        answer = street.call("GET", path, token=street.machine(AGENCY))
        return answer.json() if answer.status_code == 200 else None

    found: dict[str, Any] = eventually(look)
    return found


def act(street: Street, receipt: dict[str, Any], action: str, **more: Any) -> None:
    version = work(street, receipt)["version"]
    answer = street.act(receipt, action, version, street.machine(AGENCY), **more)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("jurisdiction", ["semarang", "jateng"])
@pytest.mark.parametrize("written", ["json", "xml"])
def test_a_client_that_nobody_here_wrote_reads_services_and_requests(
    kota_lain: OtherCity, jurisdiction: str, written: str
) -> None:
    service_code, words = {
        "semarang": ("lampu-jalan", "Lampu jalan mati di depan balai"),
        "jateng": ("jalan-rusak", "Jalan provinsi berlubang di depan balai"),
    }[jurisdiction]
    sent = kota_lain.send(
        jurisdiction_id=jurisdiction,
        service_code=service_code,
        description=f"{words} {uuid4()}",
        **{"attribute[nomor_tiang]": ""},
    )
    number = sent["complaint_id"]
    for client in (
        GeoReport(kota_lain.url, jurisdiction=jurisdiction, output_format=written),
        GeoReport(f"{kota_lain.url}/{jurisdiction}/", output_format=written),
    ):
        offered = {one["service_code"]: one for one in client.get_service_list()}
        assert offered[service_code]["type"] == "realtime"
        assert client.get_service_definition(service_code)["service_code"] == service_code
        one = client.get_service_request(number)
        assert one["service_code"] == service_code
        assert float(one["lat"]) == -6.983
        assert one["description"].startswith(words)
        (by_id,) = _listed(client.get_service_requests(service_request_id=number))
        assert by_id["service_request_id"] == number
        start = f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
        found = _listed(
            client.get_service_requests(
                service_code=service_code, start_date=start, status="open,closed"
            )
        )
        assert number in [each["service_request_id"] for each in found]
        assert {each["service_code"] for each in found} == {service_code}


def _listed(found: Any) -> list[Any]:
    """Return a list: the client gives a single element of XML as it is."""
    return found if isinstance(found, list) else [found]


def test_a_request_reaches_its_agency_with_its_picture_and_where_it_came_from(
    street: Street, kota_lain: OtherCity
) -> None:
    sent = kota_lain.send()
    message = street.heard(AGENCY, sent, type="complaint_assigned.v1")
    assert message["channel"] == "open311"
    assert message["media_url"] == LINK
    assert message["attributes"] == {"nomor_tiang": "A-17"}
    assert message["contact_shared"] is False
    assert "utik" not in json.dumps(message)
    contact = street.call(
        "GET", f"/complaints/{sent['complaint_id']}/contact", token=street.machine(AGENCY)
    )
    assert contact.status_code == 404
    shown = street.call("GET", f"/complaints/{sent['complaint_id']}")
    assert shown.status_code == 200  # the same thing as one of our own


def test_the_same_request_again_is_the_same_complaint(kota_lain: OtherCity) -> None:
    words = f"Lampu mati {uuid4()}"
    assert kota_lain.send(description=words) == kota_lain.send(description=words)
    assert kota_lain.send() != kota_lain.send()


def test_what_the_agency_does_is_fetched_and_only_its_sender_reopens_it(
    street: Street, kota_lain: OtherCity, kota_ketiga: OtherCity
) -> None:
    sent = kota_lain.send()
    street.heard(AGENCY, sent, type="complaint_assigned.v1")
    act(street, sent, "accept", internal_note="Suku cadang kosong")
    act(street, sent, "resolve", public_note="Sudah menyala.")
    told = kota_lain.updates(sent, api_key=kota_lain.key)
    assert [(one["status"], one["description"]) for one in told] == [
        ("investigating", "Diterima oleh dinas."),
        ("fixed", "Sudah menyala."),
    ]
    (shown,) = kota_lain.get(f"requests/{sent['complaint_id']}.json").json()
    assert (shown["status"], shown["status_notes"]) == ("closed", "Sudah menyala.")

    assert kota_ketiga.update(sent, status="REOPEN").status_code == 400
    reopened = kota_lain.update(sent, status="REOPEN", description="Mati lagi semalam.")
    assert reopened.status_code == 200, reopened.text
    again = street.heard(AGENCY, sent, type="complaint_assigned.v1", assignment_no=2)
    assert again["rule"] == "reopened"
    update_id = ET.fromstring(reopened.content).findtext("request_update/update_id")  # noqa: S314
    others = kota_ketiga.updates(sent, api_key=kota_ketiga.key)
    assert others[-1]["update_id"] == update_id
    own = kota_lain.updates(sent, api_key=kota_lain.key)
    assert update_id not in [one["update_id"] for one in own]


def test_a_comment_from_elsewhere_is_a_note_for_the_agency_alone(
    street: Street, kota_lain: OtherCity, kota_ketiga: OtherCity
) -> None:
    sent = kota_lain.send()
    street.heard(AGENCY, sent, type="complaint_assigned.v1")
    update_id = str(uuid4())
    answers = [kota_ketiga.update(sent, update_id=update_id) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    (step,) = work(street, sent)["timeline"]
    assert step["internal_note"] == "kota-ketiga: Masih mati."
    assert kota_lain.updates(sent) == []
    extended = kota_lain.get(f"requests/{sent['complaint_id']}.xml", extensions="true")
    assert "Masih mati" not in extended.text
    withdrawn = kota_lain.update(sent, status="CLOSED", description="Sudah menyala sendiri.")
    assert withdrawn.status_code == 200
    assert street.heard(AGENCY, sent, type="complaint_changed.v1")["action"] == "withdraw"


def test_a_question_is_answered_from_another_city(street: Street, kota_lain: OtherCity) -> None:
    sent = kota_lain.send()
    street.heard(AGENCY, sent, type="complaint_assigned.v1")
    act(street, sent, "ask", public_note="Tiang nomor berapa?")
    assert kota_lain.updates(sent)[-1]["description"] == "Tiang nomor berapa?"
    assert kota_lain.update(sent, description="Nomor A-17.").status_code == 200
    answer = street.heard(AGENCY, sent, type="complaint_changed.v1")
    assert (answer["action"], answer["note"]) == ("answer", "Nomor A-17.")


def test_a_photo_of_one_of_our_own_reporters_is_linked(
    street: Street, kota_lain: OtherCity
) -> None:
    photo_id = uploaded(street, a_photo())
    receipt = street.submit(service_code="lampu-jalan", photo_ids=[photo_id])
    settled(street, receipt)
    (shown,) = kota_lain.get(f"requests/{receipt['complaint_id']}.json").json()
    picture = street.around.http.get(shown["media_url"], follow_redirects=True)
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/jpeg")


def test_private_requests_are_nobodys_over_open311(
    street: Street, kota_lain: OtherCity, kota_ketiga: OtherCity
) -> None:
    public = kota_lain.send()
    private = kota_lain.send(
        service_code="pungli", description="Diminta uang", **{"attribute[nomor_tiang]": ""}
    )
    assert kota_lain.get(f"requests/{public['complaint_id']}.json").status_code == 200
    for path in ("requests", "tokens"):
        answer = kota_lain.get(f"{path}/{private['complaint_id']}.json")
        assert (answer.status_code, answer.json()[0]["code"]) == (404, 404)
    both = ",".join(one["complaint_id"] for one in (public, private))
    found = kota_lain.get("requests.json", service_request_id=both).json()
    assert [one["service_request_id"] for one in found] == [public["complaint_id"]]
    assert kota_ketiga.update(private).status_code == 404


def test_a_key_is_needed_and_revoked_at_once(street: Street, kota_lain: OtherCity) -> None:
    short_lived = city(street, "kota-sebentar")
    short_lived.send()
    keys(street, "revoke", short_lived.key_id)
    fields = {"api_key": short_lived.key, "jurisdiction_id": "semarang"}
    for answer in (
        short_lived.post("requests.json", fields),
        short_lived.post("servicerequestupdates.json", fields),
        short_lived.get("servicerequestupdates.json", **fields),
        kota_lain.post("requests.json", {"jurisdiction_id": "semarang"}),
    ):
        assert answer.status_code == 403
        Draft202012Validator(schemas.ERRORS).validate(answer.json())
    kota_lain.send()


def test_every_answer_has_the_shape_of_the_standard(kota_lain: OtherCity) -> None:
    sent = kota_lain.send()["complaint_id"]
    expected = {
        "discovery.json": schemas.DISCOVERY,
        "semarang/services.json": schemas.SERVICES,
        "semarang/services/lampu-jalan.json": schemas.SERVICE_DEFINITION,
        "semarang/requests.json": schemas.REQUESTS,
        f"requests/{sent}.json": schemas.REQUESTS,
        f"requests/{sent}.json?extensions=true": schemas.EXTENDED_REQUESTS,
        f"tokens/{sent}.json": schemas.TOKEN,
        "nothing.json": schemas.ERRORS,
    }
    for path, schema in expected.items():
        answer = kota_lain.street.around.http.get(f"{kota_lain.url}/{path}")
        Draft202012Validator(schema).validate(answer.json())
        assert answer.headers["access-control-allow-origin"] == "*"
    discovered = kota_lain.get("discovery.json").json()["endpoints"]
    for endpoint in discovered[1:]:
        assert kota_lain.street.around.http.get(f"{endpoint['url']}/services.xml").is_success


def test_the_functions_role_may_do_only_what_the_api_needs(
    street: Street, kota_lain: OtherCity
) -> None:
    sent = kota_lain.send()
    role = street.function_role("complaint-intake-open311-api")
    dynamodb, tables = street.as_role("dynamodb", role), street.around.outputs.tables
    record = {"pk": {"S": f"C#{sent['complaint_id']}"}, "sk": {"S": "RECORD"}}
    contact = record | {"sk": {"S": "CONTACT"}}
    assert "Item" in dynamodb.get_item(TableName=tables.complaints, Key=record)
    assert "Item" in street.around.dynamodb.get_item(TableName=tables.reporters, Key=contact)
    for refused in (
        lambda: dynamodb.get_item(TableName=tables.reporters, Key=contact),
        lambda: dynamodb.delete_item(TableName=tables.complaints, Key=record),
        lambda: dynamodb.scan(TableName=tables.complaints),
        lambda: dynamodb.query(
            TableName=tables.complaints,
            IndexName="by_agency",
            KeyConditionExpression="worklist = :w",
            ExpressionAttributeValues={":w": {"S": f"{AGENCY}#assigned"}},
        ),
        lambda: street.as_role("secretsmanager", role).get_secret_value(
            SecretId="simpul/local/tracking-token"
        ),
    ):
        with pytest.raises(ClientError, match="AccessDenied"):
            refused()
