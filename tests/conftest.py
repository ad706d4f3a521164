"""What every test shares: hypothesis profiles, and honest skips for tools this machine lacks."""

import shutil
import signal
import subprocess
from functools import cache

import pytest
from hypothesis import settings

from tests.sample import cli, run_lines, sample_home

__all__ = ["cli", "run_lines", "sample_home"]

# Derandomised: the same examples on every run, so a red run can be repeated. No deadline: the
# machines are shared, and the first call of a function also pays for its imports.
settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("ci")

# A shell that is not interactive has what it starts in the background ignore Ctrl+C, and so would
# every program that a test starts and then ends in that way.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

MODELS = frozenset({"kaz", "rus"})


@cache
def _tesseract_lacks() -> str:
    """Return why tests marked ``tesseract`` cannot run here; empty when they can."""
    program = shutil.which("tesseract")
    if program is None:
        return "the tesseract program is not installed (run .ci/setup test)"
    listing = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False)
    missing = sorted(MODELS - set(listing.stdout.split()))
    return f"tesseract has no model {', '.join(missing)} (run .ci/setup test)" if missing else ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, with the reason, what needs Tesseract on a machine without it."""
    for item in items:
        if item.get_closest_marker("tesseract") and _tesseract_lacks():
            item.add_marker(pytest.mark.skip(reason=_tesseract_lacks()))
