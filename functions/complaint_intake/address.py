"""The address under which the API was called, where a relative one will not do."""

import os

from shared.http import Request


def of_api(request: Request) -> str:
    """Return the API's own address, without a slash at its end.

    The stage says it where API Gateway does not know it: on a local cloud, whose own address is
    another. Elsewhere it is where the request arrived, under whichever name that was. Of routes
    without variable parts only, such as those of pages.
    """
    if told := os.environ.get("API_URL"):
        return told
    context = request.event["requestContext"]
    path = str(context["path"]).removesuffix(str(request.event["resource"]))
    return f"https://{context['domainName']}{path}"
