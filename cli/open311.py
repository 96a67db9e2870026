"""`simpul open311`: the keys with which other systems send requests and updates."""

import re
import secrets
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.table import Table

from cli.screen import CannotContinue, JsonOption, done, out, show_json
from cli.surroundings import Surroundings
from functions.complaint_intake.open311.keys import Key, KeyStore
from shared.clock import now, to_text

app = typer.Typer(no_args_is_help=True, help="Sistem lain lewat Open311. / Other systems.")
keys = typer.Typer(no_args_is_help=True, help="Kunci API. / API keys.")
app.add_typer(keys, name="keys")

#: A key is 256 bits of chance; its digest alone is kept, so nobody can read one out again.
_KEY_BYTES = 32
_CLIENT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_CLIENT = 48
#: As short as an id may be typed.
_FEWEST_CHARACTERS = 4


@keys.command()
def create(
    ctx: typer.Context,
    client: Annotated[
        str, typer.Argument(help="Sistem pemegangnya, misalnya kota-lain. / Whose key it is.")
    ],
    as_json: JsonOption = False,
) -> None:
    """Buat kunci dan tampilkan, sekali ini saja. / Make a key and show it, only now.

    Nama sistem tercatat pada aduan yang dikirimnya. / The name stays with what the system sends.
    """
    if not _CLIENT.fullmatch(client) or len(client) > _LONGEST_CLIENT:
        raise CannotContinue(
            f"`{client}` bukan nama sistem: pakai huruf kecil, angka dan tanda hubung, paling banyak "
            f"{_LONGEST_CLIENT}. / Use lower case, digits and dashes."
        )
    key = secrets.token_urlsafe(_KEY_BYTES)
    made = _store(ctx).add(key, client, now())
    if as_json:
        show_json(_told(made) | {"key": key})
        return
    out.print(done(f"Kunci {made.id} untuk {client}; tidak akan ditampilkan lagi. / Shown once:"))
    out.print(key, soft_wrap=True)


@keys.command("list")
def list_keys(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """Semua kunci yang pernah dibuat, tanpa kuncinya. / Every key that was made, by its id."""
    found = _store(ctx).all()
    if as_json:
        show_json([_told(one) for one in found])
        return
    if not found:
        out.print("Belum ada; buat dengan `simpul open311 keys create <sistem>`. / None yet.")
        return
    table = Table("id", "sistem / client", "dibuat / created", "dicabut / revoked")
    for one in found:
        told = _told(one)
        table.add_row(told["id"], told["client"], told["created_at"], told["revoked_at"] or "–")
    out.print(table)


@keys.command()
def revoke(
    ctx: typer.Context,
    key_id: Annotated[str, typer.Argument(help="Awal id kunci. / The beginning of its id.")],
    as_json: JsonOption = False,
) -> None:
    """Cabut kunci, seketika; aman diulang. / Revoke a key, at once; safe to repeat."""
    store = _store(ctx)
    key = _named(store.all(), key_id)
    store.revoke(key.digest, now())
    if as_json:
        (revoked,) = (one for one in store.all() if one.digest == key.digest)
        show_json(_told(revoked))
    else:
        out.print(done(f"Kunci {key.id} milik {key.client} dicabut. / It counts no more."))


def _named(known: Sequence[Key], key_id: str) -> Key:
    """Return the key whose id begins so.

    Raises:
        CannotContinue: none does, or several do.
    """
    meant = [one for one in known if one.id.startswith(key_id.lower())]
    if len(meant) != 1 or len(key_id) < _FEWEST_CHARACTERS:
        raise CannotContinue(
            f"`{key_id}` tidak menunjuk satu kunci; lihat `simpul open311 keys list`. "
            "/ It names no key, or several."
        )
    return meant[0]


def _told(key: Key) -> dict[str, Any]:
    return {
        "id": key.id,
        "client": key.client,
        "created_at": to_text(key.created_at),
        "revoked_at": to_text(key.revoked_at) if key.revoked_at else None,
    }


def _store(ctx: typer.Context) -> KeyStore:
    around: Surroundings = ctx.obj
    return KeyStore(around.outputs.tables.complaints, around.dynamodb)
