"""The report in one file: complete, offline, and not fooled by names of files and classes."""

import base64
import hashlib
import io
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from helpers import image_file, paint, recipe
from PIL import Image

from engine import pipeline
from engine.exports import report_map, report_tables
from engine.palette import FIRST
from engine.pipeline import ClassifierOptions, export_run
from engine.progress import Cancelled, Progress
from engine.quality.findings import LABEL, OUTLIER, Finding, Quality
from engine.quality.review import KEEP, SKIP
from engine.values import Dataset
from engine.workspace import View, Workspace, save_view

EVIL = "<script>alert(1)<!--&quot;\"'"

WITHOUT_MODELS = shutil.ignore_patterns("models")  # other tests may have trained some


@pytest.fixture(scope="module")
def trained_root(embedded_folder, tmp_path_factory) -> Path:
    """A workspace with a classifier. Export from it to elsewhere."""
    place = tmp_path_factory.mktemp("report")
    shutil.copytree(embedded_folder.workspace.parent / "pictures", place / "pictures")
    root = place / "pictures.embedding"
    shutil.copytree(embedded_folder.workspace, root, ignore=WITHOUT_MODELS)
    pipeline.train_classifier(root, ClassifierOptions("knn", folds=2), "mine")
    return root


@pytest.fixture
def evil_root(tmp_path) -> Path:
    """A workspace whose classes are called as no class should be, with a classifier."""
    folder = tmp_path / "evil & <b>folder"
    shades = np.random.default_rng(0).integers(0, 255, (12, 3))
    for number, shade in enumerate(shades):
        label = EVIL if number % 2 else "plain"
        paint(folder / label / f"{number}<p><img onerror=x>.png", tuple(shade))
    images = tuple(
        image_file(folder, str(file.relative_to(folder))) for file in sorted(folder.rglob("*.png"))
    )
    root = tmp_path / "evil.embedding"
    with Workspace.create(root) as workspace:
        workspace.set_dataset(Dataset(folder, images))
        workspace.use_run(recipe())
        vectors = np.random.default_rng(0).normal(size=(12, 3)).astype(np.float32)
        workspace.add(recipe(), images, vectors)
    pipeline.train_classifier(root, ClassifierOptions("knn", folds=2), "judge")
    return root


