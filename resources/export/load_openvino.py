"""The model run by OpenVINO."""


def load(file):
    """Return what takes (B, H, W, 3) uint8 and gives (B, C) probabilities."""
    import openvino

    # Left to itself, OpenVINO calculates in bfloat16 wherever the processor can.
    hints = {"INFERENCE_PRECISION_HINT": "f32"}
    model = openvino.Core().compile_model(file, "CPU", hints)
    return lambda pixels: model(pixels)[0]
