"""What is imported beside the window costs no more than without it."""

import importlib
import inspect


def test_the_source_of_an_imported_module_is_not_read(qapp, tmp_path, monkeypatch):
    name = "module_without_a_window"
    (tmp_path / f"{name}.py").write_text("answer = 42\n")
    monkeypatch.syspath_prepend(tmp_path)
    read = []
    original = inspect.getsource
    monkeypatch.setattr(inspect, "getsource", lambda what: read.append(what) or original(what))
    module = __import__(name)
    assert module.answer == 42
    assert read == []
    importlib.invalidate_caches()
