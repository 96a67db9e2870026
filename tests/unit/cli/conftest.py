"""A deployment in memory: the API, the sign-in and the queues, as far as the command uses them."""

import base64
import hashlib
import json
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import httpx
import pytest
from typer.testing import CliRunner

from cli import outputs
from cli.main import app
from cli.surroundings import Surroundings

NOON = "2026-11-22T05:00:00.000+00:00"
NEXT_SECOND = "2026-11-22T05:00:01.250+00:00"

OUTPUTS = outputs.Outputs(
    api_url="http://cloud.test/v1",
    open311_url="http://cloud.test/v1/open311/v2",
    gbfs_url="http://cloud.test/v1/gbfs/3.0/gbfs.json",
    region="ap-southeast-3",
    endpoint_url="http://cloud.test",
    user_pool_id="pool",
    token_url="http://cloud.test/oauth2/token",
    authorize_url="http://cloud.test/oauth2/authorize",
    officers_client_id="officers",
    officers_callback_url="http://localhost:8765/callback",
    agencies={
        code: outputs.AgencyOutputs(
            queue_url=f"q/{code}",
            dlq_url=f"q/{code}-dlq",
            role_arn=role,
            external_id=f"simpul-local-{code}",
            client_id=client,
        )
        for code, role, client in (
            ("semarang-dpu", "arn:dpu", "client-dpu"),
            ("semarang-dlh", "arn:dlh", None),
            ("jateng-sp4n", None, None),
        )
    },
    tables=outputs.Tables(
        complaints="complaints",
        reporters="reporters",
        payments="payments",
        ledger="ledger",
        shelters="shelters",
    ),
    queues=outputs.Queues(
        outbox_failures="q/of",
        shelters_outbox_failures="q/shelters-of",
        **{
            f"{name}{suffix}": f"q/{name}{suffix.replace('_', '-')}"
            for name in (
                *("routing", "notices", "photos", "erasures", "payments", "settlements"),
                *("movements", "evaluation", "shelter_alerts"),
            )
            for suffix in ("", "_dlq")
        },
    ),
    buckets={"photos": "photos", "open_data": "open-data", "payments": "payments"},
    partners_prefix="simpul/local/partners/",
    payments=outputs.Payments(
        clients={
            "semarang-loket": outputs.Client(
                jurisdiction_id="semarang", client_id="loket", scopes=("orders/write",)
            )
        },
        keys_prefix="simpul/local/payments/",
        provider_url="http://127.0.0.1:4646",
    ),
    fleets={},
)


class FakeSqs:
    """Queues with handles; a received message stays until it is deleted, hidden until put back."""

    most_receives = 1000

    def __init__(self):
        self.received = []
        self.visibility = []
        self.queues = defaultdict(list)
        self.deleted = []
        self.hidden = set()
        self.sent = 0

    def send_message(self, *, QueueUrl, MessageBody, MessageAttributes=None):
        self.sent += 1
        handle = f"{QueueUrl}#{self.sent}"
        self.queues[QueueUrl].append(
            {
                "Body": MessageBody,
                "ReceiptHandle": handle,
                "Attributes": {"ApproximateReceiveCount": "0"},
            }
        )

    def receive_message(self, *, QueueUrl, MaxNumberOfMessages, **request):
        self.received.append({"MaxNumberOfMessages": MaxNumberOfMessages, **request})
        ready = [m for m in self.queues[QueueUrl] if m["ReceiptHandle"] not in self.hidden]
        taken = ready[:MaxNumberOfMessages]
        self.hidden |= {m["ReceiptHandle"] for m in taken}
        for message in taken:
            count = int(message["Attributes"]["ApproximateReceiveCount"]) + 1
            message["Attributes"]["ApproximateReceiveCount"] = str(count)
        return {"Messages": taken} if taken else {}

    def delete_message(self, *, QueueUrl, ReceiptHandle):
        self.deleted.append(ReceiptHandle)
        kept = [m for m in self.queues[QueueUrl] if m["ReceiptHandle"] != ReceiptHandle]
        self.queues[QueueUrl] = kept

    def change_message_visibility(self, *, QueueUrl, ReceiptHandle, VisibilityTimeout):
        self.visibility.append((ReceiptHandle, VisibilityTimeout))
        if VisibilityTimeout == 0:
            self.hidden.discard(ReceiptHandle)

    def get_queue_attributes(self, *, QueueUrl, AttributeNames):
        if AttributeNames == ["RedrivePolicy"]:
            policy = {"maxReceiveCount": self.most_receives}
            return {"Attributes": {"RedrivePolicy": json.dumps(policy)}}
        return {"Attributes": dict.fromkeys(AttributeNames, "0")} | {
            "Attributes": {
                "ApproximateNumberOfMessages": str(len(self.queues[QueueUrl])),
                "ApproximateNumberOfMessagesNotVisible": "0",
            }
        }


