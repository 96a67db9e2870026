"""What the command shows: sentences, tables and JSON, and errors that say the remedy."""

import json
import sys
from typing import Annotated, Any

import httpx
import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from typer.core import TyperGroup

#: `--json`, of every command whose answer a machine may read.
JsonOption = Annotated[bool, typer.Option("--json", help="Keluaran JSON. / Print JSON.")]

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


class CannotContinue(Exception):
    """Something expected is in the way; the text is one sentence and its remedy."""


def show_json(value: Any) -> None:
    """Print what a machine may read, in one line."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")


def told(error: Exception) -> str | None:
    """Return an error that can happen to anyone in one sentence; None for a fault of ours."""
    match error:
        case CannotContinue():
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
                err.print(f"[red]✗[/red] {sentence}", markup=True, soft_wrap=True)
                raise typer.Exit(1) from None
            raise
