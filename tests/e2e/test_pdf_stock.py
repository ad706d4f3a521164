"""A folder of PDFs with one spreadsheet becomes documents in one run."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.house import ROOT
from tests.unit.made_files import text_pdf

COUNT = 100
PATIENCE = 600
LINES = (
    "Книга о прошлом нашего города и области",
    "Қарағанды облысының өңірі туралы кітап",
)


def olketanu(home: Path, *arguments: str) -> tuple[int, list[dict[str, Any]]]:
    command = [sys.executable, str(ROOT / "cli.py"), "--home", str(home), "--json", *arguments]
    settings = {**os.environ, "OLKETANU_LANG": "en"}
    done = subprocess.run(
        command, capture_output=True, text=True, env=settings, check=False, timeout=PATIENCE
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def stock(folder: Path, count: int) -> None:
    """``count`` small PDFs, a sheet with a row for each, one file twice and one that is broken."""
    folder.mkdir()
    with (folder / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, delimiter=";")
        rows.writerow(["папка", "вид", "права", "язык", "заглавие", "автор"])
        for number in range(1, count + 1):
            name = f"{number:04d}.pdf"
            rows.writerow([name, "книга", "открыто", "рус", f"Книга {number}", "Ахметов А. К."])
            text_pdf(folder / name, [(20, 350, LINES[number % 2]), (20, 330, f"Том {number}")])
    (folder / "copy.pdf").write_bytes((folder / "0001.pdf").read_bytes())
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4\nno end")


@pytest.mark.slow
def test_a_folder_of_pdfs_with_a_sheet_becomes_documents(tmp_path: Path) -> None:
    home, batch = tmp_path / "home", tmp_path / "stock"
    stock(batch, COUNT)
    assert olketanu(home, "init", str(home))[0] == 0
    code, lines = olketanu(home, "run", str(batch))
    assert code == 7, "one file is refused"
    made = {line["name"]: line for line in lines if "document" in line}
    assert len(made) == COUNT
    assert {line["state"] for line in made.values()} == {"done"}
    assert {line["pages"]["text"] for line in made.values()} == {1}
    assert [line["input"] for line in lines if line.get("state") == "quarantined"] == ["broken.pdf"]
    shown = olketanu(home, "document", "show", made["0007.pdf"]["document"])[1][0]
    assert (shown["title"], shown["rights"]) == ("Книга 7", "open")
    (page,) = shown["page_list"]
    assert (page["engine"], page["text_layer"]) == ("embedded", "kept")

    status = olketanu(home, "batch", "status", "stock")[1][0]
    assert status["documents"] == {"done": COUNT}
    assert status["inputs"] == {"done": COUNT, "duplicate-of": 1, "quarantined": 1}
    assert status["waits"]["refused"] == 1
    assert "run" not in status["waits"]
    assert status["oldest"] is None
    assert status["bytes"] == sum(path.stat().st_size for path in batch.glob("0*.pdf"))

    again = olketanu(home, "run", str(batch))
    assert again[0] == 7
    assert olketanu(home, "batch", "status", "stock")[1][0] == status
