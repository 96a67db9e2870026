"""`simpul orders`, `pbb` and `tickets`: through the API's own function, with this process's tables."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import zxingcpp
from typer.testing import CliRunner

from cli import outputs, shop
from cli.main import app
from cli.surroundings import Surroundings
from functions.payment_webhooks import provider_client
from functions.payment_webhooks.items import order_values
from functions.payment_webhooks.orders import api
from functions.payment_webhooks.record import Order, OrderStatus, PaidTransaction
from shared import aws
from shared.dynamo import to_item
from tests import selling
from tests.aws_double import PAYMENTS, items
from tests.builders import CONTEXT, officer_claims
from tests.unit.cli.conftest import OUTPUTS

pytestmark = pytest.mark.usefixtures("aws_double")
NOP = "337401000100100010"
FILE = f"nop,tahun,pokok,jatuh_tempo,nama\n{NOP},2024,100000,2026-09-30,Budi Santoso\n"
CLIENTS = {
    "semarang-loket": (selling.SELLER, "orders/write"),
    "semarang-gerbang-sam-poo-kong": (selling.GATE, "gate/redeem"),
}


def served(request: httpx.Request) -> httpx.Response:
    """Answer as API Gateway does: the token is the claims."""
    token = request.headers.get("Authorization", "Bearer ").removeprefix("Bearer ")
    path = request.url.path.removeprefix("/v1")
    event = {
        "resource": path,
        "path": path,
        "httpMethod": request.method,
        "headers": dict(request.headers),
        "multiValueHeaders": {name: [value] for name, value in request.headers.items()},
        "queryStringParameters": dict(request.url.params) or None,
        "multiValueQueryStringParameters": None,
        "body": request.content.decode() or None,
        "isBase64Encoded": False,
        "requestContext": {
            "resourcePath": path,
            "httpMethod": request.method,
            "requestId": "r",
            **({"authorizer": {"claims": json.loads(base64.b64decode(token))}} if token else {}),
        },
    }
    answer = api.handler(event, CONTEXT)
    return httpx.Response(int(answer["statusCode"]), content=answer["body"])


def as_token(claims: dict[str, Any]) -> str:
    return base64.b64encode(json.dumps(claims).encode()).decode()


@pytest.fixture
def simpul(aws_double: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    selling.open_shop()
    provider = selling.Provider()
    monkeypatch.setattr(provider_client, "provider_client", lambda: selling.client_of(provider))
    monkeypatch.setattr(
        shop,
        "token",
        lambda _around, client: as_token(selling.machine(*CLIENTS[client])),
    )
    monkeypatch.setattr(
        shop, "treasurer", lambda _around, j: as_token(officer_claims(f"treasurer:{j}"))
    )
    for kept in (api.desk, api.keys):
        kept.cache_clear()
    clients = {
        name: outputs.Client(jurisdiction_id="semarang", client_id=one, scopes=(scope,))
        for name, (one, scope) in CLIENTS.items()
    }
    payments = OUTPUTS.payments.model_copy(update={"clients": clients})
    tables = OUTPUTS.tables.model_copy(update={"payments": PAYMENTS})
    given = OUTPUTS.model_copy(update={"payments": payments, "tables": tables})
    outputs.save(given, tmp_path / "outputs.json")
    around = Surroundings(
        state_dir=tmp_path,
        outputs_path=tmp_path / "outputs.json",
        make_client=lambda service, **_: aws._client(service),
        http=httpx.Client(transport=httpx.MockTransport(served)),
    )
    runner = CliRunner()
    yield lambda *arguments, stdin=None: runner.invoke(
        app, [str(one) for one in arguments], obj=around, input=stdin
    )
    for kept in (api.desk, api.keys):
        kept.cache_clear()


def answered(simpul: Any, *arguments: Any) -> Any:
    done = simpul(*arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def paid(simpul: Any, *arguments: Any) -> str:
    order = answered(simpul, "orders", "create", "-p", "tiket-sam-poo-kong", *arguments)
    order_id: str = order["order_id"]
    selling.tell(order_id)
    return order_id


def a_payment(order_id: str, product: str, kind: str) -> str:
    """Store a payment of Semarang's that came without an order, and return its number."""
    one = PaidTransaction(
        provider="midtrans", status="settlement", amount=3_500, paid_at=selling.NOON, channel="qris"
    )
    order = Order(
        order_id=order_id,
        jurisdiction_id="semarang",
        product=product,
        kind=kind,
        amount=3_500,
        paid_amount=3_500,
        status=OrderStatus.PAID,
        created_at=selling.NOON,
        transactions={"t-1": one},
    )
    aws.dynamodb().put_item(TableName=PAYMENTS, Item=to_item(order_values(order)))
    return order_id


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tagihan.csv"
    path.write_text(FILE, encoding="utf-8")
    return path


