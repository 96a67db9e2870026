"""Fields of plain forms: read from what a browser posts, and written with what is to be mended."""

from collections.abc import Iterable, Mapping
from html import escape
from urllib.parse import parse_qsl

from shared.errors import InvalidInput, Problem
from shared.http import Request
from shared.text import Text

#: More than any form of ours has, the answers of a long list among them.
_MOST_FIELDS = 120
_UNREADABLE = Text("Isian formulir tidak terbaca; muat ulang halaman.", "The form is unreadable.")

Values = Mapping[str, str]


def posted(request: Request) -> dict[str, str]:
    """Return the fields of a posted form that are not blank; of a repeated one all, by commas.

    Raises:
        InvalidInput: it is no form, or has too many fields.
        BodyTooLarge: it is over 64 KB.
    """
    try:
        text = request.body.decode()
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise InvalidInput(_UNREADABLE) from None
    values: dict[str, str] = {}
    for name, value in pairs:
        if value := value.strip():
            values[name] = f"{values[name]},{value}" if name in values else value
    return values


def errors_of(problem: Problem, language: str = "id") -> dict[str, str]:
    """Return what a problem says of each field; of the whole under an empty name."""
    said = {fault.field: fault.message.in_language(language) for fault in problem.faults}
    return said or {"": (problem.detail or problem.title).in_language(language)}


def error(message: str | None, field: str = "") -> str:
    """Return an error message as markup, to stand before its field; nothing for none."""
    if not message:
        return ""
    named = f' id="{_error_id(field)}"' if field else ""
    return f'<p class="error" role="alert"{named}>{escape(message)}</p>'


def hidden(values: Values) -> str:
    """Return fields that nobody sees, which carry what was typed from page to page."""
    return "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">\n'
        for name, value in values.items()
    )


def _labelled(
    name: str, label: str, control: str, errors: Values, hint: str = "", within: str = ""
) -> str:
    """Return a control with its label and hint before it, and its error between them."""
    small = f"<small>{escape(hint)}</small>" if hint else ""
    shown = error(errors.get(name), name)
    marked = escape(_id(name, within))
    return f'<label for="{marked}">{escape(label)}{small}</label>{shown}\n{control}\n'


def line(
    name: str,
    label: str,
    values: Values,
    errors: Values,
    *,
    longest: int,
    hint: str = "",
    more: str = "",
) -> str:
    """Return a field for one line of text. `more` is markup: further attributes."""
    control = (
        f'<input {_named(name, errors)} maxlength="{longest}"'
        f' value="{escape(values.get(name, ""))}"{more}>'
    )
    return _labelled(name, label, control, errors, hint)


def area(
    name: str,
    label: str,
    values: Values,
    errors: Values,
    *,
    longest: int,
    hint: str = "",
    more: str = "",
    within: str = "",
) -> str:
    """Return a field for a longer text; `within` tells forms of one page apart."""
    # A browser drops the first line break of an area, so there is one to drop.
    control = (
        f'<textarea {_named(name, errors, within)} rows="5" maxlength="{longest}"{more}>\n'
        f"{escape(values.get(name, ''))}</textarea>"
    )
    return _labelled(name, label, control, errors, hint, within)


def choice(
    name: str, label: str, options: str, errors: Values, *, hint: str = "", more: str = ""
) -> str:
    """Return a field to choose one of `options`, which are markup."""
    control = f"<select {_named(name, errors)}{more}>{options}</select>"
    return _labelled(name, label, control, errors, hint)


def option(value: str, text: str, *, chosen: bool = False) -> str:
    """Return one option."""
    return f'<option value="{escape(value)}"{" selected" if chosen else ""}>{escape(text)}</option>'


def check(name: str, value: str, text: str, *, checked: bool) -> str:
    """Return a box to tick."""
    ticked = " checked" if checked else ""
    return (
        f'<label><input type="checkbox" name="{escape(name)}" value="{escape(value)}"{ticked}>'
        f"{escape(text)}</label>\n"
    )


def unplaced(errors: Values, fields: Iterable[str]) -> str:
    """Return the errors that stand beside none of `fields`, to be shown on top."""
    known = set(fields)
    return "".join(error(message) for field, message in errors.items() if field not in known)


def _named(name: str, errors: Values, within: str = "") -> str:
    wrong = f' aria-invalid="true" aria-describedby="{_error_id(name)}"' if errors.get(name) else ""
    return f'id="{escape(_id(name, within))}" name="{escape(name)}"{wrong}'


def _id(name: str, within: str) -> str:
    return f"f-{within}{name}"


def _error_id(name: str) -> str:
    return escape(f"e-{name}")
