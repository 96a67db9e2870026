"""`simpul up`, `down`, `status` and `outputs`: the local cloud, and where a deployment's parts are."""

import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from cli import outputs as outputs_file
from cli import payments_keys
from cli.deployment import Deployment, collect
from cli.local_cloud import DEFAULT_PORT, LocalCloud
from cli.screen import CannotContinue, JsonOption, done, one_line, out, show_json
from cli.surroundings import Surroundings
from infra.stages import stage_named

#: What of the CDK's words is worth showing while it works.
WORTH_SHOWING = re.compile(r"^\s*(?:simpul-\S+|CDKToolkit)[ |:]|Synthesis time|^\s*✅|^\s*✨")


#: Shows that a step is going on; gives what is to be called with each line it says.
Steps = Callable[[str], AbstractContextManager[Callable[[str], None]]]


def up(
    ctx: typer.Context,
    port: Annotated[
        int | None,
        typer.Option(
            envvar="SIMPUL_PORT", help=f"Porta awan lokal. / The cloud's port. [{DEFAULT_PORT}]"
        ),
    ] = None,
) -> None:
    """Nyalakan awan lokal dan pasang Simpul di dalamnya. / Start the local cloud and deploy to it.

    Awan yang sudah menyala diperbarui tanpa menghapus isinya. / A running cloud is updated and
    keeps what is in it.
    """
    around: Surroundings = ctx.obj
    started = LocalCloud(state_dir=around.state_dir).running
    if started and port not in {None, started.port}:
        raise CannotContinue(
            f"Awan lokal sudah menyala di porta {started.port}; jalankan `simpul down` dahulu. "
            "/ It is running on another port: run `simpul down` first."
        )
    cloud = LocalCloud(
        state_dir=around.state_dir, port=started.port if started else port or DEFAULT_PORT
    )
    bring_up(cloud, progress=_step)
    out.print(f"  API       {outputs_file.load(around.state_dir / 'outputs.json').api_url}")
    out.print(f"  outputs   {around.state_dir / 'outputs.json'}")


def bring_up(
    cloud: LocalCloud,
    *,
    progress: Steps,
    deployment: Deployment | None = None,
    fill_keys: Callable[[Surroundings], Path] | None = None,
) -> outputs_file.Outputs:
    """Start the cloud where it is not running, deploy to it, and return where its parts are.

    Raises:
        CannotContinue: it could not be started or deployed to; the text says why.
    """
    cloud.state_dir.mkdir(parents=True, exist_ok=True)
    deployment = deployment or Deployment(cloud=cloud)
    if not cloud.running:
        (cloud.state_dir / "outputs.json").unlink(missing_ok=True)
        with progress(f"Awan lokal di porta {cloud.port} / local cloud on port {cloud.port}"):
            cloud.start()
        with progress("cdk bootstrap") as watch:
            deployment.bootstrap(watch)
    with progress("cdk deploy --all") as watch:
        made = deployment.deploy(watch)
    keys = payments_keys.path_of(cloud.state_dir)
    made = made.model_copy(
        update={"payments": made.payments.model_copy(update={"test_keys": str(keys)})}
    )
    path = cloud.state_dir / "outputs.json"
    outputs_file.save(made, path)
    (fill_keys or payments_keys.fill)(Surroundings(state_dir=cloud.state_dir, outputs_path=path))
    return made


def down(ctx: typer.Context) -> None:
    """Matikan awan lokal. / Stop the local cloud."""
    around: Surroundings = ctx.obj
    if LocalCloud(state_dir=around.state_dir).stop():
        out.print(done("Awan lokal dimatikan. / The local cloud is stopped."))
    else:
        out.print("Tidak ada awan lokal yang menyala. / No local cloud is running.")
    (around.state_dir / "outputs.json").unlink(missing_ok=True)


def status(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """Tunjukkan keadaan awan lokal. / Show how the local cloud is."""
    around: Surroundings = ctx.obj
    started = LocalCloud(state_dir=around.state_dir).running
    cloud = LocalCloud(state_dir=around.state_dir, port=started.port if started else DEFAULT_PORT)
    deployed = around.outputs_path.exists()
    found = {
        "running": started is not None,
        "healthy": started is not None and cloud.healthy,
        "deployed": deployed,
        "pid": started.pid if started else None,
        "endpoint_url": cloud.endpoint_url if started else None,
        "api_url": around.outputs.api_url if deployed else None,
        "log": str(cloud.log) if started else None,
    }
    if as_json:
        show_json(found)
        return
    if started is None:
        out.print("Awan lokal mati; nyalakan dengan `simpul up`. / It is not running.")
        return
    health = (
        ("sehat / healthy", "") if found["healthy"] else ("tidak menjawab / not answering", "red")
    )
    where = f"Awan lokal menyala (pid {started.pid}, porta {started.port}): "
    out.print(Text.assemble(where, health))
    out.print(f"  API    {found['api_url'] or 'belum dipasang / not deployed'}")
    out.print(f"  log    {found['log']}")


def outputs(
    ctx: typer.Context,
    stage: Annotated[
        str | None,
        typer.Option(help="Baca dari AWS: dev, prod. / Read a stage's stacks on AWS."),
    ] = None,
) -> None:
    """Cetak letak bagian-bagian Simpul (JSON). / Print where the deployment's parts are.

    Untuk AWS / for AWS: simpul outputs --stage dev > dev.json; simpul --outputs dev.json …
    """
    around: Surroundings = ctx.obj
    if stage is None:
        show_json(around.outputs.model_dump())
        return
    try:
        chosen = stage_named(stage, os.environ)
    except ValueError as error:
        raise CannotContinue(str(error)) from None
    described = around.cloudformation(chosen.region).get_paginator("describe_stacks").paginate()
    stacks = {
        found["StackName"]: {
            told["OutputKey"]: told["OutputValue"] for told in found.get("Outputs", [])
        }
        for page in described
        for found in page["Stacks"]
        if found["StackName"].startswith(f"{chosen.prefix}-")
    }
    if f"{chosen.prefix}-service" not in stacks:
        raise CannotContinue(
            f"Tahap `{stage}` belum dipasang di {chosen.region}; jalankan `cdk deploy` dahulu. "
            "/ The stage is not deployed there."
        )
    pool = around.make_client("cognito-idp", region_name=chosen.region).describe_user_pool(
        UserPoolId=stacks[f"{chosen.prefix}-service"]["UserPoolId"]
    )["UserPool"]
    sign_in_url = f"https://{pool['Domain']}.auth.{chosen.region}.amazoncognito.com"
    show_json(collect(stacks, region=chosen.region, sign_in_url=sign_in_url).model_dump())


@contextmanager
def _step(title: str) -> Iterator[Callable[[str], None]]:
    """Show a step with what it is doing, then how long it took."""
    began = time.monotonic()
    with out.status(Text(title)) as spinner:

        def watch(line: str) -> None:
            if WORTH_SHOWING.search(line):
                spinner.update(Text.assemble(title, "  ", (one_line(line)[:90], "dim")))

        yield watch
    out.print(done(title, (f" ({time.monotonic() - began:.1f} s)", "dim")))
