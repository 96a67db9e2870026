"""Following a place, through the real deployment with IAM enforced: asked, told, stopped."""

import re
from typing import Any

import pytest

from cli.surroundings import Surroundings
from tests.e2e.citizen import Street, eventually
from tests.e2e.test_notices import AGENCY, Mailbox, drained

#: Nobody else complains from here.
HERE = {"lat": -7.0211, "long": 110.5011}


@pytest.fixture(scope="module")
def street(surroundings: Surroundings) -> Street:
    return Street(surroundings)


def follow(street: Street, **wanted: Any) -> Any:
    """Ask for alerts near here."""
    return street.call("POST", "/alerts", {"jurisdiction_id": "semarang", **HERE, **wanted})


def link_in(text: str, purpose: str) -> str:
    """Return the link in a message that leads to the page of a purpose."""
    found = re.search(rf"\S+/alerts/{purpose}\?\S+", text)
    assert found, text
    return found[0]


def confirmed(street: Street, text: str) -> None:
    """Press the button of the page that a message leads to."""
    link = link_in(text, "confirm")
    page = street.around.http.get(link)
    assert (page.status_code, '<form method="post">' in page.text) == (200, True)
    assert street.around.http.post(link).status_code == 200


def complained(street: Street, **changes: Any) -> dict[str, Any]:
    """Complain from near by, and wait until it is routed."""
    fields = {"service_code": "lampu-jalan", **HERE, "lat": HERE["lat"] + 0.002, **changes}
    receipt = street.submit("Lampu jalan mati, hub 081200000081", **fields)
    street.assigned(receipt, AGENCY)
    return receipt


def everyone_was_told(street: Street, witness: Mailbox) -> None:
    """Wait until a witness, who follows the same place, has been told of what came last."""
    last = complained(street)
    eventually(lambda: any(last["complaint_id"] in one["BodyText"] for one in witness.emails()))
    eventually(lambda: drained(street))


def subscriber(street: Street, **wanted: Any) -> Mailbox:
    """Return a mailbox that follows this place."""
    citizen = Mailbox(street)
    assert follow(street, email=citizen.address, **wanted).status_code == 202
    (mail,) = eventually(citizen.emails)
    confirmed(street, mail["BodyText"])
    return citizen


def test_who_follows_a_place_confirms_is_told_and_stops(street: Street) -> None:
    citizen = Mailbox(street)
    asked = follow(street, email=citizen.address)
    assert (asked.status_code, asked.json()["status"]) == (202, "to_be_confirmed")
    (mail,) = eventually(citizen.emails)
    confirmed(street, mail["BodyText"])

    receipt = complained(street)
    mail = eventually(lambda: citizen.emails("Laporan baru"))[0]
    number = receipt["complaint_id"]
    assert "hub [nomor disamarkan]" in mail["BodyText"]
    found = re.search(rf"\S+/lacak/{number}", mail["BodyText"])
    assert found
    page = street.around.http.get(found[0])
    assert (page.status_code, "hub [nomor disamarkan]" in page.text) == (200, True)

    link = link_in(mail["BodyText"], "stop")
    name, token = re.findall(r"[at]=([\w-]+)", link)
    held = street.call("GET", f"/alerts/{name}", X_Tracking_Token=token).json()
    assert held["sent"][-1]["complaint_id"] == number
    assert citizen.address not in str(held)
    assert street.around.http.get(link).status_code == 200
    assert street.around.http.post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    before = len(citizen.emails())
    everyone_was_told(street, subscriber(street))
    assert len(citizen.emails()) == before
    assert street.call("GET", f"/alerts/{name}", X_Tracking_Token=token).status_code == 404


def test_a_text_message_is_confirmed_and_told_alike(street: Street) -> None:
    citizen = Mailbox(street)
    assert follow(street, phone=citizen.phone).status_code == 202
    (text,) = eventually(citizen.texts)
    confirmed(street, text)
    receipt = complained(street)
    (told,) = eventually(lambda: citizen.texts("/lacak/"))
    assert receipt["complaint_id"] in told
    stop = link_in(told, "stop")
    name, token = re.findall(r"[at]=([\w-]+)", stop)
    assert street.call("DELETE", f"/alerts/{name}", X_Tracking_Token=token).status_code == 200


def test_nobody_hears_of_what_is_not_public_far_off_or_not_wished(street: Street) -> None:
    citizen = subscriber(street, service_code="lampu-jalan", radius_m=300)
    unconfirmed = Mailbox(street)
    follow(street, email=unconfirmed.address)
    eventually(unconfirmed.emails)
    quiet = [
        complained(street, visibility="private"),
        complained(street, visibility="secret"),
        complained(street, lat=HERE["lat"] + 0.004),
        street.submit("Sampah menumpuk", service_code="sampah", **HERE),
    ]
    everyone_was_told(street, citizen)
    told = str(citizen.emails())
    for receipt in quiet:
        assert receipt["complaint_id"] not in told
    assert len(unconfirmed.emails()) == 1
    secret = f"/lacak/{quiet[1]['complaint_id']}"
    assert street.call("GET", secret).status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, ""),
        ({"email": "tutik@x"}, "email"),
        ({"phone": "+12125550100"}, "phone"),
        ({"email": "a@example.id", "radius_m": 5000}, "radius_m"),
        ({"email": "a@example.id", "service_code": "tidak-ada"}, "service_code"),
    ],
)
def test_what_is_not_served_is_refused(street: Street, changes: Any, field: str) -> None:
    refused = follow(street, **changes)
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["field"] == field


def test_the_api_may_not_look_for_addresses_nor_delete_what_is_held(street: Street) -> None:
    table = street.around.outputs.tables.reporters
    dynamodb = street.as_role("dynamodb", street.function_role("complaint-intake-api"))
    with pytest.raises(dynamodb.exceptions.ClientError, match="AccessDenied"):
        dynamodb.query(
            TableName=table,
            IndexName="by_place",
            KeyConditionExpression="place = :place",
            ExpressionAttributeValues={":place": {"S": "x"}},
        )
    with pytest.raises(dynamodb.exceptions.ClientError, match="AccessDenied"):
        dynamodb.delete_item(TableName=table, Key={"pk": {"S": "A#x"}, "sk": {"S": "ALERT#x"}})
