"""Images become vectors batch by batch. The models are plain functions here."""

import threading
import time

import numpy as np
import pytest
from helpers import image_file, mean_colour, paint, sentence

from engine.errors import EngineError
from engine.extract import BATCHES_IN_MEMORY, batch_size_for, embed_batches


@pytest.fixture
def greys(tmp_path):
    """Twenty pictures; the grey level of each is its number."""
    names = [f"{number}.png" for number in range(20)]
    return [
        image_file(tmp_path, paint(tmp_path / name, (number,) * 3).name)
        for number, name in enumerate(names)
    ]


def embed(folder, images, model=mean_colour, batch_size=4, **options):
    return list(embed_batches(folder, images, model, side=8, batch_size=batch_size, **options))


def test_batches_come_in_order(tmp_path, greys):
    batches = embed(tmp_path, greys)
    assert [image for batch in batches for image in batch.images] == greys
    levels = np.concatenate([batch.vectors for batch in batches])[:, 0]
    assert levels.tolist() == list(range(20))


def test_model_gets_batches_of_the_size_asked_for(tmp_path, greys):
    shapes = []

    def model(pixels):
        shapes.append(pixels.shape)
        return mean_colour(pixels)

    embed(tmp_path, greys, model, batch_size=8)
    assert shapes == [(8, 8, 8, 3), (8, 8, 8, 3), (4, 8, 8, 3)]


def test_model_gets_enlarged_squares_when_it_takes_no_smaller_ones(tmp_path, greys):
    shapes = set()

    def model(pixels):
        shapes.add(pixels.shape)
        return mean_colour(pixels)

    embed(tmp_path, greys, model, enlarge_to=32)
    assert shapes == {(4, 32, 32, 3)}


def test_only_a_few_batches_are_read_ahead(tmp_path, greys):
    """Pictures that vanish while the model has its first batch can have been read only before."""
    in_memory = 2 * (BATCHES_IN_MEMORY - 1)  # the caller has none yet

    def model(pixels):
        if pixels[0, 0, 0, 0] == 0:
            time.sleep(0.3)  # time enough for readers that ran too far
            for image in greys[in_memory:]:
                (tmp_path / image.path).unlink()
        return mean_colour(pixels)

    batches = embed(tmp_path, greys, model, batch_size=2)
    assert sum(len(batch.images) for batch in batches) == in_memory
    assert {item.reason for batch in batches for item in batch.skipped} == {"is no longer there"}


def test_model_works_while_the_caller_keeps_the_batch_before(tmp_path, greys):
    second_began = threading.Event()

    def model(pixels):
        if pixels[0, 0, 0, 0] == 4:
            second_began.set()
        return mean_colour(pixels)

    batches = embed_batches(tmp_path, greys, model, side=8, batch_size=4)
    next(batches)
    assert second_began.wait(timeout=60)
    batches.close()


def test_broken_file_is_reported_and_the_rest_embedded(tmp_path, greys):
    (tmp_path / "5.png").write_text("no picture")
    batches = embed(tmp_path, greys)
    assert [(item.path, item.reason) for batch in batches for item in batch.skipped] == [
        ("5.png", "is not an image in a format that can be read")
    ]
    assert batches[1].vectors[:, 0].tolist() == [4, 6, 7]
    assert [image.path for image in batches[1].images] == ["4.png", "6.png", "7.png"]


def test_model_is_not_called_when_no_picture_of_a_batch_can_be_read(tmp_path, greys):
    calls = []
    for image in greys[:4]:
        (tmp_path / image.path).write_bytes(b"")

    def model(pixels):
        calls.append(len(pixels))
        return mean_colour(pixels)

    batches = embed(tmp_path, greys[:8], model)
    assert calls == [4]
    assert len(batches[0].vectors) == 0
    assert len(batches[0].skipped) == 4


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_numbers_that_are_not_finite_are_refused(tmp_path, greys, value):
    def model(pixels):
        return np.full((len(pixels), 3), value, np.float32)

    with pytest.raises(EngineError) as error:
        embed(tmp_path, greys, model)
    assert "not finite for “0.png”" in sentence(error)


def test_no_images_give_no_batches(tmp_path):
    assert embed(tmp_path, []) == []


def test_iteration_may_be_stopped_at_any_batch(tmp_path, greys):
    batches = embed_batches(tmp_path, greys, mean_colour, side=8, batch_size=2)
    assert len(next(batches).images) == 2
    batches.close()
    assert list(batches) == []


@pytest.mark.parametrize(("side", "size"), [(32, 64), (224, 32), (299, 17), (600, 4), (5000, 1)])
def test_batches_are_smaller_for_larger_squares(side, size):
    assert batch_size_for(side, 1e-6) == size


@pytest.mark.parametrize(("seconds", "size"), [(0.001, 32), (0.05, 10), (0.2, 4), (100, 4)])
def test_batches_are_smaller_for_slower_backbones(seconds, size):
    assert batch_size_for(224, seconds) == size
