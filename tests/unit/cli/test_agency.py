"""An agency's work on its queue, natively and by its machine client."""

import json
from datetime import timedelta

import pytest

from cli.agency_work import AgencyWork
from cli.api import Refused

ROAD = ("complaint", "submit", "-d", "Jalan berlubang", "-c", "jalan-rusak")
WASTE = ("complaint", "submit", "-d", "Sampah menumpuk", "-c", "sampah")


def test_an_assignment_is_shown_and_left_in_the_queue(simpul, cloud):
    simpul(*ROAD)
    heard = simpul("agency", "listen", "semarang-dpu", "--once")
    assert heard.exit_code == 0
    assert "Jalan berlubang [parah]" in heard.stdout
    assert cloud.sqs.deleted == []
    assert cloud.actions == []


def test_the_queue_is_polled_with_the_agencys_own_role(simpul, cloud):
    simpul("agency", "listen", "semarang-dpu", "--once")
    assert cloud.sts.asked[0]["RoleArn"] == "arn:dpu"
    assert cloud.sts.asked[0]["ExternalId"] == "simpul-local-semarang-dpu"


def test_accepting_deletes_the_message(simpul, cloud):
    simpul(*ROAD)
    heard = simpul("agency", "listen", "semarang-dpu", "--once", "--accept", "--json")
    assert json.loads(heard.stdout)["outcome"] == "accepted"
    assert cloud.sqs.queues["q/semarang-dpu"] == []
    number, body, authorization = cloud.actions[0]
    assert (number, body["action"], body["expected_version"]) == ("SMG-1", "accept", 2)
    assert authorization == "Bearer a-agency/work-token"


def test_an_agency_without_a_machine_client_acts_as_its_officer(simpul, cloud):
    simpul(*WASTE)
    simpul("agency", "listen", "semarang-dlh", "--once", "--accept")
    assert cloud.actions[0][2] == "Bearer an-officers-token"
    assert cloud.cognito.members["agency:semarang-dlh"] == {"petugas.agency.semarang-dlh"}


def test_an_answer_accepts_first_and_reaches_the_citizen(simpul, cloud):
    simpul(*ROAD)
    simpul("agency", "listen", "semarang-dpu", "--once", "--answer", "Sudah ditambal.")
    accept, resolve = (body for _, body, _ in cloud.actions)
    assert resolve["expected_version"] == accept["expected_version"] + 1
    assert cloud.complaints["SMG-1"]["timeline"][-1]["note"] == "Sudah ditambal."


def test_the_same_message_again_repeats_the_same_action(simpul, cloud):
    simpul(*ROAD)
    cloud.deliver("SMG-1", "semarang-dpu")
    simpul("agency", "listen", "semarang-dpu", "--once", "--accept")
    assert len({body["action_id"] for _, body, _ in cloud.actions}) == 1
    assert cloud.complaints["SMG-1"]["version"] == 3


def test_another_refusal_keeps_the_message(simpul, cloud):
    simpul(*ROAD)
    cloud.token_works = False
    assert simpul("agency", "listen", "semarang-dpu", "--once", "--accept").exit_code == 1
    assert len(cloud.sqs.queues["q/semarang-dpu"]) == 1


def test_listening_ends_after_so_many(simpul, cloud):
    for _ in range(3):
        simpul(*ROAD)
    heard = simpul("agency", "listen", "semarang-dpu", "--max", "2", "--accept", "--json")
    assert len(heard.stdout.splitlines()) == 2
    assert len(cloud.sqs.queues["q/semarang-dpu"]) == 1


def test_ctrl_c_ends_listening_without_a_traceback(simpul, cloud):
    def interrupted(**_):
        raise KeyboardInterrupt

    cloud.sqs.receive_message = interrupted
    heard = simpul("agency", "listen", "semarang-dpu")
    assert heard.exit_code == 0
    assert "Selesai" in heard.stderr


