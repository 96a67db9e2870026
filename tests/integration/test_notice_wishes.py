"""By which channels a reporter is told: with the tracking token, or by the link in each notice."""

import json
from dataclasses import replace

import pytest
from botocore.exceptions import ClientError

from functions.complaint_intake.api import handler
from functions.complaint_intake.notices.wishes import NoticeWishes
from shared import ids
from shared.complaints.store import ComplaintStore
from shared.dynamo import from_item
from tests.aws_double import COMPLAINTS, REPORTERS, items
from tests.builders import CONTEXT, NOW, TOKEN_SECRET, a_complaint, a_contact, an_api_event
from tests.messengers import as_text

pytestmark = pytest.mark.usefixtures("small_config", "aws_double")


def stored(*, contact=None, **changes):
    complaint = a_complaint(anonymous=False, **changes)
    reporter = (REPORTERS, a_contact(notify=["email", "sms"], language="id") | (contact or {}))
    assert ComplaintStore(COMPLAINTS).submit(complaint, reporter=reporter) is None
    return complaint


def token_of(complaint):
    return ids.tracking_token(TOKEN_SECRET, complaint.complaint_id, complaint.token_epoch)


def call(method, path, body=None, *, token=None, query=None, language=None):
    headers = {"X-Tracking-Token": token} if token else {}
    headers |= {"Accept-Language": language} if language else {}
    answer = handler(an_api_event(method, path, body=body, headers=headers, query=query), CONTEXT)
    answer["headers"] = {name: one[0] for name, one in answer["multiValueHeaders"].items()}
    return answer


def choose(complaint, email, sms, token=None):
    path = f"/complaints/{complaint.complaint_id}/notices"
    wanted = {"email": email, "sms": sms}
    return call("PUT", path, wanted, token=token or token_of(complaint))


def stop(complaint, method="POST", token=None, **more):
    token = token or ids.stop_token(TOKEN_SECRET, complaint.complaint_id)
    query = {"c": complaint.complaint_id, "t": token}
    return call(method, "/notices/unsubscribe", query=query, **more)


def kept(complaint, sort_key="CONTACT"):
    pk = f"C#{complaint.complaint_id}"
    found = (from_item(item) for item in items(REPORTERS))
    return [one for one in found if one["pk"] == pk and one["sk"].startswith(sort_key)]


def notify(complaint):
    (contact,) = kept(complaint)
    return contact["notify"]


@pytest.mark.parametrize(
    ("email", "sms", "channels"),
    [
        (True, True, ["email", "sms"]),
        (True, False, ["email"]),
        (False, True, ["sms"]),
        (False, False, []),
    ],
)
def test_a_reporter_chooses_by_which_channels_to_be_told(email, sms, channels):
    complaint = stored(contact={"notify": []})
    answer = choose(complaint, email, sms)
    assert answer["statusCode"] == 200
    assert json.loads(answer["body"]) == {"email": email, "sms": sms}
    assert notify(complaint) == channels


def test_who_turns_notices_on_is_looked_for_from_then_on():
    complaint = stored(contact={"notify": []}, notify=False)
    choose(complaint, email=True, sms=False)
    after = ComplaintStore(COMPLAINTS).get(complaint.complaint_id)
    assert after == replace(complaint, notify=True)  # and its version is the same


def test_a_choice_is_on_record_and_says_with_what_right_it_was_made():
    complaint = stored()
    choose(complaint, email=True, sms=False)
    stop(complaint)
    first, second = sorted(kept(complaint, "LOG#"), key=lambda one: one["at"])
    assert first["what"] == second["what"] == "notices_changed"
    assert (first["by"], first["channels"]) == ("tracking token", ["email"])
    assert (second["by"], second["channels"]) == ("unsubscribe link", [])


def test_the_same_choice_again_changes_nothing_and_fills_no_record():
    complaint = stored()
    for _ in range(3):
        assert stop(complaint)["statusCode"] == 200
    assert len(kept(complaint, "LOG#")) == 1


def test_a_channel_without_an_address_is_refused():
    complaint = stored(contact={"phone": None, "notify": ["email"]})
    answer = choose(complaint, email=True, sms=True)
    assert answer["statusCode"] == 409
    assert json.loads(answer["body"])["code"] == "no_address"
    assert notify(complaint) == ["email"]


