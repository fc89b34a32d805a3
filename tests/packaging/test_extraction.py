"""Texts are taken out of the source, and translations held against them."""

from pathlib import Path

from babel.messages.catalog import Catalog
from loading import load

translate = load("translate")

ENGINE = """
STAGE = mark("Reading pictures")
def fail(place, error, names, count):
    progress.report(f"Loading {place.name}")
    progress.report(STAGE)
    raise EngineError(f"“{place}” cannot be read ({error.strerror or error}); see {names[0]}.")
    raise EngineError(f"“{place}” {error}.")
    raise EngineError(f"{place}: {count}")
    raise UnreadableImageError("is empty" if place else f"has {len(names):,} parts")
    return mark(f"{names} → {names}")
    log.info("nobody reads this")
"""


def test_what_the_engine_tells_is_taken_out_with_names_for_its_values(tmp_path: Path) -> None:
    for folder in ("engine", "engine/cli", "desktop"):
        (tmp_path / folder).mkdir()
    (tmp_path / "engine" / "part.py").write_text(ENGINE, "utf-8")
    (tmp_path / "engine" / "cli" / "part.py").write_text(ENGINE, "utf-8")
    found = list(translate.texts(tmp_path))
    assert {each.file for each in found} == {"engine/part.py"}
    assert all(each.told for each in found)
    assert [each.text for each in found] == [
        "Reading pictures",
        "Loading {name}",
        "“{place}” cannot be read ({strerror}); see {names}.",
        "“{place}” {error}.",
        "is empty",
        "has {names} parts",
        "{names} → {names2}",
    ]


def test_a_translation_has_the_values_of_its_text_as_they_are_written():
    catalogue = Catalog(locale="bn")
    catalogue.add("{count:,} of {all:,}", "{all:,} থেকে {count:,}")
    catalogue.add(("{count} image", "{count} images"), ("একটি ছবি", "{count}টি ছবি"))
    assert translate.wrong(catalogue) == []
    catalogue.add("{name} is damaged", "ক্ষতিগ্রস্ত")
    catalogue.add("{size:.1f} MB", "{size:,} MB")
    catalogue.add("Close", "")
    assert translate.wrong(catalogue) == [
        "no {name} in the translation: ক্ষতিগ্রস্ত",
        "unknown {size:,} in the translation: {size:,} MB",
        "no {size:.1f} in the translation: {size:,} MB",
        "not translated: Close",
    ]
