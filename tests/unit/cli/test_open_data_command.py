"""`simpul open-data export`: what it asks of the function, and what it says of the answer."""

import io
import json

import pytest


class FakeLambda:
    """Answers as the function would, and remembers what it was asked."""

    def __init__(self):
        self.asked = []
        self.error = None

    def invoke(self, *, FunctionName, Payload):
        event = json.loads(Payload)
        self.asked.append((FunctionName, event))
        told = {"month": "2026-10", **event, "rows": 3, "bytes": 512}
        if self.error:
            body = {"errorType": self.error, "errorMessage": "warga menulis: rahasia"}
            return {"FunctionError": "Unhandled", "Payload": io.BytesIO(json.dumps(body).encode())}
        return {"Payload": io.BytesIO(json.dumps({"published": [told]}).encode())}


@pytest.fixture
def functions(cloud, around):
    fake = FakeLambda()
    around.functions = fake
    return fake


def test_a_month_is_published_and_its_link_shown(simpul, functions):
    shown = simpul("open-data", "export", "--jurisdiction", "semarang", "--month", "2026-11")
    assert shown.exit_code == 0, shown.output
    ((name, event),) = functions.asked
    assert name.endswith("complaint-intake-every-month")
    assert event == {"jurisdiction_id": "semarang", "month": "2026-11"}
    assert "http://cloud.test/v1/open-data/semarang/2026-11" in shown.output
    assert "3 aduan" in shown.output


def test_a_machine_reads_the_same(simpul, functions):
    shown = simpul("open-data", "export", "-j", "jateng", "-m", "2026-11", "--json")
    assert json.loads(shown.output) == {
        "jurisdiction_id": "jateng",
        "month": "2026-11",
        "rows": 3,
        "bytes": 512,
        "url": "http://cloud.test/v1/open-data/jateng/2026-11",
    }


def test_without_a_month_the_function_takes_the_last_one(simpul, functions):
    shown = simpul("open-data", "export", "--json")
    assert functions.asked[0][1] == {"jurisdiction_id": "semarang"}
    assert json.loads(shown.output)["url"].endswith("/open-data/semarang/2026-10")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-j", "atlantis"), "jateng, semarang"),
        (("-m", "2026-13"), "2026-11"),
        (("-m", "november"), "2026-11"),
    ],
)
def test_what_cannot_be_published_is_refused_before_anything_is_called(
    simpul, functions, arguments, said
):
    shown = simpul("open-data", "export", *arguments)
    assert (shown.exit_code, functions.asked) == (1, [])
    assert said in shown.output


def test_a_failure_is_told_without_the_functions_words(simpul, functions):
    functions.error = "NotPublished"
    shown = simpul("open-data", "export", "-m", "2026-11")
    assert shown.exit_code == 1
    assert "NotPublished" in shown.output
    assert "rahasia" not in shown.output
