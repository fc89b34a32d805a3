"""A converted backbone run by OpenVINO, which starts at once and needs no TensorFlow."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from engine import limits
from engine.values import Pixels, Vectors

EXACT, FAST = "f32", "bf16"


def convert(forward: Any, file: Path) -> None:
    """Convert a concrete TensorFlow function and write it as ``file`` (.xml) and its .bin.

    The weights stay float32. What OpenVINO raises when it meets an operation it does not know is
    passed through.
    """
    openvino = _import_openvino()
    model = openvino.convert_model(forward)
    file.parent.mkdir(parents=True, exist_ok=True)
    # The .xml is what is looked for, so it must appear last and only beside a whole .bin.
    temporary = file.with_name(f"part-{file.name}")
    openvino.save_model(model, temporary, compress_to_fp16=False)
    temporary.with_suffix(".bin").replace(file.with_suffix(".bin"))
    temporary.replace(file)


def load(file: Path, precision: str = EXACT) -> tuple[Callable[[Pixels], Vectors], int]:
    """Make a converted backbone ready.

    Parameters
    ----------
    file
        What `convert` wrote.
    precision
        `EXACT` calculates in float32; `FAST` in bfloat16, where `precisions` has it.

    Returns
    -------
    run, dimensions
        ``run`` takes (B, S, S, 3) uint8 and gives (B, D) float32; ``dimensions`` is D.
    """
    compiled = compile_for_here(file, precision)

    def run(pixels: Pixels) -> Vectors:
        return np.array(compiled(pixels)[0], dtype=np.float32)

    return run, int(compiled.output(0).partial_shape[-1].get_length())


def compile_for_here(file: Path, precision: str) -> Any:
    """Return OpenVINO's compiled model; it keeps to the cores that computing may use."""
    # Left to itself, OpenVINO calculates in bfloat16 wherever the processor can.
    hints: dict[str, Any] = {"INFERENCE_PRECISION_HINT": precision}
    if limits.chosen_cores():
        hints["INFERENCE_NUM_THREADS"] = limits.chosen_cores()
    return _import_openvino().Core().compile_model(file, "CPU", hints)


def precisions() -> tuple[str, ...]:
    """Return the precisions in which this processor calculates at full speed."""
    capabilities = _import_openvino().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return (EXACT, FAST) if "BF16" in capabilities else (EXACT,)


def _import_openvino() -> Any:
    # OpenVINO's converter reports its use over the network if it finds this package.
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino

    return openvino
