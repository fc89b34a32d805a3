"""Round numbers for an axis. No window needed."""

from math import ceil, floor, log10

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
SHARE_OF_STEP = 1e-6  # what rounding may add to an end


def ticks(low: float, high: float, most: int, whole: bool = False) -> list[float]:
    """Return round numbers from ``low`` to ``high``, as many as fit but at most ``most``.

    With ``whole`` they are whole numbers, such as of epochs or images.
    """
    if not high > low or most < 2:
        return [low]
    rough = (high - low) / (most - 1)
    power = 10.0 ** floor(log10(rough))
    for factor in STEPS:
        step = max(factor * power, 1.0) if whole else factor * power
        if whole and step != round(step):
            continue
        first, last = ceil(low / step - SHARE_OF_STEP), floor(high / step + SHARE_OF_STEP)
        if last - first < most and step >= rough * (1 - SHARE_OF_STEP):
            break
    return [round(number * step, 12) for number in range(first, last + 1)]


def tick_text(value: float, percent: bool = False) -> str:
    """Write the number of a tick as short as it can be read."""
    if percent:
        return f"{100 * value:.4g} %"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:.6g}"
