"""How many points are drawn while the map moves, and how finely at rest. Numbers alone."""

LEAST = 20_000  # always drawn: with fewer, a map of very many is not recognised
FIRST = 100_000  # drawn in the first frame, which shows what the machine can do
FRAME_S = 0.028  # for the points; composing the window takes its share of the 50 ms of a frame
SMOOTH_MAX = 200_000  # points; of more, each is too small to show a smooth rim
SMOOTH_S = 0.15  # a map at rest that takes longer answers a selection late
SLOW_FRAMES = 3
STEP_MIN, STEP_MAX = 0.4, 1.6  # one slow frame, which another program may have caused, is no rule


class Detail:
    """Learns from the time of each frame how many points this machine can draw in motion."""

    def __init__(self) -> None:
        self._affordable = FIRST

    def count(self, total: int) -> int:
        """Return how many of the points to draw in the next frame of a motion."""
        return min(total, max(self._affordable, LEAST))

    def note(self, drawn: int, seconds: float) -> None:
        """Take into account how long a frame of so many points took."""
        step = FRAME_S / max(seconds, 1e-6)
        self._affordable = int(drawn * min(max(step, STEP_MIN), STEP_MAX))


class Smoothness:
    """Learns whether this machine can draw points with smooth rims, several times dearer."""

    def __init__(self) -> None:
        self._points = 0
        self._slow = 0

    def affords(self, points: int) -> bool:
        """Return whether to draw so many points smoothly."""
        is_dear = self._slow >= SLOW_FRAMES and points >= self._points
        return points <= SMOOTH_MAX and not is_dear

    def note(self, points: int, seconds: float) -> None:
        """Take into account how long a smooth frame of so many points took.

        One slow frame, which another program may have caused, is no rule.
        """
        self._slow = self._slow + 1 if seconds > SMOOTH_S else 0
        self._points = points
