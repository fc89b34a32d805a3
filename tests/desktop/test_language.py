"""The window speaks another language, and finds what the engine said in it."""

import functools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from loading import CHECKOUT, load
from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLineEdit, QMenu

from desktop import catalogue, language, qt_texts
from desktop.catalogue import LANGUAGES, PLACEHOLDER, SOURCE, SYSTEM, Catalogue, is_sentence, read
from desktop.language import meant, plural, told, tr, without_key
from engine.backbones import backbone_named
from engine.class_names import new_class_name
from engine.errors import EngineError
from engine.quality.copies import sentence_of
from engine.quality.findings import DUPLICATE, EXACT, Finding
from engine.values import ImageFile

translate = load("translate")
DAMAGED = "The model “{name}” is damaged; train it again."
FULL = "“{folder}” cannot be written to ({strerror}); choose another place."
LEFT_OUT = "Predictions are left out: {error}"
VALUES = [f"9{number}" for number in range(9)]


def knowing(told: dict[str, str], **more: str) -> Catalogue:
    """Return a catalogue of what the engine tells, and of texts of the window."""
    return Catalogue(told | more, told=tuple(told))


@functools.cache
def every_text_told() -> tuple[str, ...]:
    """Return all that the engine tells."""
    return tuple(dict.fromkeys(each.text for each in translate.texts(CHECKOUT) if each.told))


def templates() -> list[str]:
    """Return what the engine tells with values in it; of those alike but for names one."""
    found = {PLACEHOLDER.sub("{}", text): text for text in every_text_told()}
    return [text for empty, text in found.items() if text != empty]


def told_by_number() -> Catalogue:
    """Return a catalogue of all templates, whose translations are numbers, then the values."""
    translations = {
        text: " ".join([str(number), *(f"{{{name}}}" for name in PLACEHOLDER.findall(text))])
        for number, text in enumerate(templates())
    }
    return knowing(translations, **{value: value for value in VALUES})


