"""A task that tells how nice it is, imported only inside a worker."""

import os
from typing import Any


def niceness(_: dict[str, Any]) -> dict[str, Any]:
    keeper = os.getppid()
    return {
        "worker": os.getpriority(os.PRIO_PROCESS, 0),
        "keeper": os.getpriority(os.PRIO_PROCESS, keeper),
    }
