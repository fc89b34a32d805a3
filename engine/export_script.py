"""A ready script that uses an exported model, put together from the files of `resources.export`."""

from importlib.resources import files

PACKAGES = {
    "keras": "keras tensorflow",
    "onnx": "onnxruntime",
    "tflite": "ai-edge-litert",
    "openvino": "openvino",
}


def example_script(kind: str, model_file: str, about_file: str) -> str:
    """Return the text of a script.

    Parameters
    ----------
    kind
        Format of the model, one of `PACKAGES`.
    model_file, about_file
        Names of the model and of the JSON with its classes, which lie beside the script.
    """
    folder = files("resources") / "export"
    text = (folder / "example.py").read_text(encoding="utf-8")
    load = (folder / f"load_{kind}.py").read_text(encoding="utf-8")
    _, _, function = load.partition("\ndef ")
    for word, by in {
        "from load_RUNTIME import load\n": "",
        "\ndef main(": f"\ndef {function}\n\ndef main(",
        "RUNTIME": PACKAGES[kind],
        '"MODEL_FILE"': _quoted(model_file),
        '"ABOUT_FILE"': _quoted(about_file),
    }.items():
        text = text.replace(word, by)
    return text


def _quoted(name: str) -> str:
    return repr(name) if '"' in name or "\\" in name else f'"{name}"'
