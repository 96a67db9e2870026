"""Sends photos as a citizen's client would."""

from typing import Any

import httpx

from tests.e2e.citizen import Street, eventually


def offered(street: Street, content_type: str = "image/jpeg") -> dict[str, Any]:
    """Ask for a place for a photo."""
    answer = street.call("POST", "/photos", {"content_type": content_type})
    assert answer.status_code == 201, answer.text
    offer: dict[str, Any] = answer.json()
    return offer


def send(offer: dict[str, Any], content: bytes, **changed: str) -> httpx.Response:
    """Upload a file as a browser would: the form's fields, then the file."""
    form = offer["upload"]
    return httpx.post(
        form["url"],
        data=form["fields"] | changed,
        files={"file": ("foto.jpg", content, "image/jpeg")},
        headers={"Origin": "https://warga.example.id"},
    )


def uploaded(street: Street, content: bytes, content_type: str = "image/jpeg") -> str:
    """Upload a file as a photo and return its id."""
    offer = offered(street, content_type)
    answer = send(offer, content)
    assert answer.status_code == 204, answer.text
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    photo_id: str = offer["photo_id"]
    return photo_id


def settled(street: Street, receipt: dict[str, Any]) -> list[dict[str, Any]]:
    """Wait until no photo of a complaint waits any more, and return the reporter's view of them."""

    def look() -> list[dict[str, Any]] | None:
        photos: list[dict[str, Any]] = street.see(receipt)["photos"]
        return photos if all(one["status"] != "waiting" for one in photos) else None

    found: list[dict[str, Any]] = eventually(look)
    return found
