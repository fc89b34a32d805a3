"""What may be wrong with a dataset: found in a workspace, kept there, told by the command line."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from helpers import paint

from engine import pipeline
from engine.cli import main
from engine.pipeline import labels as edit
from engine.progress import Cancelled, Progress
from engine.quality.findings import LABEL, OUTLIER, Finding, Quality
from engine.quality.label_issues import STAGE
from engine.workspace import Workspace

KEYS = {
    "label_issues", "duplicates", "outliers", "image_issues", "totals", "notes", "seconds", "run",
}  # fmt: skip


@pytest.fixture
def workspace(embedded_folder, tmp_path) -> Path:
    """A copy of 24 embedded pictures of 3 classes, of which two have the class of another."""
    shutil.copytree(embedded_folder.workspace.parent, tmp_path / "copy")
    root = tmp_path / "copy" / embedded_folder.workspace.name
    for path, wrong in mislabelled(root).items():
        edit.assign(root, [path], wrong)
    return root


def mislabelled(root: Path) -> dict[str, str]:
    """The first picture of two classes, with the class that it gets."""
    with Workspace.open(root) as opened:
        paths = [image.path for image in opened.dataset().images]
    first = {name: next(path for path in paths if path.startswith(name)) for name in ("fish", "t")}
    return {first["fish"]: "trees", first["t"]: "bricks"}


def labels_of(quality: Quality) -> dict[str, Finding]:
    return {each.path: each for each in quality.findings if each.kind == LABEL}


def test_mislabelled_pictures_are_found_with_the_class_that_they_have(workspace):
    quality = pipeline.find_quality(workspace)
    found = labels_of(quality)
    assert set(found) == set(mislabelled(workspace))
    for path, wrong in mislabelled(workspace).items():
        right = path.partition("/")[0]
        assert (found[path].given, found[path].suggested) == (wrong, right)
        assert found[path].says == f"It looks like “{right}” rather than “{wrong}”."
        assert found[path].score == quality.suspicion[path] > 0.5
    assert len(quality.suspicion) == 24
    assert quality.seconds > 0


def test_what_was_found_opens_again_whole(workspace):
    assert pipeline.kept_quality(workspace) is None
    found = pipeline.find_quality(workspace)
    assert pipeline.kept_quality(workspace) == found
    assert pipeline.kept_quality(workspace, found.run) == found


def test_an_edit_of_labels_leaves_it_as_it_was_judged(workspace):
    found = pipeline.find_quality(workspace)
    edit.assign(workspace, list(labels_of(found)), "fish")
    assert pipeline.kept_quality(workspace) == found
    assert labels_of(pipeline.find_quality(workspace)) != labels_of(found)


def test_after_a_new_image_it_must_be_looked_for_again(workspace):
    pipeline.find_quality(workspace)
    folder = workspace.with_suffix("")
    paint(folder / "fish" / "new.png", size=(64, 64))
    pipeline.extract(folder, workspace)
    assert pipeline.kept_quality(workspace) is None


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", '{"images": "x", "format": 99}'])
def test_a_damaged_answer_counts_as_none(workspace, text):
    found = pipeline.find_quality(workspace)
    (file,) = workspace.rglob("quality.json")
    file.write_text(text)
    assert pipeline.kept_quality(workspace) is None
    assert labels_of(pipeline.find_quality(workspace)) == labels_of(found)


def test_an_answer_that_lacks_a_path_counts_as_none(workspace):
    pipeline.find_quality(workspace)
    (file,) = workspace.rglob("quality.json")
    kept = json.loads(file.read_bytes())
    file.write_text(json.dumps({**kept, "paths": kept["paths"][1:]}))
    assert pipeline.kept_quality(workspace) is None


def test_excluded_images_count_for_nothing(small_folder, tmp_path):
    """What is found is found, too, once they are moved out of the dataset."""
    for number in range(20):
        paint(small_folder / "fish" / f"grey-{number}.png", size=(64, 64))
    paths = sorted(
        file.relative_to(small_folder).as_posix()
        for file in small_folder.rglob("*")
        if file.is_file()
    )
    greys = np.array(["grey" in path for path in paths])
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(len(paths), 8)) + 10 * np.eye(8)[0]
    vectors[greys] = 0.3 * rng.normal(size=(20, 8)) - 10 * np.eye(8)[1]
    np.savez(tmp_path / "x.npz", vectors=vectors.astype(np.float32), paths=np.array(paths))
    root = pipeline.import_vectors(tmp_path / "x.npz", small_folder).workspace
    edit.exclude(root, [path for path in paths if "grey" in path][1:])
    before = pipeline.find_quality(root)
    assert "fish/grey-0.png" in [each.path for each in before.findings if each.kind == OUTLIER]
    pipeline.apply_edits(root)
    after = pipeline.find_quality(root)
    assert [each.path for each in after.findings] == [each.path for each in before.findings]
    assert after.suspicion == pytest.approx(before.suspicion, abs=1e-4)


def test_where_all_images_are_excluded_a_note_says_so(workspace):
    with Workspace.open(workspace) as opened:
        paths = [image.path for image in opened.dataset().images]
    edit.exclude(workspace, paths)
    found = pipeline.find_quality(workspace)
    assert (found.findings, len(found.notes)) == ((), 1)


def test_names_that_are_no_unicode_are_kept(workspace):
    finding = Finding(LABEL, "fish/\udcff.png", 0.75, "fish", "trees")
    found = Quality("run", (finding,), (("a", "b"),))
    with Workspace.open(workspace) as opened:
        derived = opened.derived(opened.run().run)
        derived.save_quality(found)
        assert derived.quality() == found


def test_a_dataset_without_classes_gets_a_note(workspace):
    with Workspace.open(workspace) as opened:
        paths = [image.path for image in opened.dataset().images]
    edit.assign(workspace, paths, "")
    quality = pipeline.find_quality(workspace)
    assert labels_of(quality) == {}
    assert quality.suspicion == {}
    assert quality.notes == ("No image has a class, so that no label can be wrong.",)


def test_when_it_is_cancelled_nothing_is_kept(workspace):
    progress = Progress(lambda step: progress.cancel() if step.stage == STAGE else None)
    with pytest.raises(Cancelled):
        pipeline.find_quality(workspace, progress=progress)
    assert pipeline.kept_quality(workspace) is None


def test_the_command_answers_with_one_json_object(workspace, capsys):
    assert main(["quality", str(workspace), "--limit", "1", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert set(answer) == KEYS
    (worst,) = answer["label_issues"]
    assert set(worst) == {"path", "given", "suggested", "score"}
    assert worst["given"] == mislabelled(workspace)[worst["path"]]
    assert answer["totals"]["label_issues"] == 2
    assert set(answer["totals"]) == {"label_issues", "duplicates", "outliers", "image_issues"}


def test_the_command_says_in_words_what_it_found(workspace, capsys):
    assert main(["quality", str(workspace), "--limit", "1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "2 labels that are likely wrong, the first 1 of them:"
    (path,) = [path for path in mislabelled(workspace) if path in lines[1]]
    assert f"{mislabelled(workspace)[path]} -> {path.partition('/')[0]}" in lines[1]


def test_the_command_names_the_runs_when_there_is_none_of_that_name(workspace, capsys):
    assert main(["quality", str(workspace), "--run", "x"]) == 1
    assert "no run “x”" in capsys.readouterr().err
