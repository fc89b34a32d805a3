"""The command line, as scripts use it."""

import json
import os
import shutil
import signal
import time
from pathlib import Path

import numpy as np
import pytest
from helpers import as_root, open_to_all, paint, posix, run_python, start_command
from PIL import Image

from engine import pipeline
from engine.backbones import BACKBONES
from engine.cli import main
from engine.values import Projection
from engine.weights import keras_file
from engine.workspace import Workspace

EXTRACT_KEYS = {
    "workspace",
    "run",
    "images",
    "embedded",
    "reused",
    "skipped",
    "classes",
    "backbone",
    "dimensions",
    "runtime",
    "precision",
    "seconds",
    "images_per_second",
    "peak_memory_mb",
}
PROJECT_KEYS = {"method", "dims", "points", "seconds", "file", "run"}


@pytest.fixture
def command(capsys):
    """Run a command in this process: exit code, what it printed, and its error lines."""

    def run(*arguments):
        code = main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err.splitlines()

    return run


@pytest.fixture
def refused(command):
    """Run a command that must fail as errors do; return the error line without ``error:``."""

    def run(*arguments):
        code, out, lines = command(*arguments)
        assert code == 1
        assert out == ""
        progress = ("Reading", "Loading", "Preparing", "Embedding")
        errors = [line for line in lines if not line.startswith(progress)]
        assert len(errors) == 1
        assert errors[0].startswith("error: ")
        return errors[0].removeprefix("error: ")

    return run


def wait_until(condition, seconds: float = 300) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.005)


def vectors_of(root: Path) -> np.ndarray:
    with Workspace.open(root) as workspace:
        return workspace.embeddings(workspace.run()).vectors


def test_extract_answers_with_one_json_object(command, small_folder):
    (small_folder / "fish" / "broken.png").touch()
    code, out, _ = command("extract", small_folder, "--json")
    answer = json.loads(out)
    assert code == 0
    assert out.count("\n") == 1
    assert set(answer) == EXTRACT_KEYS
    assert answer["workspace"] == f"{small_folder}.embedding"
    assert (answer["images"], answer["embedded"], answer["reused"]) == (25, 24, 0)
    assert answer["skipped"] == [{"path": "fish/broken.png", "reason": "is empty"}]
    assert answer["classes"] == {"bricks": 8, "fish": 9, "trees": 8}
    assert (answer["backbone"], answer["dimensions"]) == ("MobileNetV2", 1280)
    assert answer["runtime"] == "openvino"
    assert answer["images_per_second"] > 0
    assert answer["peak_memory_mb"] > 10


def test_second_extract_reuses_all_and_loads_no_backbone(command, small_folder):
    command("extract", small_folder, "--json")
    _, out, lines = command("extract", small_folder, "--json")
    answer = json.loads(out)
    assert (answer["embedded"], answer["reused"], answer["runtime"]) == (0, 24, "none")
    assert not any(line.startswith("Loading") for line in lines)


def test_progress_goes_to_standard_error(command, small_folder):
    _, out, lines = command("extract", small_folder, "--json")
    assert "Embedding images 24/24" in lines
    assert "Embedding" not in out


def test_extract_without_json_says_the_same_in_words(command, small_folder):
    _, out, _ = command("extract", small_folder)
    assert "24 images embedded" in out
    assert "MobileNetV2 in f32, 1280 dimensions, 3 classes." in out
    assert f"Workspace: {small_folder}.embedding" in out


def test_workspace_is_put_where_the_user_says(command, small_folder, tmp_path):
    _, out, _ = command("extract", small_folder, "--workspace", tmp_path / "here", "--json")
    assert json.loads(out)["workspace"] == str(tmp_path / "here")
    assert not (tmp_path / "pictures.embedding").exists()


@pytest.mark.parametrize("dims", [2, 3])
def test_project_answers_with_one_json_object(command, embedded_folder, dims):
    code, out, _ = command("project", embedded_folder.workspace, "--dims", dims, "--json")
    answer = json.loads(out)
    assert code == 0
    assert set(answer) == PROJECT_KEYS
    assert (answer["method"], answer["dims"], answer["points"]) == ("pca", dims, 24)
    assert answer["run"] == embedded_folder.recipe.run
    assert np.load(answer["file"]).shape == (24, dims)


