"""What a jurisdiction's notices say: texts by occasion, checked when configuration loads."""

from enum import StrEnum
from string import Template
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from shared.gsm import segments, unsendable
from shared.text import Text


class Occasion(StrEnum):
    """When a reporter is told something."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    QUESTION = "question"
    RESOLVED = "resolved"
    RETURNED = "returned"
    REOPENED = "reopened"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    SCHEDULED = "scheduled"
    RESOLVED_CONDITIONALLY = "resolved_conditionally"
    PROMISE_LAPSED = "promise_lapsed"  #: what was owed did not come
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    UNMERGED = "unmerged"  #: it is no duplicate any more
    PHOTO_REJECTED = "photo_rejected"


#: On which occasions there is a date by which something happens or has to: `$until`.
DATED: Final = frozenset(
    {
        Occasion.RECEIVED,  # it is forwarded by then
        Occasion.ASSIGNED,  # it is promised to be done by then
        Occasion.REOPENED,
        Occasion.QUESTION,  # the reporter is to answer by then
        Occasion.RESOLVED,  # the reporter may reopen it until then
        Occasion.CLOSED,
        Occasion.SCHEDULED,  # it is planned for then
        Occasion.RESOLVED_CONDITIONALLY,  # what is owed is due by then
        Occasion.REJECTED,
    }
)
#: On which occasions an agency says something to the reporter: `$note`. What a reporter typed is
#: not repeated, since the address may be a stranger's.
NOTED: Final = frozenset(
    {
        Occasion.QUESTION,
        Occasion.RESOLVED,
        Occasion.RETURNED,
        Occasion.SCHEDULED,
        Occasion.RESOLVED_CONDITIONALLY,
        Occasion.REJECTED,
    }
)

#: Whoever looks over a reporter's shoulder may read these: nothing of them tells the matter.
_PLAIN: Final = {"number", "until"}
#: Of a public complaint besides, in an e-mail's text.
_DETAILS: Final = {*_PLAIN, "category", "agency", "note"}

#: An agency's head is told whose it is besides, and where that agency's programs find it.
_OF_A_DELAY: Final = {*_PLAIN, "agency", "link"}

#: How long what is filled into a text message is, at most: a link with an API of one's own name
#: (`https://aduan.semarangkota.go.id/v1/lacak#SMG-7ZK3Q9M4T0XWH.<22 characters>` has 82).
_WIDTHS: Final = {"number": 17, "until": 10, "link": 90, "stop": 120}
#: Text messages a notice may take: two where it tells how to stop them, which the first one does.
_MOST_SEGMENTS: Final = 1


def filled_in(text: Text, known: set[str]) -> Text:
    """Return a text of which all placeholders are known.

    Raises:
        ValueError: nothing is filled into one of them, or it is not written as one.
    """
    for one in (text.id, text.en):
        template = Template(one)
        if not template.is_valid():
            raise ValueError("write $$ for a dollar sign, or $name for what is filled in")
        if unknown := set(template.get_identifiers()) - known:
            listed = ", ".join(f"${name}" for name in sorted(known))
            raise ValueError(f"${min(unknown)} is not filled in here; there are {listed}")
    return text


def _one_line(text: Text) -> Text:
    if any(not one.isprintable() for one in (text.id, text.en)):
        raise ValueError("write it in one line")
    return filled_in(text, _PLAIN)


def _short(text: Text) -> Text:
    """Refuse a text message that would cost more than it must, or whose letters phones lack."""
    filled_in(text, set(_WIDTHS))
    for one in (text.id, text.en):
        longest = Template(one).substitute({name: "x" * width for name, width in _WIDTHS.items()})
        if missing := unsendable(longest):
            raise ValueError(f"{missing[0]!r} is not in the phones' alphabet (GSM 03.38)")
        most = _MOST_SEGMENTS + ("$stop" in one)
        if segments(longest) > most:
            raise ValueError(f"shorten it: with its links it takes more than {most} message(s)")
    return text


def _of_a_body(text: Text) -> Text:
    return filled_in(text, _PLAIN)


def _of_details(text: Text) -> Text:
    return filled_in(text, _DETAILS)


def _to_a_head(text: Text) -> Text:
    return filled_in(text, _OF_A_DELAY)


def _with_link(text: Text) -> Text:
    return filled_in(text, {"link"})


def _with_stop(text: Text) -> Text:
    return filled_in(text, {"stop"})


class _Model(BaseModel):
    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True)


class Notice(_Model):
    """What is said on one occasion; `$name` stands for what is filled in.

    `subject`, `body` and `sms` never tell what the complaint is about; `details` do, and are said
    by e-mail about public complaints only.
    """

    subject: Annotated[Text, AfterValidator(_one_line)]
    body: Annotated[Text, AfterValidator(_of_a_body)]
    details: Annotated[Text, AfterValidator(_of_details)] | None = None
    sms: Annotated[Text, AfterValidator(_short)] | None = None  #: None: by e-mail only

    def says(self, name: str) -> bool:
        """Tell whether any of its texts has a placeholder."""
        texts = (self.subject, self.body, self.details, self.sms)
        return any(
            name in Template(one).get_identifiers()
            for text in texts
            if text
            for one in (text.id, text.en)
        )


class HeadNotice(_Model):
    """What an agency's head is told of a complaint that is overdue: nothing of its matter."""

    subject: Annotated[Text, AfterValidator(_one_line)]
    body: Annotated[Text, AfterValidator(_to_a_head)]


#: The country code, and perhaps more, with which a telephone number begins.
Prefix = Annotated[str, Field(pattern=r"^\+[1-9][0-9]{0,7}$")]


class Notices(_Model):
    """What a jurisdiction tells its reporters."""

    #: Where text messages go. Abroad they cost many times as much, and some numbers earn by them.
    sms_prefixes: tuple[Prefix, ...] = ("+62",)
    #: An address gets no more in a day: it may be a stranger's, which someone else keeps typing in.
    receipts_per_address: int = Field(default=10, ge=1, le=100)
    follow: Annotated[Text, AfterValidator(_with_link)]  #: ends every e-mail: where to go on
    footer: Annotated[Text, AfterValidator(_with_stop)]  #: below it: why, and how to stop
    texts: dict[Occasion, Notice]
    head: HeadNotice | None = None  #: to agencies' heads; None: they are sent no e-mail

    @model_validator(mode="after")
    def _every_occasion_has_its_text(self) -> "Notices":
        if missing := [one for one in Occasion if one not in self.texts]:
            raise ValueError(f"`texts` lack {', '.join(missing)}; give each occasion its own")
        for name, occasions in (("until", DATED), ("note", NOTED)):
            for occasion, notice in self.texts.items():
                if occasion not in occasions and notice.says(name):
                    raise ValueError(f"texts.{occasion}: has no ${name} to fill in; leave it out")
        return self
