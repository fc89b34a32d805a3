"""A trained classifier in a folder of its own, which can be loaded without running foreign code."""

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from engine.dense_head import DenseHead, read_dense_head, write_dense_head
from engine.errors import EngineError
from engine.files import DAMAGE, disk_errors
from engine.judged_file import Judged, write_judged
from engine.values import Recipe, Vectors

FORMAT = 1
DESCRIPTION, REFERENCES = "model.json", "training.npy"
HEAD, DENSE_HEAD = "head.skops", "head.npz"
WEIGHTS = "backbone.weights.h5"
# Parts of scikit-learn's own classifiers that skops does not vouch for by itself.
KNOWN_PARTS = frozenset(
    {
        "sklearn.calibration._CalibratedClassifier",
        "sklearn.calibration._SigmoidCalibration",
        "sklearn.tree._tree.Tree",
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class SavedModel:
    """A classifier with all that is needed to use it on new pictures.

    name:          also of its folder.
    classifier:    kind and options it was trained with, ready for JSON.
    classes:       the C classes; ``head`` gives their numbers.
    recipe:        how a picture becomes the vector that ``head`` takes.
    scores:        how good it was, ready for JSON.
    head:          has ``predict_proba`` and ``classes_``, see `engine.fitting.predict`.
    references:    (M, D) the vectors that it learnt from, of length 1.
    unlike_beyond: cosine distance to the nearest of them from which on a picture is unlike
                   anything that was learnt.
    weights:       those of a backbone that was tuned with the head; None where it has its own.
    """

    name: str
    classifier: dict[str, Any]
    classes: tuple[str, ...]
    recipe: Recipe
    scores: dict[str, Any]
    head: Any
    references: Vectors
    unlike_beyond: float
    weights: Path | None = None


def save_model(model: SavedModel, folder: Path, judged: Judged | None = None) -> Path:
    """Write a model into ``folder / model.name``, whole or not at all, and return that folder.

    With ``judged``, the predictions it was judged by lie beside it.

    Raises
    ------
    EngineError
        When there is a model of that name already, or the disk cannot be written to.
    """
    place = folder / model.name
    temporary = folder / f".{model.name}.{os.getpid()}.part"
    described = {
        "format": FORMAT,
        "classifier": model.classifier,
        "classes": model.classes,
        "recipe": asdict(model.recipe),
        "scores": model.scores,
        "unlike_beyond": model.unlike_beyond,
        "is_dense": isinstance(model.head, DenseHead),
        "is_tuned": model.weights is not None,
        "trained": datetime.now(UTC).isoformat(timespec="microseconds"),
        "versions": {name: version(name) for name in ("scikit-learn", "keras")},
    }
    with disk_errors(folder):
        refuse_taken(folder, model.name)
        temporary.mkdir(parents=True)
        try:
            _write_head(model.head, temporary)
            if model.weights is not None:
                shutil.copyfile(model.weights, temporary / WEIGHTS)
            np.save(temporary / REFERENCES, model.references.astype(np.float16))
            if judged is not None:
                write_judged(judged, temporary)
            text = json.dumps(described, indent=1, ensure_ascii=True)
            (temporary / DESCRIPTION).write_text(text, encoding="utf-8")
            temporary.rename(place)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    return place


def load_model(place: Path) -> SavedModel:
    """Read a model. Nothing in the folder is run: what is not known to be harmless is refused.

    Raises
    ------
    EngineError
        When there is no model, or it is damaged, hostile, or of a newer version of the program.
    """
    place = place.expanduser().resolve()
    if not (place / DESCRIPTION).is_file():
        raise EngineError(
            f"“{place}” is not a model (it has no {DESCRIPTION}); "
            "make one with: image-embedding train WORKSPACE."
        )
    with _damage(place):
        described = json.loads((place / DESCRIPTION).read_bytes())
        if described["format"] > FORMAT:
            raise EngineError(
                f"The model “{place}” was made by a newer version of this program; "
                "update the program."
            )
        recipe = Recipe(**described["recipe"])
        classes = tuple(str(name) for name in described["classes"])
        references = np.load(place / REFERENCES, allow_pickle=False).astype(np.float32)
        if references.ndim != 2 or references.shape[1] != recipe.dimensions or not len(references):
            raise ValueError(f"its training vectors are of the shape {references.shape}")
        dense = described.get("is_dense", False)
        head = read_dense_head(place / DENSE_HEAD) if dense else _load_head(place / HEAD)
        if _inputs(head) != recipe.dimensions:
            raise ValueError(f"its classifier takes {_inputs(head)} numbers")
        if not set(head.classes_) <= set(range(len(classes))):
            raise ValueError("its classifier knows other classes")
        return SavedModel(
            name=place.name,
            classifier=dict(described["classifier"]),
            classes=classes,
            recipe=recipe,
            scores=dict(described["scores"]),
            head=head,
            references=references,
            unlike_beyond=float(described["unlike_beyond"]),
            weights=place / WEIGHTS if described.get("is_tuned", False) else None,
        )


def free_name(folder: Path, wanted: str) -> str:
    """Return ``wanted``, or the first of "wanted-2", "wanted-3" … that no model has."""
    name, number = wanted, 1
    while (folder / name).exists():
        number += 1
        name = f"{wanted}-{number}"
    return name


def refuse_taken(folder: Path, name: str) -> None:
    """Make sure that no model has a name already.

    Raises
    ------
    EngineError
        When one has.
    """
    if (folder / name).exists():
        raise EngineError(f"There is a model “{name}” already; choose another name.")


def check_name(name: str) -> None:
    """Make sure that a name can be that of a folder.

    Raises
    ------
    EngineError
        When not.
    """
    if not name or name.startswith(".") or name != name.strip() or set(name) & set('/\\:*?"<>|\0'):
        raise EngineError(
            f"A model cannot be called “{name}”; use letters, digits, spaces, dots, - and _."
        )


def _write_head(head: Any, folder: Path) -> None:
    if isinstance(head, DenseHead):
        with (folder / DENSE_HEAD).open("wb") as file:
            write_dense_head(head, file)
        return
    import skops.io

    skops.io.dump(head, folder / HEAD)


def _inputs(head: Any) -> int:
    """Return how many numbers a head takes."""
    return int(len(head.mean) if isinstance(head, DenseHead) else head.n_features_in_)


def _load_head(file: Path) -> Any:
    import skops.io

    foreign = set(skops.io.get_untrusted_types(file=file)) - KNOWN_PARTS
    if foreign:
        raise EngineError(
            f"The classifier “{file}” holds parts that might run foreign code "
            f"({', '.join(sorted(foreign))}); it is not loaded, train a model of your own."
        )
    return skops.io.load(file, trusted=sorted(KNOWN_PARTS))


@contextlib.contextmanager
def _damage(place: Path) -> Iterator[None]:
    """Turn whatever a broken file leads to into an `EngineError`."""
    try:
        yield
    except EngineError:
        raise
    except OSError as error:
        raise EngineError(
            f"The model “{place}” cannot be read ({error.strerror or error}); allow reading it, or "
            "train it again."
        ) from error
    except (*DAMAGE, ImportError) as error:
        raise EngineError(f"The model “{place}” is damaged; train it again.") from error
