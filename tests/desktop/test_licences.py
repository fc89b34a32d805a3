"""What the program is made of, and under which licences."""

import json
import subprocess
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from window_fixtures import SOON_MS

from desktop.licences import libraries
from desktop.versions import versions
from desktop.views.about_dialog import AboutDialog, LicencesDialog
from engine import __version__


@pytest.fixture(scope="module")
def known():
    return libraries()


def test_every_library_that_is_needed_is_listed_once(known):
    names = [library.name.lower() for library in known]
    assert len(names) == len(set(names))
    assert {"numpy", "keras", "scikit-learn", "openvino", "pyside6", "tensorboard"} <= set(names)
    assert "threadpoolctl" in names
    assert "pytest" not in names, "only what the program needs"


def test_each_library_tells_its_licence(known):
    assert [library.name for library in known if not library.text().strip()] == []
    untold = [each.name for each in known if not each.licence and not each.texts]
    assert untold == []


def test_no_library_asks_that_the_program_be_under_its_own_licence(known):
    strict = [library.name for library in known if "GPL" in library.licence.replace("LGPL", "")]
    assert [name for name in strict if not name.lower().startswith(("pyside6", "shiboken6"))] == []


def test_qt_is_told_to_be_replaceable(known):
    qt = next(library for library in known if library.name.lower() == "pyside6")
    assert "Lesser General Public License" in qt.text()
    assert "replace" in qt.text()


def test_the_font_that_is_brought_along_tells_its_licence(known):
    font = next(library for library in known if library.name == "Noto Sans Bengali")
    assert font.licence == "OFL-1.1"
    assert "SIL OPEN FONT LICENSE" in font.text().upper()
    assert [each.name.lower() for each in known] == sorted(each.name.lower() for each in known)


def test_versions_are_told_without_importing_what_they_are_of():
    code = "import json, sys\nfrom desktop.versions import versions\n"
    code += "print(json.dumps([versions(), list(sys.modules)]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    told, modules = json.loads(done.stdout)
    assert told["Image Embedding"] == __version__
    assert told["Keras"][0].isdigit()
    assert not {"tensorflow", "keras", "openvino", "sklearn", "tensorboard"} & set(modules)


def test_about_shows_and_copies_the_versions_and_leads_to_the_licences(qtbot, window):
    window._actions["show_about"].trigger()
    qtbot.waitUntil(lambda: window.findChild(AboutDialog) is not None, timeout=SOON_MS)
    about = window.findChild(AboutDialog)
    qtbot.mouseClick(about.copy_button, Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text().splitlines()[0] == f"Image Embedding: {__version__}"
    assert all(name in QApplication.clipboard().text() for name in versions())
    qtbot.mouseClick(about.licences_button, Qt.MouseButton.LeftButton)
    licences = about.findChild(LicencesDialog)
    qtbot.keyClicks(licences.list, "numpy")
    assert licences.list.currentItem().text(0) == "numpy"
    assert "Redistribution" in licences.text.toPlainText()
    qtbot.keyClick(licences, Qt.Key.Key_Escape)
    qtbot.keyClick(about, Qt.Key.Key_Escape)