def test_an_order_is_made_and_its_qris_drawn(simpul, tmp_path):
    key = "3f0c0b1e-9a37-4d7e-8f7e-0a6c8e1b2d3f"
    picture = tmp_path / "qr.png"
    done = simpul("orders", "create", "-p", "BRT", "--quantity", 2, "--qr", picture, "--key", key)
    assert done.exit_code == 0, done.output
    assert "7,000" in done.stdout
    again = answered(simpul, "orders", "create", "-p", "BRT", "--quantity", 2, "--key", key)
    assert again["order_id"] in done.stdout
    assert again["qr_string"] in done.stdout
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_an_order_is_shown_in_any_case(simpul):
    order_id = paid(simpul)
    done = simpul("orders", "show", order_id.lower())
    assert done.exit_code == 0, done.output
    assert f"{order_id}.1" in done.stdout
    assert answered(simpul, "orders", "show", order_id)["status"] == "paid"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("orders", "show", "x"), "bukan nomor pesanan"),
        (("orders", "show", "XYZ-BRT-7K3F9Q2M1XWZ4"), "bukan nomor pesanan"),
        (("orders", "show", "SMG-BRT-7K3F9Q2M1XWZ4"), "404"),
        (("orders", "create", "-p", "brt", "--client", "nobody"), "semarang-loket"),
        (("orders", "create", "-p", "brt", "-j", "jateng"), "Tidak ada klien"),
        (("orders", "create", "-p", "brt", "--fare-class", "dog"), "Golongan tarif"),
        (("pbb", "inquire", "1", "2024"), "18 angka"),
        (("pbb", "inquire", NOP, "2024"), "bill_not_found"),
        (("pbb", "inquire", NOP, "2024", "-j", "jateng"), "pilih: semarang"),
        (("pbb", "inquire", NOP, "2024", "-j", "x"), "pilih: semarang"),
        (("pbb", "import", "nowhere.csv", "-j", "semarang"), "tidak terbaca"),
        (("tickets", "redeem", "x"), "bukan tiket kami"),
        (("tickets", "verify", "x", "--keys", "nowhere.json"), "bukan berkas kunci"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(simpul, arguments, said):
    done = simpul(*arguments)
    assert done.exit_code == 1
    assert said in done.stderr


def test_tickets_are_drawn_checked_without_a_network_and_let_in_once(simpul, tmp_path):
    order_id = paid(simpul, "--quantity", 2)
    found = answered(simpul, "tickets", "show", order_id)
    done = simpul("tickets", "show", order_id, "--out", tmp_path / "tickets")
    assert done.exit_code == 0, done.output
    assert {one.name for one in (tmp_path / "tickets").iterdir()} == {
        f"{order_id}.1.svg",
        f"{order_id}.2.svg",
    }
    assert simpul("tickets", "show", order_id).exit_code == 0
    token = found[0]["token"]
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps(selling.call("GET", "/tickets/keys")[1]))
    checked = answered(simpul, "tickets", "verify", token, "--keys", keys)
    assert (checked["ticket_id"], checked["holds_now"]) == (f"{order_id}.1", True)
    assert simpul("tickets", "verify", "-", stdin=f"{token}\n").exit_code == 0
    assert simpul("tickets", "redeem", token, "--gate", "G1").exit_code == 0
    again = simpul("tickets", "redeem", token, "--gate", "G2")
    assert again.exit_code == 1
    assert "already_redeemed" in again.stderr
    assert answered(simpul, "tickets", "redeem", found[1]["token"])["outcome"] == "redeemed"
    keys.write_text("[]")
    assert simpul("tickets", "verify", token, "--keys", keys).exit_code == 1


def test_a_drawn_ticket_is_read_back_by_a_reader_of_qr_codes(simpul, tmp_path):
    import segno
    from PIL import Image

    token = answered(simpul, "tickets", "show", paid(simpul))[0]["token"]
    segno.make(token, micro=False, error="m").save(str(tmp_path / "t.png"), scale=4)
    with Image.open(tmp_path / "t.png") as picture:
        (read,) = zxingcpp.read_barcodes(picture.convert("L"))
    assert read.text == token


