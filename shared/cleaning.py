"""Cleans the texts that people type, before anything is made of them."""

import re
import unicodedata
from typing import Any

from pydantic import BeforeValidator

_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064"
    r"\u2066-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
#: An entity as HTML writes it, with its semicolon: else "jalan&parah" would lose its "&para".
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
#: What opens a tag, a comment or a declaration; "<5" and "<3" do not. Signs right before it go
#: with it: else "<<i>script>" would leave a tag behind.
_OPENING = re.compile(r"(?<!<)<++(?:(?P<name>/?[A-Za-z][A-Za-z0-9]*)|[/!?])")
_COMMENT = "!--"
#: Elements whose content is no text either, each with what ends it.
_NOT_TEXT = {name: re.compile(rf"</{name}\b[^<>]*>", re.IGNORECASE) for name in ("script", "style")}
#: Elements that stand inside a word or line; the others part words.
_INLINE = re.compile(
    r"/?(a|abbr|b|bdi|bdo|cite|code|del|dfn|em|font|i|ins|kbd|mark|q|s|samp|small|span|strong|sub|sup"
    r"|tt|u|var|wbr)"
)


def cleaned(text: Any) -> Any:
    """Return a text in composed Unicode, without HTML, control or invisible characters, trimmed.

    Entities are read once, as a browser would, and tags taken out after that, so no tag is ever
    left. A cleaned text is clean already, unless it was escaped twice: of `&amp;lt;b&amp;gt;`
    stays `&lt;b&gt;`, which is what its writer's page showed.
    """
    if not isinstance(text, str):
        return text
    text = _composed(text)
    if "&" in text:
        text = _composed(_ENTITY.sub(_character, text))
    if "<" in text:
        text = unicodedata.normalize("NFC", _without_tags(text))
    return text.strip()


def absent_if_blank(text: Any) -> Any:
    """Return None for a blank text: forms send what was left empty as one."""
    return None if cleaned(text) == "" else text


def _character(entity: re.Match[str]) -> str:
    """Return what an entity stands for; itself, if there is none of its name."""
    import html  # two thousand names, which hardly any text needs
    from html.entities import html5

    written = entity[0]
    return html.unescape(written) if written[1] == "#" else html5.get(written[1:], written)


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", _CONTROL.sub("", text))


def _without_tags(text: str) -> str:
    """Return a text without tags, comments, and the contents of scripts and styles.

    Time is linear: what ends something is looked for only while one may be left. A sign that is
    never closed is the writer's own ("harga <seratus ribu").
    """
    kept: list[str] = []
    at = 0
    ended: dict[str, bool] = {}  #: what is known to come no more
    last = text.rfind(">")
    while (opening := _OPENING.search(text, at)) and opening.end() <= last:
        end = text.index(">", opening.end() - 1) + 1
        name = (opening["name"] or "").lower()
        if text.startswith(_COMMENT, opening.end() - 1) and not ended.get(_COMMENT):
            closing = text.find("-->", opening.end())
            ended[_COMMENT] = closing < 0
            end = end if closing < 0 else closing + len("-->")
        elif name in _NOT_TEXT and not ended.get(name):
            tag = _NOT_TEXT[name].search(text, end)
            ended[name] = tag is None
            end = tag.end() if tag else end
        kept += [text[at : opening.start()], "" if _INLINE.fullmatch(name) else " "]
        at = end
    return "".join([*kept, text[at:]])


#: Before a text: clean it, so that its length is measured as it will be kept.
Cleaned = BeforeValidator(cleaned)
#: Before an optional text: a blank one counts as absent.
Blank = BeforeValidator(absent_if_blank)
