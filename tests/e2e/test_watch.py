"""``olketanu watch`` for real: batches arrive, bad ones do not stop it, signals end it safely."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.house import ROOT
from tests.unit.made_files import text_pdf

PATIENCE = 300.0  # seconds; a limit for a broken build, never waited for by a sound one
TEXT = "Книга о прошлом нашего города и Карагандинской области"


class Watching:
    """A watch in a process of its own, and the lines that it writes."""

    def __init__(self, home: Path, inbox: Path, *more: str) -> None:
        command = [sys.executable, str(ROOT / "cli.py"), "--home", str(home), "--json", "watch"]
        self.process = subprocess.Popen(
            [*command, str(inbox), "--settle", "0.4", *more],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "OLKETANU_LANG": "en"},
            bufsize=0,
        )
        self._rest = b""

    def line(self) -> dict[str, Any]:
        """The next line of JSON."""
        assert self.process.stdout is not None
        end = time.monotonic() + PATIENCE
        while b"\n" not in self._rest:
            left = end - time.monotonic()
            assert left > 0, "the watch says nothing"
            if select.select([self.process.stdout], [], [], left)[0]:
                got = os.read(self.process.stdout.fileno(), 65536)
                assert got, "the watch has ended"
                self._rest += got
        first, _, self._rest = self._rest.partition(b"\n")
        line: dict[str, Any] = json.loads(first)
        return line

    def end(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        return self.process.wait(PATIENCE)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[tuple[Path, Path, list[Watching]]]:
    home, inbox = tmp_path / "home", tmp_path / "inbox"
    inbox.mkdir()
    command = [sys.executable, str(ROOT / "cli.py"), "init", str(home)]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
    started: list[Watching] = []
    yield home, inbox, started
    for watching in started:
        if watching.process.poll() is None:
            watching.process.kill()
        watching.process.communicate()


def fill(inbox: Path, name: str, *texts: str) -> None:
    folder = inbox / name
    folder.mkdir()
    for number, text in enumerate(texts, 1):
        text_pdf(folder / f"{number}.pdf", [(20, 350, text), (20, 320, f"{text} {number}")])


@pytest.mark.slow
def test_batches_are_taken_as_they_arrive(scene: tuple[Path, Path, list[Watching]]) -> None:
    home, inbox, started = scene
    fill(inbox, "box-1", TEXT, TEXT + " первая")
    watching = Watching(home, inbox)
    started.append(watching)
    first = watching.line()
    assert (first["batch"], first["state"], first["documents"]) == ("box-1", "taken", 2)
    (inbox / "box-2").mkdir()
    (inbox / "box-2" / "broken.pdf").write_bytes(b"%PDF-1.4 cut off")
    second = watching.line()
    assert (second["batch"], second["state"], second["refused"]) == ("box-2", "taken", 1)
    (inbox / "link").symlink_to(home)
    assert watching.line()["state"] == "refused"
    fill(inbox, "box-3", TEXT + " третья")
    third = watching.line()
    assert (third["batch"], third["documents"], third["pages"]) == ("box-3", 1, 1)

    other = Watching(home, inbox, "--once")
    started.append(other)
    assert other.process.wait(PATIENCE) == 8, "one watch a home"
    assert watching.end(signal.SIGTERM) == 130
    assert list((home / "runs").iterdir()) == []

    again = Watching(home, inbox, "--once")
    started.append(again)
    states = {line["batch"]: line["state"] for line in (again.line() for _ in range(4))}
    assert {states["box-1"], states["box-2"], states["box-3"]} == {"known"}


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_watch_in_the_middle_of_a_batch_ends_and_goes_on_later(
    scene: tuple[Path, Path, list[Watching]], how: signal.Signals
) -> None:
    home, inbox, started = scene
    fill(inbox, "box-1", *(f"{TEXT} {number}" for number in range(30)))
    watching = Watching(home, inbox)
    started.append(watching)
    end = time.monotonic() + PATIENCE
    while not any((home / "masters").glob("*/*/*")):
        assert time.monotonic() < end
        time.sleep(0.02)
    assert watching.end(how) == 130
    assert list((home / "runs").iterdir()) == []
    later = Watching(home, inbox, "--once")
    started.append(later)
    line = later.line()
    assert (line["state"], line["documents"], line["pages"]) == ("taken", 30, 30)
