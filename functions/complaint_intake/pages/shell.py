"""What every page shares: the document, its one small style sheet, and what it may load and do."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from http import HTTPStatus
from string import Template

from aws_lambda_powertools.event_handler import Response

_STYLE = (
    "body{font:16px/1.5 sans-serif;margin:0 auto;max-width:36em;padding:1em;color:#111;background:#fff}"
    "label,legend{display:block;margin-top:1em;font-weight:bold}"
    "input,select,textarea{font:inherit;width:100%;box-sizing:border-box;padding:.5em;border:1px solid #555}"
    "input[type=checkbox]{width:auto;margin-right:.5em}"
    "button{font:inherit;margin-top:1.5em;padding:.8em;width:100%;background:#0b5;color:#000;border:0;font-weight:bold}"
    "button.minor{background:#fff;border:1px solid #555;font-weight:normal;margin-top:.5em}"
    "small{display:block;font-weight:normal}"
    ".error{color:#a00;font-weight:bold}.told{border-left:4px solid #0b5;padding-left:.7em}"
    ".number{font:bold 1.4em monospace;overflow-wrap:anywhere}"
    "fieldset,section{margin:1em 0;border:1px solid #999;padding:.5em 1em}"
    "ol,ul{padding-left:1.2em}img{max-width:100%;height:auto}iframe{width:100%;height:22em;border:1px solid #999}"
    ".away{position:absolute;left:-99em}"
)

_DOCUMENT = Template("""<!doctype html>
<html lang="$language"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>$title</title><style>$style</style></head><body><main>
<h1>$heading</h1>
$body
</main>$script</body></html>
""")


def _hashed(text: str) -> str:
    """Return the source by which a policy allows exactly this inline text."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


_STYLE_SOURCE = _hashed(_STYLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """What a page may do besides posting to ourselves: origins, and a script if it has one."""

    forms: Sequence[str] = ()  #: that its forms may be sent to
    frames: Sequence[str] = ()  #: that its frames may show
    images: Sequence[str] = ()
    framed: bool = False  #: pages of ours may frame it
    script: str = ""

    @property
    def policy(self) -> str:
        """The Content-Security-Policy that allows this and nothing else."""
        directives = {
            "default-src": "'none'",
            "style-src": _STYLE_SOURCE,
            "script-src": _hashed(self.script) if self.script else "",
            "img-src": " ".join(self.images),
            "frame-src": " ".join(self.frames),
            "form-action": " ".join(("'self'", *self.forms)),
            "frame-ancestors": "'self'" if self.framed else "'none'",
            "base-uri": "'none'",
        }
        return "; ".join(f"{name} {value}" for name, value in directives.items() if value)


NOTHING_MORE = Leave()


def page(
    heading: str,
    body: str,
    status: int = HTTPStatus.OK,
    *,
    title: str = "",
    language: str = "id",
    leave: Leave = NOTHING_MORE,
    headers: Mapping[str, str] | None = None,
) -> Response[str]:
    """Return a page. `body` is markup whose values are escaped; the title is the heading's."""
    return Response(
        status_code=status,
        content_type="text/html; charset=utf-8",
        body=_DOCUMENT.substitute(
            language=language,
            title=escape(title or heading),
            heading=escape(heading),
            style=_STYLE,
            body=body,
            script=f"<script>{leave.script}</script>" if leave.script else "",
        ),
        headers={
            "Cache-Control": "no-store",
            "Content-Language": language,
            "Content-Security-Policy": leave.policy,
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            **(headers or {}),
        },
    )
