"""`simpul demo`: the main job on the sample complaints, and a readable account of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Annotated, Any
from uuid import uuid4

import typer
from rich.box import SIMPLE_HEAD
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from rich.table import Table

from cli import main_job
from cli.agency_work import AgencyWork
from cli.api import Api
from cli.main_job import Followed, MainJob, Result
from cli.screen import CannotContinue, JsonOption, err, out, show_json
from cli.surroundings import ROOT, Surroundings
from shared.clock import WIB

SAMPLES = ROOT / "events" / "samples" / "complaints.jsonl"

WIDTH_IN_A_FILE = 160

STAGES = {
    "submitted": "Aduan dikirim / submitted",
    "routed": "Sampai di dinas / routed",
    "answered": "Dikerjakan dinas / worked on",
}


def demo(
    ctx: typer.Context,
    samples: Annotated[Path, typer.Option(help="Berkas contoh lain. / Other samples.")] = SAMPLES,
    as_json: JsonOption = False,
) -> None:
    """Jalankan tugas utama dengan contoh aduan. / Run the main job on the sample complaints."""
    around: Surroundings = ctx.obj
    read = main_job.read_samples(samples)
    with _bars(quiet=as_json) as progress:
        job = MainJob(
            api=Api(around.outputs.api_url, around.http),
            work_of=lambda code: AgencyWork(code, around),
            progress=progress,
            run_id=uuid4(),
        )
        result = job.run(read)
    if as_json:
        show_json(summary(result))
    else:
        if not out.is_terminal:
            out.width = max(out.width, WIDTH_IN_A_FILE)
        out.print(account(result))
        _conclude(result, around)
    if result.lost:
        raise CannotContinue(
            f"{len(result.lost)} aduan tidak sampai ke dinas; lihat `simpul dlq list`. "
            "/ Some complaints reached no agency: see `simpul dlq list`."
        )


def summary(result: Result) -> dict[str, Any]:
    """Return what came of a run, for a machine."""
    times = sorted(c.seconds_to_agency for c in result.complaints if c.seconds_to_agency)
    return {
        "complaints": len(result.complaints),
        "lost": len(result.lost),
        "accuracy": round(result.accuracy(), 4),
        "accuracy_frozen": round(result.accuracy(frozen=True), 4),
        "accuracy_open": round(result.accuracy(frozen=False), 4),
        "statuses": dict(result.statuses()),
        "answering": list(result.answering),
        "seconds_to_agency": {
            "median": round(median(times), 3) if times else None,
            "slowest": round(times[-1], 3) if times else None,
        },
        "took_s": round(result.took_s, 2),
        "results": [_row(followed) for followed in result.complaints],
    }


def account(result: Result) -> Table:
    """Return the table of a run: complaint, category and agency, why, status and times."""
    table = Table(title="Apa yang terjadi / what happened", box=SIMPLE_HEAD, expand=True)
    table.add_column("aduan, sebab", ratio=1, no_wrap=True)
    table.add_column("kategori, dinas", no_wrap=True)
    table.add_column("status, masuk (WIB)", no_wrap=True)
    for followed in result.complaints:
        view = followed.view
        mark = "[green]✓[/green]" if followed.right else "[yellow]≠[/yellow]"
        came, took = _local_time(view.get("created_at")), followed.seconds_to_agency
        table.add_row(
            f"[bold]{followed.complaint_id}[/bold] "
            f"{_plain(followed.sample.submission['description'])}\n"
            f"[dim]→ {_plain(str(view.get('because') or '–'))}[/dim]",
            f"{view.get('service_code') or '–'}\n{mark} {followed.agency or 'hilang / lost'}",
            f"{view.get('status', '–')}\n[dim]{came}{f' +{took:.1f} s' if took else ''}[/dim]",
        )
    return table


def _row(followed: Followed) -> dict[str, Any]:
    return {
        "sample": followed.sample.id,
        "frozen": followed.sample.frozen,
        "complaint_id": followed.complaint_id,
        "expected_agency": followed.sample.expected_agency,
        "agency": followed.agency,
        "service_code": followed.view.get("service_code"),
        "because": followed.view.get("because"),
        "seconds_to_agency": followed.seconds_to_agency,
        "status": followed.view.get("status"),
    }


def _conclude(result: Result, around: Surroundings) -> None:
    told = summary(result)
    times, outputs = told["seconds_to_agency"], around.outputs
    statuses = ", ".join(f"{count} {status}" for status, count in result.statuses().items())
    some = result.answering[0] if result.answering else next(iter(outputs.agencies), "semarang-dpu")
    out.print(
        f"""
[bold]{told["complaints"]} aduan, {told["lost"]} hilang[/bold] / complaints, lost: {statuses}
Dinas yang tepat / right agency: [bold]{told["accuracy"]:.0%}[/bold], \
pada paruh beku / on the frozen half: [bold]{told["accuracy_frozen"]:.0%}[/bold]
Sampai di dinas / to the agency: median {times["median"]} s, terlama / slowest {times["slowest"]} s; \
semuanya / in all {told["took_s"]} s
Yang menjawab / answering: {", ".join(result.answering) or "–"}

[bold]Selanjutnya / next[/bold]  (simpul = .venv/bin/simpul)
  API      {outputs.api_url}/categories?jurisdiction_id=semarang
  Formulir {outputs.api_url}/lapor
  Antrean  simpul agency listen {some}
  Warga    simpul complaint submit -d "Lampu jalan mati di Jalan Pahlawan"
  Petugas  simpul officer token --group operator:semarang
  Letak    {around.outputs_path}
  Matikan  make down""",
        soft_wrap=True,
    )


def _local_time(instant: str | None) -> str:
    """Return an instant's time of day in western Indonesia, as the demo's reader counts it."""
    return f"{datetime.fromisoformat(instant).astimezone(WIB):%H:%M:%S}" if instant else "–"


def _plain(text: str) -> str:
    return " ".join(text.split()).replace("[", r"\[")


@contextmanager
def _bars(*, quiet: bool) -> Iterator[main_job.Progress]:
    columns = (TextColumn("{task.description:28}"), BarColumn(), MofNCompleteColumn())
    with Bars(*columns, TimeElapsedColumn(), console=err, disable=quiet) as bars:
        tasks = {stage: bars.add_task(text, total=None) for stage, text in STAGES.items()}

        def progress(stage: str, done: int, total: int) -> None:
            bars.update(tasks[stage], completed=done, total=total)

        yield progress
