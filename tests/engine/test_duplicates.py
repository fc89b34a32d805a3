import shutil

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageEnhance, ImageOps

from engine.dataset import read_dataset
from engine.images import read_square
from engine.neighbors import knn_graph
from engine.progress import Cancelled, Progress
from engine.quality.copies import sentence_of
from engine.quality.copy_groups import gather_copies
from engine.quality.duplicates import find_duplicates
from engine.quality.findings import DUPLICATE
from engine.quality.picture_facts import read_facts
from engine.values import Embeddings, KnnGraph

ORIGINAL = "fish/fish-01.jpg"


@pytest.fixture
def folder(small_folder):
    """24 pictures, of which one has a name that the tests know."""
    first = min((small_folder / "fish").iterdir())
    first.rename(small_folder / ORIGINAL)
    return small_folder


def embedded(folder, images):
    """Few pixels stand for an embedding."""
    pixels = np.stack([read_square(folder / image.path, 8).ravel() for image in images])
    vectors = pixels.astype(np.float32) - 128
    paths = tuple(image.path for image in images)
    return Embeddings(vectors, paths, tuple(image.label for image in images), "run")


def find(folder, images=None, progress=None):
    images = images or read_dataset(folder).images
    facts = read_facts(folder, images)
    there = [image for image in images if image.path in set(facts.paths)]
    embeddings = embedded(folder, there)
    graph = knn_graph(embeddings.vectors, min(15, len(there) - 1))
    return find_duplicates(folder, images, embeddings, graph, facts, progress)


def opened(folder, path=ORIGINAL):
    with Image.open(folder / path) as picture:
        return picture.convert("RGB")


def says(folder, finding):
    return sentence_of(finding, {image.path: image for image in read_dataset(folder).images})


def test_a_dataset_without_copies_has_none(folder):
    found = find(folder)
    assert (found.groups, found.findings) == ((), ())


def test_the_same_file_twice_is_an_exact_duplicate(folder):
    shutil.copy(folder / ORIGINAL, folder / "fish" / "a longer name.jpg")
    found = find(folder)
    assert found.groups == ((ORIGINAL, "fish/a longer name.jpg"),)
    (finding,) = found.findings
    assert (finding.kind, finding.issue, finding.score) == (DUPLICATE, "exact", 1.0)
    assert (finding.path, finding.twin) == ("fish/a longer name.jpg", ORIGINAL)
    assert (finding.given, finding.conflict) == ("fish", False)
    assert says(folder, finding) == f"The same file as “{ORIGINAL}”."


def test_the_same_file_in_two_classes_is_a_conflict(folder):
    shutil.copy(folder / ORIGINAL, folder / "trees" / "fish-01.jpg")
    (finding,) = find(folder).findings
    assert (finding.path, finding.given, finding.conflict) == ("trees/fish-01.jpg", "trees", True)
    assert says(folder, finding) == f"The same file as “{ORIGINAL}”, which is in class “fish”."


def test_a_copy_without_a_class_is_no_conflict(folder):
    shutil.copy(folder / ORIGINAL, folder / "f.jpg")
    (finding,) = find(folder).findings
    assert (finding.path, finding.twin, finding.conflict) == (ORIGINAL, "f.jpg", False)
    assert says(folder, finding) == "The same file as “f.jpg”."


COPIES = {
    "poor.jpg": lambda picture: picture,
    "half.png": lambda picture: picture.resize((64, 64)),
    "darker.png": lambda picture: ImageEnhance.Brightness(picture).enhance(0.75),
    "contrast.png": lambda picture: ImageEnhance.Contrast(picture).enhance(1.3),
    "turned.png": lambda picture: picture.rotate(
        2, Image.Resampling.BICUBIC, fillcolor=picture.getpixel((0, 0))
    ),
    "mirrored.png": ImageOps.mirror,
    "grey.webp": lambda picture: picture.convert("L"),
    "framed.png": lambda picture: ImageOps.expand(picture, 4, (200, 30, 30)),
    "cut.png": lambda picture: picture.crop((3, 3, 126, 126)),
}


