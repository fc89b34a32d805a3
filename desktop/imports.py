"""Imports that cost what they cost without PySide6."""

import sys
from typing import Any


def spare_reading_sources() -> None:
    """Keep PySide6 from reading the source of every module that is imported from now on.

    It looks there for its own name, in case the module uses ``from __feature__ import``, which this
    program does not. Reading and splitting the sources of SciPy alone holds up a window for seconds
    while a job imports it in another thread (pyside-setup, ``shibokensupport/feature.py``; known at
    https://github.com/napari/napari/issues/8584). There is no switch for it.
    """
    feature: Any = sys.modules.get("shibokensupport.feature")
    if feature is not None and hasattr(feature, "_mod_uses_pyside"):
        feature._mod_uses_pyside = _uses_no_feature


def _uses_no_feature(module: object) -> bool:
    return False