class FakeSts:
    """Hands out credentials and counts how often."""

    def __init__(self):
        self.asked = []
        self.lasts = timedelta(hours=1)

    def assume_role(self, **request):
        self.asked.append(request)
        return {
            "Credentials": {
                "AccessKeyId": "A",
                "SecretAccessKey": "S",
                "SessionToken": "T",
                "Expiration": datetime.now(UTC) + self.lasts,
            }
        }


class FakeCognito:
    """A user pool that knows the groups of three agencies and one desk."""

    class exceptions:
        class ResourceNotFoundException(Exception):
            pass

        class UsernameExistsException(Exception):
            pass

    def __init__(self):
        self.groups = {"operator", "operator:semarang", "agency:semarang-dlh"}
        self.passwords = {}
        self.members = defaultdict(set)

    def describe_user_pool_client(self, *, UserPoolId, ClientId):
        return {"UserPoolClient": {"ClientSecret": f"secret of {ClientId}"}}

    def describe_user_pool(self, *, UserPoolId):
        return {"UserPool": {"Domain": f"{UserPoolId}-domain"}}

    def get_group(self, *, UserPoolId, GroupName):
        if GroupName not in self.groups:
            raise self.exceptions.ResourceNotFoundException

    def admin_create_user(self, *, Username, **_):
        if Username in self.passwords:
            raise self.exceptions.UsernameExistsException
        self.passwords[Username] = None

    def admin_set_user_password(self, *, Username, Password, **_):
        self.passwords[Username] = Password

    def admin_add_user_to_group(self, *, Username, GroupName, **_):
        self.members[GroupName].add(Username)


def refused(status, code, title=""):
    return httpx.Response(status, json={"code": code, "title": title})


