"""TensorBoard's server in this process: for this computer alone, and for who knows its address.

TensorBoard has no password and does not look at the name by which it is called, so that any page
in a browser could read from it, once its name leads here. Its address has a secret part, therefore,
and only a name of this computer's own is answered.

TensorFlow is not imported: TensorBoard does without when it finds a module of a certain name.
"""

import json
import mimetypes
import secrets
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

from engine.errors import EngineError
from engine.progress import Progress

HOST = "127.0.0.1"
NAMES = (HOST, "localhost")
WITHOUT_TENSORFLOW = "tensorboard.compat.notf"
RELOAD_S = 5.0  # how often it looks for what a training has written
READY_S = 60.0  # more than this, and something is wrong
LOOK_S = 0.05
PROJECTOR = "projector"
ALL_IMAGES = {"images": 50}  # of each tag

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def serve(logs: Path, port: int, progress: Progress) -> str:
    """Serve a folder of logs until this process ends; return once its projector can be shown.

    Parameters
    ----------
    logs
        With at least one export for the projector.
    port
        0 for one that is free.
    progress
        Hears that it starts.

    Returns
    -------
    str
        The address, with its secret part.

    Raises
    ------
    EngineError
        When the port is taken, or the projector does not come up.
    Cancelled
        From ``progress``.
    """
    progress.report("Starting TensorBoard")
    address = _launch(logs, port)
    until = time.monotonic() + READY_S
    while not _has_projector(address):
        progress.report("Starting TensorBoard")
        if time.monotonic() > until:
            raise EngineError(
                f"TensorBoard does not come up on “{logs}”; close other programs and try again."
            )
        time.sleep(LOOK_S)
    return address


def _launch(logs: Path, port: int) -> str:
    sys.modules.setdefault(WITHOUT_TENSORFLOW, ModuleType(WITHOUT_TENSORFLOW))
    from tensorboard import program
    from tensorboard.plugins.core.core_plugin import CorePluginLoader
    from tensorboard.plugins.graph.graphs_plugin import GraphsPlugin
    from tensorboard.plugins.hparams.hparams_plugin import HParamsPlugin
    from tensorboard.plugins.image.images_plugin import ImagesPlugin
    from tensorboard.plugins.metrics.metrics_plugin import MetricsPlugin
    from tensorboard.plugins.projector.projector_plugin import ProjectorPlugin
    from tensorboard.plugins.scalar.scalars_plugin import ScalarsPlugin

    class Server(program.WerkzeugServer):  # type: ignore[misc]
        def __init__(self, app: WsgiApp, flags: Any) -> None:
            super().__init__(_for_this_computer(app), flags)

    # What Windows says of these may be what another program has told it.
    mimetypes.add_type("text/javascript", ".js")
    mimetypes.add_type("font/woff2", ".woff2")
    mimetypes.add_type("text/html", ".html")
    # Named, since a packaged program does not find plugins by itself; those that its logs need.
    plugins = [
        CorePluginLoader(),
        MetricsPlugin,
        ScalarsPlugin,
        ImagesPlugin,
        GraphsPlugin,
        HParamsPlugin,
        ProjectorPlugin,
    ]
    board = program.TensorBoard(plugins=plugins, server_class=Server)
    board.configure(
        argv=("",),
        logdir=str(logs),
        host=HOST,
        port=port,
        path_prefix=f"/{secrets.token_urlsafe(16)}",
        load_fast="false",  # that would be a second server, in Rust, without the projector
        reload_interval=RELOAD_S,
        samples_per_plugin=ALL_IMAGES,
    )
    server = _make(board, port)
    threading.Thread(target=server.serve_forever, name="TensorBoard", daemon=True).start()
    return f"http://{HOST}:{server.server_port}{board.flags.path_prefix}/"


def _make(board: Any, port: int) -> Any:
    from tensorboard.program import TensorBoardServerException

    try:
        return board._make_server()
    except TensorBoardServerException as error:
        raise EngineError(
            f"TensorBoard cannot use the port {port} ({error.msg}); "
            "choose another one, or 0 for one that is free."
        ) from error


def _for_this_computer(app: WsgiApp) -> WsgiApp:
    """Answer only who calls by a name of this computer's own."""

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        name, _, port = environ.get("HTTP_HOST", "").partition(":")
        if name.lower() not in NAMES or port not in ("", environ["SERVER_PORT"]):
            start("403 Forbidden", [("Content-Type", "text/plain")])
            return [b"This server answers its own computer only.\n"]
        return app(environ, start)

    return answer


def _has_projector(address: str) -> bool:
    import urllib.request

    # Not through a proxy that the environment may name.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{address}data/plugins_listing", timeout=READY_S) as answer:
        listed = json.loads(answer.read())
    return bool(listed.get(PROJECTOR, {}).get("enabled"))
