"""What a browser without script makes of a page: its texts, its forms, and what it sends."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urljoin

Attributes = dict[str, str | None]


@dataclass
class Form:
    """A form: where it goes, what it would send as it stands, and its buttons by their text."""

    action: str
    method: str
    enctype: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: dict[str, tuple[str, str] | None] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, str]:
        """The fields by name; of repeated ones the last."""
        return dict(self.fields)

    def sent(self, button: str | None = None, **changes: str) -> list[tuple[str, str]]:
        """Return what is sent when a button is pressed, after fields were filled in anew.

        Names of changed fields are written with `__` for a dot. Unticked boxes may be added.
        """
        anew = {name.replace("__", "."): value for name, value in changes.items()}
        kept = [(name, anew.pop(name, value)) for name, value in self.fields]
        pressed = self.buttons[button] if button else None
        return [*kept, *anew.items(), *([pressed] if pressed else [])]


@dataclass
class Page(HTMLParser):
    """A page, parsed."""

    elements: list[tuple[str, Attributes]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    title: str = ""
    _open: list[str] = field(default_factory=list)
    _area: str | None = None
    _select: str | None = None
    _button: Attributes | None = None
    _words: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.elements.append((tag, given))
        self._open.append(tag)
        match tag:
            case "form":
                self.forms.append(
                    Form(
                        str(given.get("action") or ""),
                        str(given.get("method") or "get"),
                        str(given.get("enctype") or "application/x-www-form-urlencoded"),
                    )
                )
            case "input":
                self._input(given)
            case "textarea":
                self._area = str(given["name"])
                self._words = []
            case "select":
                self._select = str(given["name"])
                self.forms[-1].fields.append((self._select, ""))
            case "option" if "selected" in given:
                self.forms[-1].fields[-1] = (str(self._select), given.get("value") or "")
            case "button":
                self._button, self._words = given, []

    def _input(self, given: Attributes) -> None:
        kind = given.get("type") or "text"
        if kind == "file" or (kind == "checkbox" and "checked" not in given):
            return
        self.forms[-1].fields.append((str(given["name"]), given.get("value") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass
        if tag == "textarea":
            self.forms[-1].fields.append((str(self._area), "".join(self._words).removeprefix("\n")))
            self._area = None
        if tag == "button" and self._button is not None:
            name = self._button.get("name")
            says = (name, self._button.get("value") or "") if name else None
            self.forms[-1].buttons[" ".join("".join(self._words).split())] = says
            self._button = None

    def handle_data(self, data: str) -> None:
        if self._area is not None or self._button is not None:
            self._words.append(data)
        if "title" in self._open:
            self.title += data
        elif self._area is None and "style" not in self._open and "script" not in self._open:
            self.texts.append(data)

    @property
    def text(self) -> str:
        """What is to be read, in one line."""
        return " ".join(" ".join(self.texts).split())

    @property
    def tags(self) -> set[str]:
        """The names of the elements on it."""
        return {tag for tag, _ in self.elements}

    @property
    def form(self) -> Form:
        """The only form."""
        (only,) = self.forms
        return only

    def all(self, tag: str, **attributes: str) -> list[Attributes]:
        """Return the attributes of all elements of a name, with some values."""
        return [
            found
            for name, found in self.elements
            if name == tag and attributes.items() <= found.items()
        ]


def parsed(markup: str) -> Page:
    """Return a page that a browser would show."""
    page = Page()
    page.feed(markup)
    page.close()
    return page


@dataclass
class Browser:
    """Goes from page to page over HTTP, with cookies, without script."""

    http: Any  #: an httpx.Client that keeps cookies and follows redirects
    url: str = ""
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    markup: str = ""

    @property
    def page(self) -> Page:
        """The page that is shown."""
        return parsed(self.markup)

    def open(self, url: str) -> Page:
        """Follow a link of the page shown, or go to an address."""
        return self._show(self.http.get(urljoin(self.url, url)))

    def send(
        self,
        form: Form,
        button: str | None = None,
        *,
        file: tuple[str, bytes, str] | None = None,
        **changes: str,
    ) -> Page:
        """Send a form of the page shown, with a file if it takes one."""
        url, sent = urljoin(self.url, form.action), form.sent(button, **changes)
        if form.enctype == "multipart/form-data":
            parts = [(name, (None, value.encode(), None)) for name, value in sent]
            answer = self.http.post(url, files=[*parts, *([("file", file)] if file else [])])
        else:
            kind = {"Content-Type": form.enctype}
            answer = self.http.post(url, content=urlencode(sent), headers=kind)
        return self._show(answer)

    def _show(self, answer: Any) -> Page:
        self.url, self.status = str(answer.url), answer.status_code
        self.headers, self.markup = answer.headers, answer.text
        return self.page
