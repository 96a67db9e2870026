"""The form as a browser fills it in and shows its errors."""

from tests.builders import a_key
from tests.plain_browser import Page

HOSTILE = """"'><script>alert(1)</script><img src=x onerror=alert(1)>&lt;b&gt;$key ${body} \x00"""
#: All that any of the pages consists of.
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "p", "a", "form"),
    *("input", "label", "textarea", "select", "optgroup", "option", "small", "fieldset", "legend"),
    *("button", "iframe", "section", "ul", "li", "span", "strong"),
}


def filled(**changes: str) -> dict[str, str]:
    return {
        "key": a_key(),
        "jurisdiction_id": "semarang",
        "description": "Lampu jalan mati",
        **changes,
    }


def error_beside(page: Page, markup: str, name: str) -> str | None:
    """Return the error that stands right before a field and is tied to it."""
    before = markup.split(f'name="{name}"', 1)[0]
    after_label = before[before.rfind("</label>") :]
    if "error" not in after_label:
        return None
    tied = [tag for tag in page.elements if tag[1].get("name") == name]
    assert tied[0][1]["aria-describedby"] == f"e-{name}"
    assert tied[0][1]["aria-invalid"] == "true"
    return after_label.split('role="alert"')[1].split(">")[1].split("<")[0]
