"""A map between two classes, and what a projection may be asked for."""

import numpy as np
import pytest

from engine.errors import EngineError
from engine.projection import ProjectionOptions, project
from engine.values import Embeddings

RNG = np.random.default_rng(0)
CAT, DOG = np.zeros(20), np.full(20, 3.0)


def pets() -> Embeddings:
    """Five cats, five dogs, and one picture half way between them."""
    noise = RNG.normal(scale=0.1, size=(10, 20))
    vectors = np.vstack([CAT + noise[:5], DOG + noise[5:], (CAT + DOG) / 2])
    labels = ("cat",) * 5 + ("dog",) * 5 + ("",)
    paths = tuple(f"{number}.png" for number in range(11))
    return Embeddings(vectors.astype(np.float32), paths, labels, "run")


@pytest.mark.parametrize("dims", [2, 3])
def test_first_axis_leads_from_one_class_to_the_other(dims):
    made = project(pets(), ProjectionOptions("axes", dims, axis=("cat", "dog")))
    along = made.points[:, 0]
    assert made.points.shape == (11, dims)
    assert along[:5].mean() == pytest.approx(0, abs=1e-3)
    assert along[5:10].mean() == pytest.approx(1, abs=1e-3)
    assert along[10] == pytest.approx(0.5, abs=0.05)
    assert made.parameters["axis"] == ["cat", "dog"]


def test_class_that_does_not_exist_is_named():
    with pytest.raises(EngineError, match=r"no class “cow”.*cat, dog"):
        project(pets(), ProjectionOptions("axes", axis=("cat", "cow")))


def test_one_class_is_no_axis():
    with pytest.raises(EngineError, match="same centre"):
        project(pets(), ProjectionOptions("axes", axis=("dog", "dog")))


@pytest.mark.parametrize(
    "options",
    [
        ProjectionOptions("som"),
        ProjectionOptions(dims=4),
        ProjectionOptions("umap", neighbors=1),
        ProjectionOptions("umap", min_dist=2),
        ProjectionOptions("tsne", perplexity=1),
        ProjectionOptions("umap", metric="hamming"),
    ],
    ids=str,
)
def test_choice_that_makes_no_sense_is_refused_with_what_does(options):
    with pytest.raises(EngineError, match=r"choose|2 or 3"):
        options.check()


def test_parameters_are_those_that_the_method_listens_to():
    assert ProjectionOptions("pca", perplexity=5).parameters == {"seed": 0}
    assert "perplexity" in ProjectionOptions("tsne").parameters
    assert "min_dist" in ProjectionOptions("umap").parameters
