"""Someone follows a place, against tables in this process: what they ask, press and are sent."""

from functions.complaint_intake.alerts.showing import shown
from functions.complaint_intake.api import handler as api
from functions.complaint_intake.on_progress import handler
from shared import clock, ids
from shared.complaints.law import Status
from shared.complaints.store import ComplaintStore
from shared.dynamo import from_item
from tests.aws_double import COMPLAINTS, NOTICES_QUEUE, REPORTERS, items, messages
from tests.builders import CONTEXT, TOKEN_SECRET, a_complaint, an_api_event, an_sqs_event

ADDRESS = "tutik@example.id"
PLACE = {"jurisdiction_id": "semarang", "lat": -6.99, "long": 110.42}
DONE: dict[str, list[str]] = {"batchItemFailures": []}


def call(method, path, body=None, *, query=None, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return api(an_api_event(method, path, body=body, headers=named, query=query), CONTEXT)


def follow(**changes):
    """Ask for alerts, and let the queue be worked."""
    answer = call("POST", "/alerts", {**PLACE, "email": ADDRESS, **changes})
    work(messages(NOTICES_QUEUE))
    return answer


def work(due):
    """Hand messages to the function one by one; return what they made."""
    for one in due:
        assert handler(an_sqs_event(one), CONTEXT) == DONE
    return messages(NOTICES_QUEUE)


def text_of(email):
    return email["Content"]["Simple"]["Body"]["Text"]["Data"]


def link_in(text, purpose):
    """Return the query of the link in a message that leads to the page of a purpose."""
    mark = f"https://aduan.example/v1/alerts/{purpose}?"
    query = text.split(mark)[1].split()[0]
    return dict(pair.split("=", 1) for pair in query.split("&"))


def followed(sent, **changes):
    """Follow a place and confirm it; return the link's query by which it stops."""
    assert follow(**changes)["statusCode"] == 202
    text = text_of(sent.emails[-1]) if "phone" not in changes else sent.texts[-1]["Message"]
    done = call("POST", "/alerts/confirm", query=link_in(text, "confirm"))
    assert done["statusCode"] == 200, done["body"]
    name = link_in(text, "confirm")["a"]
    sent.emails.clear()
    sent.texts.clear()
    return {"a": name, "t": ids.alert_token(TOKEN_SECRET, name, "stop")}


def a_neighbour(**changes):
    """Store a public complaint that was routed just now, 330 m from the place."""
    now = clock.now()
    made = a_complaint(
        **{
            "status": Status.ASSIGNED,
            "lat": -6.987,
            "long": 110.42,
            "created_at": now,
            "updated_at": now,
            **changes,
        }
    )
    assert ComplaintStore(COMPLAINTS).submit(made) is None
    return made


def tell(complaint, event=None):
    """Let the stream's event of a complaint be worked to its end."""
    due = [event or shown(complaint)]
    while due:
        due = work(due)


def subscriptions():
    found = [from_item(item) for item in items(REPORTERS) if "SS" not in str(item)]
    return [one for one in found if one["sk"].startswith("ALERT#")]
