"""Keras works in a process of its own, which only its owner ends."""

from collections.abc import Callable
from multiprocessing import active_children
from multiprocessing.process import BaseProcess

import pytest
from helpers import posix, run_python

from engine.errors import EngineError
from engine.keras_process import KerasProcess
from engine.network import Network
from engine.progress import Cancelled, Progress
from engine.weights import find

CTRL_C_AT_ONCE = """
import multiprocessing, os, signal
from multiprocessing.connection import wait
from engine.keras_process import KerasProcess
from engine.progress import Progress
with KerasProcess(Progress()):
    (process,) = multiprocessing.active_children()
    os.kill(process.pid, signal.SIGINT)
    ended = wait([process.sentinel], timeout=2)
print("ended" if ended else "goes on", process.exitcode)
"""


@pytest.fixture
def only_child() -> Callable[[], BaseProcess]:
    """Return the one process that was started since."""
    before = active_children()

    def find_it() -> BaseProcess:
        (process,) = set(active_children()) - set(before)
        return process

    return find_it


@posix
def test_ctrl_c_does_not_reach_it_not_even_while_it_starts():
    assert run_python(CTRL_C_AT_ONCE).stdout.split() == ["goes", "on", "-9"]


def test_its_sudden_end_is_an_error_that_says_what_to_do(mobilenet, only_child):
    with KerasProcess(Progress()) as keras:
        only_child().kill()
        with pytest.raises(EngineError) as error:
            keras.build(Network(mobilenet, find(mobilenet), 224, "avg"))
    assert "ended unexpectedly" in str(error.value)
    assert "close other programs or choose a smaller backbone" in str(error.value)


def test_its_end_after_cancelling_is_no_error(mobilenet, only_child):
    progress = Progress()
    with KerasProcess(progress) as keras:
        only_child().kill()
        progress.cancel()
        with pytest.raises(Cancelled):
            keras.build(Network(mobilenet, find(mobilenet), 224, "avg"))
