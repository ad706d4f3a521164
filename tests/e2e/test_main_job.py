"""The main job over the sample batch, seen from outside: files, records, hits."""

import datetime
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pymarc
import pytest
from rapidfuzz.distance import Levenshtein

from catalog.rights import Rights
from olketanu.home import Home
from store.database import Store
from store.digitised.rights import set_rights
from store.dump import logical_dump
from tests.asked import search

pytestmark = [pytest.mark.tesseract, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
TRUTH = ROOT / "scans" / "truth"
Program = Callable[..., subprocess.CompletedProcess[str]]
Lines = dict[str, dict[str, Any]]
FOLDED = str.maketrans({"—": "-", "–": "-", "«": '"', "»": '"', "“": '"', "”": '"', "„": '"'})


def flow(text: str) -> str:
    return " ".join(text.translate(FOLDED).split())


def truth_pages(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("p*.json"))]


def test_every_document_of_the_batch_is_done(run_lines: Lines) -> None:
    assert len(run_lines) == 12
    assert {line["state"] for line in run_lines.values()} == {"done"}
    assert all(line["record"] or line["proposed"] for line in run_lines.values())


def test_the_pdf_gives_the_page_text_back(run_lines: Lines) -> None:
    errors = {False: [0, 0], True: [0, 0]}
    for folder in sorted(TRUTH.iterdir()):
        line = next(
            v for k, v in run_lines.items() if Path(k).stem == folder.name or k == folder.name
        )
        for number, page in enumerate(truth_pages(folder), start=1):
            command = ["pdftotext", "-raw", "-f", str(number), "-l", str(number), line["pdf"], "-"]
            got = flow(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
            want = flow(" ".join(item["text"] for item in page["lines"]))
            distance = Levenshtein.distance(got, want)
            assert distance <= 0.05 * len(want), (
                f"{folder.name} {number}: {distance / len(want):.2%}"
            )
            errors[page["degraded"]][0] += distance
            errors[page["degraded"]][1] += len(want)
    assert errors[False][0] <= 0.01 * errors[False][1]
    assert errors[True][0] <= 0.03 * errors[True][1]


def test_the_pdfs_are_sound(run_lines: Lines) -> None:
    for line in run_lines.values():
        with pikepdf.open(line["pdf"]) as pdf:
            assert pdf.check_pdf_syntax() == []
            assert "/AcroForm" not in pdf.Root
            assert "/Names" not in pdf.Root


@pytest.mark.parametrize("container", ["iso2709", "marcxml"])
@pytest.mark.parametrize("wanted", ["rusmarc", "marc21"])
def test_exported_records_read_back_elsewhere(
    sample_home: Path, cli: Program, tmp_path: Path, wanted: str, container: str
) -> None:
    target = tmp_path / ("out.xml" if container == "marcxml" else "out.mrc")
    done = cli("record", "export", target, "--format", wanted, "--as", container, home=sample_home)
    assert done.returncode == 0, done.stderr
    if container == "marcxml":
        found = pymarc.parse_xml_to_array(str(target))  # type: ignore[no-untyped-call]  # no hints
    else:
        with target.open("rb") as file:
            found = list(pymarc.MARCReader(file, force_utf8=True, to_unicode=True))
    assert len(found) >= 8
    texts = [str(record) for record in found if record is not None]
    assert len(texts) == len(found)
    assert any("Қарағанды" in text or "Көмір" in text for text in texts)
    for record in found:
        for field in record.get_fields("856"):
            shown = cli("document", "show", field["u"], "--json", home=sample_home)
            assert shown.returncode == 0, shown.stderr


def test_yaz_reads_the_export_with_kazakh_letters(
    sample_home: Path, cli: Program, tmp_path: Path
) -> None:
    target = tmp_path / "out.mrc"
    assert cli("record", "export", target, home=sample_home).returncode == 0
    command = ["yaz-marcdump", "-f", "utf-8", "-t", "utf-8", "-o", "line", str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert any(letter in done.stdout for letter in "әғқңөұүһі")
    assert "Separator" not in done.stdout  # its word for a broken record


@pytest.mark.parametrize("query", ["қарағанды", "Караганды", "Qaraghandy", "шахтёрлер", "шахты"])
def test_kazakh_and_russian_words_are_found(sample_home: Path, cli: Program, query: str) -> None:
    done = cli("search", query, "--json", home=sample_home)
    assert done.returncode == 0
    assert json.loads(done.stdout.splitlines()[-1])["total"] > 0


def test_words_split_at_line_and_column_ends_are_found(sample_home: Path) -> None:
    missed: list[str] = []
    total = 0
    for folder in sorted(TRUTH.iterdir()):
        for page in truth_pages(folder):
            if not page["degraded"] and "vyrezka" not in folder.name:
                words = [word for *_, word in page["joins"] if len(word) > 6]
                total += len(words)
                missed += [w for w in words if not _found(sample_home, w)]
    assert total > 20
    assert len(missed) <= 0.1 * total, missed  # misread words are no matter of joining


def _found(home: Path, word: str) -> bool:
    result = search(Home(home), f'"{word}"', actor_sees_restricted=True, limit=5)
    return bool(result.hits)


def test_a_reader_does_not_see_the_text_of_closed_documents(
    sample_home: Path, run_lines: Lines, cli: Program
) -> None:
    closed = run_lines["08_vyrezka.jpg"]["document"]
    text = cli("document", "show", closed, "--text", "--json", home=sample_home).stdout
    page = json.loads(text)["page_list"][0]["text"]
    words = sorted({w.strip(".,«»-") for w in page.split() if len(w) > 8})
    assert words
    for word in words[:20]:
        for_reader = cli("search", word, "--as", "reader", "--json", home=sample_home).stdout
        *hits, _ = [json.loads(line) for line in for_reader.splitlines()]
        assert not [h for h in hits if h["document"] == closed and h["page"]]


def test_a_reader_does_not_see_pages_whose_term_has_ended(
    sample_home: Path, run_lines: Lines, tmp_path: Path, cli: Program
) -> None:
    home = tmp_path / "home"
    shutil.copytree(sample_home, home)
    document = run_lines["07_kiyndy.tif"]["document"]

    told = cli("search", "қара тас", "--as", "reader", "--json", home=home).stdout
    assert document in told
    ended = Rights("until", until=datetime.date(2020, 1, 1))
    with Store.open(Home(home)) as store, store.transaction(actor="head") as tx:
        set_rights(tx, document, ended)
    told = cli("search", "қара тас", "--as", "reader", "--json", home=home).stdout
    *hits, _ = [json.loads(line) for line in told.splitlines()]
    assert not [hit for hit in hits if hit["document"] == document and hit["page"]]
    staff = cli("search", "қара тас", "--json", home=home).stdout
    assert document in staff


def test_a_second_run_writes_nothing(sample_home: Path, cli: Program) -> None:
    def state() -> dict[str, tuple[int, int]]:
        files = (p for p in sample_home.rglob("*") if p.is_file() and p.parent.name != "runs")
        return {str(p): (p.stat().st_size, p.stat().st_mtime_ns) for p in files}

    with Store.open(Home(sample_home)) as store:
        before = logical_dump(store)
    first = state()
    again = cli("run", ROOT / "scans" / "2026-01_sample", home=sample_home)
    assert again.returncode == 1
    changed = {k for k, v in state().items() if first.get(k) != v and "sqlite3-" not in k}
    assert not changed
    with Store.open(Home(sample_home)) as store:
        assert logical_dump(store) == before
