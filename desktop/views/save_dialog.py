"""Asks for the file that is to be written, and whether it may replace another."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.views.widgets import shown


def ask_for_file(
    parent: QWidget, title: str, start: Path, then: Callable[[Path], object]
) -> QFileDialog:
    """Ask for a file to write.

    A name without a suffix gets that of ``start`` before the user is asked about a file that is
    there: none is replaced unasked.

    Parameters
    ----------
    parent
        Behind the dialog.
    title
        Of the dialog.
    start
        What is proposed.
    then
        Gets what is chosen, if anything is.
    """
    dialog = QFileDialog(parent, title, shown(start.parent), f"*{start.suffix}")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setDefaultSuffix(start.suffix)
    dialog.selectFile(shown(start.name))
    dialog.fileSelected.connect(lambda name: then(Path(name)))
    dialog.open()
    return dialog
