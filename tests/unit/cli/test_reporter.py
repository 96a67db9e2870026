"""A reporter's rights by the command: found, exported, erased after a question, under one's own name."""

import io
import json

import pytest

OFFICER = "arn:aws:iam::123456789012:user/dpo"


class FakeRights:
    """The function: what it knows of complaints by number, and what it was asked."""

    def __init__(self):
        self.asked = []
        self.function_error = None
        self.refuses = None
        self.complaints = {"SMG-1": self.complaint("SMG-1", "closed")}
        self.alerts = {}

    @staticmethod
    def complaint(number, status, **changes):
        return {
            "complaint_id": number,
            "status": status,
            "erasure_requested_at": None,
            "erase_by": None,
            "erased_at": None,
            "contact": {"name": "Bu \x1b[31mTutik", "phone": "+628120000063", "email": None},
            "photos": [1],
            "notices": [],
            "processing": [1, 2],
            **changes,
        }

    def invoke(self, *, FunctionName, Payload):
        request = json.loads(Payload)
        self.asked.append((FunctionName, request))
        answer = {"Payload": io.BytesIO(json.dumps(self.answer(request)).encode())}
        return answer | ({"FunctionError": "Unhandled"} if self.function_error else {})

    def answer(self, request):
        if self.refuses:
            return {"problem": "invalid_input", "fields": self.refuses}
        named = request.get("complaint_ids") or (
            list(self.complaints) if "phone" in request else []
        )
        followed = request.get("alert_ids") or (list(self.alerts) if "phone" in request else [])
        return {
            "complaints": [self.one(request["action"], number) for number in named],
            "alerts": [self.alert(request["action"], name) for name in followed],
        }

    def alert(self, action, name):
        if action == "erase":
            return {"alert_id": name, "status": "forgotten"}
        return self.alerts[name]

    def one(self, action, number):
        if number not in self.complaints:
            return {"complaint_id": number, "problem": "not_found"}
        if action == "erase":
            self.complaints[number] |= {"erase_by": "2026-11-25T05:00:00Z"}
        return self.complaints[number]


class NamedSts:
    def get_caller_identity(self):
        return {"Arn": OFFICER}


@pytest.fixture(autouse=True)
def rights(cloud, monkeypatch):
    fake = FakeRights()
    client = cloud.client
    others = {"lambda": fake, "sts": NamedSts()}
    monkeypatch.setattr(
        cloud, "client", lambda service, **_: others.get(service) or client(service)
    )
    return fake


@pytest.fixture
def simpul(cloud, around, simpul, rights):
    around.make_client = cloud.client
    return simpul


def test_an_export_is_asked_for_under_ones_own_name(simpul, rights):
    shown = simpul("reporter", "export", "SMG-1", "--json")
    assert json.loads(shown.stdout) == [rights.complaints["SMG-1"]]
    ((_, request),) = rights.asked
    assert request == {"action": "export", "complaint_ids": ["SMG-1"], "by": OFFICER}


def test_an_export_in_short_steers_no_terminal(simpul):
    shown = simpul("reporter", "export", "--phone", "081200000063")
    assert "Bu [31mTutik, +628120000063" in shown.stdout
    assert "\x1b" not in shown.stdout
    assert "1 foto, 0 pemberitahuan, 2 catatan pemrosesan" in shown.stdout


def test_who_gave_no_contact_is_shown_so(simpul, rights):
    rights.complaints["SMG-1"]["contact"] = None
    assert "tanpa kontak" in simpul("reporter", "export", "SMG-1").stdout


def test_erasing_asks_first_and_shows_what(simpul, rights):
    asked = simpul("reporter", "erase", "SMG-1", stdin="n\n")
    assert asked.exit_code == 1
    assert "SMG-1  closed" in asked.stderr
    assert "Tidak bisa" in asked.stderr
    assert [request["action"] for _, request in rights.asked] == ["find"]


