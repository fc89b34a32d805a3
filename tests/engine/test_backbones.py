"""The table of backbones."""

import pytest
from helpers import sentence

from engine.backbones import BACKBONES, DEFAULT, backbone_named, estimate_seconds
from engine.errors import EngineError


@pytest.mark.keras
def test_table_holds_every_backbone_of_keras_applications():
    import keras

    in_keras = {name for name in dir(keras.applications) if name[0].isupper()}
    assert set(BACKBONES) == in_keras


@pytest.mark.keras
@pytest.mark.parametrize("name", BACKBONES)
def test_module_of_each_backbone_has_its_preprocessing(name):
    import keras

    module = getattr(keras.applications, BACKBONES[name].module)
    assert callable(module.preprocess_input)
    assert callable(getattr(keras.applications, name))


@pytest.mark.keras
def test_dimensions_and_parameters_are_those_of_keras(random_backbones):
    for name, made in random_backbones.items():
        assert BACKBONES[name].dimensions == made.network.output_shape[-1]
        assert BACKBONES[name].megaparams == pytest.approx(
            made.network.count_params() / 1e6, abs=0.01
        )


@pytest.mark.keras
@pytest.mark.parametrize("name", ["Xception", "VGG16"])
def test_smallest_size_is_the_smallest_that_keras_takes(random_backbones, name):
    import keras

    too_small = BACKBONES[name].smallest_size - 1
    assert random_backbones[name].side == BACKBONES[name].smallest_size
    with pytest.raises(ValueError, match="Input size must be at least"):
        getattr(keras.applications, name)(
            include_top=False, weights=None, input_shape=(too_small, too_small, 3)
        )


def test_xception_and_vgg16_come_first():
    assert list(BACKBONES)[:2] == ["Xception", "VGG16"]


def test_default_backbone_is_in_the_table():
    assert DEFAULT in BACKBONES


@pytest.mark.parametrize("name", ["vgg16", "VGG16", "Vgg16"])
def test_names_are_case_insensitive(name):
    assert backbone_named(name).name == "VGG16"


def test_unknown_name_is_answered_with_close_ones():
    with pytest.raises(EngineError) as error:
        backbone_named("exception")
    assert "no backbone “exception”" in sentence(error)
    assert "Xception" in str(error.value)


def test_unknown_name_is_answered_with_usual_ones_when_none_is_close():
    with pytest.raises(EngineError) as error:
        backbone_named("zzz")
    assert "Xception, VGG16, MobileNetV2" in sentence(error)


def test_estimate_grows_with_the_number_of_images(vgg16):
    one, hundred = (estimate_seconds(vgg16, images, 224) for images in (1, 100))
    assert 0 < one < hundred
    assert hundred == pytest.approx(100 * one)


def test_estimate_grows_with_the_side_and_with_the_backbone(vgg16, mobilenet):
    assert estimate_seconds(vgg16, 10, 32) < estimate_seconds(vgg16, 10, 224)
    assert estimate_seconds(mobilenet, 10, 224) < estimate_seconds(vgg16, 10, 224)
