"""How a backbone runs on this machine: converted once and run by OpenVINO, or by TensorFlow."""

import contextlib
import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path

from engine import converted, openvino_model
from engine.converted import Converted
from engine.errors import EngineError
from engine.keras_process import KerasProcess
from engine.network import Network
from engine.openvino_model import EXACT, FAST
from engine.progress import Progress
from engine.values import Pixels, Vectors
from engine.wording import mark

RUNTIMES = ("auto", "openvino", "tensorflow")
PRECISIONS = ("auto", "exact", "fast")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """How a network will run.

    runtime:   "openvino" or "tensorflow".
    precision: "f32" or "bf16".
    converted: what OpenVINO runs; None for TensorFlow.
    """

    network: Network
    runtime: str
    precision: str
    converted: Converted | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A network that can be called.

    run:        (B, S, S, 3) uint8 to (B, D) float32.
    dimensions: D.
    """

    run: Callable[[Pixels], Vectors]
    dimensions: int


def check_choices(runtime: str, precision: str) -> None:
    """Refuse what `plan` would refuse for any network.

    Raises
    ------
    EngineError
        When there is no such runtime or precision, or TensorFlow is to be fast.
    """
    if runtime not in RUNTIMES:
        raise EngineError(f"There is no runtime “{runtime}”; choose one of: {', '.join(RUNTIMES)}.")
    if precision not in PRECISIONS:
        raise EngineError(
            f"There is no precision “{precision}”; choose one of: {', '.join(PRECISIONS)}."
        )
    if (runtime, precision) == ("tensorflow", "fast"):
        raise EngineError(
            "TensorFlow has no fast mode; choose the runtime “openvino” or the precision “exact”."
        )


def accepted(runtime: str, precision: str) -> tuple[str, ...]:
    """Return the precisions that the choices of `plan` allow, the preferred one first."""
    if runtime == "tensorflow":
        return (EXACT,)
    return {"auto": (FAST, EXACT), "exact": (EXACT,), "fast": (FAST,)}[precision]


def plan(
    network: Network,
    runtime: str = "auto",
    precision: str = "auto",
    progress: Progress | None = None,
) -> Plan:
    """Choose how a network runs here; convert it if that was not done before.

    A conversion is compared with Keras on pictures once, and the distances are remembered. It
    counts only within `engine.converted.TOLERANCE`.

    Parameters
    ----------
    network
        Which.
    runtime
        "auto" takes OpenVINO, unless TensorFlow sees a GPU or the network cannot be converted.
    precision
        "exact" calculates in float32; "fast" in bfloat16; "auto" is fast where the processor
        calculates in bfloat16 and the vectors stay within the tolerance.
    progress
        Hears of the conversion, which takes from seconds to a minute.

    Raises
    ------
    EngineError
        When there is no such choice, the weights do not fit, or what was asked for expressly
        cannot be had here.
    Cancelled
        From ``progress``.
    """
    check_choices(runtime, precision)
    progress = progress or Progress()
    if runtime == "auto" and precision != "fast" and _tensorflow_sees_gpu(progress):
        runtime = "tensorflow"
    if runtime == "tensorflow":
        return Plan(network, "tensorflow", EXACT)
    try:
        found = _converted(network, progress)
    except RuntimeError as error:
        if runtime == "openvino" or precision == "fast":
            raise EngineError(
                f"{network.backbone.name} could not be converted for OpenVINO ({error}); "
                "choose the runtime “tensorflow”."
            ) from error
        log.warning("%s runs on TensorFlow: %s", network.backbone.name, error)
        return Plan(network, "tensorflow", EXACT)
    return Plan(network, "openvino", _precision(network, found, precision), found)


@contextlib.contextmanager
def started(plan: Plan, progress: Progress | None = None) -> Iterator[Model]:
    """Make a network ready as planned, for as long as the ``with`` lasts.

    Raises
    ------
    EngineError
        When the weights do not fit, or what was converted cannot be used any more.
    Cancelled
        From ``progress``.
    """
    progress = progress or Progress()
    progress.report(f"Loading {plan.network.backbone.name}")
    if plan.converted is not None:
        yield _loaded(plan, plan.converted, progress)
        return
    with KerasProcess(progress) as keras:
        dimensions = keras.build(plan.network)
        yield Model(keras.run, dimensions)


def _converted(network: Network, progress: Progress) -> Converted:
    """Find or make the conversion; RuntimeError says in a few words why there is none of use."""
    found = converted.find(network) or _convert(network, progress)
    if not found.is_close(EXACT):
        distance = found.distances.get(EXACT, float("nan"))
        raise RuntimeError(mark(f"its vectors are {distance:.1g} away from those of Keras"))
    return found


def _convert(network: Network, progress: Progress) -> Converted:
    file = converted.cache_folder() / converted.converted_name(network)
    try:
        with KerasProcess(progress) as keras:
            return keras.convert(network, file)
    except RuntimeError as error:
        log.warning("%s could not be converted: %s", network.backbone.name, error)
        raise RuntimeError(_last_line(error)) from error


def _loaded(plan: Plan, found: Converted, progress: Progress) -> Model:
    """Load a conversion; one that was damaged since is made again."""
    try:
        return Model(*openvino_model.load(found.file, plan.precision))
    # What OpenVINO raises for a damaged file is not documented.
    except Exception as error:
        log.warning("%s cannot be used: %s", found.file, error)
    try:
        return Model(*openvino_model.load(_convert(plan.network, progress).file, plan.precision))
    except RuntimeError as error:
        raise EngineError(
            f"{plan.network.backbone.name} could not be loaded by OpenVINO ({_last_line(error)}); "
            "choose the runtime “tensorflow”."
        ) from error


def _precision(network: Network, found: Converted, choice: str) -> str:
    """Choose between float32 and bfloat16."""
    is_close = found.is_close(FAST)
    # Asking the processor means importing OpenVINO, so it is asked last.
    if choice != "exact" and is_close and FAST in openvino_model.precisions():
        return FAST
    if choice != "fast":
        return EXACT
    if FAST in openvino_model.precisions() and FAST in found.distances:
        distance = found.distances[FAST]
        reason = mark(f"its vectors would be {distance:.1g} away from those of Keras")
    else:
        reason = mark("this processor does not calculate in bfloat16")
    raise EngineError(
        f"{network.backbone.name} has no fast mode here: {reason}; choose the precision “exact”."
    )


def _tensorflow_sees_gpu(progress: Progress) -> bool:
    """Ask TensorFlow, which takes seconds, only where there may be one."""
    if not _may_have_gpu():
        return False
    with KerasProcess(progress) as keras:
        return keras.count_gpus() > 0


def _may_have_gpu() -> bool:
    if sys.platform == "darwin":
        return any(distributions(name="tensorflow-metal"))
    return any(Path("/dev", name).exists() for name in ("nvidiactl", "kfd"))


def _last_line(error: Exception) -> str:
    """Return what a traceback ends with."""
    return (str(error).strip().splitlines() or [type(error).__name__])[-1]
