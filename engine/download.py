"""ImageNet weights from where Keras Applications publishes them, kept where Keras keeps them."""

import tempfile
from pathlib import Path

from engine.backbones import Backbone
from engine.errors import EngineError
from engine.keras_process import KerasProcess
from engine.progress import Progress
from engine.weights import Weights, find, keras_file


def download(backbone: Backbone, progress: Progress) -> Weights:
    """Download the ImageNet weights of a backbone.

    Keras does it and checks the file where it knows a checksum. The file appears under its name
    only when it is whole: a download that was stopped leaves nothing behind.

    Raises
    ------
    EngineError
        Without network, when the file arrives damaged, or when it cannot be kept.
    Cancelled
        From ``progress``.
    """
    kept = keras_file(backbone)
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="download-", dir=kept.parent) as folder:
            with KerasProcess(progress) as keras:
                file = keras.download(backbone, Path(folder))
            file.replace(kept)
    except OSError as error:
        raise EngineError(
            f"The weights of {backbone.name} cannot be kept in “{kept.parent}” "
            f"({error.strerror or error}); make room or allow writing there, or give a weights "
            "file of your own."
        ) from error
    weights = find(backbone, "imagenet")
    assert weights is not None
    return weights
