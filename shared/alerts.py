"""What alerts of new complaints near a place say, and how many there may be, as configuration says it."""

from string import Template
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from shared.gsm import segments, unsendable
from shared.notices import filled_in
from shared.text import Text

#: Places are kept to three decimals of a degree, about 110 m: a narrower circle would miss its own.
SMALLEST_RADIUS_M: Final = 200
#: Farther than this nobody calls it near.
LARGEST_RADIUS_M: Final = 4000
#: Of what is filled into a text message, the longest: links with an API of one's own name.
LONGEST_CATEGORY: Final = 40
_WIDTHS: Final = {
    "radius": 4,
    "hours": 3,
    "category": LONGEST_CATEGORY,
    "distance": 4,
    "number": 17,
}
_LINKS: Final = {"link": 110, "stop": 110}
#: A link to confirm or to stop by takes most of one.
_MOST_SEGMENTS: Final = 2

_ASKED: Final = {"radius", "category", "hours"}
_TOLD: Final = {"category", "distance", "number"}


class _Model(BaseModel):
    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True)


def _short(text: Text, needed: set[str], known: set[str]) -> Text:
    """Refuse a text message without its link, too long, or in letters that phones lack."""
    filled_in(text, known)
    longest = {name: "x" * width for name, width in (_WIDTHS | _LINKS).items()}
    for one in _saying(text, needed):
        filled = Template(one).substitute(longest)
        if missing := unsendable(filled):
            raise ValueError(f"{missing[0]!r} is not in the phones' alphabet (GSM 03.38)")
        if segments(filled) > _MOST_SEGMENTS:
            raise ValueError(f"shorten it: it takes more than {_MOST_SEGMENTS} messages")
    return text


def _saying(text: Text, needed: set[str]) -> tuple[str, str]:
    """Return both languages' texts, each of which has a place for all that is needed."""
    for one in (text.id, text.en):
        if missing := needed - set(Template(one).get_identifiers()):
            raise ValueError(f"say ${min(missing)} in it, in both languages")
    return text.id, text.en


def _line(text: Text, known: set[str]) -> Text:
    if not (text.id.isprintable() and text.en.isprintable()):
        raise ValueError("write it in one line")
    return filled_in(text, known)


def _body(text: Text, known: set[str], needed: str = "link") -> Text:
    filled_in(text, {*known, needed})
    _saying(text, {needed})
    return text


def _line_asked(text: Text) -> Text:
    return _line(text, _ASKED)


def _line_told(text: Text) -> Text:
    return _line(text, _TOLD)


def _body_asked(text: Text) -> Text:
    return _body(text, _ASKED)


def _body_told(text: Text) -> Text:
    return _body(text, {*_TOLD, "text"})


def _sms_asked(text: Text) -> Text:
    return _short(text, {"link"}, {*_ASKED, "link"})


def _sms_told(text: Text) -> Text:
    return _short(text, {"link", "stop"}, {*_TOLD, *_LINKS})


def _footer(text: Text) -> Text:
    return _body(text, set(), "stop")


class Asking(_Model):
    """What an address is asked before it is told anything; `$link` leads to the answer."""

    subject: Annotated[Text, AfterValidator(_line_asked)]
    body: Annotated[Text, AfterValidator(_body_asked)]
    sms: Annotated[Text, AfterValidator(_sms_asked)]


class Telling(_Model):
    """What is said of a new complaint near by; `$text` is its beginning, masked."""

    subject: Annotated[Text, AfterValidator(_line_told)]
    body: Annotated[Text, AfterValidator(_body_told)]
    sms: Annotated[Text, AfterValidator(_sms_told)]
    last: Text  #: ends the last e-mail of a day


class Alerts(_Model):
    """What a jurisdiction tells those who follow a place."""

    largest_radius_m: int = Field(default=2000, ge=SMALLEST_RADIUS_M, le=LARGEST_RADIUS_M)
    per_address: int = Field(default=5, ge=1, le=50)  #: places that an address may follow
    per_day: int = Field(default=5, ge=1, le=100)  #: e-mails for one of them; no more that day
    sms_per_day: int = Field(default=2, ge=1, le=20)  #: text messages, which cost
    #: An address is asked no more often in a day, whatever for: it may be a stranger's.
    asked_per_day: int = Field(default=3, ge=1, le=20)
    ask_again_hours: int = Field(default=24, ge=1, le=168)  #: the same again, no sooner
    confirm_hours: int = Field(
        default=48, ge=1, le=168
    )  #: then what was not confirmed is forgotten
    days: int = Field(default=365, ge=1, le=730)  #: then it ends, unless asked for again
    all_categories: Text  #: what stands for `$category` where none was chosen
    asking: Asking
    telling: Telling
    footer: Annotated[Text, AfterValidator(_footer)]  #: ends every e-mail: why, and how to stop
