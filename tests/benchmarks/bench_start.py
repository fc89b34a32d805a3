"""Time from the start of a program to its window on the screen (X11; needs xwininfo).

python tests/benchmarks/bench_start.py [PROGRAM [ARGUMENT...]]

An Xvfb must be started with -noreset, else it starts anew between two programs.
"""

import statistics
import subprocess
import sys
import time

TIMES = 7
TITLE = "Image Embedding"
LIMIT_S = 120.0


def is_on_screen() -> bool:
    """Tell whether the window is mapped."""
    said = subprocess.run(["xwininfo", "-name", TITLE], capture_output=True, text=True, check=False)
    return "Map State: IsViewable" in said.stdout


def seconds_to_window(command: list[str]) -> float:
    """Start the program, wait for its window, end it."""
    started = time.perf_counter()
    program = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not is_on_screen():
            if time.perf_counter() - started > LIMIT_S or program.poll() is not None:
                raise SystemExit("no window appeared")
            time.sleep(0.005)
        return time.perf_counter() - started
    finally:
        program.terminate()
        program.wait()
        while is_on_screen():
            time.sleep(0.05)


def main() -> None:
    """Measure and print; the first start, which warms the disk, does not count."""
    command = sys.argv[1:] or [sys.executable, "-m", "desktop"]
    times = [seconds_to_window(command) for _ in range(TIMES + 1)][1:]
    print(f"{statistics.median(times):.2f} s (of {TIMES}: {min(times):.2f} to {max(times):.2f})")


if __name__ == "__main__":
    main()
