"""Words that are not ours never style, steer or crash the screen, whatever is in them."""

import json
import unicodedata

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cli import demo
from cli.agency import panel
from cli.agency_work import Assignment
from cli.complaint import standing
from cli.main_job import Followed, Result, Sample
from cli.screen import CannotContinue, one_line, out, plain, show_json

NASTY = [
    r"halo \[/x]",
    "[/bold]",
    ":smile:",
    "[ack: y]",
    "[link=http://x]y[/link]",
    "\x1b[2J\x1b]0;judul\x07",
    "\x9b31m",
    "satu\r\ndua\x85tiga\u2028empat",
    "\u202etxt.exe",
    "\ud800",
    "\\",
]
JAVANESE_AND_EMOJI = "ꦱꦼꦩꦫꦁ\u200c 👨\u200d👩\u200d👧 ⚠\ufe0f"


def texts(test):
    for nasty in NASTY:
        test = example(nasty)(test)
    return given(st.text())(test)


def shown(renderable, width=20_000):
    before, out.width = out.width, width
    try:
        with out.capture() as captured:
            out.print(renderable)
    finally:
        out.width = before
    return captured.get()


def steering(text):
    return {
        one
        for one in text
        if unicodedata.category(one) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
        and one not in "\n\u200c\u200d"
    }


@texts
def test_text_keeps_its_lines_and_loses_what_steers(text):
    assert not steering(plain(text))
    assert "\n" not in one_line(text)
    plain(text).encode()


def test_letters_that_need_a_joiner_keep_it():
    assert plain(JAVANESE_AND_EMOJI) == JAVANESE_AND_EMOJI


def test_what_is_readable_stays():
    assert plain(r"halo \[/x] :smile: [ack: y]") == r"halo \[/x] :smile: [ack: y]"
    assert plain("a\tb\n\nc") == "a   b\n\nc"


@texts
def test_an_assignment_is_shown_as_it_was_written(text):
    message = {
        "type": "complaint_assigned.v1",
        "complaint_id": "SMG-1",
        "assignment_no": 1,
        "service_code": "jalan-rusak",
        "service_name": {"id": text},
        "because": {"id": text},
        "address_string": text,
        "description": text,
    }
    printed = shown(panel(Assignment(message=message, receipt_handle="r", received_count=1)))
    assert not steering(printed)
    assert one_line(text) in printed
    labels = [line.split(":")[0].strip("│ ") for line in printed.splitlines()[1:5]]
    assert labels == ["kategori", "tempat", "sebab", "batas"]


@texts
def test_a_complaint_is_shown_as_it_was_written(text):
    found = {
        "complaint_id": "SMG-1",
        "status": "resolved",
        "service_name": text,
        "agency": {"name": text, "code": "semarang-dpu"},
        "because": text,
        "description": text,
        "created_at": "12:00",
        "timeline": [{"at": "12:00", "status": "resolved", "note": text}],
    }
    printed = shown(standing(found))
    assert not steering(printed)
    assert one_line(text) in printed.splitlines()[-1]


@texts
def test_the_demo_tells_a_complaint_as_it_was_written(text):
    sample = Sample(id="S1", frozen=True, expected_agency="x", submission={"description": text})
    followed = Followed(
        sample=sample, complaint_id="SMG-1", tracking_token="t", view={"because": text}
    )
    printed = shown(demo.account(Result(complaints=[followed], answering=[], took_s=1)))
    assert not steering(printed)
    assert one_line(text) in printed


@texts
def test_json_is_exact_and_steers_nothing(text):
    with pytest.MonkeyPatch.context() as patch:
        written: list[str] = []
        patch.setattr("cli.screen.sys.stdout.write", written.append)
        show_json({"text": text})
    (line,) = written
    assert json.loads(line) == {"text": text}
    assert not steering(line)
    assert len(line.splitlines()) == 1


@pytest.mark.parametrize("nasty", NASTY)
def test_an_error_with_anything_in_it_is_still_a_sentence(simpul, cloud, nasty):
    def fail(**_):
        raise CannotContinue(f"catatan:\n{nasty}\nselesai")

    cloud.sqs.get_queue_attributes = fail
    failed = simpul("dlq", "list")
    assert failed.exit_code == 1
    assert failed.stderr == f"✗ catatan:\n{plain(nasty)}\nselesai\n"


@pytest.mark.parametrize("nasty", NASTY[:-2])
def test_a_refusal_of_the_api_with_anything_in_it_is_still_a_sentence(simpul, cloud, nasty):
    cloud.refuse_next.append((400, {"code": "invalid_input", "title": nasty}))
    refused = simpul("complaint", "show", "SMG-1")
    assert refused.exit_code == 1
    assert plain(nasty) in refused.stderr
    assert not steering(refused.stderr)


def test_a_sign_in_page_cannot_style_the_screen(simpul, around):
    page = httpx.Response(500, text="[/x]\x1b[2J")
    around.http = httpx.Client(transport=httpx.MockTransport(lambda _: page))
    refused = simpul("officer", "token", "--group", "operator:semarang")
    assert "[/x][2J" in refused.stderr