@pytest.mark.parametrize("name", COPIES)
def test_a_changed_copy_is_a_near_duplicate(folder, name):
    quality = {"quality": 30} if name.endswith(".jpg") else {}
    COPIES[name](opened(folder)).save(folder / "fish" / name, **quality)
    found = find(folder)
    assert [set(group) for group in found.groups] == [{ORIGINAL, f"fish/{name}"}]
    (finding,) = found.findings
    assert finding.issue == "near"
    assert 0 < finding.score < 1
    assert says(folder, finding) == f"Shows the same picture as “{finding.twin}”."


def test_the_largest_picture_stays_then_the_shortest_path(folder):
    opened(folder).resize((256, 256)).save(folder / "trees" / "large.png")
    opened(folder).resize((60, 60)).save(folder / "fish" / "s.png")
    shutil.copy(folder / ORIGINAL, folder / "fish" / "fish-1.jpg")
    found = find(folder)
    assert found.groups == (("trees/large.png", "fish/fish-1.jpg", ORIGINAL, "fish/s.png"),)
    assert {finding.twin for finding in found.findings} == {"trees/large.png"}
    assert all(finding.conflict for finding in found.findings)


def test_conflicts_come_first_then_what_is_most_alike(folder):
    bricks, tree = (min((folder / name).iterdir()) for name in ("bricks", "trees"))
    shutil.copy(bricks, folder / "bricks" / "zz.jpg")
    opened(folder).rotate(2).save(folder / "fish" / "zz.png")
    ImageEnhance.Brightness(Image.open(tree).convert("RGB")).enhance(0.8).save(
        folder / "bricks" / "tree.png"
    )
    findings = find(folder).findings
    assert [finding.conflict for finding in findings] == [True, False, False]
    assert [finding.issue for finding in findings] == ["near", "exact", "near"]


def test_a_row_of_pictures_each_like_the_next_is_not_one_group(folder):
    film = opened(folder)
    for number in range(12):
        ImageChops.offset(film, 2 * number, 0).save(folder / "fish" / f"film-{number:02}.png")
    groups = find(folder).groups
    assert len(groups) > 1
    for group in groups:
        frames = [0 if path == ORIGINAL else int(path[10:12]) for path in group]
        assert max(abs(frame - frames[0]) for frame in frames) <= 4


def test_blank_pictures_show_nothing_that_could_be_the_same(tmp_path):
    for number in range(5):
        Image.new("L", (60 + number, 60), 40 * number).save(tmp_path / f"{number}.png")
    assert find(tmp_path).groups == ()


def test_copies_are_found_where_nothing_is_embedded(folder):
    opened(folder).save(folder / "fish" / "poor.jpg", quality=40)
    images = read_dataset(folder).images
    nothing = Embeddings(np.zeros((0, 4), np.float32), (), (), "run")
    graph = KnnGraph(np.zeros((0, 0), np.int64), np.zeros((0, 0), np.float32), "cosine")
    found = find_duplicates(folder, images, nothing, graph, read_facts(folder, images))
    assert [set(group) for group in found.groups] == [{ORIGINAL, "fish/poor.jpg"}]


def test_a_file_that_vanished_after_it_was_measured_ends_nothing(folder):
    shutil.copy(folder / ORIGINAL, folder / "fish" / "a longer name.jpg")
    images = read_dataset(folder).images
    facts = read_facts(folder, images)
    embeddings = embedded(folder, images)
    (folder / ORIGINAL).unlink()
    graph = knn_graph(embeddings.vectors, 15)
    (finding,) = find_duplicates(folder, images, embeddings, graph, facts).findings
    assert finding.issue == "near"  # the same picture; whether the same file, nobody can say


def test_a_cancelled_search_ends(folder):
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        find(folder, progress=progress)


def test_equal_files_are_one_group_around_the_one_that_stays():
    hashes = np.zeros((5, 2, 4), np.uint64)
    rank = np.array([4, 3, 2, 1, 0])
    content = np.array([0, 1, 0, 3, 4])
    assert gather_copies(hashes, rank, content, np.zeros((0, 2), np.int64)) == [[2, 0]]
    assert gather_copies(hashes, rank, content, np.array([[0, 1], [1, 3]])) == [[3, 2, 1, 0]]
