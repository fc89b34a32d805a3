"""TensorBoard on a workspace: the projector's export first, then the server."""

from dataclasses import dataclass
from pathlib import Path

from engine.pipeline.projector import ProjectorExport, refresh_projector
from engine.progress import Progress
from engine.tensorboard_server import serve


@dataclass(frozen=True, slots=True)
class Board:
    """TensorBoard as it is served. address: of its page, with a part that is secret."""

    address: str
    export: ProjectorExport


def open_tensorboard(
    root: Path, run: str | None = None, port: int = 0, progress: Progress | None = None
) -> Board:
    """Serve TensorBoard on the logs of a workspace, until this process ends.

    What it keeps in memory grows stale when a run is exported anew: serve it then by another
    process. Logs of trainings are followed.

    Parameters
    ----------
    root
        The workspace.
    run
        Whose export is made where it is missing or out of date; by default the latest.
    port
        0 for one that is free.
    progress
        Hears the steps.

    Raises
    ------
    EngineError
        When there is nothing to show, the disk refuses, or the port is taken.
    Cancelled
        From ``progress``.
    """
    progress = progress or Progress()
    export = refresh_projector(root, run, progress)
    return Board(serve(export.logs, port, progress), export)
