"""What is corrected at the desk is found and read everywhere a little later, and so is its undo."""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from olketanu.home import Home
from portal.follower import Follower
from store import jobs
from store.digitised import documents
from workflow.desk.acts import perform, take_back
from workflow.desk.behind import behind
from workflow.desk.card import Act
from workflow.library import open_library
from workflow.proofreading.page_texts import PAGE_TEXTS

pytestmark = [pytest.mark.tesseract, pytest.mark.slow]

ENOUGH = 120.0  # seconds; machines are shared
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


def found(home: Home, cli: Program) -> set[str]:
    told = cli("search", WORD, "--json", home=home.root).stdout.splitlines()
    return {json.loads(line)["document"] for line in told[:-1]}


def test_a_correction_is_found_and_gone_again_after_its_undo(
    home: Home, follower: Follower, cli: Program
) -> None:
    settle(home, follower)
    with open_library(home) as library:
        document = next(
            one.id for one in documents.list_documents(library.store) if "kiyndy" in one.name
        )
        subject = f"{document}/p0001"
        pdf = documents.get_document(library.store, document).files["document.pdf"]
        line = PAGE_TEXTS.shown(library, subject).parts[0].lines[-1]
        version = PAGE_TEXTS.version(library.store, subject)
        typed = {line.field: f"{line.text} {WORD}"}
        number = perform(library, Act("page", subject, "correct", version, "aigul", typed))
    settle(home, follower)
    assert found(home, cli) == {document}
    with open_library(home) as library:
        assert documents.get_document(library.store, document).files["document.pdf"] != pdf
        take_back(library, number, "aigul")
    settle(home, follower)
    assert found(home, cli) == set()
    with open_library(home, reading=True) as library:
        assert documents.get_document(library.store, document).files["document.pdf"] == pdf
        assert jobs.count_jobs(library.store)["new"] == 0
    assert follower.failure == ""
