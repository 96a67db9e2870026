"""What is generated into the repository is as its sources say: the API's document, the contracts."""

import json
import tomllib
from datetime import UTC, datetime

import pytest

from infra import changesets, contracts, openapi
from infra.routes import ROUTES
from shared import config
from tests.small_config import changed


def test_the_apis_document_is_the_one_made_from_the_routes() -> None:
    assert openapi.DOCUMENT.read_text(encoding="utf-8") == openapi.rendered()
    assert openapi.main(["--check"]) == 0


def test_a_document_out_of_date_is_told_and_written_anew(
    tmp_path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(openapi, "DOCUMENT", tmp_path / "docs" / "openapi.json")
    assert openapi.main(["--check"]) == 1
    assert "make openapi" in capsys.readouterr().out
    assert openapi.main([]) == 0
    assert openapi.main(["--check"]) == 0


def test_the_document_has_every_route_with_its_security() -> None:
    paths = openapi.document()["paths"]
    for route in ROUTES:
        operation = paths[route.path][route.method.lower()]
        assert operation["operationId"] == route.operation_id
        assert ("security" in operation) == bool(route.scopes)
        assert set(operation["responses"]) == {
            str(status) for status in (*route.replies, *route.problems)
        }


def test_the_contracts_are_written_from_the_messages_types(
    tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed = contracts.FOLDER
    monkeypatch.setattr(contracts, "FOLDER", tmp_path / "contracts")
    assert contracts.main() == 0
    for name in contracts.CONTRACTS:
        written = (tmp_path / "contracts" / f"{name}.json").read_text(encoding="utf-8")
        assert json.loads(written)["$id"] == name
        assert (committed / f"{name}.json").read_text(encoding="utf-8") == written


def test_the_changesets_are_those_of_the_services_as_they_are() -> None:
    assert changesets.main(["--check"]) == 0
    assert changesets.rendered(datetime.now(UTC)) == changesets.FILE.read_text(encoding="utf-8")


def test_changed_services_are_told_and_get_a_new_time(
    tmp_path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    jateng, semarang = map(config.load, config.jurisdiction_ids())
    fewer = changed(semarang, categories=semarang.categories[:-1])
    served = {"jateng": jateng, "semarang": fewer}
    monkeypatch.setattr(config, "load", served.__getitem__)
    monkeypatch.setattr(changesets, "FILE", tmp_path / "changesets.toml")
    assert changesets.main(["--check"]) == 1
    assert capsys.readouterr().out.count("Services of semarang changed") == 1
    assert changesets.main([]) == 0
    written = tomllib.loads(changesets.FILE.read_text(encoding="utf-8"))["changesets"]
    assert written["jateng"] == {
        "at": jateng.changesets["jateng"].at.isoformat(timespec="seconds"),
        "services": jateng.changesets["jateng"].services,
    }
    assert written["semarang"]["services"] == changesets.digest(fewer)
    assert datetime.fromisoformat(written["semarang"]["at"]) > semarang.changesets["semarang"].at
