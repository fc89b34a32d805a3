"""Bring the catalogues of the texts of the window up to date.

python packaging/translate.py [--check]

Takes every text out of the source, adds what is new to resources/languages/*.po, drops what is no
longer said, and writes what the window reads, the .json beside each. Translate in the .po, with a
program such as Poedit or any editor, then type the command again. To begin a language, add it to
LANGUAGES in desktop/catalogue.py first. --check writes nothing, and fails if there is work to do.
"""

import argparse
import ast
import io
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from desktop.catalogue import LANGUAGES, PLACEHOLDER, SOURCE, is_sentence  # noqa: E402

WINDOW = {"tr", "mark"}  # called with a text
PLURAL = "plural"  # called with a singular and a plural
FIELDS = {"Command": {"menu": 1, "text": 2, "tip": 5}}  # texts among others, and their places
TOLD = {
    "EngineError", "WorkspaceBusyError", "UnreadableImageError", "UnusableError", "report", "Step",
    "mark",
}  # fmt: skip
OF_COMMANDS = ("engine/cli/", "engine/self_test/", "desktop/self_test.py")  # no window shows it
VALUE = re.compile(r"\{\w+(?:[:!][^{}]*)?\}")  # a placeholder, with how its value is written
HEADER = """\
# What the window of Image Embedding says, in {language}.
# This file is distributed under the same licence as the program."""

# Fields of the header that nobody fills in; with the day of today every run would be a change.
UNSAID = ('"Project-Id', '"Report-', '"POT-', '"PO-', '"Last-', '"Language-Team', '"Generated')


class SourceError(Exception):
    """A text in the source that cannot be translated as it is written."""


@dataclass(frozen=True)
class Text:
    """singular or whole text; its plural where it has one; whether the engine tells it."""

    text: str
    plural: str
    told: bool
    file: str


def main(arguments: list[str]) -> int:
    """Do what the command line says; return the exit code."""
    parser = argparse.ArgumentParser(prog="packaging/translate.py", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, say what is to do")
    check = parser.parse_args(arguments).check
    found = list(texts(ROOT))
    to_do = []
    for language in LANGUAGES:
        if language != SOURCE:
            file = ROOT / "resources" / "languages" / f"{language}.po"
            catalogue = updated(file, language, found)
            wanted = {file: as_po(catalogue), file.with_suffix(".json"): as_json(catalogue, found)}
            for each, data in wanted.items():
                if not each.exists() or each.read_bytes() != data:
                    to_do.append(f"{each.name} is not up to date")
                    if not check:
                        each.write_bytes(data)
            to_do += [f"{language}: {line}" for line in wrong(catalogue)]
    if not check:
        to_do = [line for line in to_do if not line.endswith("is not up to date")]
    print("\n".join(to_do) if to_do else f"{len(found)} texts, all translated")
    return 1 if to_do else 0


def texts(root: Path) -> Iterator[Text]:
    """Yield every text that a person may read in the window, by file and place."""
    for folder in ("desktop", "engine"):
        for file in sorted((root / folder).rglob("*.py")):
            place = file.relative_to(root).as_posix()
            if place.startswith(OF_COMMANDS):
                continue
            tree = ast.parse(file.read_text("utf-8"))
            calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args)
            for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
                try:
                    yield from _texts_of(call, place, folder == "engine")
                except SourceError as error:
                    raise SourceError(f"{place}:{call.lineno}: {error}") from None


def _texts_of(call: ast.Call, file: str, of_engine: bool) -> Iterator[Text]:
    name = called(call)
    if isinstance(call.func, ast.Attribute) and name not in TOLD:
        return
    if name == PLURAL and not of_engine:
        one, many = (literal(argument) for argument in call.args[:2])
        if one is None or many is None:
            raise SourceError("the forms of a plural stand where it is called")
        yield Text(one, many, False, file)
    elif name in FIELDS and not of_engine:
        for argument in fields(call):
            text = literal(argument)
            if text is None:
                raise SourceError(f"the texts of {name}() stand where it is called")
            if text:
                yield Text(text, "", False, file)
    elif name in (TOLD if of_engine else WINDOW | TOLD):
        for argument in branches(call.args[0]):
            text = literal(argument)
            if text is None and (of_engine or name in TOLD - WINDOW):
                text = template(argument)
                text = text if name == "mark" or has_words(text or "") else None
            elif text is None and isinstance(argument, ast.JoinedStr):
                raise SourceError(f"{name}() takes a text with placeholders and their values")
            if text:
                yield Text(text, "", of_engine or name in TOLD - WINDOW, file)


def called(call: ast.Call) -> str:
    """Return the name of what is called, without what it belongs to."""
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def fields(call: ast.Call) -> list[ast.expr]:
    """Return the arguments of a call that are texts, as `FIELDS` says."""
    names = FIELDS.get(called(call), {})
    found = [call.args[place] for place in names.values() if place < len(call.args)]
    return found + [keyword.value for keyword in call.keywords if keyword.arg in names]


