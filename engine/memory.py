"""How much memory this process has taken."""

import sys


def peak_memory_mb() -> float:
    """Return the largest resident size of this process so far, in MB of a million bytes."""
    if sys.platform == "win32":
        import psutil

        return float(psutil.Process().memory_info().peak_wset) / 1e6
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