def test_project_draws_the_map(command, embedded_folder, tmp_path):
    file = tmp_path / "map.png"
    _, out, _ = command("project", embedded_folder.workspace, "--image", file, "--json")
    picture = Image.open(file)
    assert json.loads(out)["file"] == str(file)
    assert (picture.format, picture.size) == ("PNG", (1280, 960))
    assert len(picture.getcolors(maxcolors=2**24)) > 100


@posix
def test_map_is_drawn_whatever_the_classes_are_called(tmp_path):
    from engine.map_image import save_map
    from engine.palette import class_colours

    labels = ("two\nlines", "smile 😀", os.fsdecode(b"\xff"), "")
    points = np.eye(4, 3, dtype=np.float32)
    shown = Projection(points, ("1", "2", "3", "4"), labels, "pca", "run")
    save_map(shown, tmp_path / "map.png", class_colours(labels[:3], {}))
    assert len(Image.open(tmp_path / "map.png").getcolors(maxcolors=2**24)) > 10


def test_map_with_more_classes_than_the_legend_has_rows_is_drawn(tmp_path):
    from engine.map_image import save_map
    from engine.palette import class_colours

    labels = tuple(f"class {number}" for number in range(200))
    points = np.random.default_rng(0).normal(size=(200, 2)).astype(np.float32)
    shown = Projection(points, labels, labels, "pca", "run")
    save_map(shown, tmp_path / "map.png", class_colours(labels, {}))
    assert Image.open(tmp_path / "map.png").size == (1280, 960)


def test_help_is_there_for_every_command(capsys):
    for arguments in (["--help"], ["extract", "--help"], ["project", "--help"]):
        with pytest.raises(SystemExit) as end:
            main(arguments)
        assert end.value.code == 0
    assert "--image-size" in capsys.readouterr().out


@pytest.mark.keras
def test_small_image_size_says_that_pictures_are_enlarged(
    command, small_folder, vgg16_file, converted_vgg16, monkeypatch
):
    monkeypatch.setenv("XDG_CACHE_HOME", str(converted_vgg16))
    code, out, lines = command(
        *("extract", small_folder, "--image-size", 28, "--backbone", "vgg16"),
        *("--weights", vgg16_file, "--json"),
    )
    assert code == 0
    assert lines[0].startswith(
        "Pictures are reduced to 28 x 28 pixels first, then enlarged to 32 x 32"
    )
    assert json.loads(out)["dimensions"] == 512
    assert json.loads(out)["run"].startswith("VGG16-28-avg-")


def test_missing_folder_is_an_error(refused, tmp_path):
    assert "does not exist" in refused("extract", tmp_path / "nowhere")


@posix
def test_error_stays_on_one_line_when_a_name_has_two(refused, tmp_path):
    assert "two lines” does not exist" in refused("extract", tmp_path / "two\nlines")


def test_empty_folder_is_an_error(refused, tmp_path):
    assert "No images were found" in refused("extract", tmp_path)


def test_unknown_backbone_is_an_error(refused, small_folder):
    assert "no backbone “vgg61”" in refused("extract", small_folder, "--backbone", "vgg61")


def test_missing_weights_file_is_an_error(refused, small_folder, tmp_path):
    line = refused("extract", small_folder, "--weights", tmp_path / "gone.h5")
    assert "There is no weights file" in line


@pytest.mark.keras
def test_bad_weights_file_is_an_error(refused, small_folder, tmp_path, shared_keras):
    (tmp_path / "bad.h5").write_text("no weights")
    line = refused("extract", small_folder, "--weights", tmp_path / "bad.h5")
    assert "“bad.h5” do not fit MobileNetV2" in line


def test_folder_that_is_no_workspace_is_an_error(refused, small_folder):
    assert "is not a workspace" in refused("project", small_folder)


@as_root
def test_forbidden_workspace_is_an_error():
    code = "import sys; from engine.cli import main; sys.exit(main(sys.argv[1:]))"
    with open_to_all() as folder:
        (folder / "secret").mkdir(mode=0o700)
        done = run_python(code, "project", folder / "secret", as_nobody=True)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("error: ")


def test_unknown_run_is_an_error(refused, embedded_folder):
    assert "no run “x”" in refused("project", embedded_folder.workspace, "--run", "x")


def test_map_in_a_missing_folder_is_an_error(refused, embedded_folder, tmp_path):
    line = refused("project", embedded_folder.workspace, "--image", tmp_path / "no" / "map.png")
    assert "does not exist; create it first" in line