@pytest.fixture
def speaks(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the window speak a language whose catalogue is made in the test."""
    yield None
    monkeypatch.undo()
    language.use(SOURCE)


def speak(monkeypatch: pytest.MonkeyPatch, catalogue: Catalogue) -> None:
    monkeypatch.setattr(language, "read", {SOURCE: Catalogue(), "bn": catalogue}.get)
    language.use("bn")


def test_a_text_without_a_translation_stays_as_it_is():
    assert Catalogue().text("Close") == "Close"
    assert Catalogue().sentence("A map has 2 or 3 dimensions, not 4.") == (
        "A map has 2 or 3 dimensions, not 4."
    )
    assert Catalogue().plural("{count} image", "{count} images", 1) == "{count} image"
    assert Catalogue().plural("{count} image", "{count} images", 0) == "{count} images"


def test_a_count_chooses_the_form_by_the_rule_of_the_language():
    forms = {"one": ("nought or one", "more")}
    catalogue = Catalogue(plurals=forms, rule=lambda count: int(count > 1))
    assert [catalogue.plural("one", "many", count) for count in (0, 1, 2)] == [
        "nought or one", "nought or one", "more"
    ]  # fmt: skip


def test_a_sentence_of_the_engine_is_found_with_values_in_it():
    catalogue = knowing({DAMAGED: "Noch einmal: {name}!"})
    assert (
        catalogue.sentence("The model “a b”” is damaged; train it again.") == "Noch einmal: a b”!"
    )
    assert (
        catalogue.sentence("The model “a\nb” is damaged; train it again.") == "Noch einmal: a\nb!"
    )
    assert catalogue.sentence("The model “a” is damaged; train it again!").startswith("The model")


def test_values_with_braces_stay_what_they_are():
    catalogue = knowing({DAMAGED: "Noch einmal: {name}!"})
    said = DAMAGED.format(name="{name} {0} {")
    assert catalogue.sentence(said) == "Noch einmal: {name} {0} {!"


def test_a_sentence_within_a_sentence_is_translated_too():
    catalogue = knowing({LEFT_OUT: "Ohne: {error}", DAMAGED: "Noch einmal: {name}!"})
    said = LEFT_OUT.format(error=DAMAGED.format(name="signs"))
    assert catalogue.sentence(said) == "Ohne: Noch einmal: signs!"


def test_a_name_that_reads_like_a_text_stays_a_name():
    catalogue = knowing({DAMAGED: "Noch einmal: {name}!"}, right="richtig")
    assert catalogue.sentence(DAMAGED.format(name="right")) == "Noch einmal: right!"


def test_the_text_that_fixes_most_of_a_sentence_is_meant():
    catalogue = knowing({"{name}: {what}": "two", "{name}: measuring the speed": "speed of {name}"})
    assert catalogue.sentence("VGG16: measuring the speed") == "speed of VGG16"


def test_of_two_texts_that_fit_the_one_is_meant_that_leaves_nothing_untranslated():
    catalogue = knowing(
        {
            "{error}, and that is all there is.": "firm {error}",
            "“{file}” {reason}": "{file} {reason}",
            "lies elsewhere, and that is all there is.": "anderswo",
        }
    )
    assert catalogue.sentence("“x” lies elsewhere, and that is all there is.") == "x anderswo"


def test_what_is_not_known_within_a_sentence_stays_as_it_was_said():
    catalogue = knowing({FULL: "{folder} geht nicht ({strerror})"})
    assert catalogue.sentence(FULL.format(folder="/a", strerror="Odd fault")) == (
        "/a geht nicht (Odd fault)"
    )


def test_every_text_of_the_engine_is_recognised_as_itself():
    catalogue, wrong = told_by_number(), {}
    for number, text in enumerate(templates()):
        values = dict(zip(PLACEHOLDER.findall(text), VALUES, strict=False))
        said = catalogue.sentence(text.format(**values))
        if said.split() != [str(number), *values.values()]:
            wrong[text] = said
    assert wrong == {}


def test_every_text_of_the_engine_is_recognised_with_each_other_one_in_it():
    catalogue, wrong = told_by_number(), []
    parts = [text for text in every_text_told() if not PLACEHOLDER.search(text)]
    catalogue = Catalogue({**catalogue.texts, **dict.fromkeys(parts, "part")}, told=catalogue.told)
    for number, text in enumerate(templates()):
        names = PLACEHOLDER.findall(text)
        if any(map(is_sentence, names)):
            values = dict(zip(names, VALUES, strict=False))
            within = {name: "part" for name in names if is_sentence(name)}
            expected = f"{number} {' '.join((values | within).values())}"
            for part in parts:
                said = text.format(**values | dict.fromkeys(within, part))
                if catalogue.sentence(said) != expected:
                    wrong.append((said, catalogue.sentence(said)))
    assert wrong == []


def test_errors_as_the_engine_raises_them_are_recognised(tmp_path: Path) -> None:
    from engine.dataset import read_dataset
    from engine.foreign.vector_file import read_vectors

    (tmp_path / "empty.csv").touch()
    catalogue = knowing({text: f"<{text}>" for text in every_text_told()})
    for act, said in (
        (lambda: read_dataset(tmp_path / "no"), "does not exist; check its name.>"),
        (lambda: read_dataset(tmp_path), "one subfolder of pictures for each class.>"),
        (lambda: backbone_named("nothing"), "choose for example"),
        (lambda: new_class_name("a:b"), "<holds what folders cannot have (:); leave it out>"),
        (lambda: new_class_name("a\tb"), "(<control characters>)"),
        (lambda: read_vectors(tmp_path / "empty.csv"), "<is empty; choose another file>"),
    ):
        with pytest.raises(EngineError) as error:
            act()
        translated = catalogue.sentence(str(error.value))
        assert translated.startswith("<")
        assert said in translated


def test_findings_as_the_engine_words_them_are_recognised():
    finding = Finding(DUPLICATE, "a/1.png", 1.0, issue=EXACT, twin="b/2.png")
    images = {
        "a/1.png": ImageFile("a/1.png", "a", 1, 1),
        "b/2.png": ImageFile("b/2.png", "b", 1, 1),
    }
    catalogue = told_by_number()
    says = sentence_of(finding, images)
    assert catalogue.sentence(says).endswith(" b/2.png b")


def test_a_value_never_takes_what_another_text_explains():
    """“{edit}, {count} images” says more of it than “no class → {label}”."""
    texts = {
        "no class → {label}": "ohne → {label}",
        "{edit}, {count} images": "{edit}, {count} Bilder",
        "{old} merged into {new}": "{old} wird {new}",
    }
    catalogue = Catalogue(texts, told=tuple(texts))
    assert catalogue.sentence("no class → dog, 3 images") == "ohne → dog, 3 Bilder"
    assert catalogue.sentence("cat merged into dog, 3 images") == "cat wird dog, 3 Bilder"
    assert catalogue.sentence("no class → dog") == "ohne → dog"


@pytest.mark.parametrize("name", [name for name in LANGUAGES if name != SOURCE])
def test_the_catalogue_of_each_language_can_be_read(name: str) -> None:
    catalogue = read(name)
    assert set(catalogue.told) <= set(catalogue.texts)
    assert {catalogue.rule(count) for count in (0, 1, 2, 5, 21)} >= {0}
    for text, translation in catalogue.texts.items():
        assert text.strip()
        assert translation.strip()


@pytest.mark.parametrize("stored", [None, b"", b"[]", b'{"texts": {}}'])
def test_without_its_catalogue_a_language_is_english(speaks, monkeypatch, tmp_path, stored):
    monkeypatch.setattr(catalogue, "files", lambda package: tmp_path)
    if stored is not None:
        (tmp_path / "languages").mkdir()
        (tmp_path / "languages" / "bn.json").write_bytes(stored)
    language.use("bn")
    assert tr("Cancel") == "Cancel"
    assert plural("{count} class", "{count} classes", 2) == "2 classes"


def test_texts_of_the_window_get_their_values(speaks, monkeypatch):
    texts = {"{count:,} of {all:,}": "{all:,} davon {count:,}", "Close": "Zu"}
    forms = {"{count:,} image": ("{count:,} Bild", "{count:,} Bilder")}
    speak(monkeypatch, Catalogue(texts, forms))
    assert tr("Close") == "Zu"
    assert tr("{count:,} of {all:,}", count=1000, all=2000) == "2,000 davon 1,000"
    assert plural("{count:,} image", "{count:,} images", 1) == "1 Bild"
    assert plural("{count:,} image", "{count:,} images", 1234) == "1,234 Bilder"
    assert language.current() == "bn"


def test_an_error_is_told_in_the_language_of_the_window(speaks, monkeypatch):
    speak(monkeypatch, knowing({DAMAGED: "Noch einmal: {name}!"}))
    assert told(EngineError(DAMAGED.format(name="signs"))) == "Noch einmal: signs!"
    language.use(SOURCE)
    assert told(EngineError(DAMAGED.format(name="signs"))) == DAMAGED.format(name="signs")


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("&File", "File"),
        ("Save &as…", "Save as…"),
        ("ফাইল (&F)", "ফাইল"),
        ("ফোল্ডার খুলুন (&O)…", "ফোল্ডার খুলুন…"),
        ("Fish & chips", "Fish & chips"),
    ],
)
def test_the_letter_that_chooses_a_command_is_left_out_of_its_name(text: str, bare: str) -> None:
    assert without_key(text) == bare


def test_a_choice_means_a_language(monkeypatch):
    assert [meant(name) for name in LANGUAGES] == list(LANGUAGES)
    for spoken, language_of_window in (("bn-BD", "bn"), ("en-GB", "en"), ("xx-YY", SOURCE)):
        monkeypatch.setattr(QLocale, "uiLanguages", lambda self, spoken=spoken: [spoken])
        assert meant(SYSTEM) == language_of_window


def test_dialogs_and_menus_of_qt_speak_the_language_of_the_window(speaks, monkeypatch, qtbot):
    speak(monkeypatch, Catalogue({"Cancel": "Abbruch", "&Paste": "Einfügen (&P)"}))
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    field = QLineEdit()
    qtbot.addWidget(buttons)
    qtbot.addWidget(field)
    cancel = buttons.button(QDialogButtonBox.StandardButton.Cancel)
    assert without_key(cancel.text()) == "Abbruch"
    assert "Einfügen" in " ".join(_names(field.createStandardContextMenu()))
    language.use(SOURCE)
    fresh = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(fresh)
    assert "Cancel" in without_key(fresh.button(QDialogButtonBox.StandardButton.Cancel).text())


def test_keys_keep_their_names_in_every_language(speaks, monkeypatch):
    keys = ("Home", "End", "Space", "Delete", "Del", "Left", "Tab", "Ctrl", "Shift", "Print")
    speak(monkeypatch, Catalogue({**dict.fromkeys(keys, "Taste"), **dict.fromkeys(LANGUAGES, "x")}))
    for keys_of in ("Ctrl+Home", "Shift+Space", "Del", "Alt+Left"):
        action = QAction("x", shortcut=QKeySequence(keys_of))
        assert action.shortcut().toString(QKeySequence.SequenceFormat.NativeText) == keys_of


def test_qt_is_told_only_what_is_its_own(speaks, monkeypatch):
    others = {"Confidence": "Zuversicht", "Copy": "Doppel", "&Copy": "Kopieren (&K)"}
    speak(monkeypatch, Catalogue({"Name": "Name!", **others}))
    asked = QCoreApplication.translate
    assert asked("QFileSystemModel", "Name") == "Name!"
    assert asked("QFileSystemModel", "Confidence") == "Confidence"
    assert asked("RenderViewContextMenuQt", "Copy") == "Kopieren"
    assert asked("RenderViewContextMenuQt", "Cut") == "Cut"
    assert asked(qt_texts.KEYS, "Name") == "Name"


def _names(menu: QMenu) -> list[str]:
    return [re.sub("\t.*", "", action.text()) for action in menu.actions()]