def branches(node: ast.expr) -> Iterator[ast.expr]:
    """Yield what an expression may be, of both sides of a condition."""
    if isinstance(node, ast.IfExp):
        yield from branches(node.body)
        yield from branches(node.orelse)
    else:
        yield node


def literal(node: ast.expr) -> str | None:
    """Return a text that stands in the source."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def template(node: ast.expr) -> str | None:
    """Return an f-string with a named placeholder for each value; None for another expression."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        sides = [template(side) if literal(side) is None else literal(side)
                 for side in (node.left, node.right)]  # fmt: skip
        return None if None in sides else "".join(side or "" for side in sides)
    if not isinstance(node, ast.JoinedStr):
        return None
    names: dict[str, int] = {}
    parts = []
    for value in node.values:
        if isinstance(value, ast.FormattedValue):
            name = _name_of(value.value)
            names[name] = names.get(name, 0) + 1
            parts.append("{" + name + (str(names[name]) if names[name] > 1 else "") + "}")
        else:
            parts.append(literal(value) or "")
    return "".join(parts)


def has_words(template: str) -> bool:
    """Tell whether there is something to translate in a template or in what is put in."""
    said_by_engine = any(map(is_sentence, PLACEHOLDER.findall(template)))
    return said_by_engine or re.search(r"[a-z]{2}", PLACEHOLDER.sub("", template)) is not None


def _name_of(node: ast.expr) -> str:
    """Return a name that tells a translator what is put in."""
    if isinstance(node, ast.Name):
        return node.id.strip("_").lower()
    if isinstance(node, ast.Attribute):
        return node.attr.strip("_").lower()
    if isinstance(node, ast.Call):
        return _name_of(node.args[0]) if node.args else _name_of(node.func)
    if isinstance(node, ast.BoolOp):
        return _name_of(node.values[0])
    if isinstance(node, ast.Subscript):
        return _name_of(node.value)
    return "value"


def updated(file: Path, language: str, found: list[Text]) -> Catalog:
    """Return the catalogue of a language with what is said now, and no more."""
    before = Catalog(locale=language)
    if file.exists():
        with file.open("rb") as stream:
            before = read_po(stream, locale=language)
    known = {_key(message): message for message in before if message.id}
    catalogue = Catalog(locale=language, project="Image Embedding", fuzzy=False,
                        header_comment=HEADER.format(language=LANGUAGES[language]))  # fmt: skip
    catalogue.revision_date = catalogue.creation_date = before.creation_date
    places: dict[str, list[tuple[str, None]]] = {}
    plurals = {text.text: text.plural for text in found if text.plural}
    for text in found:
        places.setdefault(text.text, []).append((text.file, None))
    for text, files in places.items():
        identity = (text, plurals[text]) if text in plurals else text
        old = known.get(text)
        string = old.string if old is not None else ""
        is_plural = isinstance(string, (tuple, list))
        if is_plural != (text in plurals):
            string = ("", "") if text in plurals else ""
        catalogue.add(identity, string, locations=sorted(set(files)),
                      user_comments=old.user_comments if old is not None else ())  # fmt: skip
    return catalogue


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def as_po(catalogue: Catalog) -> bytes:
    """Return the catalogue as translators know it."""
    out = io.BytesIO()
    write_po(out, catalogue, width=100, omit_header=False, include_lineno=False)
    lines = out.getvalue().decode("utf-8").splitlines()
    kept = [line for line in lines if not line.startswith(UNSAID)]
    return ("\n".join(kept) + "\n").encode("utf-8")


def as_json(catalogue: Catalog, found: list[Text]) -> bytes:
    """Return the catalogue as desktop/catalogue.py reads it."""
    told = {text.text for text in found if text.told}
    of_messages = [message for message in catalogue if message.id]
    single = {m.id: m.string for m in of_messages if isinstance(m.id, str) and m.string}
    plurals = {m.id[0]: list(m.string) for m in of_messages
               if not isinstance(m.id, str) and all(m.string)}  # fmt: skip
    single |= {one: forms[0] for one, forms in plurals.items()}
    content = {
        "rule": catalogue.plural_expr,
        "texts": dict(sorted(single.items())),
        "plurals": dict(sorted(plurals.items())),
        "told": sorted(told & single.keys()),
    }
    return (json.dumps(content, ensure_ascii=False, indent=0) + "\n").encode("utf-8")


def wrong(catalogue: Catalog) -> list[str]:
    """Return what is not translated, or with other placeholders than the text has."""
    lines = []
    for message in catalogue:
        if not message.id:
            continue
        forms = [message.string] if isinstance(message.id, str) else list(message.string)
        wanted = set(VALUE.findall(_key(message)))
        for form in forms:
            if not form:
                lines.append(f"not translated: {_key(message)}")
                break
            values = set(VALUE.findall(form))
            if unknown := values - wanted:
                lines.append(f"unknown {', '.join(sorted(unknown))} in the translation: {form}")
            # A form of a plural may say the count in words.
            if isinstance(message.id, str) and (lost := wanted - values):
                lines.append(f"no {', '.join(sorted(lost))} in the translation: {form}")
    return lines


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
