"""What the packaged program does without, each with its reason."""

from collections.abc import Callable, Iterable
from fnmatch import fnmatch

Imports = Callable[[str], Iterable[str]]

# Modules that no file of this program imports, but that a package would use if it were there.
MODULES = {
    "IPython": "notebooks",
    "matplotlib": "diagrams of packages; this program draws its own",
    "pandas": "tables that scikit-learn could take",
    "pyarrow": "170 MB for Parquet alone; without it the program says so",
    "onnxruntime": "a hook takes it along; exported models are run by other programs",
    "torch": "another runtime",
    "jax": "another runtime",
    "dask": "arrays of other kinds",
    "cupy": "arrays of other kinds",
    "numba": "compiling what is compiled already",
    "tkinter": "another window",
    "pytest": "tests",
    "_pytest": "tests",
    "hypothesis": "tests",
    "mypy": "checks",
    "ruff": "checks",
    "setuptools": "installing",
    "pkg_resources": "installing",
    "pip": "installing",
    "wheel": "installing",
    "tensorboard_data_server": "a second server of TensorBoard, in Rust, that is switched off",
    "PySide6.QtGraphs": "GPL alone",
    "PySide6.QtCharts": "GPL alone",
    "PySide6.QtDataVisualization": "GPL alone",
    "PySide6.QtVirtualKeyboard": "GPL alone",
}
# The lite edition runs backbones that are converted already, and shows TensorBoard in the browser.
NOT_LITE = {
    "tensorflow": "converts backbones, trains dense layers, fine-tunes, exports models",
    "keras": "the same",
    "tf2onnx": "exports to ONNX",
    "onnx": "exports to ONNX",
    "h5py": "weights of Keras",
    "ml_dtypes": "numbers of TensorFlow",
    "PySide6.QtWebEngineCore": "a whole browser, 230 MB: there is one on the computer already",
    "PySide6.QtWebEngineWidgets": "the same",
    "PySide6.QtWebEngineQuick": "the same",
}
# Files by their place in the folder.
FILES = {
    "tensorflow/include/*": "for compiling against TensorFlow",
    "tensorflow/compiler/mlir/stablehlo/*.so": "a language of compilers; nothing here speaks it",
    "openvino/libs/*gpu_plugin*": "pictures are embedded on the CPU",
    "openvino/libs/*npu_plugin*": "pictures are embedded on the CPU",
    "openvino/libs/cache.json": "compiled graphs of graphics cards",
    "openvino/libs/*onnx_frontend*": "only what TensorFlow built is converted",
    "openvino/libs/*paddle_frontend*": "only what TensorFlow built is converted",
    "openvino/libs/*pytorch_frontend*": "only what TensorFlow built is converted",
    "openvino/libs/*jax_frontend*": "only what TensorFlow built is converted",
    "openvino/libs/*gguf_frontend*": "only what TensorFlow built is converted",
    "openvino/libs/*tensorflow_lite_frontend*": "only what TensorFlow built is converted",
    "openvino/libs/*openvino_c.*": "for programs in C",
    "openvino/libs/*auto_plugin*": "chooses among devices; there is one",
    "openvino/libs/*auto_batch_plugin*": "for graphics cards",
    "openvino/libs/*hetero_plugin*": "several devices at once",
    "openvino/frontend/pytorch/*": "only what TensorFlow built is converted",
    "openvino/frontend/paddle/*": "only what TensorFlow built is converted",
    "openvino/frontend/onnx/*": "only what TensorFlow built is converted",
    "openvino/frontend/jax/*": "only what TensorFlow built is converted",
    "PySide6/Qt*/qml/*": "parts of windows written in QML; the web view needs none",
    "PySide6/qml/*": "the same on Windows",
    "*qtwebengine_devtools_resources.pak": "tools for people who write web pages",
    "*.debug.pak": "debugging of the web view",
    "*.debug.bin": "debugging of the web view",
    "*virtualkeyboard*": "GPL alone",
    "*/imageformats/*qpdf*": "PDF as a picture; Pillow reads the pictures",
    "*/plugins/qmltooling/*": "debugging of QML",
    "*/plugins/position/*": "where the computer is",
}
# Libraries of a Linux system that its drivers and its settings go with: another version of them
# beside those would keep OpenGL from starting, or fonts from being found.
SYSTEM = (
    "libstdc++.so.6",
    "libgcc_s.so.1",
    "libgbm.so.1",
    "libX11.so.6",
    "libX11-xcb.so.1",
    "libasound.so.2",
    "libfontconfig.so.1",
    "libfreetype.so.6",
    "libexpat.so.1",
)
# Of these, links at the top of the folder are made, too.
LINKED = tuple(pattern for pattern in FILES if not pattern.endswith("/*"))
# Symbols and notes for debuggers are taken out of these on Linux, by `strip`. Of no others: some
# libraries that were put into wheels by other tools do not survive it.
STRIPPED = (
    "tensorflow/libtensorflow_*",
    "tensorflow/compiler/*.so",
    "tensorflow/python/*.so",
    "numkong/*.so",
    "libpython3*",
)
# Languages of the web view's own few words; those of the program are chosen elsewhere.
WEB_LANGUAGES = ("en-US", "en-GB", "bn")


def modules_left_out(lite: bool) -> list[str]:
    """Return the modules that are left out of an edition."""
    return [*MODULES, *(NOT_LITE if lite else ())]


def is_pruned(place: str) -> bool:
    """Tell whether a file, given by its place in the folder, is left out."""
    place = place.replace("\\", "/")
    if "/" not in place:  # also the links that lead to what is left out
        is_linked = any(fnmatch(place.lower(), name.rpartition("/")[2]) for name in LINKED)
        return is_linked or place in SYSTEM
    if "qtwebengine_locales/" in place:
        return not any(place.endswith(f"/{language}.pak") for language in WEB_LANGUAGES)
    if "/translations/" in place:  # of Qt's tools, too
        return not place.rpartition("/")[2].startswith("qtbase_")
    return any(fnmatch(place.lower(), pattern.lower()) for pattern in FILES)


def unused_qt(binaries: Iterable[tuple[str, str, str]], imports: Imports) -> set[str]:
    """Return the places of Qt's libraries that nothing which is left is linked with.

    Leaving out the parts written in QML leaves their libraries behind, some of them GPL alone.

    Parameters
    ----------
    binaries
        Place, source and kind, as PyInstaller lists them, after `is_pruned`.
    imports
        Gives the sources of the libraries that a source is linked with.
    """
    files = {source: place for place, source, kind in binaries if kind != "SYMLINK"}
    libraries = {source for source, place in files.items() if is_qt_library(place)}
    reached = [source for source in files if source not in libraries]
    waiting = set(libraries)
    while reached:
        found = {each for each in imports(reached.pop()) if each in waiting}
        waiting -= found
        reached += found
    return {files[source] for source in waiting}


def is_qt_library(place: str) -> bool:
    """Tell whether a file is one of Qt's own libraries."""
    name = place.replace("\\", "/").rpartition("/")[2]
    return "PySide6" in place and name.startswith(("libQt6", "Qt6"))
