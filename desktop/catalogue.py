"""What the texts of the program are in one language, as packaging/translate.py keeps it."""

import gettext
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files

LANGUAGES = {"en": "English", "bn": "বাংলা"}  # as their readers call them
SOURCE = "en"  # in which the texts are written
SYSTEM = "system"  # whichever of them the system speaks
CHOICES = (SYSTEM, *LANGUAGES)
PLACEHOLDER = re.compile(r"\{(\w+)\}")
# Placeholders for what the engine says itself: a sentence or a part of one.
NESTED = {"error", "reason", "problem", "why", "what", "stage", "edit", "strerror"}
NUMBERS = {"count", "points"}  # Placeholders for nothing but a number.


@dataclass(frozen=True, eq=False)
class Catalogue:
    """texts: translations by what is written in the code, which may hold ``{placeholders}``.

    plurals: forms of a text by its English singular.
    rule:    gives the form for a count.
    told:    which of the texts the engine tells, with values in place of the placeholders.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    plurals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rule: Callable[[int], int] = lambda count: int(count != 1)
    told: tuple[str, ...] = ()

    def text(self, text: str) -> str:
        """Return the translation, or the text itself where there is none."""
        return self.texts.get(text, text)

    def plural(self, one: str, many: str, count: int) -> str:
        """Return the form of a text for a count."""
        forms = self.plurals.get(one, (one, many))
        return forms[min(self.rule(count), len(forms) - 1)]

    def sentence(self, said: str) -> str:
        """Translate what the engine says: one of its texts, filled in."""
        return self._recognised(said)[0]

    def _recognised(self, said: str) -> tuple[str, bool, int]:
        """Return the translation as far as it goes, whether all the way, and what speaks for it.

        That is how many letters are those of texts, not of values: of all ways to read a sentence
        the one that explains most of it is taken.
        """
        if said in self.texts:
            return self.texts[said], True, len(said)
        best = said, False, 0
        for fixed, pattern, translation in self._patterns:
            found = pattern.fullmatch(said) if fixed in said else None
            if found is None:
                continue
            values = found.groupdict()
            is_known, letters = True, len(said) - sum(map(len, values.values()))
            for name in filter(is_sentence, values):
                values[name], is_part_known, of_part = self._recognised(values[name])
                is_known, letters = is_known and is_part_known, letters + of_part
            if (is_known, letters) > best[1:]:
                best = translation.format(**values), is_known, letters
        return best

    @cached_property
    def _patterns(self) -> list[tuple[str, re.Pattern[str], str]]:
        """What the engine tells: the longest fixed part, a pattern, and the translation."""
        return [
            (max(PLACEHOLDER.split(text)[::2], key=len), _pattern(text), self.texts[text])
            for text in self.told
            if PLACEHOLDER.search(text)
        ]


def read(language: str) -> Catalogue:
    """Return the catalogue of one of `LANGUAGES`; the one of English says all as it is written."""
    if language == SOURCE:
        return Catalogue()
    stored = json.loads((files("resources") / "languages" / f"{language}.json").read_bytes())
    return Catalogue(
        stored["texts"],
        {one: tuple(forms) for one, forms in stored["plurals"].items()},
        gettext.c2py(stored["rule"]),
        tuple(stored["told"]),
    )


def is_sentence(name: str) -> bool:
    """Tell whether the engine itself says what a placeholder of that name stands for."""
    return name.rstrip("0123456789") in NESTED


def _pattern(text: str) -> re.Pattern[str]:
    """Return what matches a text with values in place of its placeholders."""
    parts = PLACEHOLDER.split(text)  # text, name, text, name, … text
    for place in range(1, len(parts), 2):
        value = "[0-9.,]+" if parts[place] in NUMBERS else ".*?"
        parts[place] = f"(?P<{parts[place]}>{value})"
    parts[::2] = map(re.escape, parts[::2])
    return re.compile("".join(parts), re.DOTALL)
