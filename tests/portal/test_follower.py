"""What follows an act is done beside the requests, never twice at once; it ends with the server."""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from olketanu.home import Home
from portal.serving.follower import GATHER, Follower
from store.disk.owners import RunOwner
from tests.portal.made_portal import make_portal_home
from workflow.desk.behind import behind
from workflow.library import open_library

ENOUGH = 30.0  # seconds after which nothing will happen any more


@pytest.fixture
def made(tmp_path: Path) -> Home:
    return make_portal_home(tmp_path / "home")


@pytest.fixture
def followers() -> Iterator[list[Follower]]:
    begun: list[Follower] = []
    yield begun
    for one in begun:
        one.stop()


def script(log: Path, *, seconds: float = 0.0) -> list[str]:
    """A process that notes when it began and when it ended; fails while "full" is there."""
    text = (
        "import os, sys, time\n"
        f"log = open({str(log)!r}, 'a', buffering=1)\n"
        "log.write('begin\\n')\n"
        f"time.sleep({seconds})\n"
        "log.write('end\\n')\n"
        f"if os.path.exists({str(log.with_name('full'))!r}):\n"
        "    sys.exit('the disk is full')\n"
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
    log = tmp_path / "log"
    with RunOwner(made):  # what is behind from before is left to the run
        follower = Follower(made, command=script(log, seconds=0.3))
        followers.append(follower)
        follower.start()
        for _ in range(5):
            follower.wake()
        assert until(lambda: lines(log) == ["begin"])
        follower.wake()
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
    follower = Follower(made, command=script(log, seconds=600))
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
