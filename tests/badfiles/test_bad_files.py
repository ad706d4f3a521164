"""Every file of the corpus, in one batch with good neighbours, ends as its row says."""

import contextlib
import io
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from digitize.scan.codes import REFUSALS, WARNINGS
from tests.badfiles import bombs, impostors, papers, pictures, truncated
from tests.badfiles.case import Case
from tests.badfiles.outcome import ROOT, Outcome, listing, strace_lacks, take_in
from tests.badfiles.scene import differences
from tests.badfiles.take_in import peak

pytestmark = pytest.mark.slow

CASES = (*pictures.CASES, *truncated.CASES, *impostors.CASES, *bombs.CASES, *papers.CASES)
LEAST_CASES = 80
MOST_PARENT_KB = 300 * 1024
RUN_SECONDS = 600
ACTIVE_KEYS = ("/JavaScript", "/JS", "/AA", "/OpenAction", "/EmbeddedFiles", "/EmbeddedFile",
               "/Launch", "/XFA", "/AcroForm", "/Annots", "/Encrypt", "/URI")  # fmt: skip


def named(case: Case) -> str:
    return case.name


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus") / "bad files"
    folder.mkdir()
    for case in CASES:
        case.make(folder / case.name)
    return folder


@pytest.fixture(scope="session")
def home(corpus: Path) -> Path:
    return corpus.parent / "home"


@pytest.fixture(scope="session")
def outcome(corpus: Path, home: Path) -> Outcome:
    return take_in(home, corpus, corpus.parent / "out")


def test_the_corpus_is_wide_and_its_rows_are_different() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= LEAST_CASES
    assert {case.outcome for case in CASES} <= {"", *REFUSALS}
    assert set().union(*(case.warnings for case in CASES)) == set(WARNINGS)


@pytest.mark.parametrize("case", CASES, ids=named)
def test_a_file_ends_in_its_one_state(case: Case, outcome: Outcome) -> None:
    source = outcome.source(case.name)
    if case.outcome:
        assert (source["state"], source["code"]) == ("quarantined", case.outcome)
        assert source["document"] is None
    else:
        assert (source["state"], source["code"]) == ("done", None)
        document = outcome.document(case.name)
        assert document["pages"] == [f"p{number:04d}" for number in range(1, case.pages + 1)]
        assert set(document["warnings"]) == set(case.warnings)


@pytest.mark.parametrize("case", [case for case in CASES if case.truth], ids=named)
def test_web_image_and_pdf_show_what_the_master_shows(case: Case, outcome: Outcome) -> None:
    assert case.truth is not None
    truth, folder = case.truth(case.name), outcome.folder(case.name)
    with Image.open(folder / "web" / "p0001-800.jpg") as web:
        assert not differences(web, truth, case.corner)
    with pypdfium2.PdfDocument(folder / "document.pdf") as pdf:
        assert len(pdf) == case.pages
        page = pdf[0]
        drawn = page.render(scale=truth.width / page.get_width()).to_pil()
        page.close()
    assert not differences(drawn, truth, case.corner)


@pytest.mark.parametrize("case", [case for case in CASES if not case.outcome], ids=named)
def test_the_document_has_every_page_and_nothing_active(case: Case, outcome: Outcome) -> None:
    answer = outcome.told["assembled"][outcome.source(case.name)["document"]]
    assert answer == {"error": None, "codes": [None] * case.pages}
    with pikepdf.open(outcome.folder(case.name) / "document.pdf") as pdf:
        assert len(pdf.pages) == case.pages
        plain = io.BytesIO()
        pdf.save(plain, qdf=True)
    keys = [key for key in ACTIVE_KEYS if key.encode() in plain.getvalue()]
    assert not keys


def test_frames_become_pages_in_their_order(outcome: Outcome) -> None:
    folder = outcome.folder("three-frames.tif")
    greys = []
    for number in (1, 2, 3):
        with Image.open(folder / "web" / f"p{number:04d}-800.jpg") as web:
            greys.append(web.mode)
    assert greys == ["RGB", "L", "L"]


