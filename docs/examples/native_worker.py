"""Works an agency's queue natively: takes messages, accepts each complaint, deletes what is done.

Ends when the queue stays empty for one wait. Any number of these may run at once.
"""

import json
import os
import uuid

import boto3
import httpx

API, CODE = os.environ["SIMPUL_API"], os.environ["SIMPUL_AGENCY"]
TOKEN = {"Authorization": f"Bearer {os.environ['SIMPUL_TOKEN']}"}
QUEUE = {"QueueUrl": os.environ["SIMPUL_QUEUE_URL"]}
WAIT_S = int(os.environ.get("SIMPUL_WAIT_S", "20"))


def queue():
    """Return the queue's client with the agency's role, whose credentials last an hour."""
    role = boto3.client("sts").assume_role(
        RoleArn=os.environ["SIMPUL_ROLE_ARN"],
        ExternalId=os.environ["SIMPUL_EXTERNAL_ID"],
        RoleSessionName=CODE,
    )["Credentials"]
    return boto3.client(
        "sqs",
        aws_access_key_id=role["AccessKeyId"],
        aws_secret_access_key=role["SecretAccessKey"],
        aws_session_token=role["SessionToken"],
    )


def accept(message):
    """Accept a complaint; return whether its message has no more use."""
    # The same id for the same message: a duplicate is answered like the first and does nothing.
    action_id = uuid.uuid5(uuid.NAMESPACE_URL, f"{message['message_id']}:accept")
    answer = httpx.post(
        f"{API}/complaints/{message['complaint_id']}/actions",
        headers=TOKEN,
        json={
            "action": "accept",
            "action_id": str(action_id),
            "expected_version": message["version"],
            "assignment_no": message["assignment_no"],
            "internal_note": "Masuk daftar kerja",
        },
    )
    print(message["complaint_id"], answer.status_code, answer.json().get("code", ""), flush=True)
    if answer.status_code in (403, 409):  # what became of it? 404: it is not ours any more
        own = f"{API}/agencies/{CODE}/complaints/{message['complaint_id']}"
        found = httpx.get(own, headers=TOKEN)
        if found.status_code == 404:
            return True
        now = found.raise_for_status().json()
        if now["assignment"]["no"] != message["assignment_no"]:
            return True  # a newer message says more
        if now["version"] != message["version"] and now["status"] in ("assigned", "reopened"):
            return accept(message | {"version": now["version"]})
        return True
    return answer.status_code == 200  # anything else: leave it, it comes again after five minutes


def main():
    """Work until the queue is empty."""
    sqs = queue()
    while messages := sqs.receive_message(
        **QUEUE, MaxNumberOfMessages=10, WaitTimeSeconds=WAIT_S
    ).get("Messages"):
        for received in messages:
            handle = {**QUEUE, "ReceiptHandle": received["ReceiptHandle"]}
            message = json.loads(received["Body"])
            # Ten messages may take us longer than their five minutes together: this one starts anew.
            sqs.change_message_visibility(**handle, VisibilityTimeout=300)
            if message["type"] == "complaint_assigned.v1":
                done = accept(message)
            else:  # news of a complaint, a shelter's alert, or a type that came later: note it
                about = message.get("complaint_id") or message.get("shelter_id")
                print(message["type"], about, message.get("action"), message.get("note"))
                done = True
            if done:
                sqs.delete_message(**handle)


if __name__ == "__main__":
    main()