@pytest.mark.parametrize(("arguments", "stdin"), [(["--yes"], None), ([], "y\n")])
def test_erasing_erases_what_was_found(simpul, rights, arguments, stdin):
    done = simpul(
        "reporter", "erase", "--email", "tutik@example.id", "SMG-1", *arguments, stdin=stdin
    )
    assert "✓ SMG-1  paling lambat / by 2026-11-25T05:00:00Z" in done.stdout
    assert done.exit_code == 0
    find, erase = (request for _, request in rights.asked)
    assert find["email"] == "tutik@example.id"
    assert erase == {"action": "erase", "complaint_ids": ["SMG-1"], "by": OFFICER}


def test_what_was_erased_before_says_when(simpul, rights):
    rights.complaints["SMG-1"]["erased_at"] = "2026-11-20T05:00:00Z"
    done = simpul("reporter", "erase", "SMG-1", "--yes")
    assert "sudah dihapus / erased at 2026-11-20T05:00:00Z" in done.stdout


@pytest.mark.parametrize("command", ["export", "erase"])
def test_what_is_not_there_is_named_and_the_rest_is_done(simpul, command):
    done = simpul("reporter", command, "SMG-1", "SMG-2", *(["--yes"] if command == "erase" else []))
    assert done.exit_code == 1
    assert "✗ SMG-2  tidak ada / there is none" in done.stdout
    assert "SMG-1" in done.stdout


def test_nothing_to_erase_asks_nothing(simpul, rights):
    done = simpul("reporter", "erase", "SMG-2", "--json")
    assert json.loads(done.stdout) == [{"complaint_id": "SMG-2", "problem": "not_found"}]
    assert done.exit_code == 1
    assert len(rights.asked) == 1


def test_somebody_must_be_named(simpul, rights):
    refused = simpul("reporter", "export")
    assert refused.exit_code == 1
    assert "Sebutkan nomor laporan" in refused.stderr
    assert rights.asked == []


def test_a_stranger_is_told_so(simpul, rights):
    rights.complaints.clear()
    refused = simpul("reporter", "export", "--phone", "081200000064")
    assert "Tidak ada laporan yang cocok" in refused.stderr


def test_what_the_function_does_not_accept_is_named(simpul, rights):
    rights.refuses = ["phone"]
    assert "Periksa: phone." in simpul("reporter", "export", "--phone", "12").stderr


def test_a_function_that_fails_is_one_sentence(simpul, rights):
    rights.function_error = True
    failed = simpul("reporter", "export", "SMG-1")
    assert failed.exit_code == 1
    assert "Fungsi hak pelapor gagal" in failed.stderr


ALERT = {
    "alert_id": "7ZK3Q9M4T0XWH7ZK-3Q9M4T0XWH",
    "address": "+628120000063",
    "radius_m": 500,
    "lat": -6.99,
    "long": 110.42,
}


def test_what_an_address_follows_is_shown_and_forgotten_with_its_complaints(simpul, rights):
    rights.alerts = {ALERT["alert_id"]: ALERT}
    shown = simpul("reporter", "export", "--phone", "+628120000063")
    assert "follows 500 m, -6.99, 110.42" in shown.output
    assert "+628120000063" in shown.output
    asked = simpul("reporter", "erase", "--phone", "+628120000063", stdin="y\n")
    assert asked.exit_code == 0, asked.output
    assert ALERT["alert_id"] in asked.output
    _, request = rights.asked[-1]
    assert (request["complaint_ids"], request["alert_ids"]) == (["SMG-1"], [ALERT["alert_id"]])


def test_an_address_that_only_follows_a_place_is_forgotten_too(simpul, rights):
    rights.complaints, rights.alerts = {}, {ALERT["alert_id"]: ALERT}
    erased = simpul("reporter", "erase", "--phone", "+628120000063", "--yes", "--json")
    assert json.loads(erased.stdout) == [{"alert_id": ALERT["alert_id"], "status": "forgotten"}]


def test_an_alert_that_is_gone_is_told_by_its_name(simpul, rights):
    rights.complaints = {}
    rights.alerts = {ALERT["alert_id"]: {"alert_id": ALERT["alert_id"], "problem": "not_found"}}
    gone = simpul("reporter", "export", "--phone", "+628120000063")
    assert gone.exit_code == 1
    assert ALERT["alert_id"] in gone.output
