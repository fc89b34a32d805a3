"""Where the weights of a backbone come from."""

import hashlib

import pytest
from helpers import sentence

from engine.errors import EngineError
from engine.weights import Availability, availability, find, keras_file


@pytest.fixture
def keras_home(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    return tmp_path / "keras"


def put_imagenet_file(home, backbone, content=b"weights"):
    (home / "models").mkdir(parents=True)
    file = home / "models" / backbone.weights_file
    file.write_bytes(content)
    return file


@pytest.mark.parametrize("choice", ["", "bundled"])
def test_bundled_weights_are_found(mobilenet, choice):
    weights = find(mobilenet, choice)
    assert weights.path.name == mobilenet.weights_file
    assert weights.hash == hashlib.sha256(weights.path.read_bytes()).hexdigest()
    assert weights.is_imagenet


def test_bundled_is_refused_for_a_backbone_without_bundled_weights(vgg16):
    with pytest.raises(EngineError) as error:
        find(vgg16, "bundled")
    assert "No weights of VGG16 are bundled, only those of MobileNetV2" in sentence(error)


@pytest.mark.parametrize("choice", ["", "imagenet"])
def test_imagenet_weights_are_not_found_before_they_are_downloaded(keras_home, vgg16, choice):
    assert find(vgg16, choice) is None


@pytest.mark.parametrize("choice", ["", "imagenet"])
def test_imagenet_weights_are_found_where_keras_keeps_them(keras_home, vgg16, choice):
    file = put_imagenet_file(keras_home, vgg16)
    weights = find(vgg16, choice)
    assert weights.path == file
    assert weights.hash == hashlib.sha256(b"weights").hexdigest()
    assert weights.is_imagenet


def test_keras_keeps_weights_in_the_home_folder_when_keras_home_is_not_set(
    vgg16, home, monkeypatch
):
    monkeypatch.delenv("KERAS_HOME")
    assert keras_file(vgg16) == home / ".keras" / "models" / vgg16.weights_file


@pytest.mark.parametrize("name", ["mine.h5", "mine.weights.h5", "mine.keras", "MINE.H5"])
def test_file_of_the_user_is_found(tmp_path, vgg16, name):
    (tmp_path / name).write_bytes(b"mine")
    weights = find(vgg16, str(tmp_path / name))
    assert weights.path == tmp_path / name
    assert weights.hash == hashlib.sha256(b"mine").hexdigest()
    assert not weights.is_imagenet


def test_missing_file_is_refused(tmp_path, vgg16):
    with pytest.raises(EngineError) as error:
        find(vgg16, str(tmp_path / "gone.h5"))
    assert "There is no weights file" in sentence(error)
    assert "gone.h5" in str(error.value)


def test_file_with_another_suffix_is_refused(tmp_path, vgg16):
    (tmp_path / "weights.pt").write_bytes(b"torch")
    with pytest.raises(EngineError) as error:
        find(vgg16, str(tmp_path / "weights.pt"))
    assert "“weights.pt” is not a weights file" in sentence(error)


def test_folder_named_like_a_weights_file_is_refused(tmp_path, vgg16):
    (tmp_path / "folder.h5").mkdir()
    with pytest.raises(EngineError) as error:
        find(vgg16, str(tmp_path / "folder.h5"))
    assert "folder.h5" in sentence(error)


def test_availability_of_the_bundled_backbone(mobilenet):
    assert availability(mobilenet) is Availability.BUNDLED


def test_availability_changes_with_the_download(keras_home, vgg16):
    assert availability(vgg16) is Availability.TO_DOWNLOAD
    put_imagenet_file(keras_home, vgg16)
    assert availability(vgg16) is Availability.DOWNLOADED
