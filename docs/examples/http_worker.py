"""The same work over HTTP alone: takes messages, accepts each complaint, acknowledges what is done."""

import os
import uuid

import httpx

API, CODE = os.environ["SIMPUL_API"], os.environ["SIMPUL_AGENCY"]
MESSAGES = f"{API}/agencies/{CODE}/messages"


def signed_in():
    """Return a client that speaks for the agency; its token lasts an hour."""
    token = httpx.post(
        os.environ["SIMPUL_TOKEN_URL"],
        data={"grant_type": "client_credentials", "scope": "agency/work"},
        auth=(os.environ["SIMPUL_CLIENT_ID"], os.environ["SIMPUL_CLIENT_SECRET"]),
    ).json()["access_token"]
    return httpx.Client(headers={"Authorization": f"Bearer {token}"}, timeout=30)


def accept(http, message):
    """Accept a complaint; return whether its message has no more use."""
    action_id = uuid.uuid5(uuid.NAMESPACE_URL, f"{message['message_id']}:accept")
    answer = http.post(
        f"{API}/complaints/{message['complaint_id']}/actions",
        json={
            "action": "accept",
            "action_id": str(action_id),
            "expected_version": message["version"],
            "assignment_no": message["assignment_no"],
        },
    )
    print(message["complaint_id"], answer.status_code, answer.json().get("code", ""), flush=True)
    if answer.status_code in (403, 409):  # what became of it? 404: it is not ours any more
        found = http.get(f"{API}/agencies/{CODE}/complaints/{message['complaint_id']}")
        if found.status_code == 404:
            return True
        now = found.raise_for_status().json()
        if now["assignment"]["no"] != message["assignment_no"]:
            return True  # a newer message says more
        if now["version"] != message["version"] and now["status"] in ("assigned", "reopened"):
            return accept(http, message | {"version": now["version"]})
        return True
    return answer.status_code == 200  # anything else: leave it, it comes again after five minutes


def main():
    """Work until the queue is empty; then `Retry-After` says when to ask again."""
    http = signed_in()
    while held := http.post(f"{MESSAGES}/receive", json={"max": 10}).json()["messages"]:
        for one in held:
            receipt, message = {"receipt": one["receipt"]}, one["message"]
            http.post(f"{MESSAGES}/extend", json={**receipt, "seconds": 300})
            if message["type"] == "complaint_assigned.v1":
                done = accept(http, message)
            else:  # news of a complaint, a shelter's alert, or a type that came later: note it
                about = message.get("complaint_id") or message.get("shelter_id")
                print(message["type"], about, message.get("action"), message.get("note"))
                done = True
            if done:
                http.post(f"{MESSAGES}/ack", json=receipt)


if __name__ == "__main__":
    main()
