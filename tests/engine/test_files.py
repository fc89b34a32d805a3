"""Files appear whole or not at all, and each failure goes to whom it concerns."""

import pytest

from engine.errors import EngineError
from engine.files import replacing, whole_file


@pytest.mark.parametrize("written", [whole_file, replacing])
def test_a_file_that_is_not_finished_leaves_the_old_one(tmp_path, written):
    file = tmp_path / "file.json"
    file.write_bytes(b"old")
    with pytest.raises(TypeError), written(file) as part:
        part.writelines([b"half of the ne", None])
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(("written", "error"), [(whole_file, EngineError), (replacing, OSError)])
def test_a_folder_that_cannot_be_written_to(tmp_path, written, error):
    """The user hears of the workspace's; that of the cache only costs a conversion."""
    with pytest.raises(error), written(tmp_path / "missing" / "file.json"):
        pass
