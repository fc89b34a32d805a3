"""Tries each check in another process: whatever one does, the next is tried."""

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path

from engine.engine_process import EngineProcess
from engine.errors import EngineError
from engine.progress import Cancelled, Progress
from engine.self_test.check import Check, Checked
from engine.self_test.pictures import copy_pictures

LIMIT_S = 600.0  # of one check; more, and it hangs
AT_ONCE = 2  # of the checks that may be tried beside others: each takes a core and a gigabyte
# With a space and letters of several scripts, as folders of users have them.
PLACE = "image embedding – Prüfung – পরীক্ষা "
# Where a program keeps what is a user's, on the systems that are asked by these names.
OWN_PLACES = {
    "HOME": "home",
    "XDG_DATA_HOME": "data",
    "XDG_CONFIG_HOME": "config",
    "XDG_CACHE_HOME": "cache",
    "XDG_STATE_HOME": "state",
    "WIN_PD_OVERRIDE_APPDATA": "data",
    "WIN_PD_OVERRIDE_LOCAL_APPDATA": "cache",
    "KERAS_HOME": "keras",
}


def run_checks(checks: Sequence[Check], progress: Progress | None = None) -> tuple[Checked, ...]:
    """Try everything on copies of sample pictures, in a temporary folder that is removed.

    Parameters
    ----------
    checks
        In this order; the later ones use what the earlier ones have made.
    progress
        Hears which one is being tried.

    Raises
    ------
    Cancelled
        From ``progress``.
    """
    progress = progress or Progress()
    done: list[Checked] = []
    with _temporary_folder() as folder, _own_places(folder), _engine() as engine:

        def run(numbered: tuple[int, Check]) -> Checked:
            place, check = numbered
            progress.report(f"Trying: {check.name}", place, len(checks))
            return _run(check, folder, engine, progress)

        copy_pictures(folder)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for beside, group in groupby(enumerate(checks), lambda each: each[1].beside):
                over = pool.map if beside else map
                done += over(run, group)
        progress.report("Tried everything", len(checks), len(checks))
    return tuple(done)


def _run(check: Check, folder: Path, engine: EngineProcess, progress: Progress) -> Checked:
    started = time.perf_counter()

    def checked(ok: bool, detail: str, trace: str = "") -> Checked:
        return Checked(check.name, ok, round(time.perf_counter() - started, 3), detail, trace)

    limited = _Limited(progress, time.monotonic() + LIMIT_S)
    try:
        is_own = check.alone or check.beside
        with _engine() if is_own else contextlib.nullcontext(engine) as process:
            detail = process.call(check.try_, folder, progress=limited)
    except EngineError as error:
        return checked(False, str(error))
    except Cancelled:
        progress.raise_if_cancelled()
        return checked(False, f"It did not end within {LIMIT_S:.0f} seconds.")
    # Anything at all: what this is for is to say what goes wrong.
    except Exception as error:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        return checked(False, lines[-1], str(error))
    return checked(True, detail)


class _Limited(Progress):
    """Cancels one check when its time is over; everything else goes by the whole's progress."""

    def __init__(self, whole: Progress, until: float) -> None:
        super().__init__()
        self._whole, self._until = whole, until

    def raise_if_cancelled(self) -> None:
        self._whole.raise_if_cancelled()
        if time.monotonic() > self._until:
            raise Cancelled


@contextlib.contextmanager
def _engine() -> Iterator[EngineProcess]:
    engine = EngineProcess()
    try:
        yield engine
    finally:
        engine.close()


@contextlib.contextmanager
def _temporary_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=PLACE))
    try:
        yield folder
    finally:
        # A process that was killed just now may still hold a file on Windows.
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _own_places(folder: Path) -> Iterator[None]:
    """Let the processes keep settings and caches in the temporary folder."""
    before = {name: os.environ.get(name) for name in OWN_PLACES}
    for name, part in OWN_PLACES.items():
        (folder / part).mkdir(exist_ok=True)
        os.environ[name] = str(folder / part)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
