"""The address under which the API was called, where a relative one will not do."""

import os

from shared.http import Request


def of_api(request: Request, *, below: str) -> str:
    """Return the API's own address, without a slash at its end.

    The stage says it where API Gateway does not know it: on a local cloud. Elsewhere it is where
    the request arrived, under whichever name that was, without the path from `below` on.
    """
    if told := os.environ.get("API_URL"):
        return told
    context = request.event["requestContext"]
    before = str(context["path"]).partition(below)[0]
    return f"https://{context['domainName']}{before}"
