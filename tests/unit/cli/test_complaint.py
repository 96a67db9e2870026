"""Submitting a complaint and following it."""

import json

import httpx
import pytest

KEY = "5b1f6a0e-6b0a-4d0e-9d52-0a3f0f3c2a11"


def test_a_complaint_is_submitted_and_can_be_followed(simpul):
    sent = simpul("complaint", "submit", "-d", "Jalan berlubang", "-c", "jalan-rusak")
    assert sent.exit_code == 0
    assert "simpul complaint show SMG-1 --token token-SMG-1" in sent.stdout
    shown = simpul("complaint", "show", "SMG-1", "--token", "token-SMG-1")
    assert "SEMARANG-DPU (semarang-dpu)" in shown.stdout


def test_without_contact_a_complaint_is_anonymous(simpul, around, cloud):
    bodies = []

    def listening(request):
        bodies.append(json.loads(request.content))
        return cloud.handle(request)

    around.http = httpx.Client(transport=httpx.MockTransport(listening))
    simpul("complaint", "submit", "-d", "Sampah menumpuk")
    simpul("complaint", "submit", "-d", "Sampah menumpuk", "--name", "Budi", "--phone", "0812")
    assert bodies[0]["anonymous"] is True
    assert bodies[1]["anonymous"] is False
    assert bodies[1]["contact"] == {"name": "Budi", "phone": "0812"}


def test_the_same_key_gives_the_same_receipt(simpul):
    receipts = {
        simpul("complaint", "submit", "-d", "Lampu mati", "--key", KEY, "--json").stdout
        for _ in range(2)
    }
    assert len(receipts) == 1


def test_a_submission_is_read_from_a_file_or_from_stdin(simpul, tmp_path):
    body = json.dumps({"jurisdiction_id": "semarang", "description": "Banjir"})
    (tmp_path / "aduan.json").write_text(body)
    assert simpul("complaint", "submit", "--file", str(tmp_path / "aduan.json")).exit_code == 0
    assert simpul("complaint", "submit", "--file", "-", stdin=body).exit_code == 0


@pytest.mark.parametrize("content", ["{", "[]", None])
def test_an_unreadable_file_is_one_sentence(simpul, tmp_path, content):
    file = tmp_path / "aduan.json"
    if content is not None:
        file.write_text(content)
    refused = simpul("complaint", "submit", "--file", str(file))
    assert refused.exit_code == 1
    assert "aduan.json" in refused.stderr
    assert "Traceback" not in refused.output


def test_a_complaint_without_words_is_not_sent(simpul, cloud):
    assert simpul("complaint", "submit").exit_code == 1
    assert cloud.complaints == {}


def test_the_timeline_is_shown(simpul, cloud):
    simpul("complaint", "submit", "-d", "Jalan berlubang")
    cloud.complaints["SMG-1"]["timeline"] = [{"at": "12:00", "status": "accepted", "note": None}]
    assert "12:00  accepted" in simpul("complaint", "show", "SMG-1").stdout
    as_json = simpul("complaint", "show", "SMG-1", "--json")
    assert json.loads(as_json.stdout)["complaint_id"] == "SMG-1"


def test_an_unknown_complaint_is_one_sentence(simpul):
    refused = simpul("complaint", "show", "SMG-9")
    assert refused.exit_code == 1
    assert "404 not_found Tidak ditemukan" in refused.stderr


def test_a_problem_names_the_field_at_fault(simpul, cloud):
    cloud.refuse_next.append(
        (400, {"code": "invalid_input", "errors": [{"field": "lat", "message": "salah"}]})
    )
    assert "lat: salah" in simpul("complaint", "submit", "-d", "x").stderr


@pytest.mark.parametrize("body", [[], "bukan JSON"])
def test_an_answer_that_is_no_problem_document_is_still_a_sentence(simpul, cloud, around, body):
    def handle(request):
        if isinstance(body, list):
            return httpx.Response(502, json=body)
        return httpx.Response(502, text=body)

    around.http = httpx.Client(transport=httpx.MockTransport(handle))
    assert "502" in simpul("complaint", "show", "SMG-1").stderr