@pytest.mark.parametrize(
    ("typed", "statuses"),
    [("t\n", ["accept"]), ("j\nSudah beres\n", ["accept", "resolve"]), ("l\n", [])],
)
def test_at_a_terminal_the_officer_is_asked(simpul, cloud, monkeypatch, typed, statuses):
    monkeypatch.setattr("cli.agency._at_a_terminal", lambda: True)
    simpul(*ROAD)
    simpul("agency", "listen", "semarang-dpu", "--once", stdin=typed)
    assert [body["action"] for _, body, _ in cloud.actions] == statuses


def test_role_credentials_are_renewed_before_they_end(around, cloud):
    work = AgencyWork("semarang-dpu", around)
    cloud.sts.lasts = timedelta(minutes=4)
    work.receive(wait_s=0)
    work.receive(wait_s=0)
    assert len(cloud.sts.asked) == 2


def test_a_token_that_has_run_out_is_renewed(simpul, around, cloud):
    simpul(*ROAD)
    simpul(*ROAD)
    work = AgencyWork("semarang-dpu", around)
    first, second = work.receive(wait_s=0)
    work.accept(first)
    cloud.refuse_next.append((401, {"message": "The incoming token has expired"}))
    assert work.accept(second).status == "accepted"


def test_a_token_that_is_refused_otherwise_is_an_error(simpul, around, cloud):
    simpul(*ROAD)
    work = AgencyWork("semarang-dpu", around)
    [assignment] = work.receive(wait_s=0)
    work.accept(assignment)
    cloud.refuse_next.append((403, {"message": "Forbidden"}))
    with pytest.raises(Refused, match="403"):
        work.accept(assignment)


def test_an_agency_without_a_role_is_told_so(simpul):
    heard = simpul("agency", "listen", "jateng-sp4n", "--once")
    assert heard.exit_code == 1
    assert "principals" in heard.stderr


def test_an_unknown_agency_is_told_the_ones_like_it(simpul):
    heard = simpul("agency", "listen", "jateng-dpu")
    assert heard.exit_code == 1
    assert "semarang-dpu" in heard.stderr
    assert "semarang-dlh" in simpul("agency", "listen", "x").stderr


def test_credentials_are_fetched_and_never_kept(simpul, around):
    shown = simpul("agency", "credentials", "semarang-dpu", "--json")
    assert json.loads(shown.stdout) == {
        "client_id": "client-dpu",
        "client_secret": "secret of client-dpu",
        "token_url": "http://cloud.test/oauth2/token",
        "scope": "agency/work",
    }
    assert "secret of client-dpu" in simpul("agency", "credentials", "semarang-dpu").stdout
    assert "secret" not in around.outputs_path.read_text()


def test_credentials_become_a_token(simpul):
    shown = simpul("agency", "credentials", "semarang-dpu", "--token")
    assert shown.stdout == "a-agency/work-token\n"
    as_json = simpul("agency", "credentials", "semarang-dpu", "--token", "--json")
    assert json.loads(as_json.stdout)["access_token"] == "a-agency/work-token"


def test_an_agency_without_a_machine_client_is_told_the_other_way(simpul):
    shown = simpul("agency", "credentials", "semarang-dlh")
    assert shown.exit_code == 1
    assert "simpul agency listen semarang-dlh" in shown.stderr


@pytest.mark.parametrize(
    ("vehicle", "line"),
    [
        ({"vehicle_code": "GJK-1", "vehicle_known": True}, "kendaraan: GJK-1\n"),
        ({"vehicle_code": "GJK-1", "vehicle_known": False}, "GJK-1 (tidak terdaftar"),
        ({"vehicle_code": None}, None),
    ],
)
def test_an_officer_sees_the_vehicle_and_whether_it_is_known(simpul, cloud, vehicle, line):
    cloud.deliver("SMG-1", "semarang-dpu")
    (message,) = cloud.sqs.queues["q/semarang-dpu"]
    message["Body"] = json.dumps(json.loads(message["Body"]) | vehicle)
    cloud.complaints["SMG-1"] = {}
    shown = "\n".join(
        one.strip(" │")
        for one in simpul("agency", "listen", "semarang-dpu", "--once").stdout.splitlines()
    )
    assert (line in shown + "\n") if line else ("kendaraan" not in shown)
