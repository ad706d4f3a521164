"""What one child process may use, so that no input can take the machine with it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

if sys.platform != "win32":
    import resource

MEGA = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a worker process and of what it may open.

    ``memory_mb`` is address space (RLIMIT_AS) of the worker and, apart, of each program that it
    starts; ``file_mb`` the largest file that it may write (RLIMIT_FSIZE); ``megapixels`` the
    largest frame that is decoded (an A1 sheet at 600 dpi has 278); ``tasks`` the number of tasks
    after which a worker is replaced by a fresh one; ``grace`` the seconds of CPU that a task may
    use beyond its own timeout before the kernel ends the worker, for a parent that no longer
    watches; ``nice`` how far the worker stands back for other programs (nice(2), 0 to 19).
    """

    memory_mb: int = 3000
    file_mb: int = 2000
    megapixels: int = 300
    tasks: int = 200
    grace: int = 5
    nice: int = 10

    def to_dict(self) -> dict[str, int]:
        """As plain values for the child."""
        return asdict(self)


def limits_from_dict(values: dict[str, int]) -> Limits:
    """The limits that ``Limits.to_dict`` gave; TypeError on an unknown name."""
    return Limits(**values)


@contextmanager
def small_files(largest_mb: int) -> Iterator[None]:
    """While the block lasts, neither this process nor what it starts writes a larger file.

    The limit that was there comes back for this process, not for what it started.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    wanted = largest_mb * MEGA
    lowered = wanted if soft == resource.RLIM_INFINITY else min(soft, wanted)
    resource.setrlimit(resource.RLIMIT_FSIZE, (lowered, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
