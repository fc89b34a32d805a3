"""The .npy file that grows by plain writes."""

import numpy as np
import pytest
from helpers import posix, run_python, sentence

from engine.errors import EngineError
from engine.workspace.vectors import read_rows, write_rows


def rows(first: int, count: int, dimensions: int = 4) -> np.ndarray:
    """Rows that are told apart: row i holds the number i."""
    return np.repeat(np.arange(first, first + count, dtype=np.float32)[:, None], dimensions, 1)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "run" / "vectors.npy"


def test_numpy_loads_the_file_after_each_write(file):
    for first in range(0, 12, 3):
        write_rows(file, first, rows(first, 3))
        np.testing.assert_array_equal(np.load(file), rows(0, first + 3))


def test_numpy_maps_the_file(file):
    write_rows(file, 0, rows(0, 5))
    mapped = np.load(file, mmap_mode="r")
    assert mapped.dtype == np.float32
    np.testing.assert_array_equal(mapped, rows(0, 5))


def test_rows_are_read_in_the_order_asked_for(file):
    write_rows(file, 0, rows(0, 10))
    assert read_rows(file, [7, 0, 3], 4)[:, 0].tolist() == [7, 0, 3]


def test_no_rows_need_no_file(file):
    assert read_rows(file, [], 4).shape == (0, 4)


def test_rows_behind_the_written_ones_are_cut_off(file):
    write_rows(file, 0, rows(0, 10))
    write_rows(file, 4, rows(100, 2))
    assert np.load(file)[:, 0].tolist() == [0, 1, 2, 3, 100, 101]


def test_half_a_row_that_a_killed_run_left_is_written_over(file):
    write_rows(file, 0, rows(0, 3))
    with file.open("ab") as out:
        out.write(b"\xff" * 7)
    write_rows(file, 3, rows(3, 2))
    np.testing.assert_array_equal(np.load(file), rows(0, 5))


def test_writing_behind_missing_rows_is_refused(file):
    write_rows(file, 0, rows(0, 3))
    with pytest.raises(EngineError) as error:
        write_rows(file, 5, rows(5, 1))
    assert "missing or damaged" in sentence(error)
    np.testing.assert_array_equal(np.load(file), rows(0, 3))


def test_missing_file_is_refused(file):
    with pytest.raises(EngineError) as error:
        read_rows(file, [0], 4)
    assert "missing or damaged" in sentence(error)


@pytest.mark.parametrize("length", [0, 5, 100, 128, 150])
def test_truncated_file_is_refused(file, length):
    write_rows(file, 0, rows(0, 10))
    file.write_bytes(file.read_bytes()[:length])
    with pytest.raises(EngineError) as error:
        read_rows(file, [9], 4)
    assert "missing or damaged" in sentence(error)


def test_file_of_other_dimensions_is_refused(file):
    write_rows(file, 0, rows(0, 10))
    with pytest.raises(EngineError) as error:
        read_rows(file, [0], 5)
    assert "delete the folder" in sentence(error)


def test_file_of_python_objects_is_refused(file):
    """Such a file could run code when it is loaded."""
    file.parent.mkdir()
    np.save(file, np.array([object()]), allow_pickle=True)
    with pytest.raises(EngineError):
        read_rows(file, [0], 4)


@posix
def test_full_disk_is_reported_and_keeps_earlier_rows(file):
    code = """
import resource, sys
from pathlib import Path
import numpy as np
from engine.errors import EngineError
from engine.workspace.vectors import write_rows
file = Path(sys.argv[1])
write_rows(file, 0, np.ones((3, 100), np.float32))
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
try:
    write_rows(file, 3, np.full((3, 100), 2, np.float32))
except EngineError as error:
    print(error)
"""
    printed = run_python(code, file).stdout
    assert "There is no space left to write to" in printed
    np.testing.assert_array_equal(np.load(file), np.ones((3, 100)))
