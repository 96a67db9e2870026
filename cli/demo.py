"""`simpul demo`: the main job on the sample complaints, and a readable account of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Annotated, Any
from uuid import uuid4

import typer
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from rich.text import Text

from cli import main_job
from cli.agency_work import AgencyWork
from cli.api import Api
from cli.main_job import Followed, MainJob, Result
from cli.screen import CannotContinue, JsonOption, err, one_line, out, show_json
from cli.surroundings import ROOT, Surroundings
from shared.clock import WIB

SAMPLES = ROOT / "events" / "samples" / "complaints.jsonl"

WIDTH_IN_A_FILE = 160

LEGEND = """\
✓ dinas yang tepat / right agency, ≠ dinas lain / another agency
nomor, status, masuk (WIB) + lama → dinas; kategori: aduan; sebab
number, status, received + seconds → agency; category: words; why"""

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


def account(result: Result) -> Group:
    """Return the account of a run: of each complaint what, where and when, its words, and why."""
    return Group(
        Text("Apa yang terjadi / what happened", "bold"),
        Text(LEGEND, "dim"),
        *(part for followed in result.complaints for part in _told(followed)),
    )


def _told(followed: Followed) -> Iterator[RenderableType]:
    view, took = followed.view, followed.seconds_to_agency
    came = _local_time(view.get("created_at"))
    yield Text.assemble(
        "\n",
        ("✓", "green") if followed.right else ("≠", "yellow"),
        " ",
        (f"{followed.complaint_id:17}", "bold"),
        f"  {view.get('status', '–'):11} ",
        (f"{came}{f' +{took:.1f} s' if took is not None else '':9}", "dim"),
        f"  → {followed.agency or 'hilang / lost'}",
        no_wrap=True,
        overflow="ellipsis",
    )
    words = one_line(followed.sample.submission["description"])
    yield _indented(
        Text(f"{view.get('service_code') or '–'}: {words}", no_wrap=True, overflow="ellipsis")
    )
    yield _indented(Text(one_line(view.get("because") or "–"), "dim"))


def _indented(text: Text) -> Padding:
    return Padding(text, (0, 0, 0, 2))


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
    right, frozen = f"{told['accuracy']:.0%}", f"{told['accuracy_frozen']:.0%}"
    counted = f"{told['complaints']} aduan, {told['lost']} hilang"
    out.print(
        Text.assemble(
            (f"\n{counted}", "bold"),
            f" / {told['complaints']} complaints, {told['lost']} lost\n",
            f"Keadaan / statuses: {statuses}\n",
            "Dinas yang tepat / right agency: ",
            (right, "bold"),
            "; pada paruh beku / on the frozen half: ",
            (frozen, "bold"),
            f"""
Sampai di dinas / to the agency: median {times["median"]} s, terlama / slowest {times["slowest"]} s
Semuanya / in all: {told["took_s"]} s
Yang menjawab / answering: {", ".join(result.answering) or "–"}

""",
            ("Selanjutnya / next", "bold"),
            f"""  (simpul = .venv/bin/simpul)
  API      {outputs.api_url}/categories?jurisdiction_id=semarang
  Formulir {outputs.api_url}/lapor
  Antrean  simpul agency listen {some}
  Warga    simpul complaint submit -d "Lampu jalan mati di Jalan Pahlawan"
  Petugas  simpul officer token --group operator:semarang
  Letak    {around.outputs_path}
  Matikan  make down""",
        ),
        soft_wrap=True,
    )


def _local_time(instant: str | None) -> str:
    """Return an instant's time of day in western Indonesia, as the demo's reader counts it."""
    return f"{datetime.fromisoformat(instant).astimezone(WIB):%H:%M:%S}" if instant else "–"


@contextmanager
def _bars(*, quiet: bool) -> Iterator[main_job.Progress]:
    columns = (TextColumn("{task.description:28}"), BarColumn(), MofNCompleteColumn())
    with Bars(*columns, TimeElapsedColumn(), console=err, disable=quiet) as bars:
        tasks = {stage: bars.add_task(text, total=None) for stage, text in STAGES.items()}

        def progress(stage: str, done: int, total: int) -> None:
            bars.update(tasks[stage], completed=done, total=total)

        yield progress
