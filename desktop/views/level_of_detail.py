"""How many points are drawn while the map moves. Numbers alone: no window is needed."""

ALWAYS = 50_000  # so few are drawn in any case
LEAST = 20_000  # with fewer, a map of very many is not recognised
FRAME_S = 0.028  # for the points; composing the window takes its share of the 50 ms of a frame
STEP_MIN, STEP_MAX = 0.4, 1.6  # one slow frame, which another program may have caused, is no rule


class Detail:
    """Learns from the time of each frame how many points this machine can draw in motion."""

    def __init__(self) -> None:
        self._affordable = 2 * ALWAYS

    def count(self, total: int) -> int:
        """Return how many of the points to draw in the next frame of a motion."""
        return min(total, max(self._affordable, LEAST))

    def note(self, drawn: int, seconds: float) -> None:
        """Take into account how long a frame of so many points took."""
        step = FRAME_S / max(seconds, 1e-6)
        self._affordable = int(drawn * min(max(step, STEP_MIN), STEP_MAX))
