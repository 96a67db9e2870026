"""`simpul reporter`: what the law on personal data lets a reporter ask of a data protection officer.

Everything goes through one function, so an officer needs the right to invoke it and no other.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from cli.screen import CannotContinue, JsonOption, done, err, one_line, out, show_json
from cli.surroundings import Surroundings

app = typer.Typer(no_args_is_help=True, help="Hak pelapor (UU PDP). / A reporter's rights.")

NumbersArgument = Annotated[
    list[str] | None, typer.Argument(metavar="[NOMOR]…", help="Nomor laporan. / Complaint numbers.")
]
PhoneOption = Annotated[
    str | None, typer.Option(help="Nomor telepon pelapor. / The reporter's telephone number.")
]
EmailOption = Annotated[
    str | None, typer.Option(help="Surel pelapor. / The reporter's e-mail address.")
]
#: What the function says was wrong, in words.
_PROBLEMS = {
    "not_found": "tidak ada / there is none",
    "version_conflict": "sedang berubah terus; ulangi / it kept changing: repeat",
    "busy": "sedang sibuk; ulangi / busy: repeat",
}


@app.callback()
def reporters() -> None:
    """Hak pelapor: salinan dan penghapusan data pribadi. / Access and erasure."""


@app.command()
def export(
    ctx: typer.Context,
    numbers: NumbersArgument = None,
    phone: PhoneOption = None,
    email: EmailOption = None,
    as_json: JsonOption = False,
) -> None:
    """Semua yang disimpan tentang seorang pelapor. / All that is held about a reporter.

    Dicatat di riwayat pemrosesan atas nama Anda. / Noted in the processing log under your name.
    """
    found = _ask(ctx.obj, "export", numbers, phone, email)
    if as_json:
        show_json(found)
    else:
        for one in found:
            out.print(_summary(one), soft_wrap=True)
        out.print("Selengkapnya / in full: --json")
    _fail_if_any(found)


@app.command()
def erase(
    ctx: typer.Context,
    numbers: NumbersArgument = None,
    phone: PhoneOption = None,
    email: EmailOption = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Jangan bertanya. / Do not ask.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Hapus data pribadi seorang pelapor; laporan yang masih berjalan dicabut. / Forget a reporter.

    Tidak dapat dibatalkan. Aman diulang. / It cannot be undone, and may be repeated.
    """
    found = _ask(ctx.obj, "find", numbers, phone, email)
    there = [one for one in found if "problem" not in one]
    if there and not yes:
        _confirm(there)
    reports = [one["complaint_id"] for one in there if "alert_id" not in one]
    followed = [one["alert_id"] for one in there if "alert_id" in one]
    erased = _ask(ctx.obj, "erase", reports, None, None, followed) if there else []
    answers = [*erased, *(one for one in found if "problem" in one)]
    if as_json:
        show_json(answers)
    else:
        for one in answers:
            out.print(_outcome(one), soft_wrap=True)
    _fail_if_any(answers)


def _ask(
    around: Surroundings,
    action: str,
    numbers: Sequence[str] | None,
    phone: str | None,
    email: str | None,
    alerts: Sequence[str] = (),
) -> list[dict[str, Any]]:
    """Return the function's answer for each complaint, then for each alert.

    Raises:
        CannotContinue: nobody is named, nothing was found, or the function refused or failed.
    """
    if not (numbers or phone or email or alerts):
        raise CannotContinue(
            "Sebutkan nomor laporan, --phone, atau --email. / Name complaints, --phone or --email."
        )
    request = {
        "action": action,
        "complaint_ids": list(numbers or ()),
        "alert_ids": list(alerts),
        "phone": phone,
        "email": email,
        "by": around.sts.get_caller_identity()["Arn"],
    }
    answered = around.functions.invoke(
        FunctionName=around.outputs.function("complaint-intake-on-rights-request"),
        Payload=json.dumps({name: value for name, value in request.items() if value}).encode(),
    )
    answer = json.loads(answered["Payload"].read())
    if answered.get("FunctionError"):
        raise CannotContinue(
            "Fungsi hak pelapor gagal; lihat lognya lalu ulangi. / The function failed: see its log, "
            "then repeat."
        )
    if "problem" in answer:
        wrong = ", ".join(answer["fields"])
        raise CannotContinue(f"Periksa: {wrong}. / Not acceptable: {wrong}.")
    found: list[dict[str, Any]] = [*answer["complaints"], *answer.get("alerts", ())]
    if not found:
        raise CannotContinue("Tidak ada laporan yang cocok. / No complaint fits.")
    return found


def _confirm(found: Sequence[Mapping[str, Any]]) -> None:
    """Show what would be erased, and go on only if the officer says so."""
    for one in found:
        shown = _followed(one) if "alert_id" in one else f"{one['complaint_id']}  {one['status']}"
        err.print(f"  {shown}", soft_wrap=True)
    typer.confirm(
        f"Hapus data pribadi dari {len(found)} laporan dan langganan ini? / Erase it? Tidak bisa "
        "dibatalkan / this cannot be undone",
        abort=True,
        err=True,
    )


def _summary(one: Mapping[str, Any]) -> str:
    if "problem" in one:
        return _trouble(one)
    if "alert_id" in one:
        return _followed(one)
    given = one["contact"] or {}
    contact = ", ".join(
        one_line(given[name]) for name in ("name", "phone", "email") if given.get(name)
    )
    counts = (
        f"{len(one['photos'])} foto, {len(one['notices'])} pemberitahuan, "
        f"{len(one['processing'])} catatan pemrosesan"
    )
    return f"{one['complaint_id']}  {one['status']}  {contact or 'tanpa kontak / no contact'}  {counts}"


def _followed(one: Mapping[str, Any]) -> str:
    place = f"{one['radius_m']} m, {one['lat']}, {one['long']}"
    return f"{one['alert_id']}  langganan / follows {place}  {one_line(one['address'])}"


def _outcome(one: Mapping[str, Any]) -> Any:
    if "problem" in one:
        return _trouble(one)
    if "alert_id" in one:
        return done(f"{one['alert_id']}  sudah dihapus / erased")
    if one["erased_at"]:
        return done(f"{one['complaint_id']}  sudah dihapus / erased at {one['erased_at']}")
    return done(f"{one['complaint_id']}  paling lambat / by {one['erase_by']}")


def _trouble(one: Mapping[str, Any]) -> str:
    code = one["problem"]
    return f"✗ {one_line(one.get('complaint_id') or one['alert_id'])}  {_PROBLEMS.get(code, code)}"


def _fail_if_any(answers: Sequence[Mapping[str, Any]]) -> None:
    if any("problem" in one for one in answers):
        raise typer.Exit(1)
