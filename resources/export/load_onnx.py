"""The model run by ONNX Runtime."""


def load(file):
    """Return what takes (B, H, W, 3) uint8 and gives (B, C) probabilities."""
    import onnxruntime

    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    return lambda pixels: session.run(None, {"pixels": pixels})[0]
