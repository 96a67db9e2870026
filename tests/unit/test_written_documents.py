"""What is generated into the repository is as its sources say: the API's document, the contracts."""

import json

import pytest

from infra import contracts, openapi
from infra.routes import ROUTES


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
