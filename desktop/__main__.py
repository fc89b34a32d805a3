"""``image-embedding``: a command goes to the command line, anything else opens the window."""

import sys
from collections.abc import Sequence
from pathlib import Path


def main(arguments: Sequence[str] | None = None) -> int:
    """Look at the arguments before anything heavy is imported.

    Without a command, an argument that is not an option is the folder to open, or the catalogue of
    a workspace, which file managers open in its place.
    """
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    if arguments:
        from engine import cli

        if len(arguments) > 1 or cli.is_for_command_line(arguments[0]):
            from desktop.self_test import CHECKS

            return cli.main(arguments, CHECKS)
    from desktop import app

    return app.run(_folder(Path(arguments[0])) if arguments else None)


def _folder(place: Path) -> Path:
    from engine.workspace.workspace import CATALOGUE

    return place.parent if place.name == CATALOGUE else place


if __name__ == "__main__":
    sys.exit(main())
