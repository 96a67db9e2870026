"""A local cloud of the tests' own, beside the demo's: the same code as `simpul up`, a free port.

Each of pytest's workers has one for itself, so that they need not wait for each other.

`SIMPUL_TEST_CLOUD=<state folder>` uses a running one instead, for a quick loop while writing tests.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cli.cloud import bring_up
from cli.local_cloud import LocalCloud, free_port
from cli.surroundings import ROOT, Surroundings


@contextmanager
def running_cloud() -> Iterator[Surroundings]:
    """Bring a cloud up with its state in `.local/test-<worker>`, and stop it at the end.

    Raises:
        CannotContinue: it did not start or deploy; the text ends with the log's last lines.
    """
    if reused := os.environ.get("SIMPUL_TEST_CLOUD"):
        yield surroundings_of(Path(reused).absolute())
        return
    name = f"test-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    cloud = LocalCloud(state_dir=ROOT / ".local" / name, port=free_port())
    cloud.stop()  # what an interrupted run may have left
    try:
        bring_up(cloud, progress=_silently)
        yield surroundings_of(cloud.state_dir)
    finally:
        cloud.stop()


def surroundings_of(state_dir: Path) -> Surroundings:
    """Return what the command would work with on a cloud."""
    return Surroundings(state_dir=state_dir, outputs_path=state_dir / "outputs.json")


@contextmanager
def _silently(_: str) -> Iterator[Callable[[str], None]]:
    yield lambda line: None
