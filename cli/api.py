"""Speaks to Simpul's own HTTP API, and turns its problems into sentences."""

from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import httpx

from cli.screen import CannotContinue


class Refused(CannotContinue):
    """The API answered with a problem; `status` and `code` say which."""

    def __init__(self, response: httpx.Response) -> None:
        problem = _json(response)
        self.status = response.status_code
        self.code = str(problem.get("code", ""))
        detail = problem.get("detail") or problem.get("title") or problem.get("message") or ""
        told = [
            (one["message"], f"{one['field']}: {one['message']}")
            for one in problem.get("errors", [])
        ]
        faults = [named for message, named in told if detail not in {message, named}]
        super().__init__(f"{self.status} {self.code} {'; '.join([detail, *faults])}".strip())


class Api:
    """The operations of the API that the command uses."""

    def __init__(self, url: str, http: httpx.Client) -> None:
        self._url = url.rstrip("/")
        self._http = http

    def submit(self, submission: Mapping[str, Any], *, key: str | None = None) -> dict[str, Any]:
        """Submit a complaint and return the receipt; the same key returns the same receipt."""
        headers = {"Idempotency-Key": key} if key else {}
        return self._call("POST", "/complaints", headers, submission)

    def complaint(self, complaint_id: str, *, tracking_token: str | None = None) -> dict[str, Any]:
        """Return the public view of a complaint, or with its token the reporter's own."""
        headers = {"X-Tracking-Token": tracking_token} if tracking_token else {}
        return self._call("GET", f"/complaints/{complaint_id}", headers)

    def act(self, complaint_id: str, action: Mapping[str, Any], *, token: str) -> dict[str, Any]:
        """Act on a complaint as an agency or an officer and return what it became."""
        headers = {"Authorization": f"Bearer {token}"}
        return self._call("POST", f"/complaints/{complaint_id}/actions", headers, action)

    def work(self, agency: str, complaint_id: str, *, token: str) -> dict[str, Any]:
        """Return the view that the agency of a complaint has of it."""
        headers = {"Authorization": f"Bearer {token}"}
        return self._call("GET", f"/agencies/{agency}/complaints/{complaint_id}", headers)

    def get(
        self, path: str, *, token: str, query: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Return what an agency or an officer reads at a path."""
        return self._call("GET", path, {"Authorization": f"Bearer {token}"}, query=query)

    def post(
        self, path: str, body: Mapping[str, Any], *, token: str, key: str | None = None
    ) -> dict[str, Any]:
        """Send something to a path as who the token speaks for; the same key is the same request."""
        headers = {"Authorization": f"Bearer {token}"}
        return self._call("POST", path, headers | ({"Idempotency-Key": key} if key else {}), body)

    def public(self, path: str) -> dict[str, Any]:
        """Return what everybody reads at a path."""
        return self._call("GET", path, {})

    def _call(
        self,
        method: str,
        path: str,
        headers: dict[str, str],
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        url = self._url + path
        response = self._http.request(method, url, headers=headers, json=body, params=query)
        if response.is_error:
            raise Refused(response)
        return _json(response)


def action_id(message_id: str, action: str) -> UUID:
    """Return the same id for the same action on the same message, so that a repeat is harmless."""
    return uuid5(NAMESPACE_URL, f"urn:simpul:{message_id}:{action}")


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
