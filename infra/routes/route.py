"""What a route is: an operation of the API, as the table in `infra/routes/` lists it."""

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, replace
from typing import Final, Literal

from infra.entries import Entry

Method = Literal["GET", "POST", "PUT", "DELETE"]

#: The longest body of a route that says nothing else, in kilobytes.
BODY_KB = 64

AGENCY = "agency/work"
OFFICER = "officer/desk"
ORDERS = "orders/write"
GATE = "gate/redeem"
FLEET = "fleet/telemetry"

#: Headers of an answer that a client may keep.
CACHED: Final = ("ETag", "Cache-Control")
#: Headers of an answer that sends the client on.
FOUND: Final = ("Location", "Cache-Control")


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of a route: its body's model as `module:Name` (none: no body) and headers."""

    description: str
    model: str | None = None
    _: KW_ONLY
    media_type: str = "application/json"
    headers: tuple[str, ...] = ()
    listed: bool = False  #: the body is a list of them
    also_xml: bool = False  #: the same is answered as text/xml, for which there is no schema
    also_csv: bool = False  #: … and as text/csv


UNCHANGED: Final = Reply("Unchanged since the ETag that was sent", headers=CACHED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One operation: who serves it, who may call it, and what goes in and comes out.

    `scopes` empty means public; otherwise a token needs any one of them. `problems` are the
    statuses it may answer as `application/problem+json`, or as `problem` says. `body_kb` is the
    longest body it takes. `signed` requests prove by themselves from whom they are, and come from
    few addresses in any number.
    """

    method: Method
    path: str
    function: str
    operation_id: str
    summary: str
    replies: Mapping[int, Reply]
    scopes: tuple[str, ...] = ()
    request: str | None = None
    request_media_type: str = "application/json"
    query: tuple[str, ...] = ()
    required_query: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    problems: tuple[int, ...] = ()
    problem: Reply | None = None
    body_kb: int = BODY_KB
    signed: bool = False
    #: The API's resource that the path falls under, where one stands for a whole subtree: all of it
    #: one context's, and guarded alike.
    gateway_path: str = ""

    @property
    def by_servers(self) -> bool:
        """Whether only other systems' servers call it, and no page in a browser."""
        return self.signed or self.scopes == (FLEET,)

    @property
    def resource(self) -> str:
        """The path of the API Gateway resource that receives the route's requests."""
        return self.gateway_path or self.path


@dataclass(frozen=True, slots=True)
class ServedBy:
    """What operations of one entry point have in common; called, it returns the route of one.

    Models are named within the entry's context: `views:Done` is `functions.<context>.views:Done`.
    """

    entry: Entry
    _: KW_ONLY
    scopes: tuple[str, ...] = ()
    headers: tuple[str, ...] = ("Accept-Language",)
    problem: Reply | None = None
    signed: bool = False
    body_kb: int = BODY_KB
    request_media_type: str = "application/json"
    gateway_path: str = ""

    def __call__(
        self,
        method: Method,
        path: str,
        operation_id: str,
        summary: str,
        replies: Reply | Mapping[int, Reply],
        *,
        request: str | None = None,
        query: tuple[str, ...] = (),
        required_query: tuple[str, ...] = (),
        headers: tuple[str, ...] = (),
        problems: tuple[int, ...] = (),
    ) -> Route:
        """Return a route.

        A single reply is that of 200. Problems need not name what every body may be refused with
        (400, 413), nor every token (401, 403); headers not the one by which 304 is asked for.
        """
        shown: Mapping[int, Reply] = {200: replies} if isinstance(replies, Reply) else replies
        implied = ((400, 413) if request else ()) + ((401, 403) if self.scopes else ())
        return Route(
            method=method,
            path=path,
            function=self.entry.id,
            operation_id=operation_id,
            summary=summary,
            replies={status: self._named(reply) for status, reply in shown.items()},
            scopes=self.scopes,
            request=request and self._within(request),
            request_media_type=self.request_media_type,
            query=query,
            required_query=required_query,
            headers=(
                *self.headers,
                *(("If-None-Match",) if UNCHANGED in shown.values() else ()),
                *headers,
            ),
            problems=tuple(sorted({*problems, *(set(implied) - shown.keys())})),
            problem=self.problem and self._named(self.problem),
            body_kb=self.body_kb,
            signed=self.signed,
            gateway_path=self.gateway_path,
        )

    def _named(self, reply: Reply) -> Reply:
        return replace(reply, model=self._within(reply.model)) if reply.model else reply

    def _within(self, model: str) -> str:
        return f"functions.{self.entry.context}.{model}"


def cached(reply: Reply) -> Mapping[int, Reply]:
    """Return the replies of what a client may keep, and ask for anew by its ETag."""
    return {200: replace(reply, headers=CACHED), 304: UNCHANGED}


def by_link() -> Mapping[int, Reply]:
    """Return the replies to a link that was sent to somebody, whose token the query has."""
    return {200: page("The page"), 403: page("The link is not whole, or no longer valid")}


def page(description: str) -> Reply:
    """Return a reply that people read."""
    return Reply(description, media_type="text/html")
