"""Bad files cost themselves only; people's corrections survive; missing things have their codes."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

pytestmark = [pytest.mark.tesseract, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "scans" / "2026-01_sample"
CLIPPING = SAMPLE / "07_kiyndy.tif"
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\nshowpage\n"
Program = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def mixed_batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bad") / "mixed"
    folder.mkdir()
    whole = CLIPPING.read_bytes()
    (folder / "1_empty.tif").write_bytes(b"")
    (folder / "2_truncated.tif").write_bytes(whole[: len(whole) // 2])
    (folder / "3_postscript.tif").write_bytes(EPS)
    (folder / "4_page.html.tif").write_bytes(b"<html><body>scan</body></html>")
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(folder / "5_locked.pdf", encryption=pikepdf.Encryption(user="a", owner="b"))
    with Image.open(CLIPPING) as image:
        image.save(folder / "6_misnamed.png", format="JPEG", dpi=(300, 300))
    shutil.copy(CLIPPING, folder / "7_good.tif")
    return folder


@pytest.fixture(scope="module")
def mixed_home(
    mixed_batch: Path, cli: Program, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, list[dict[str, Any]]]:
    home = tmp_path_factory.mktemp("bad-home") / "home"
    assert cli("init", home, home=home).returncode == 0
    done = cli("run", mixed_batch, "--json", "--rights", "open", home=home)
    assert done.returncode == 7, done.stderr
    return home, [json.loads(line) for line in done.stdout.splitlines()]


def test_bad_files_are_named_with_a_code_and_the_rest_goes_on(
    mixed_home: tuple[Path, list[dict[str, Any]]],
) -> None:
    home, told = mixed_home
    codes = {line["input"]: line["code"] for line in told if "input" in line}
    assert codes == {
        "1_empty.tif": "EMPTY",
        "2_truncated.tif": "TRUNCATED",
        "3_postscript.tif": "UNKNOWN_TYPE",
        "4_page.html.tif": "UNKNOWN_TYPE",
        "5_locked.pdf": "ENCRYPTED",
    }
    done = {line["name"]: line["state"] for line in told if "name" in line}
    assert done == {"6_misnamed.png": "done", "7_good.tif": "done"}
    kept = [json.loads(p.read_text("utf-8")) for p in home.glob("quarantine/*/reason.json")]
    assert sorted(item["code"] for item in kept) == sorted(codes.values())


def test_refused_files_are_tried_again_only_when_asked(
    mixed_home: tuple[Path, list[dict[str, Any]]], mixed_batch: Path, cli: Program
) -> None:
    home, _ = mixed_home
    again = cli("batch", "retry", mixed_batch.name, "--json", home=home)
    assert json.loads(again.stdout)["files"] == 5
    done = cli("run", mixed_batch, "--json", home=home)
    assert done.returncode == 7


def test_an_amendment_survives_a_new_recognition_with_other_settings(
    mixed_home: tuple[Path, list[dict[str, Any]]], mixed_batch: Path, cli: Program
) -> None:
    home, told = mixed_home
    document = next(line["document"] for line in told if line.get("name") == "7_good.tif")

    def text() -> str:
        shown = cli("document", "show", document, "--text", "--json", home=home)
        return str(json.loads(shown.stdout)["page_list"][0]["text"])

    word = next(w for w in text().split() if len(w) > 7 and w.isalpha() and text().count(w) == 1)
    amended = cli(
        *("document", "amend", document, "p0001", "--old", word, "--new", "ТҮЗЕТІЛГЕНСӨЗ"),
        home=home,
    )
    assert amended.returncode in (0, 1, 7), amended.stderr
    assert "ТҮЗЕТІЛГЕНСӨЗ" in text()
    before = {p.name for p in (home / "objects" / document / "alto").iterdir()}
    settings = home / "olketanu.toml"
    changed = settings.read_text("utf-8").replace('profile = "modern"', 'profile = "old-soviet"')
    settings.write_text(changed, encoding="utf-8")
    done = cli("run", mixed_batch, home=home)
    assert done.returncode == 7
    after = {p.name for p in (home / "objects" / document / "alto").iterdir()}
    assert after - before, "the page was not recognised anew"
    assert "ТҮЗЕТІЛГЕНСӨЗ" in text()
    assert word not in text().split()
    found = cli("search", "түзетілгенсөз", "--json", home=home).stdout.splitlines()
    assert document in {json.loads(line)["document"] for line in found[:-1]}


def test_a_missing_program_has_its_exit_code(tmp_path: Path, cli: Program) -> None:
    home = tmp_path / "home"
    assert cli("init", home, home=home).returncode == 0
    empty = tmp_path / "bin"
    empty.mkdir()
    done = cli("run", CLIPPING, home=home, PATH=str(empty))
    assert done.returncode == 3, done.stderr
    assert "tesseract" in done.stderr


def test_a_wrong_setting_and_an_unknown_home_have_their_exit_codes(
    tmp_path: Path, cli: Program
) -> None:
    home = tmp_path / "home"
    assert cli("document", "list", home=home).returncode == 2
    assert cli("init", home, home=home).returncode == 0
    (home / "olketanu.toml").write_text("[ocr]\ntimeout = -1\n", encoding="utf-8")
    assert cli("document", "list", home=home).returncode == 9


def test_a_page_that_takes_too_long_leaves_its_document_with_a_gap(
    tmp_path: Path, cli: Program
) -> None:
    home = tmp_path / "home"
    assert cli("init", home, home=home).returncode == 0
    settings = home / "olketanu.toml"
    short = settings.read_text("utf-8").replace("timeout = 180", "timeout = 1")
    settings.write_text(short, encoding="utf-8")
    newspaper = SAMPLE / "01_stepnoi-gornyak_1996-09-14"
    done = cli("run", newspaper / "0001.jpg", "--json", home=home)
    assert done.returncode == 1, done.stderr
    line = json.loads(done.stdout)
    assert line["state"] == "done-with-gaps"
    assert line["pages"] == {"text": 0, "image_only": 1, "failed": 0}
    with pikepdf.open(line["pdf"]) as pdf:
        assert len(pdf.pages) == 1
    again = cli("batch", "retry", newspaper.name, "--json", home=home)
    assert json.loads(again.stdout)["pages"] == 1
    settings.write_text(short.replace("timeout = 1", "timeout = 180"), encoding="utf-8")
    done = cli("run", newspaper / "0001.jpg", "--json", home=home)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["state"] == "done"
