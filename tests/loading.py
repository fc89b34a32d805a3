"""The scripts of packaging/, which is no package and must not become one."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
PACKAGING = CHECKOUT / "packaging"


def load(name: str, place: Path = PACKAGING) -> ModuleType:
    """Import a script by its path, with its neighbours."""
    spec = importlib.util.spec_from_file_location(f"packaging_{name}", place / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(PACKAGING))
        patch.syspath_prepend(str(place))
        spec.loader.exec_module(module)
    return module
