"""How much memory this process has taken."""

import sys


def peak_memory_mb() -> float:
    """Return the largest resident size so far, in MB of a million bytes.

    Of this process or of one that it started and that has ended, whichever was larger.
    """
    if sys.platform == "win32":
        import psutil

        return float(psutil.Process().memory_info().peak_wset) / 1e6
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(each).ru_maxrss for each in who) * unit / 1e6
