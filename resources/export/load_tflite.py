"""The model run by LiteRT."""


def load(file):
    """Return what takes (1, H, W, 3) uint8 and gives (1, C) probabilities."""
    try:
        from ai_edge_litert import interpreter as lite
    except ImportError:  # where TensorFlow is installed, its own will do
        from tensorflow import lite

    interpreter = lite.Interpreter(str(file))
    place = interpreter.get_input_details()[0]["index"]

    def run(pixels):
        interpreter.resize_tensor_input(place, pixels.shape)
        interpreter.allocate_tensors()
        interpreter.set_tensor(place, pixels)
        interpreter.invoke()
        return interpreter.get_tensor(interpreter.get_output_details()[0]["index"])

    return run
