"""Whether the packaged program may have become another one; git knows.

Building it and letting it try itself takes long and tells nothing new while nothing changed of what
it is made with: `dev.py test` asks here.
"""

# As old as dev.py, which says why.
from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

# What the build and the trial go by. All else is the same from source, where the tests try it.
MADE_WITH = (
    "pyproject.toml",
    "packaging",
    "engine/own_process.py",  # a packaged program starts itself once more
    "engine/far_end.py",
    "engine/self_test",
    "desktop/self_test.py",
    "desktop/web_engine.py",  # the web view has a program and files of its own
)
# In packaging/, but of no use to that.
NOT_WITH = (
    "packaging/convert_bundled.py",
    "packaging/make_sample.py",
    "packaging/sample_art.py",
    "packaging/translate.py",
    "packaging/linux",
    "packaging/macos",
    "packaging/windows",
)
BASE = "IMAGE_EMBEDDING_BASE"  # names the commit that was tested before
DAY_S = 24 * 60 * 60


def is_changed(root: Path, run: Callable[..., tuple[int, str]], environ: Mapping[str, str]) -> bool:
    """Tell whether what the packaged program is made with is another than before.

    Before: at the commit that `BASE` names in ``environ``, else a day before the latest one.
    Without git, and where the history does not reach back so far, it counts as changed.

    Parameters
    ----------
    root
        The checkout; changes in it that were not committed count.
    run
        `host.run_command`, or what stands in for it.
    """
    before = environ.get(BASE) or _commit_of_yesterday(root, run)
    if not before:
        return True
    paths = [*MADE_WITH, *(f":(exclude){path}" for path in NOT_WITH)]
    return run(["git", "diff", "--quiet", before, "--", *paths], root, quiet=True)[0] != 0


def _commit_of_yesterday(root: Path, run: Callable[..., tuple[int, str]]) -> str:
    """Return the newest commit that is a day older than the latest one, or ""."""
    # Of the branch itself: what was merged since has changed since, however old it is.
    code, latest = run(["git", "log", "-1", "--format=%ct"], root, quiet=True)
    if code != 0:
        return ""
    until = f"--before={int(latest) - DAY_S}"
    command = ["git", "rev-list", "-1", "--first-parent", until, "HEAD"]
    return run(command, root, quiet=True)[1].strip()
