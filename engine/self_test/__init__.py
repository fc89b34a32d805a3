"""Whether everything works on this machine: the whole program tried on pictures of its own."""

from engine.self_test import pictures
from engine.self_test.check import SKIPPED, Check, Checked
from engine.self_test.checks import CHECKS
from engine.self_test.running import run_checks

__all__ = ["CHECKS", "SKIPPED", "Check", "Checked", "pictures", "run_checks"]
