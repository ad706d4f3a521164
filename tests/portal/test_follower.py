"""What follows an act is done beside the requests, never twice at once; it ends with the server."""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from olketanu.errors import ExitCode
from olketanu.home import Home
from portal.serving.follower import GATHER, Follower
from store.disk.owners import RunOwner
from tests.portal.made_portal import make_portal_home
from workflow.desk.behind import behind
from workflow.follow import only_follower
from workflow.library import open_library

ENOUGH = 120.0  # seconds; a limit for a broken build, never waited for by a sound one


@pytest.fixture
def made(tmp_path: Path) -> Home:
    return make_portal_home(tmp_path / "home")


@pytest.fixture
def followers() -> Iterator[list[Follower]]:
    begun: list[Follower] = []
    yield begun
    for one in begun:
        one.stop()


def script(log: Path) -> list[str]:
    """A process that notes when it began and when it ended.

    Beside the log: while "long" is there it does not end; it ends badly where "full" is there, and
    as if somebody else followed where "taken" is there.
    """
    text = (
        "import sys, time\n"
        "from pathlib import Path\n"
        f"log = Path({str(log)!r})\n"
        "told = log.open('a', buffering=1)\n"
        "told.write('begin\\n')\n"
        "while log.with_name('long').exists():\n"
        "    time.sleep(0.02)\n"
        "full, taken = (log.with_name(name).exists() for name in ('full', 'taken'))\n"
        "told.write('end\\n')\n"
        f"sys.exit('the disk is full' if full else {ExitCode.LOCKED.value} if taken else 0)\n"
    )
    return [sys.executable, "-c", text]


def lines(log: Path) -> list[str]:
    return log.read_text().splitlines() if log.exists() else []


def until(true: Callable[[], bool]) -> bool:
    end = time.monotonic() + ENOUGH
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.02)
    return False


def test_acts_that_come_together_are_followed_once_and_never_at_once(
    made: Home, tmp_path: Path, followers: list[Follower]
) -> None:
    log, long = tmp_path / "log", tmp_path / "long"
    long.touch()
    with RunOwner(made):  # what is behind from before is left to the run
        follower = Follower(made, command=script(log))
        followers.append(follower)
        follower.start()
        for _ in range(5):
            follower.wake()
        assert until(lambda: lines(log) == ["begin"])
        follower.wake()
        long.unlink()
        assert until(lambda: lines(log) == ["begin", "end", "begin", "end"])
        time.sleep(2 * GATHER)
        assert lines(log) == ["begin", "end"] * 2


def test_what_is_behind_is_followed_without_an_act(
    made: Home, tmp_path: Path, followers: list[Follower]
) -> None:
    log = tmp_path / "log"
    followers.append(Follower(made, command=script(log)))
    followers[0].start()
    assert until(lambda: lines(log)[:2] == ["begin", "end"])


def test_what_came_too_late_for_another_server_is_followed_soon(
    made: Home, tmp_path: Path, followers: list[Follower]
) -> None:
    log, taken = tmp_path / "log", tmp_path / "taken"
    taken.touch()
    with only_follower(made):
        follower = Follower(made, command=script(log), look_every=3600)
        followers.append(follower)
        follower.wake()
        follower.start()
        assert until(lambda: lines(log) == ["begin", "end"])
        taken.unlink()
    assert until(lambda: lines(log)[2:] == ["begin", "end"])
    assert follower.failure == ""


def test_a_failure_is_told_until_it_is_over(
    made: Home, tmp_path: Path, followers: list[Follower]
) -> None:
    log = tmp_path / "log"
    full = tmp_path / "full"
    full.touch()
    follower = Follower(made, command=script(log))
    followers.append(follower)
    follower.start()
    assert until(lambda: follower.failure == "the disk is full")
    full.unlink()
    follower.wake()
    assert until(lambda: follower.failure == "")


def test_what_the_machine_refuses_is_told_and_tried_again(
    made: Home, tmp_path: Path, followers: list[Follower]
) -> None:
    program = tmp_path / "program"
    follower = Follower(made, command=[str(program)])
    followers.append(follower)
    follower.start()
    assert until(lambda: "No such file" in follower.failure)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    follower.wake()
    assert until(lambda: follower.failure == "")


def test_the_process_ends_with_the_server(made: Home, tmp_path: Path) -> None:
    log = tmp_path / "log"
    (tmp_path / "long").touch()
    follower = Follower(made, command=script(log))
    follower.start()
    follower.wake()
    assert until(lambda: lines(log) == ["begin"])
    begun = time.monotonic()
    follower.stop()
    follower.stop()
    assert time.monotonic() - begun < ENOUGH
    assert (lines(log), follower.failure) == (["begin"], "")


def test_the_program_itself_brings_a_home_up_to_date(made: Home, followers: list[Follower]) -> None:
    follower = Follower(made)
    followers.append(follower)
    follower.start()
    with open_library(made, reading=True) as library:
        assert behind(library)
        assert until(lambda: not behind(library))
    assert follower.failure == ""
