"""Every text of the window can be read in every language that the program offers."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from loading import CHECKOUT, load

from desktop.catalogue import LANGUAGES, SOURCE, read
from desktop.commands import COMMANDS

translate = load("translate")
TRANSLATED = {"tr", "plural", "mark", "told", "EngineError", "report", "Step"}
FOR_THE_LOG = {
    "debug",
    "info",
    "warning",
    "error",
    "exception",
    "print",
    "ValueError",
    "RuntimeError",
}
OF_QT = {
    "setObjectName",
    "setStyleSheet",
    "setProperty",
    "property",
    "findChild",
    "cast",
    "TypeVar",
    "getattr",
}
# For who mends the program, not for who uses it; parts of shaders, and style sheets.
NOT_READ = {
    "app.py", "crash_notes.py", "details.py", "licences.py", "log_file.py", "self_test.py",
    "versions.py", "theme.py", "gl_program.py", "catalogue.py",
}  # fmt: skip
WORDS = re.compile(
    r"[A-Za-z]{2,}[,;:.]? +[A-Za-z(]|^&?[A-Z][a-z]+&?[a-z]*[….:]?$|^\W*[a-z]{2,} | [a-z]{2,}\W*$"
)
KEY = re.compile(r"&(\w)")  # a letter that chooses a text of a menu
CODE = re.compile(r"void main\(|=> \{")  # of shaders and web pages
NAMES = {
    "Image Embedding", "TensorBoard", "Keras", "Backspace", "Shift", "Ctrl", "Alt", "Enter", "Tab",
    "Return", "Esc", "Space", "Delete", "PgUp", "PgDown", "Home", "End", "TensorFlow Lite",
    "PNG (*.png)", "basic render", "gdi generic", "image-embedding (unconfined)",
}  # fmt: skip


def languages() -> list[str]:
    """Return the languages that are translated into."""
    return [language for language in LANGUAGES if language != SOURCE]


@pytest.mark.parametrize("language", languages())
def test_every_text_is_translated(language: str) -> None:
    file = CHECKOUT / "resources" / "languages" / f"{language}.po"
    assert translate.wrong(translate.updated(file, language, list(translate.texts(CHECKOUT)))) == []


@pytest.mark.parametrize("language", languages())
def test_catalogues_hold_what_the_source_says_now(language: str) -> None:
    """Else type: python packaging/translate.py"""
    file = CHECKOUT / "resources" / "languages" / f"{language}.po"
    found = list(translate.texts(CHECKOUT))
    catalogue = translate.updated(file, language, found)
    assert file.read_bytes() == translate.as_po(catalogue)
    assert file.with_suffix(".json").read_bytes() == translate.as_json(catalogue, found)


@pytest.mark.parametrize(
    "file", sorted((CHECKOUT / "desktop").rglob("*.py")), ids=lambda file: file.stem
)
def test_a_text_of_the_window_goes_through_the_catalogue(file: Path) -> None:
    """A text is given to tr, plural or told, or stands marked in a table; names are exempt."""
    if file.name not in NOT_READ:
        assert list(untranslated(ast.parse(file.read_text("utf-8")))) == []


def test_the_texts_of_a_command_are_taken_where_it_is_declared(tmp_path):
    (tmp_path / "desktop").mkdir()
    declared = 'Command("quit", "&File", "&Quit", "Ctrl+Q", tip="End the program", checked=None)'
    (tmp_path / "desktop" / "commands.py").write_text(declared)
    assert [text.text for text in translate.texts(tmp_path)] == [
        "&File",
        "&Quit",
        "End the program",
    ]
    assert list(untranslated(ast.parse(declared.replace('"quit"', '"Quit it"')))) == [
        "line 1: Quit it"
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_chooses_one_command_of_a_menu(language: str) -> None:
    catalogue = read(language)
    letters: dict[str, list[str]] = {"the bar": []}
    for text in dict.fromkeys((*(command.menu for command in COMMANDS), "C&olours")):
        letters["the bar"] += KEY.findall(catalogue.text(text))
    for command in COMMANDS:
        letters.setdefault(command.menu, []).extend(KEY.findall(catalogue.text(command.text)))
    letters["&File"] += KEY.findall(catalogue.text("Open &recent"))
    for menu, found in letters.items():
        lower = [letter.lower() for letter in found]
        assert sorted(lower) == sorted(set(lower)), menu


def untranslated(node: ast.AST) -> Iterator[str]:
    """Yield what looks like words that a person reads, with its line."""
    if isinstance(node, ast.Call):
        if translate.called(node) in TRANSLATED | FOR_THE_LOG | OF_QT:
            for argument in node.args[2 if translate.called(node) == translate.PLURAL else 1 :]:
                yield from untranslated(argument)
            for keyword in node.keywords:
                yield from untranslated(keyword.value)
            return
        taken = translate.fields(node)
        for child in ast.iter_child_nodes(node):
            if (child.value if isinstance(child, ast.keyword) else child) not in taken:
                yield from untranslated(child)
        return
    if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
        body = node.body[1:] if ast.get_docstring(node) is not None else node.body
        for child in (*body, *getattr(node, "decorator_list", ()), *_defaults(node)):
            yield from untranslated(child)
        return
    elif isinstance(node, (ast.Assert, ast.AnnAssign)):
        value = node.test if isinstance(node, ast.Assert) else node.value
        if value is not None:
            yield from untranslated(value)
        return
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        is_code = CODE.search(node.value) is not None
        if WORDS.search(node.value) and node.value not in NAMES and not is_code:
            yield f"line {node.lineno}: {node.value}"
        return
    for child in ast.iter_child_nodes(node):
        yield from untranslated(child)


def _defaults(node: ast.AST) -> list[ast.expr]:
    """Return the defaults of a function's arguments."""
    if not isinstance(node, ast.FunctionDef):
        return []
    return [each for each in (*node.args.defaults, *node.args.kw_defaults) if each is not None]
