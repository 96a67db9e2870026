"""The demo: what it does, and what it says came of it."""

import json
from uuid import uuid4

import pytest

from cli import main_job
from cli.agency_work import AgencyWork
from cli.api import Api
from cli.main_job import MainJob, read_samples
from cli.screen import out
from tests.unit.cli.conftest import refused

SAMPLES = [
    ("S1", "frozen", "semarang-dpu", "jalan-rusak"),
    ("S2", "frozen", "semarang-dlh", "sampah"),
    ("S3", "open", "semarang-dlh", "jalan-rusak"),
    ("S4", "open", "semarang-dpu", "jalan-rusak"),
    ("S5", "open", "semarang-dpu", "jalan-rusak"),
    ("S6", "open", "semarang-dpu", "jalan-rusak"),
]


@pytest.fixture
def samples(tmp_path):
    file = tmp_path / "samples.jsonl"
    lines = [
        {
            "id": number,
            "set": half,
            "expected_agency": agency,
            "submission": {"description": f"Aduan\n{number} [x]", "service_code": category},
        }
        for number, half, agency, category in SAMPLES
    ]
    file.write_text("\n".join(json.dumps(line) for line in lines) + "\n\n")
    return file


@pytest.fixture
def demo(simpul, samples):
    return lambda *arguments: simpul("demo", "--samples", str(samples), *arguments)


def test_the_demo_tells_what_happened_and_where_to_go_next(demo):
    ran = demo()
    assert ran.exit_code == 0, ran.output
    assert "6 aduan, 0 hilang" in ran.stdout
    assert "simpul agency listen semarang-dpu" in ran.stdout
    assert "jalan-rusak: Aduan S1 [x]" in ran.stdout


@pytest.mark.parametrize("columns", [80, 140])
def test_the_account_is_whole_at_any_width_with_its_summary_last(
    demo, samples, monkeypatch, columns
):
    monkeypatch.setattr("cli.demo.WIDTH_IN_A_FILE", columns)
    monkeypatch.setattr(out, "width", columns)
    lines = demo().stdout.splitlines()
    told, summary = (
        next(number for number, line in enumerate(lines) if text in line)
        for text in ("✓ SMG-1", "6 aduan, 0 hilang")
    )
    assert told < summary
    assert all(len(line) <= columns for line in lines[:summary])
    head, words, why = lines[told : told + 3]
    assert head.split() == ["✓", "SMG-1", "resolved", "12:00:00", "+1.2", "s", "→", "semarang-dpu"]
    assert words.startswith("  jalan-rusak: Aduan S1")
    assert why.rstrip() == "  kategorinya [begitu]"


def test_a_machine_reads_the_same(demo):
    told = json.loads(demo("--json").stdout)
    assert (told["complaints"], told["lost"]) == (6, 0)
    assert told["accuracy_frozen"] == 1
    assert told["accuracy_open"] == 0.75
    assert told["seconds_to_agency"] == {"median": 1.25, "slowest": 1.25}
    assert told["answering"] == ["semarang-dpu", "semarang-dlh"]


def test_agencies_accept_all_and_answer_most(demo):
    told = json.loads(demo("--json").stdout)
    assert told["statuses"] == {"resolved": 5, "accepted": 1}


def test_a_second_run_submits_anew(demo, cloud):
    demo()
    demo()
    assert len(cloud.complaints) == 12


def test_a_lost_complaint_is_an_error(demo, cloud, monkeypatch):
    monkeypatch.setattr(main_job, "ROUTED_WITHIN_S", 0)
    cloud.routes.pop("sampah")
    ran = demo()
    assert ran.exit_code == 1
    assert "1 aduan tidak sampai" in ran.stderr
    assert "hilang / lost" in ran.stdout


def test_nothing_routed_at_all_is_still_told(demo, cloud, monkeypatch):
    monkeypatch.setattr(main_job, "ROUTED_WITHIN_S", 0)
    cloud.routes.clear()
    assert json.loads(demo("--json").stdout.splitlines()[0])["seconds_to_agency"]["median"] is None
    assert "0%" in demo().stdout


def test_what_is_slow_is_waited_for_with_a_deadline(around, cloud, samples):
    slept = []

    def sleep(seconds):
        slept.append(seconds)
        for complaint in cloud.complaints.values():
            complaint["agency"] = {"code": "semarang-diskominfo"}

    cloud.routes.clear()
    job = MainJob(
        api=Api(around.outputs.api_url, around.http),
        work_of=lambda code: AgencyWork(code, around),
        progress=lambda stage, done, total: None,
        run_id=uuid4(),
        sleep=sleep,
    )
    result = job.run(read_samples(samples))
    assert slept == [main_job.PAUSE_S]
    assert result.answering == []
    assert result.lost == []


def test_an_agency_whose_assignment_is_outdated_goes_on(demo, cloud):
    inner = cloud._act
    moved: list[str] = []

    def act(request, number):
        if number == "SMG-1" and not moved:
            moved.append(number)
            return refused(409, "stale_assignment")
        return inner(request, number)

    cloud._act = act
    assert demo().exit_code == 0
    assert cloud.complaints["SMG-1"]["status"] == "assigned"


def test_news_in_a_queue_is_taken_note_of(demo, cloud):
    cloud.tell("SMG-9", "semarang-dpu")
    assert demo().exit_code == 0
    assert cloud.sqs.queues["q/semarang-dpu"] == []
    assert "SMG-9" not in {number for number, _, _ in cloud.actions}


def test_an_answer_that_never_comes_ends_at_the_deadline(demo, cloud, monkeypatch):
    monkeypatch.setattr(main_job, "ANSWERED_WITHIN_S", 0)
    told = json.loads(demo("--json").stdout)
    assert told["statuses"] == {"assigned": 6}


@pytest.mark.parametrize("content", [None, "{", '{"id": "S1"}', "[1]"])
def test_unreadable_samples_are_one_sentence(simpul, tmp_path, content):
    file = tmp_path / "x.jsonl"
    if content is not None:
        file.write_text(content)
    ran = simpul("demo", "--samples", str(file))
    assert ran.exit_code == 1
    assert "x.jsonl" in ran.stderr.replace("\n", "")