def test_tickets_that_are_not_paid_or_for_another_day_say_so(simpul):
    order = answered(simpul, "orders", "create", "-p", "tiket-sam-poo-kong")
    done = simpul("tickets", "show", order["order_id"])
    assert "terbit setelah lunas" in done.stderr
    day = (datetime.now(UTC) + timedelta(days=200)).date()
    later = paid(simpul, "--visit-on", day.isoformat())
    (ticket,) = answered(simpul, "tickets", "show", later)
    done = simpul("tickets", "verify", ticket["token"])
    assert "tidak berlaku sekarang" in done.stderr


def test_money_is_given_back_as_the_treasurer(simpul, monkeypatch):
    order_id = paid(simpul, "--quantity", 2)
    # The tests' payments are made on a fixed day, after which a provider refunds for a while only.
    monkeypatch.setattr(api, "now", lambda: selling.NOON)
    done = simpul("orders", "refund", order_id, "--reason", "batal", "--amount", 20_000)
    assert done.exit_code == 0, done.output
    assert "Rp20,000" in done.stdout
    assert answered(simpul, "orders", "refund", order_id, "--reason", "batal")["amount"] == 20_000


@pytest.mark.parametrize(("product", "kind"), [("brt", "fare"), ("unknown", "other")])
def test_a_payment_that_nobody_ordered_is_shown_and_given_back_by_whose_it_is(
    simpul, monkeypatch, product, kind
):
    monkeypatch.setattr(api, "now", lambda: selling.NOON)
    order_id = a_payment("IDN-OTH-7GA90X1RQENX5", product, kind)
    assert answered(simpul, "orders", "show", order_id)["jurisdiction_id"] == "semarang"
    done = simpul("orders", "refund", order_id, "--reason", "batal")
    assert done.exit_code == 0, done.output


def test_a_payment_that_is_not_there_is_told_so(simpul):
    done = simpul("orders", "show", "IDN-OTH-7GA90X1RQENX5")
    assert done.exit_code == 1
    assert "IDN-OTH-7GA90X1RQENX5" in done.stderr


def test_bills_are_imported_again_safely_and_inquired_after(simpul, file):
    assert answered(simpul, "pbb", "import", file, "-j", "semarang", "--check")["added"] == 0
    assert not items(PAYMENTS)
    first = answered(simpul, "pbb", "import", file, "-j", "semarang")
    assert first == {"bills": 1, "added": 1, "changed": 0, "unchanged": 0, "paid": 0}
    done = simpul("pbb", "import", file, "-j", "semarang")
    assert "0 baru, 0 berubah, 1 tetap" in done.stdout
    file.write_text(FILE.replace("100000", "200000"), encoding="utf-8")
    assert answered(simpul, "pbb", "import", file, "-j", "semarang")["changed"] == 1
    done = simpul("pbb", "inquire", "33.74.010.001.001-0001.0", "2024")
    assert done.exit_code == 0, done.output
    assert "B*** S******" in done.stdout
    assert "200,000" in done.stdout
    assert "semua benar" in simpul("pbb", "import", file, "-j", "semarang", "--check").stdout


def test_a_bill_that_was_paid_is_left_alone(simpul, file):
    answered(simpul, "pbb", "import", file, "-j", "semarang")
    order = answered(simpul, "orders", "create", "-p", "pbb", "--nop", NOP, "--year", 2024)
    selling.tell(order["order_id"])
    file.write_text(FILE.replace("100000", "1"), encoding="utf-8")
    assert answered(simpul, "pbb", "import", file, "-j", "semarang")["paid"] == 1
    bill = answered(simpul, "pbb", "inquire", NOP, "2024")
    assert (bill["status"], bill["principal"]) == ("paid", 100_000)
    assert "paid" in simpul("pbb", "inquire", NOP, "2024").stdout


def test_nothing_is_taken_of_a_file_with_something_wrong_in_it(simpul, file):
    file.write_text(FILE + "1,2024,1,2024-09-30,\n" * 30, encoding="utf-8")
    done = simpul("pbb", "import", file, "-j", "semarang")
    assert done.exit_code == 1
    assert "baris 3, kolom nop" in done.stderr
    assert "dan lainnya" in done.stderr
    assert not items(PAYMENTS)
    file.write_bytes(b"nop,tahun\xff")
    assert "bukan UTF-8" in simpul("pbb", "import", file, "-j", "semarang").stderr
    file.write_text("", encoding="utf-8")
    assert "baris 1: berkas kosong" in simpul("pbb", "import", file, "-j", "semarang").stderr
