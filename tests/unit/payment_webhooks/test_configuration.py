"""`payments.toml`: a part of the configuration that only the functions of payments read."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

from functions.payment_webhooks import configuration
from functions.payment_webhooks.configuration import Payments, StaticQr, Tariff, payments_of
from shared import config

IDS = ("jateng", "semarang")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(config.CONFIG_DIR, tmp_path / "config"))


def change(path: Path, old: str, new: str) -> None:
    source = path.read_text(encoding="utf-8")
    assert old in source
    path.write_text(source.replace(old, new, 1), encoding="utf-8")


def complaint_about(root: Path) -> str:
    with pytest.raises(config.ConfigError) as caught:
        config.part("semarang", "payments", Payments, root)
    return str(caught.value)


@pytest.mark.parametrize("jurisdiction_id", IDS)
def test_orders_and_complaints_of_a_jurisdiction_begin_alike(jurisdiction_id):
    payments = payments_of(jurisdiction_id)
    assert payments.order_prefix == config.load(jurisdiction_id).id_prefix
    assert configuration.jurisdiction_of(payments.order_prefix) == jurisdiction_id


@pytest.mark.parametrize("jurisdiction_id", IDS)
def test_revenue_is_that_of_agencies_that_exist(jurisdiction_id):
    agencies = config.load(jurisdiction_id).agency_by_code
    for account in payments_of(jurisdiction_id).accounts:
        assert account.agency in agencies


@pytest.mark.parametrize("jurisdiction_id", IDS)
def test_machines_are_named_for_their_jurisdiction(jurisdiction_id):
    for client in payments_of(jurisdiction_id).clients:
        assert client.id.startswith(f"{jurisdiction_id}-")


def test_a_prefix_that_no_jurisdiction_has_is_none():
    assert configuration.jurisdiction_of("XYZ") is None


def test_things_are_found_by_their_names():
    payments = payments_of("semarang")
    assert payments.product_by_code["pbb"].kind == "tax"
    assert payments.account_by_code["pbb"].ledger_account.startswith("revenue:semarang-bapenda:4.")
    assert payments.client_by_id["semarang-loket"].scopes == ("orders/write",)
    assert payments.merchant_by_nmid["ID1026000000001"].product == "retribusi-pasar"
    assert {payments: 1}[payments_of("semarang")] == 1


def test_a_signed_path_ends_with_its_service():
    paths = payments_of("semarang").snap.signed_as("/v1.0/qr/qr-mpm-notify")
    assert "/v1/payments/snap/v1.0/qr/qr-mpm-notify" in paths
    assert not any("debit" in path for path in paths)


def test_something_dated_holds_from_its_first_day_to_its_last():
    tariff = Tariff(amount=1, valid_from=date(2024, 1, 2), valid_until=date(2024, 1, 3))
    days = [date(2024, 1, number) for number in (1, 2, 3, 4)]
    assert [tariff.holds_on(day) for day in days] == [False, True, True, False]
    assert Tariff(amount=1, valid_from=date(2024, 1, 2)).holds_on(date(2099, 1, 1))
    with pytest.raises(ValidationError, match="swap them"):
        Tariff(amount=1, valid_from=date(2024, 1, 2), valid_until=date(2024, 1, 1))


def test_a_printed_qr_says_who_receives():
    with pytest.raises(ValidationError, match="by which a payment is known"):
        StaticQr(product="brt")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('account = "brt"', 'account = "brd"', "product brt: account 'brd' does not exist"),
        ('sites = ["koridor-1"', 'sites = ["k-1"', "product brt: site 'k-1' does not exist"),
        ('code = "pbb-denda"', 'code = "pbb"', "account 'pbb' is defined twice; keep one"),
        ('order_prefix = "SMG"', 'order_prefix = "smg"', "order_prefix: String should match"),
        ("amount = 3500", "amount = -1", "products.0.tariffs.0.amount (brt)"),
        ("amount = 3500", "amonut = 3500", "products.0.tariffs.0.amonut (brt): Extra inputs"),
        ('nmid = "ID1026000000001"', 'nmid = "ID1"', "merchants.0.nmid (ID1)"),
        ('order_prefix = "SMG"', "", "order_prefix: Field required"),
        ('order_prefix = "SMG"', 'order_prefix = "IDN"', "is for payments that nobody ordered"),
    ],
)
def test_a_mistake_names_file_key_and_remedy(copy, old, new, said):
    path = copy / "semarang" / "payments.toml"
    change(path, old, new)
    complaint = complaint_about(copy)
    assert complaint.startswith(f"{path}: ")
    assert said in complaint


def test_a_file_that_is_missing_or_no_toml_is_named(copy):
    path = copy / "semarang" / "payments.toml"
    path.write_text("[[", encoding="utf-8")
    assert f"{path}: not valid TOML" in complaint_about(copy)
    path.unlink()
    assert f"{path}: the file is missing; add it" in complaint_about(copy)


def test_a_package_carries_the_part_as_json_beside_the_jurisdictions(tmp_path):
    for name in IDS:
        (tmp_path / f"{name}.json").write_text(config.compiled(name), encoding="utf-8")
        part = config.compiled_part(name, "payments", Payments)
        (tmp_path / f"{name}.payments.json").write_text(part, encoding="utf-8")
    assert config.jurisdiction_ids(tmp_path) == IDS
    assert config.part("semarang", "payments", Payments, tmp_path) == payments_of("semarang")


def test_a_part_of_an_unknown_jurisdiction_is_a_key_error():
    with pytest.raises(KeyError):
        config.part("bandung", "payments", BaseModel)
