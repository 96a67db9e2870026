"""What the command shows: sentences, tables and JSON, and errors that say the remedy.

Citizens' words, agencies' answers and logs are not ours: they may hold markup, emoji codes or
escape sequences. The consoles therefore read no markup at all, our own styles are given as
`Text`, and what is not ours passes through `plain` or `one_line` before a terminal sees it.
"""

import json
import sys
from typing import Annotated, Any
from unicodedata import category

import httpx
import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.text import Text
from typer.core import TyperGroup

from functions.payment_webhooks.entry import Unreadable

#: `--json`, of every command whose answer a machine may read.
JsonOption = Annotated[bool, typer.Option("--json", help="Keluaran JSON. / Print JSON.")]

out = Console(highlight=False, markup=False, emoji=False)
err = Console(stderr=True, highlight=False, markup=False, emoji=False)

#: Unicode's control, format, surrogate, line and paragraph characters: they steer a terminal or
#: turn the direction of reading, and a surrogate by itself cannot even be written.
_STEERING = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
#: Format characters that only join letters, of which Javanese script and emoji are made.
_JOINING = frozenset("\u200c\u200d")


class CannotContinue(Exception):
    """Something expected is in the way; the text is one sentence and its remedy."""


def plain(text: object) -> str:
    """Return text that is not ours in its lines, without any character that steers a terminal."""
    return "\n".join(
        "".join(one for one in line.expandtabs(4) if not _steers(one))
        for line in str(text).splitlines()
    )


def one_line(text: object) -> str:
    """Return text that is not ours in one line, so that it cannot pass for a line of ours."""
    return " ".join(plain(text).split())


def done(sentence: str, *more: str | tuple[str, str]) -> Text:
    """Return the sentence of something that succeeded; `more` is text, or text and its style."""
    return Text.assemble(("✓", "green"), f" {sentence}", *more)


def show_json(value: Any) -> None:
    """Print what a machine may read, in one line; nothing in it steers a terminal either."""
    written = json.dumps(value, ensure_ascii=False, default=str)
    escaped = (json.dumps(one)[1:-1] if _steers(one) else one for one in written)
    sys.stdout.write("".join(escaped) + "\n")


def told(error: Exception) -> str | None:
    """Return an error that can happen to anyone in one sentence; None for a fault of ours."""
    match error:
        case CannotContinue() | Unreadable():
            return str(error)
        case httpx.TransportError():
            where = f" ({error.request.url})" if getattr(error, "_request", None) else ""
            return (
                f"API tidak terjangkau{where}; nyalakan dengan `simpul up`, atau periksa jaringan. "
                "/ The API cannot be reached: run `simpul up`, or check the network."
            )
        case ClientError():
            detail = error.response["Error"]
            return (
                f"AWS menolak {error.operation_name}: {detail.get('Message') or detail['Code']} "
                f"/ AWS refused it ({detail['Code']})."
            )
        case BotoCoreError():
            return f"AWS tidak dapat dipanggil: {error} / AWS cannot be called."
        case _:
            return None


class PoliteGroup(TyperGroup):
    """Commands whose expected failures are a sentence and exit status 1, never a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            if sentence := told(error):
                err.print(Text.assemble(("✗", "red"), " ", plain(sentence)), soft_wrap=True)
                raise typer.Exit(1) from None
            raise


def _steers(character: str) -> bool:
    return category(character) in _STEERING and character not in _JOINING