def test_the_counts_add_up(outcome: Outcome) -> None:
    states = [source["state"] for source in outcome.told["sources"]]
    refused = sum(bool(case.outcome) for case in CASES)
    assert states.count("quarantined") == refused
    assert states.count("done") == len(CASES) - refused == len(outcome.told["documents"])
    assert len(states) == len(CASES)


def test_a_refused_file_is_kept_with_its_reason(home: Path, outcome: Outcome) -> None:
    reasons = list((home / "quarantine").glob("*/reason.json"))
    assert len(reasons) == sum(bool(case.outcome) for case in CASES)
    assert all((reason.parent / "file").is_file() for reason in reasons)


def test_nobody_sees_a_traceback(outcome: Outcome) -> None:
    assert "Traceback" not in outcome.stderr
    assert "Error" not in outcome.stderr


def test_no_foreign_program_is_started(outcome: Outcome) -> None:
    if outcome.started is None:
        pytest.skip(strace_lacks())
    assert outcome.started == {sys.executable}


def test_neither_the_parent_nor_a_child_takes_more_memory_than_allowed(outcome: Outcome) -> None:
    assert outcome.told["parent_kb"] <= MOST_PARENT_KB
    assert outcome.told["children_kb"] > outcome.told["parent_kb"], "no worker was measured"
    assert outcome.told["children_kb"] <= outcome.told["limit_kb"]


def test_a_second_time_nothing_is_written(home: Path, corpus: Path, outcome: Outcome) -> None:
    parts = [home / name for name in ("masters", "objects", "quarantine", "exports")]
    before = [listing(part) for part in parts]
    again = take_in(home, corpus)
    assert [listing(part) for part in parts] == before
    assert again.told["events"] == outcome.told["events"]
    assert again.told["sources"] == outcome.told["sources"]


@pytest.fixture(scope="session")
def run_home(corpus: Path) -> Path:
    made = corpus.parent / "run-home"
    assert run("init", made, home=made).returncode == 0
    return made


@dataclass(frozen=True)
class Ran:
    """How a command ended, and the most memory (kilobytes) that its own process held."""

    returncode: int
    stdout: str
    stderr: str
    peak_kb: int


def run(*arguments: object, home: Path) -> Ran:
    command = [sys.executable, str(ROOT / "cli.py"), "--home", str(home), *map(str, arguments)]
    settings = {**os.environ, "OLKETANU_LANG": "en", "PYTHONWARNINGS": "default"}
    end, most = time.monotonic() + RUN_SECONDS, 0
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(command, stdout=out, stderr=err, env=settings)
        try:
            while process.poll() is None and time.monotonic() < end:
                most = max(most, peak(str(process.pid)))
                time.sleep(0.1)
        finally:
            process.kill()
            process.wait()
        told = []
        for stream in (out, err):
            stream.seek(0)
            told.append(stream.read().decode())
    return Ran(process.returncode, told[0], told[1], most)


def everything(home: Path) -> tuple[dict[str, tuple[int, int]], list[str]]:
    """All files but those that any process touches, and the whole catalogue as text."""
    files = {
        name: stat
        for name, stat in listing(home).items()
        if not name.startswith(("catalog.sqlite3", "runs/"))
    }
    with contextlib.closing(sqlite3.connect(home / "catalog.sqlite3")) as catalogue:
        return files, list(catalogue.iterdump())


@pytest.mark.tesseract
def test_the_main_job_goes_on_past_every_bad_file(corpus: Path, run_home: Path) -> None:
    done = run("run", corpus, "--json", "--rights", "open", home=run_home)
    assert done.returncode == 7, done.stderr
    assert "Traceback" not in done.stderr
    assert 0 < done.peak_kb <= MOST_PARENT_KB
    told = [json.loads(line) for line in done.stdout.splitlines()]
    codes = {line["input"]: line["code"] for line in told if "input" in line}
    assert codes == {case.name: case.outcome for case in CASES if case.outcome}
    pages = {line["name"]: sum(line["pages"].values()) for line in told if "name" in line}
    assert pages == {case.name: case.pages for case in CASES if not case.outcome}
    assert {line["state"] for line in told} == {"done", "quarantined"}
    before = everything(run_home)
    again = run("run", corpus, "--json", home=run_home)
    assert (again.returncode, again.stdout) == (7, done.stdout)
    assert everything(run_home) == before