def test_who_gave_no_contact_has_no_address_and_may_decline_all_the_same():
    complaint = a_complaint()
    ComplaintStore(COMPLAINTS).submit(complaint)
    assert choose(complaint, email=True, sms=False)["statusCode"] == 409
    answer = choose(complaint, email=False, sms=False)
    assert (answer["statusCode"], json.loads(answer["body"])) == (
        200,
        {"email": False, "sms": False},
    )
    assert items(REPORTERS) == []


@pytest.mark.parametrize(("visibility", "status"), [("public", 403), ("secret", 404)])
def test_only_the_tracking_token_may_choose(visibility, status):
    complaint = stored(visibility=visibility)
    of_link = ids.stop_token(TOKEN_SECRET, complaint.complaint_id)
    for token in (of_link, "wrong"):
        assert choose(complaint, email=False, sms=False, token=token)["statusCode"] == status
    path = f"/complaints/{complaint.complaint_id}/notices"
    assert call("PUT", path, {"email": False, "sms": False})["statusCode"] == status
    assert notify(complaint) == ["email", "sms"]


def test_of_a_complaint_that_does_not_exist_nothing_is_chosen():
    assert choose(a_complaint(), email=False, sms=False)["statusCode"] == 404


def test_the_link_asks_first_because_programs_follow_links_too():
    complaint = stored()
    answer = stop(complaint, "GET")
    assert answer["statusCode"] == 200
    assert answer["headers"]["Content-Type"].startswith("text/html")
    assert '<form method="post">' in answer["body"]
    assert complaint.complaint_id in answer["body"]
    assert "<script" not in answer["body"]
    assert answer["headers"]["Cache-Control"] == "no-store"
    assert answer["headers"]["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in answer["headers"]["Content-Security-Policy"]
    assert notify(complaint) == ["email", "sms"]


def test_the_button_and_a_mail_program_stop_notices():
    complaint = stored()
    answer = stop(complaint, body="List-Unsubscribe=One-Click")
    assert answer["statusCode"] == 200
    assert "tidak akan dikabari lagi" in answer["body"]
    assert notify(complaint) == []
    assert "hear no more" in stop(complaint, language="en")["body"]


def test_a_link_of_a_reporter_who_was_forgotten_is_answered_alike():
    assert stop(a_complaint())["statusCode"] == 200
    assert items(REPORTERS) == []


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "query",
    [None, {"c": "SMG"}, {"c": "NUMBER"}, {"c": "NUMBER", "t": "wrong"}, {"c": "NUMBER", "t": "TOKEN"},
     {"c": "<script>", "t": "é"}],
)  # fmt: skip
def test_a_link_that_is_not_whole_stops_nothing(method, query):
    complaint = stored()
    words = {"NUMBER": complaint.complaint_id, "TOKEN": token_of(complaint)}
    filled = {name: words.get(value, value) for name, value in (query or {}).items()}
    answer = call(method, "/notices/unsubscribe", query=filled)
    assert answer["statusCode"] == 403
    assert "<script>" not in answer["body"]
    assert complaint.complaint_id not in answer["body"]
    assert notify(complaint) == ["email", "sms"]


def test_the_link_of_one_complaint_stops_no_other():
    one, other = stored(), stored()
    token = ids.stop_token(TOKEN_SECRET, other.complaint_id)
    assert stop(one, token=token)["statusCode"] == 403


def test_the_link_cannot_open_the_complaint():
    complaint = stored(visibility="private")
    token = ids.stop_token(TOKEN_SECRET, complaint.complaint_id)
    answer = call("GET", f"/complaints/{complaint.complaint_id}", token=token)
    assert answer["statusCode"] == 404
    assert complaint.description not in as_text(answer)


def test_whatever_else_the_tables_refuse_is_not_swallowed():
    wishes = NoticeWishes(complaints_table=COMPLAINTS, reporters_table="no-such-table")
    with pytest.raises(ClientError):
        wishes.change("SMG-1", (), by="x", now=NOW)