def test_backbones_are_listed_with_what_it_takes_to_use_them(command):
    code, out, _ = command("backbones", "--json")
    rows = json.loads(out)["backbones"]
    assert code == 0
    assert len(rows) == len(BACKBONES)
    assert [row["weights"] for row in rows if row["backbone"] == "MobileNetV2"] == ["bundled"]
    vgg16 = next(row for row in rows if row["backbone"] == "VGG16")
    assert vgg16["weights"] == "to be downloaded"
    assert vgg16["file"] == str(keras_file(BACKBONES["VGG16"]))
    assert "Xception              299 px  2048 dimensions" in command("backbones")[1]


def test_pictures_that_cannot_be_read_are_an_error(refused, tmp_path):
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "1.png").touch()
    assert "None of the 1 images could be read" in refused("extract", tmp_path / "pictures")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["unknown"],
        ["extract"],
        ["extract", "folder", "--image-size", "0"],
        ["extract", "folder", "--image-size", "many"],
        ["extract", "folder", "--batch-size", "-3"],
        ["extract", "folder", "--runtime", "abacus"],
        ["extract", "folder", "--precision", "sloppy"],
        ["project", "workspace", "--dims", "4"],
        ["project", "workspace", "--method", "magic"],
        ["project", "workspace", "--seed", "-1"],
        ["project", "workspace", "--seed", "4294967296"],
    ],
)
def test_wrong_usage_exits_with_2(arguments, capsys):
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    assert "usage: image-embedding" in capsys.readouterr().err


@posix
def test_ctrl_c_exits_with_130_and_the_next_run_goes_on_from_there(sample_folder, tmp_path):
    folder = tmp_path / "pictures"
    for label in ("fish", "trees"):
        shutil.copytree(sample_folder / label, folder / label)
    process = start_command("extract", folder, "--batch-size", 1, "--json")
    array = tmp_path / "pictures.embedding" / "embeddings"
    wait_until(lambda: any(file.stat().st_size > 20_000 for file in array.glob("*/*.npy")))
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=600)
    assert process.returncode == 130
    assert out == ""
    assert err.splitlines()[-1].startswith("stopped; what was finished is kept")
    again = pipeline.extract(folder)
    assert 0 < again.reused < 80
    assert again.reused + again.embedded == 80


@posix
@pytest.mark.keras
def test_ctrl_c_in_a_terminal_exits_with_130_while_keras_works(
    small_folder, vgg16_file, tmp_path, monkeypatch
):
    """A terminal sends Ctrl-C to the process of Keras as well."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    arguments = ("--backbone", "vgg16", "--weights", vgg16_file, "--image-size", 32)
    process = start_command("extract", small_folder, *arguments, start_new_session=True)
    lines = iter(process.stderr.readline, "")
    assert any(line.startswith("Preparing VGG16") for line in lines)
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=600)
    assert process.returncode == 130


@posix
def test_killed_extraction_goes_on_to_the_vectors_of_an_undisturbed_one(sample_folder, tmp_path):
    for name in ("killed", "undisturbed"):
        shutil.copytree(sample_folder / "fish", tmp_path / name / "fish")
    process = start_command("extract", tmp_path / "killed", "--batch-size", 1)
    array = tmp_path / "killed.embedding" / "embeddings"
    wait_until(lambda: any(file.stat().st_size > 20_000 for file in array.glob("*/*.npy")))
    process.kill()
    process.communicate()
    again = pipeline.extract(tmp_path / "killed")
    undisturbed = pipeline.extract(tmp_path / "undisturbed")
    assert 0 < again.reused < 40
    np.testing.assert_allclose(
        vectors_of(again.workspace), vectors_of(undisturbed.workspace), rtol=1e-3, atol=1e-4
    )


@posix
def test_names_that_are_not_valid_utf8_do_not_stop_the_command(command, tmp_path):
    folder = tmp_path / "pictures"
    file = paint(folder / "1.png")
    try:
        os.link(file, os.fsencode(folder) + b"/\xff.png")
        (folder / os.fsdecode(b"\xfe.png")).touch()
    except OSError:
        pytest.skip("this file system takes only names that are valid UTF-8")
    code, out, _ = command("extract", folder)
    assert code == 0
    assert "2 images embedded" in out
