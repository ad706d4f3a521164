"""What is corrected at the desk is found and read everywhere a little later, and so is its undo."""

import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from olketanu.home import Home
from portal.serving.follower import Follower
from portal.serving.program import command_of
from store import jobs
from store.digitised import documents
from workflow.desk.acts import perform, take_back
from workflow.desk.behind import behind
from workflow.desk.card import Act
from workflow.library import open_library
from workflow.proofreading.page_texts import PAGE_TEXTS

pytestmark = [pytest.mark.tesseract, pytest.mark.slow]

ENOUGH = 300.0  # seconds; a limit for a broken build, never waited for by a sound one
WORD = "түзетілгенсөз"
Program = Callable[..., CompletedProcess[str]]


@pytest.fixture
def home(sample_home: Path, tmp_path: Path) -> Home:
    return Home(shutil.copytree(sample_home, tmp_path / "home"))


@pytest.fixture
def follower(home: Home) -> Iterator[Follower]:
    made = Follower(home)
    made.start()
    yield made
    made.stop()


def settle(home: Home, follower: Follower) -> None:
    """Wait until nothing is behind."""
    follower.wake()
    end = time.monotonic() + ENOUGH
    with open_library(home, reading=True) as library:
        while behind(library):
            assert time.monotonic() < end, (behind(library), follower.failure)
            time.sleep(0.1)


def correct(home: Home, word: str) -> tuple[str, int]:
    """Add a word to a page of the sample; return the document and the number of the act."""
    with open_library(home) as library:
        known = documents.list_documents(library.store)
        document = next(one.id for one in known if "kiyndy" in one.name)
        subject = f"{document}/p0001"
        line = PAGE_TEXTS.shown(library, subject).parts[0].lines[-1]
        version = PAGE_TEXTS.version(library.store, subject)
        typed = {line.field: f"{line.text} {word}"}
        act = Act("page", subject, "correct", version, "aigul", typed)
        return document, perform(library, act)


def pdf_of(home: Home, document: str) -> str:
    """The hash of the PDF as it should be."""
    with open_library(home, reading=True) as library:
        return documents.get_document(library.store, document).files["document.pdf"]


def found(home: Home, cli: Program, word: str = WORD) -> set[str]:
    told = cli("search", word, "--json", home=home.root).stdout.splitlines()
    return {json.loads(line)["document"] for line in told[:-1]}


def test_a_correction_is_found_and_gone_again_after_its_undo(
    home: Home, follower: Follower, cli: Program
) -> None:
    settle(home, follower)
    document, number = correct(home, WORD)
    pdf = pdf_of(home, document)
    settle(home, follower)
    assert found(home, cli) == {document}
    assert pdf_of(home, document) != pdf
    with open_library(home) as library:
        take_back(library, number, "aigul")
    settle(home, follower)
    assert found(home, cli) == set()
    assert pdf_of(home, document) == pdf
    with open_library(home, reading=True) as library:
        assert jobs.count_jobs(library.store)["new"] == 0
    assert follower.failure == ""


def follow_until_nothing_is_behind(home: Home, cli: Program) -> None:
    """Follow as a server does: a child of what was killed may hold its job a moment longer."""
    end = time.monotonic() + ENOUGH
    while True:
        assert cli("follow", home=home.root).returncode == 0
        with open_library(home, reading=True) as library:
            left = behind(library)
        if not left:
            return
        assert time.monotonic() < end, left
        time.sleep(1)


def test_what_was_killed_is_taken_up_where_it_was(home: Home, cli: Program) -> None:
    words = {f"{WORD}{seconds}": seconds for seconds in (0.4, 0.8, 1.2, 1.8)}
    for word, seconds in words.items():
        document, _ = correct(home, word.replace(".", ""))
        with subprocess.Popen(command_of(home, "--quiet", "follow")) as child:
            time.sleep(seconds)
            child.kill()
    follow_until_nothing_is_behind(home, cli)
    for word in words:
        assert found(home, cli, word.replace(".", "")) == {document}
    assert cli("verify", "--all", home=home.root).returncode == 0
