"""A device's identity without script: one random cookie, which the page tells of."""

import re
import secrets
from http.cookies import CookieError, SimpleCookie

from functions.complaint_intake.address import of_api
from shared.http import Request

_NAME = "simpul_device"
_VALUE = re.compile(r"[A-Za-z0-9_-]{22}")
#: Half a year: as long as similar complaints are shown, and some more.
_KEPT_S = 182 * 24 * 60 * 60


def device_of(request: Request) -> str | None:
    """Return the identity that a browser sends back; None if it has none of ours."""
    try:
        cookie = SimpleCookie(request.headers.get("cookie", "")).get(_NAME)
    except CookieError:
        return None
    return cookie.value if cookie and _VALUE.fullmatch(cookie.value) else None


def new_device() -> str:
    """Return a fresh identity of 128 random bits."""
    return secrets.token_urlsafe(16)


def cookie(device: str, request: Request) -> dict[str, str]:
    """Return the header that leaves an identity with a browser, for the pages beside this one.

    Scripts cannot read it, and no other site can have it sent with a form. It goes by https only,
    wherever that is how the API is reached: everywhere but on a local cloud.
    """
    only = "; Secure" if of_api(request).startswith("https:") else ""
    return {"Set-Cookie": f"{_NAME}={device}; Max-Age={_KEPT_S}; HttpOnly; SameSite=Lax{only}"}
