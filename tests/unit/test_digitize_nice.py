"""Children stand back for other programs; what watches them does not."""

import os
from pathlib import Path

import pytest

from digitize.work.limits import Limits
from digitize.work.pool import WorkerPool

HERE = Path(__file__).parent


@pytest.mark.parametrize("nice", [0, 7])
def test_a_worker_is_as_nice_as_the_limits_say_and_its_keeper_is_not(
    tmp_path: Path, nice: int
) -> None:
    tasks = {"niceness": "nice_tasks:niceness"}
    own = os.getpriority(os.PRIO_PROCESS, 0)
    with WorkerPool(1, Limits(nice=nice), tmp_path / "scratch", tasks=tasks, path=(HERE,)) as pool:
        pool.submit("niceness", {}, 60.0)
        done = pool.wait()
    assert done.result == {"worker": min(19, own + nice), "keeper": own}


def test_a_worker_is_nice_by_default() -> None:
    assert Limits().nice == 10