class Page(HTMLParser):
    """What a browser would find: elements, their attributes, texts, the data of the script."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html, self.tags, self.texts, self.parts = html, [], [], {"script": [], "style": []}
        self._inside = ""
        self.feed(html)
        self.data = json.loads(self.parts["script"][0])

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._inside = tag

    def handle_data(self, data):
        self.texts.append(data)
        if self._inside in self.parts:
            self.parts[self._inside].append(data)

    def handle_endtag(self, tag):
        self._inside = ""

    @property
    def text(self) -> str:
        return " ".join(self.texts)


def report_of(root: Path, place: Path, **options) -> Page:
    done = export_run(root, "html", place / "report.html", **options)
    (file,) = done.files
    return Page(file.read_text(encoding="utf-8"))


def test_a_report_shows_every_point_with_its_picture(trained_root, tmp_path):
    data = report_of(trained_root, tmp_path).data
    points = np.frombuffer(base64.b64decode(data["points"]), "<f4").reshape(-1, 3)
    assert len(points) == len(data["paths"]) == len(data["pictures"]) == 24
    assert data["colourings"][0]["names"] == ["bricks", "fish", "trees"]
    assert data["colourings"][0]["counts"] == [8, 8, 8]
    for address in data["pictures"]:
        kind, encoded = address.split(",")
        assert kind == "data:image/webp;base64"
        with Image.open(io.BytesIO(base64.b64decode(encoded))) as picture:
            assert max(picture.size) == report_map.SIDE


def test_a_report_has_the_colours_of_the_screen(trained_root, tmp_path):
    root = shutil.copytree(trained_root, tmp_path / "copy.embedding")
    (tmp_path / "pictures").symlink_to(trained_root.with_name("pictures"))
    save_view(root, View(colours={"bricks": 7, "fish": 3, "trees": 0}))
    colours = report_of(root, tmp_path).data["colourings"][0]["colours"]
    assert colours == [report_map.css_colour(FIRST[number]) for number in (7, 3, 0)]


def test_a_report_tells_how_good_the_classifier_is(trained_root, tmp_path):
    page = report_of(trained_root, tmp_path)
    report = pipeline.open_trained(trained_root / "models" / "mine").report
    assert f"{report.accuracy:.1%}" in page.text
    cells = [attrs for tag, attrs in page.tags if tag == "td" and "data-share" in attrs]
    assert len(cells) == np.count_nonzero(report.confusion)
    assert page.data["colourings"][1]["title"] == "right or wrong"


def test_without_a_classifier_the_map_and_the_classes_are_told(embedded_folder, tmp_path):
    root = tmp_path / "pictures.embedding"
    shutil.copytree(embedded_folder.workspace, root, ignore=WITHOUT_MODELS)
    (tmp_path / "pictures").symlink_to(embedded_folder.workspace.with_name("pictures"))
    page = report_of(root, tmp_path)
    assert "No classifier" in page.text
    assert len(page.data["colourings"]) == 1
    assert "Worst labels" not in page.text


def test_nothing_in_a_report_comes_from_elsewhere(trained_root, tmp_path):
    page = report_of(trained_root, tmp_path)
    addresses = [
        attrs[name] for _, attrs in page.tags for name in ("src", "href", "action") if name in attrs
    ]
    assert addresses == [each for each in addresses if each.startswith("data:image/webp")]
    assert not re.search(r"url\(|@import|https?://(?!www\.w3\.org/2000/svg)", page.html)


def test_only_the_reports_own_script_and_style_may_run(trained_root, tmp_path):
    page = report_of(trained_root, tmp_path)
    (policy,) = [a["content"] for _, a in page.tags if a.get("http-equiv")]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for part in (page.parts["script"][1], page.parts["style"][0]):
        digest = base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert not any("style" in attrs for _, attrs in page.tags)


def test_names_are_text_whatever_they_look_like(evil_root, tmp_path):
    page = report_of(evil_root, tmp_path)
    assert len(page.parts["script"]) == 2  # data and script, none of a class
    assert not any("onerror" in attrs for _, attrs in page.tags)
    assert ("b", {}) not in page.tags
    assert EVIL in page.data["colourings"][0]["names"]
    assert EVIL in page.text
    assert "evil & <b>folder" in page.text


def test_suspected_labels_are_shown_with_their_pictures(trained_root, tmp_path):
    findings = (
        Finding(LABEL, "fish/fish-02.jpg", 0.9, given="fish", suggested="trees"),
        Finding(LABEL, "trees/trees-01.jpg", 0.5, given="trees"),
        Finding(LABEL, "bricks/bricks-02.jpg", 0.8, given="bricks", suggested="trees"),
        Finding(OUTLIER, "bricks/bricks-01.jpg", 0.9),
    )
    root = shutil.copytree(trained_root, tmp_path / "pictures.embedding")
    (tmp_path / "pictures").symlink_to(trained_root.with_name("pictures"))
    with Workspace.open(root) as workspace:
        run = workspace.run().run
        workspace.derived(run).save_quality(Quality(run, findings))
        workspace.review(["trees/trees-01.jpg"], LABEL, SKIP)  # it still waits
        workspace.review(["bricks/bricks-02.jpg"], LABEL, KEEP)
    page = report_of(root, tmp_path)
    texts = [text for text in page.texts if text.strip()]
    start = texts.index("Worst labels")
    assert texts[start + 2 : start + 5] == ["fish → trees", "fish/fish-02.jpg", "suspicion 0.90"]
    assert not {"bricks/bricks-01.jpg", "bricks/bricks-02.jpg"} & set(texts[start:])
    assert sum(tag == "img" and "src" in attrs for tag, attrs in page.tags) == 2


def test_without_suspected_labels_the_mistakes_are_shown(evil_root, tmp_path):
    (model,) = (evil_root / "models").iterdir()
    mistakes = pipeline.open_trained(model).training.mistakes
    assert mistakes
    page = report_of(evil_root, tmp_path)
    assert page.text.count("suspicion ") == len(mistakes)


def test_mistakes_of_images_that_were_excluded_or_have_another_class_are_not_shown(
    evil_root, tmp_path
):
    (model,) = (evil_root / "models").iterdir()
    first, second, third, *others = pipeline.open_trained(model).training.mistakes
    with Workspace.open(evil_root) as workspace:
        workspace.exclude([first, second])
        workspace.assign([third], "something else")
    page = report_of(evil_root, tmp_path)
    assert page.text.count("suspicion ") == len(others)
    assert "10 images · 2 excluded · 3 classes" in page.text
    classes = page.data["colourings"][0]
    assert dict(zip(classes["names"], classes["counts"], strict=True))["(excluded)"] == 2
    pipeline.apply_edits(evil_root)  # the excluded ones are no longer in the dataset
    (tmp_path / "report.html").unlink()
    page = report_of(evil_root, tmp_path)
    assert page.text.count("suspicion ") == len(others)
    assert "10 images · 3 classes" in page.text


def test_a_large_map_is_a_sample_and_says_so(trained_root, tmp_path, monkeypatch):
    monkeypatch.setattr(report_map, "POINTS_MAX", 12)
    page = report_of(trained_root, tmp_path)
    assert page.data["colourings"][0]["counts"] == [4, 4, 4]
    assert "Of 24 points it shows a sample of 12" in page.text


def test_pictures_end_where_the_page_would_become_too_large(trained_root, tmp_path, monkeypatch):
    monkeypatch.setattr(report_map, "AT_ONCE", 4)
    monkeypatch.setattr(report_map, "PICTURES_BYTES", 10_000)
    page = report_of(trained_root, tmp_path)
    pictured = sum(map(bool, page.data["pictures"]))
    assert 0 < pictured < 24
    assert f"{pictured} of the points have a picture" in page.text


def test_many_classes_are_a_list_of_what_is_confused_most(evil_root, tmp_path, monkeypatch):
    monkeypatch.setattr(report_tables, "CONFUSION_MAX", 1)
    page = report_of(evil_root, tmp_path)
    assert "What is confused most" in page.text
    assert "Confusion matrix" not in page.text


def test_an_image_that_is_gone_has_no_picture(trained_root, tmp_path):
    shutil.copytree(trained_root.with_name("pictures"), tmp_path / "pictures")
    root = shutil.copytree(trained_root, tmp_path / "pictures.embedding")
    (tmp_path / "pictures" / "fish" / "fish-03.jpg").unlink()
    (root / "thumbnails.sqlite").unlink(missing_ok=True)
    (tmp_path / "out").mkdir()
    data = report_of(root, tmp_path / "out").data
    assert [
        path for path, seen in zip(data["paths"], data["pictures"], strict=True) if not seen
    ] == ["fish/fish-03.jpg"]


def test_a_cancelled_report_leaves_nothing(trained_root, tmp_path):
    progress = Progress(lambda step: step.stage == "Writing the report" and progress.cancel())
    with pytest.raises(Cancelled):
        export_run(trained_root, "html", tmp_path / "report.html", progress=progress)
    assert list(tmp_path.iterdir()) == []