class FakeCloud:
    """All of it together. `routes` says which agency gets a category; others get none."""

    def __init__(self):
        self.sqs = FakeSqs()
        self.sts = FakeSts()
        self.cognito = FakeCognito()
        self.routes = {"jalan-rusak": "semarang-dpu", "sampah": "semarang-dlh"}
        self.complaints = {}
        self.receipts = {}
        self.codes = {}
        self.tokens = {}
        self.actions = []
        self.taken = {}
        self.refuse_next = []
        self.sign_in_works = True
        self.token_works = True

    def client(self, service, **_):
        return {"sqs": self.sqs, "sts": self.sts, "cognito-idp": self.cognito}[service]

    def handle(self, request):
        path = request.url.path
        if self.refuse_next:
            status, body = self.refuse_next.pop()
            return httpx.Response(status, json=body)
        if path.startswith("/oauth2") or path == "/login":
            return self._signin(request, path)
        if request.method == "GET":
            return self._read(path)
        if path.endswith("/actions"):
            return self._act(request, path.split("/")[-2])
        return self._submit(request)

    def _read(self, path):
        found = self.complaints.get(path.rsplit("/", 1)[-1])
        of_agency = path.startswith("/v1/agencies/") and path.split("/")[3]
        if found is None or (of_agency and found["agency"]["code"] != of_agency):
            return refused(404, "not_found", "Tidak ditemukan")
        return httpx.Response(200, json=found)

    def _submit(self, request):
        submission = json.loads(request.content)
        key = request.headers.get("Idempotency-Key", str(len(self.receipts)))
        if key in self.receipts:
            return httpx.Response(200, json=self.receipts[key])
        number = f"SMG-{len(self.receipts) + 1}"
        agency = self.routes.get(submission.get("service_code"))
        self.complaints[number] = {
            "complaint_id": number,
            "status": "assigned" if agency else "received",
            "version": 2,
            "description": submission["description"],
            "service_code": submission.get("service_code"),
            "service_name": None,
            "agency": agency and {"code": agency, "name": agency.upper()},
            "assignment": agency and {"no": 1},
            "because": agency and "kategorinya [begitu]",
            "timeline": [],
            "created_at": NOON,
            "updated_at": NEXT_SECOND,
        }
        self.receipts[key] = {"complaint_id": number, "tracking_token": f"token-{number}"}
        if agency:
            self.deliver(number, agency)
        return httpx.Response(201, json=self.receipts[key])

    def deliver(self, number, agency):
        message = {
            "type": "complaint_assigned.v1",
            "message_id": f"{number}:1",
            "complaint_id": number,
            "assignment_no": 1,
            "version": 2,
            "agency": agency,
            "service_code": "jalan-rusak",
            "service_name": {"id": "Jalan rusak", "en": "Damaged road"},
            "description": "Jalan berlubang [parah]",
            "because": {"id": "karena", "en": "because"},
            "lat": -6.98,
            "long": 110.42,
        }
        self.sqs.send_message(QueueUrl=f"q/{agency}", MessageBody=json.dumps(message))

    def tell(self, number, agency, **news):
        message = {
            "type": "complaint_changed.v1",
            "message_id": f"{number}:v3",
            "complaint_id": number,
            "assignment_no": 1,
            "version": 3,
            "agency": agency,
            "action": "answer",
            "status": "in_progress",
            "note": "Di depan [nomor] 12",
            "photos": 2,
            **news,
        }
        self.sqs.send_message(QueueUrl=f"q/{agency}", MessageBody=json.dumps(message))

    def _act(self, request, number):
        body = json.loads(request.content)
        self.actions.append((number, body, request.headers["Authorization"]))
        complaint = self.complaints[number]
        if before := self.taken.get(body["action_id"]):
            same, answer = before[0] == body, before[1]
            return httpx.Response(200, json=answer) if same else refused(409, "action_id_reused")
        if complaint["assignment"]["no"] != body["assignment_no"]:
            return refused(409, "stale_assignment", "Sudah dialihkan")
        if complaint["version"] != body["expected_version"]:
            return refused(409, "version_conflict")
        may = {"accept": {"assigned"}, "resolve": {"accepted", "in_progress"}}[body["action"]]
        if complaint["status"] not in may:
            return refused(409, "illegal_action")
        complaint["version"] += 1
        complaint["status"] = {"accept": "accepted", "resolve": "resolved"}[body["action"]]
        self.taken[body["action_id"]] = (body, dict(complaint))
        event = {"at": NOON, "status": complaint["status"], "note": body.get("public_note")}
        complaint["timeline"].append(event)
        return httpx.Response(200, json=complaint)

    def _signin(self, request, path):
        if path == "/oauth2/authorize":
            return httpx.Response(200 if self.sign_in_works else 400, text="halaman")
        form = dict(parse_qsl(request.content.decode()))
        if path == "/login":
            if self.cognito.passwords.get(form["username"]) != form["password"]:
                return httpx.Response(200, text="Incorrect username or password.")
            self.codes["the-code"] = form
            where = f"{form['redirect_uri']}?code=the-code&state={form['state']}"
            return httpx.Response(302, headers={"location": where})
        if not self.token_works:
            return httpx.Response(400, json={"error": "invalid_grant"})
        if form["grant_type"] == "authorization_code":
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            assert self.codes[form["code"]]["code_challenge"] == challenge
            return httpx.Response(200, json={"access_token": "an-officers-token"})
        assert request.headers["Authorization"].startswith("Basic ")
        return httpx.Response(200, json={"access_token": f"a-{form['scope']}-token"})


@pytest.fixture
def cloud():
    return FakeCloud()


@pytest.fixture
def around(tmp_path, cloud):
    outputs.save(OUTPUTS, tmp_path / "outputs.json")
    return Surroundings(
        state_dir=tmp_path,
        outputs_path=tmp_path / "outputs.json",
        make_client=cloud.client,
        http=httpx.Client(transport=httpx.MockTransport(cloud.handle)),
    )


@pytest.fixture
def simpul(around):
    """Run the command as a user would and return what it printed and its exit status."""
    runner = CliRunner()

    def run(*arguments, stdin=None):
        return runner.invoke(app, list(arguments), obj=around, input=stdin)

    return run
