"""The files that TensorBoard reads.

Of TensorBoard only its records and its writer of them are imported, and none of these asks for
TensorFlow, which takes seconds to import.
"""

import io
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from engine.values import printable

Hyperparameter = bool | int | float | str
NAME = "events.out.tfevents.{seconds:010d}.image-embedding"
VERSION = "brain.Event:2"  # of the records, as their readers know it


class EventFile:
    """Grows by one event a call. Each is on the disk at once, so that TensorBoard shows it.

    Parameters
    ----------
    folder
        Of the run; made where it is missing. TensorBoard names a run by its folder.

    Raises
    ------
    OSError
        From here and from every method, when the disk refuses.
    """

    def __init__(self, folder: Path) -> None:
        from tensorboard.summary.writer.record_writer import RecordWriter

        folder.mkdir(parents=True, exist_ok=True)
        self._file = (folder / NAME.format(seconds=int(time.time()))).open("xb", buffering=0)
        self._records = RecordWriter(self._file)
        self._add(file_version=VERSION)

    def close(self) -> None:
        """End the file."""
        self._file.close()

    def scalars(self, values: Mapping[str, float], step: int = 0) -> None:
        """Add one point to the curve of each tag."""
        from tensorboard.compat.proto.summary_pb2 import Summary
        from tensorboard.plugins.scalar.metadata import create_summary_metadata
        from tensorboard.util.tensor_util import make_tensor_proto

        metadata = create_summary_metadata(display_name="", description="")
        points = [
            Summary.Value(
                tag=printable(tag), metadata=metadata, tensor=make_tensor_proto(np.float32(value))
            )
            for tag, value in values.items()
        ]
        self._add(step=step, summary=Summary(value=points))

    def image(self, tag: str, picture: Image.Image) -> None:
        """Add a picture."""
        from tensorboard.compat.proto.summary_pb2 import Summary
        from tensorboard.plugins.image.metadata import create_summary_metadata
        from tensorboard.util.tensor_util import make_tensor_proto

        encoded = io.BytesIO()
        picture.save(encoded, "PNG")
        width, height = (str(side).encode() for side in picture.size)
        value = Summary.Value(
            tag=printable(tag),
            metadata=create_summary_metadata(display_name="", description=""),
            tensor=make_tensor_proto([width, height, encoded.getvalue()]),
        )
        self._add(summary=Summary(value=[value]))

    def hyperparameters(self, values: Mapping[str, Hyperparameter], name: str) -> None:
        """Make this run a row of the dashboard of hyperparameters, beside its scalars."""
        from tensorboard.plugins.hparams.summary_v2 import hparams_pb

        valid = {
            tag: printable(value) if isinstance(value, str) else value
            for tag, value in values.items()
        }
        self._add(summary=hparams_pb(valid, trial_id=printable(name)))

    def network(self, config: Mapping[str, Any]) -> None:
        """Add the graph of a network.

        Parameters
        ----------
        config
            What Keras's ``to_json`` says of a model, read from JSON.
        """
        from tensorboard.plugins.graph.keras_util import keras_model_to_graph_def

        graph = keras_model_to_graph_def(config)
        layers = {layer["config"].get("name"): layer["config"] for layer in _layers(config)}
        for node in graph.node:  # shown when a node is clicked; the conversion leaves them out
            layer = layers[node.name.rpartition("/")[2]]
            for key in ("units", "activation", "rate"):
                if key in layer:
                    node.attr[key].s = str(layer[key]).encode()
        self._add(graph_def=graph.SerializeToString())

    def _add(self, **what: Any) -> None:
        from tensorboard.compat.proto.event_pb2 import Event

        self._records.write(Event(wall_time=time.time(), **what).SerializeToString())


def _layers(config: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the layers of a network, those of the networks inside it too."""
    inner = config["config"].get("layers")
    return [config] if inner is None else [each for layer in inner for each in _layers(layer)]
