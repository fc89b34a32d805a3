"""What is copied of an error explains it and tells nothing of the user's files."""

import logging
import sys

import pytest

from desktop import log_file
from desktop.details import HIDDEN, details_of, without_names
from desktop.log_file import PrintedToLog


def failed(text: str) -> Exception:
    try:
        raise ZeroDivisionError(text)
    except ZeroDivisionError as error:
        return error


@pytest.fixture
def logged(home):
    """The log file, with a line that names a picture."""
    file = log_file.log_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(
        "2026-01-02 WARNING engine.x: /home/me/my pictures/aunt.jpg cannot be used: damaged\n",
        encoding="utf-8",
    )
    yield file
    file.unlink()


def test_details_name_versions_the_machine_and_the_fault(qapp):
    details = details_of(failed("division by zero"))
    for part in ("ZeroDivisionError: division by zero", "Keras: ", "Qt: ", "System: ", "OpenGL: "):
        assert part in details
    assert "test_details.py" in details
    assert f'"{__file__}"' not in details, "only the place within the program"


def test_the_end_of_the_log_comes_along_without_names_of_files(qapp, logged):
    details = details_of(failed("division by zero"))
    assert "engine.x" in details
    assert "cannot be used: damaged" in details or HIDDEN in details
    assert "aunt" not in details
    assert "my pictures" not in details


@pytest.mark.parametrize(
    "line",
    [
        "“/home/me/aunt.jpg” cannot be read",
        "the picture aunt.JPG is damaged",
        r"C:\Users\me\aunt\x.txt is gone",
        "'my/aunt' is missing",
    ],
)
def test_names_are_hidden_wherever_they_stand_in_a_line(line):
    assert "aunt" not in without_names(line)
    assert HIDDEN in without_names(line)


def test_other_words_of_the_log_stay():
    line = "2026-01-02 10:00:00,123 WARNING desktop.x: settings are not saved: no space"
    assert without_names(line) == line


def test_a_program_without_a_console_prints_into_its_log(caplog):
    stream = PrintedToLog()
    with caplog.at_level(logging.WARNING):
        print("half a ", end="", file=stream)
        assert not caplog.messages
        print("line", file=stream)
    assert caplog.messages == ["half a line"]


def test_streams_that_are_not_there_are_replaced(home, monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    log_file.start_logging()
    assert isinstance(sys.stdout, PrintedToLog)
    assert isinstance(sys.stderr, PrintedToLog)
