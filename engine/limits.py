"""How much of the machine computing may use: processor cores, and memory for one job.

Kept in the environment: processes of ours inherit it. The window sets it by its settings, for the
command line the user does. A value that is no number counts as none, see `check`.
"""

import os

from engine.errors import EngineError

CORES, MEMORY = "IMAGE_EMBEDDING_CORES", "IMAGE_EMBEDDING_MEMORY_MB"
# What libraries read, once, when they are loaded.
THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "RAYON_NUM_THREADS",
    "LOKY_MAX_CPU_COUNT",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
)
# As the program was started: what the user has set himself stays.
_GIVEN = {name: os.environ.get(name, "") for name in THREADS}


def available_cores() -> int:
    """Return how many processor cores this process may use, where the system tells it."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def cores() -> int:
    """Return how many processor cores computing may use: all of them if no number was chosen."""
    return chosen_cores() or available_cores()


def chosen_cores() -> int:
    """Return the number of cores that was chosen, no more than there are; 0 if none was.

    For libraries that choose by themselves unless they are told.
    """
    return min(_number(CORES), available_cores())


def memory_mb() -> int:
    """Return how much memory one job may take, in MB of a million bytes; 0 for no limit."""
    return _number(MEMORY)


def choose(cores: int = 0, memory_mb: int = 0) -> None:
    """Set both for this process and for those that it will start, with what libraries read.

    Parameters
    ----------
    cores, memory_mb
        See the functions of these names; 0 for all cores and for no limit.
    """
    _set(CORES, str(cores or ""))
    _set(MEMORY, str(memory_mb or ""))
    tell_libraries()


def tell_libraries() -> None:
    """Set what libraries read when they are loaded, here or in a process that is started."""
    threads = str(chosen_cores() or "")
    for name in THREADS:
        _set(name, _GIVEN[name] or threads)


def hold_loaded_libraries() -> None:
    """Make what this process has loaded already keep to the cores, unless the user set it."""
    from threadpoolctl import threadpool_limits

    if not any(_GIVEN[name] for name in THREADS):
        threadpool_limits(cores())


def check() -> None:
    """Make sure that the environment says numbers.

    Raises
    ------
    EngineError
        When not.
    """
    for name in (CORES, MEMORY):
        value = os.environ.get(name, "")
        if value and not value.isdecimal():
            raise EngineError(
                f"{name} is “{value}”; set it to a whole number, or to 0 for no limit."
            )


def _number(name: str) -> int:
    value = os.environ.get(name, "")
    return int(value) if value.isdecimal() else 0


def _set(name: str, value: str) -> None:
    if value:
        os.environ[name] = value
    else:
        os.environ.pop(name, None)
