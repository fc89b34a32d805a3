"""The language in which the window speaks. Whatever a person reads comes through here.

A text stands in English where it is used: ``tr("{count:,} images", count=7)``. Texts that are
chosen from a table are marked there (`engine.wording.mark`) and translated where they are shown:
``tr(NAMES[kind])``. What the engine says, errors and steps of jobs among it, goes through `told`.
All of it is taken into resources/languages by packaging/translate.py.
"""

import logging
import re
from functools import cache
from importlib.resources import files

from PySide6.QtCore import QCoreApplication, QLocale, QObject, QTranslator
from PySide6.QtGui import QFontDatabase

from desktop import qt_texts
from desktop.catalogue import LANGUAGES, SOURCE, Catalogue, read

KEY = re.compile(r"\s*\(&\w\)|&(?=\S)")  # how a text names its key: "&File", "ফাইল (&F)"

log = logging.getLogger(__name__)

_language, _catalogue = SOURCE, Catalogue()


def tr(text: str, /, **values: object) -> str:
    """Return a text of the window in its language, with values in place of the placeholders."""
    translated = _catalogue.text(text)
    return translated.format(**values) if values else translated


def plural(one: str, many: str, count: int, /, **values: object) -> str:
    """Return the text that fits a count, which is the value ``count`` of its placeholders."""
    return _catalogue.plural(one, many, count).format(count=count, **values)


def told(said: object) -> str:
    """Return what the engine said, an error for instance, in the language of the window."""
    return _catalogue.sentence(str(said))


def without_key(text: str) -> str:
    """Return the text of a command or control without the letter that chooses it."""
    return KEY.sub("", text)


def current() -> str:
    """Return which of `LANGUAGES` the window speaks."""
    return _language


def meant(choice: str) -> str:
    """Return the language that one of `desktop.catalogue.CHOICES` stands for."""
    if choice in LANGUAGES:
        return choice
    wanted = (name.split("-")[0] for name in QLocale.system().uiLanguages())
    return next((name for name in wanted if name in LANGUAGES), SOURCE)


def use(choice: str) -> None:
    """Speak another language: in what is made from now on, and in Qt's own texts."""
    global _language, _catalogue
    language = meant(choice)
    app = QCoreApplication.instance()
    assert app is not None
    if language != _language:
        _language, _catalogue = language, _read(language)
    # Digits are those of file names, tables and the command line in every language.
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    for before in app.findChildren(QtTexts):
        app.removeTranslator(before)
        before.deleteLater()
    if language != SOURCE:
        add_fonts()
        app.installTranslator(QtTexts(app))


def _read(language: str) -> Catalogue:
    """Return the catalogue; where it is missing or damaged, one that says all in English."""
    try:
        return read(language)
    except (OSError, ValueError, LookupError, TypeError) as error:
        log.warning("texts in “%s” are not used: %r", language, error)
        return Catalogue()


class QtTexts(QTranslator):
    """Gives Qt's own texts, those of its dialogs and menus, from the catalogue."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)

    def isEmpty(self) -> bool:
        """Say that there is something to be had."""
        return False

    def translate(
        self, context: str, text: str, disambiguation: str | None = None, n: int = -1
    ) -> str | None:
        """Return the translation, None where Qt's English is to stand."""
        if context == qt_texts.KEYS:
            return None
        if text in qt_texts.ALIKE:
            translated = _catalogue.texts.get(qt_texts.ALIKE[text])
            return None if translated is None else without_key(translated)
        return _catalogue.texts.get(text) if text in qt_texts.TEXTS else None


@cache
def add_fonts() -> None:
    """Bring letters along that a system may lack."""
    for file in (files("resources") / "fonts").iterdir():
        if file.name.endswith(".ttf"):
            QFontDatabase.addApplicationFont(str(file))
