"""What shelter officers see and do by the command."""

import json
from typing import Any, ClassVar

import pytest

from cli import shelters
from cli.screen import CannotContinue, out

TUGU_MUDA = {
    "shelter_id": "semarang-tugu-muda",
    "name": "Tugu Muda",
    "jurisdiction_id": "semarang",
    "district": "Semarang Selatan",
    "state": "over",
    "seq": 3,
    "since": "2026-11-20T05:00:30.000Z",
    "occupancy": {"motorcycle": 44},
    "capacity": {"motorcycle": 40, "car": 6},
    "acknowledged_by": None,
    "silenced_until": None,
}
CALM = TUGU_MUDA | {
    "shelter_id": "semarang-kota-lama",
    "name": "Kota Lama",
    "state": "normal",
    "seq": 0,
}
CALM |= {"since": None}


@pytest.fixture(name="api", autouse=True)
def _api(monkeypatch):
    """An API that lists two shelters and takes what is posted."""

    class Api:
        posted: ClassVar[list[tuple[str, Any, str]]] = []
        queries: ClassVar[list[Any]] = []
        listed: ClassVar[list[Any]] = [dict(TUGU_MUDA), dict(CALM)]

        def __init__(self, url: str, http: Any) -> None:
            pass

        def get(self, path: str, *, token: str, query: Any = None) -> Any:
            assert (path, token) == ("/shelters/watch", "token of shelter_officer")
            Api.queries.append(query)
            return {"shelters": Api.listed}

        def post(self, path: str, body: Any, *, token: str) -> Any:
            Api.posted.append((path, body, token))
            if "nowhere" in path:
                raise CannotContinue("Tidak ditemukan. / Not found.")
            minutes = body.get("minutes")
            until = "2026-11-20T06:30:00.000Z" if minutes else None
            return TUGU_MUDA | {"silenced_until": until}

    monkeypatch.setattr(shelters, "Api", Api)
    monkeypatch.setattr(shelters, "officer_token", lambda _, group, *__: f"token of {group}")
    monkeypatch.setattr("cli.shelters.time.sleep", lambda _: None)
    Api.posted, Api.queries = [], []
    return Api


def test_those_that_are_not_normal_are_shown_and_the_others_counted(simpul):
    shown = simpul("shelters", "status").stdout
    assert "Tugu Muda" in shown
    assert "motorcycle 44/40" in shown
    assert "car 0/6" in shown
    assert "Kota Lama" not in shown
    assert "1 titik kumpul normal" in shown


def test_how_many_are_in_it_is_whole_in_a_narrow_terminal(simpul, monkeypatch):
    monkeypatch.setattr(out, "width", 60)
    assert "motorcycle 44/40" in simpul("shelters", "status").stdout


@pytest.mark.parametrize("state", ["over", "full", "warning", "unknown", "normal"])
def test_at_80_columns_the_id_is_whole_the_state_a_word_and_the_time_the_citys(
    simpul, api, monkeypatch, state
):
    monkeypatch.setattr(out, "width", 80)
    longest = "jateng-bandara-adi-soemarmo"
    api.listed = [TUGU_MUDA | {"shelter_id": longest, "state": state, "occupancy": {}}]
    shown = simpul("shelters", "status", "--all").stdout
    cells = [cell.strip() for line in shown.splitlines() for cell in line.split("│")]
    assert {longest, state, "20-11 12:00"} <= set(cells)
    assert "[" not in shown


def test_all_are_shown_and_one_jurisdiction_asked_for_if_wanted(simpul, api):
    shown = simpul("shelters", "status", "--all", "-j", "semarang").stdout
    assert "Kota Lama" in shown
    assert api.queries == [{"jurisdiction_id": "semarang"}]


def test_a_machine_reads_all_that_the_api_says(simpul):
    assert json.loads(simpul("shelters", "status", "--json").stdout)["shelters"] == [
        TUGU_MUDA,
        CALM,
    ]


def test_who_watches_sees_a_table_or_only_what_changed(simpul):
    assert "Tugu Muda" in simpul("shelters", "watch", "--times", "2").stdout
    lines = simpul("shelters", "watch", "--times", "3", "--json").stdout.splitlines()
    assert [json.loads(line)["shelter_id"] for line in lines] == [
        "semarang-tugu-muda",
        "semarang-kota-lama",
    ]


def test_the_newest_news_are_taken_up_unless_others_are_named(simpul, api):
    assert "Tugu Muda: diambil alih" in simpul("shelters", "ack", "semarang-tugu-muda").stdout
    simpul("shelters", "ack", "semarang-tugu-muda", "--seq", "2")
    path = "/shelters/semarang-tugu-muda/acknowledgements"
    assert [one[:2] for one in api.posted] == [(path, {"seq": 3}), (path, {"seq": 2})]


def test_a_silence_says_until_when_and_is_ended(simpul, api):
    said = simpul("shelters", "silence", "semarang-tugu-muda", "-m", "90").stdout
    assert "2026-11-20 13:30 WIB" in said
    assert "tidak diam" in simpul("shelters", "silence", "semarang-tugu-muda", "-m", "0").stdout
    done = simpul("shelters", "silence", "semarang-tugu-muda", "--json").stdout
    assert json.loads(done)["shelter_id"] == "semarang-tugu-muda"
    assert [one[1]["minutes"] for one in api.posted] == [90, 0, 60]


def test_what_the_table_says_of_who_took_it_up_and_of_silence(simpul, api):
    api.listed = [
        TUGU_MUDA | {"acknowledged_by": "officer:1", "silenced_until": "2026-11-20T06:30:00.000Z"}
    ]
    shown = simpul("shelters", "status").stdout
    assert "officer:1" in shown
    assert "13:30" in shown
    assert "normal" not in shown.splitlines()[-1]


def test_a_refusal_is_one_sentence(simpul):
    refused = simpul("shelters", "silence", "semarang-nowhere")
    assert (refused.exit_code, "Tidak ditemukan" in refused.stderr) == (1, True)
