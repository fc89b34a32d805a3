"""A view with a camera that turns, flies, looks straight down and says where it is."""

from dataclasses import replace
from math import radians, tan

import numpy as np
from numpy.typing import NDArray
from pyqtgraph.opengl import GLViewWidget
from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QMatrix4x4, QVector3D, QWheelEvent
from PySide6.QtWidgets import QWidget

from desktop.views.camera import (
    CLOSEST,
    FARTHEST,
    FOV_DEG,
    Camera,
    between,
    first_view,
    flat,
    framing,
)
from desktop.views.picking import Matrix
from desktop.views.tween import Tween

Region = tuple[float, float, float, float]  # left, bottom, width, height

ZOOM_STEP = 1.25
TURN_MS, TURN_DEG_S = 33, 12.0


class CameraView(GLViewWidget):  # type: ignore[misc]
    """The camera of the map. Use these methods, not those of pyqtgraph."""

    flat_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opts["fov"] = FOV_DEG
        self._flat = False
        self._first = self._before_flat = Camera()
        self._flight = Tween(self)
        self._turntable = QTimer(self, interval=TURN_MS)
        self._turntable.timeout.connect(lambda: self.orbit(TURN_DEG_S * TURN_MS / 1000, 0))
        self.set_camera(Camera())

    @property
    def is_flat(self) -> bool:
        """Whether the map is shown in two dimensions."""
        return self._flat

    @property
    def _aspect(self) -> float:
        return float(self.height() / max(self.width(), 1))

    @property
    def depth_reference(self) -> float:
        """The distance at which a point has the size that was asked for; 0: at every one."""
        return 0.0 if self._flat else float(self.opts["distance"])

    def camera(self) -> Camera:
        """Return where the map is seen from."""
        centre, opts = self.opts["center"], self.opts
        place = (float(centre.x()), float(centre.y()), float(centre.z()))
        angles = float(opts["azimuth"]), float(opts["elevation"])
        return Camera(place, float(opts["distance"]), *angles, self._flat)

    def set_camera(self, camera: Camera) -> None:
        """See the map from there, at once."""
        self._flight.stop()
        self._place_camera(camera)

    def reset_camera(self) -> None:
        """Return to the first view of the map, in as many dimensions as now."""
        self._first = first_view(self._flat, self._aspect)
        self.set_camera(self._first)

    def look_from(self, azimuth_deg: float, elevation_deg: float) -> None:
        """Turn the map, keeping what is in the middle and how near it is; leaves 2D."""
        now = self.camera()
        self.set_camera(Camera(now.centre, now.distance, azimuth_deg, elevation_deg))

    def zoom(self, steps: int) -> None:
        """Come nearer by so many steps; farther for negative ones."""
        distance = self.opts["distance"] / ZOOM_STEP**steps
        self.setCameraPosition(distance=float(np.clip(distance, CLOSEST, FARTHEST)))

    def set_flat(self, is_flat: bool) -> None:
        """Show the map in two dimensions, from above, or in three as it was seen before."""
        if is_flat == self._flat:
            return
        now, first = self.camera(), self._first
        self._first = first_view(is_flat, self._aspect)
        if (now.centre, now.distance) == (first.centre, first.distance):  # it was but turned
            now = replace(now, distance=self._first.distance)
        if is_flat:
            self._before_flat = now
            self.set_camera(flat(now))
        else:
            old = self._before_flat
            self.set_camera(Camera(now.centre, now.distance, old.azimuth, old.elevation))

    def turntable(self, on: bool) -> None:
        """Turn the map slowly until told to stop; in two dimensions it stands still."""
        if on:
            self._turntable.start()
        else:
            self._turntable.stop()

    def fly_to_points(self, points: NDArray[np.float32]) -> None:
        """Move so that (N, 3) points fill the view."""
        if len(points):
            self._fly(framing(self.camera(), points, self._aspect))

    def centre_on(self, point: NDArray[np.float32]) -> None:
        """Bring a point, (3,), to the middle of the view."""
        x, y, z = map(float, point)
        self._fly(replace(self.camera(), centre=(x, y, z)))

    def transform(self) -> Matrix:
        """Return the (4, 4) projection times view, for column vectors."""
        viewport = self.getViewport()
        matrix = self.projectionMatrix(viewport, viewport) * self.viewMatrix()
        return np.array(matrix.copyDataTo(), np.float32).reshape(4, 4)

    # pyqtgraph calls the following methods.

    def projectionMatrix(self, region: Region, viewport: Region) -> QMatrix4x4:
        """Return the projection of a part of the view; without perspective in two dimensions."""
        x, y, width, height = viewport
        distance = self.opts["distance"]
        near, far = distance * 0.01, distance * 100 + 100
        at = distance if self._flat else near
        half = at * tan(radians(self.opts["fov"] / 2))
        left = half * ((region[0] - x) * 2 / width - 1)
        right = half * ((region[0] + region[2] - x) * 2 / width - 1)
        half *= height / width
        bottom = half * ((region[1] - y) * 2 / height - 1)
        top = half * ((region[1] + region[3] - y) * 2 / height - 1)
        matrix = QMatrix4x4()
        build = matrix.ortho if self._flat else matrix.frustum
        # From straight above, strays high over the map are not to be cut off.
        build(left, right, bottom, top, -100 if self._flat else near, far)
        return matrix

    def orbit(self, azim: float, elev: float) -> None:
        """Turn the camera around the middle; a flat map does not turn."""
        if not self._flat:
            super().orbit(azim, elev)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom, within limits."""
        turned = event.angleDelta().y() or event.angleDelta().x()
        self._flight.stop()
        distance = self.opts["distance"] * 0.999**turned
        self.setCameraPosition(distance=float(np.clip(distance, CLOSEST, FARTHEST)))

    def _fly(self, goal: Camera) -> None:
        start = self.camera()
        self._flight.run(lambda share: self._place_camera(between(start, goal, share)))

    def _place_camera(self, camera: Camera) -> None:
        is_other = camera.flat != self._flat
        self._flat = camera.flat
        self.setCameraPosition(
            pos=QVector3D(*camera.centre),
            distance=float(np.clip(camera.distance, CLOSEST, FARTHEST)),
            azimuth=camera.azimuth,
            elevation=camera.elevation,
        )
        if is_other:
            self.flat_changed.emit(self._flat)
