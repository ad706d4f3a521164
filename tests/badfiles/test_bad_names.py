"""Any name that a file system allows is taken, and comes back as it was."""

import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from tests.badfiles.outcome import ROOT, Outcome, take_in
from tests.badfiles.scene import scene

pytestmark = pytest.mark.slow

_LETTER = "қ"  # two bytes: a name of 255 bytes holds 127 of them
NAMES: tuple[bytes, ...] = (
    *(name.encode() for name in (
        "CON", "CON.jpg", "nul.tif", "aux.jpg.", "a:b.jpg", "what?.jpg", "star*.jpg", 'quote".jpg',
        "a\\b.jpg", "line\nbreak.jpg", "tab\there.jpg", "bell\a.jpg", "escape\x1b[2J.jpg",
        "trailing blank.jpg ", " leading blank.jpg", "trailing dot.", "gpj.\u202efdp.jpg",
        "zero\u200bwidth.jpg", "-leading.jpg", "--help", "%41%2f.jpg", "$(reboot).jpg",
        "'; DROP TABLE document; --.jpg", "<script>alert(1)<∕script>.jpg", "\U0001f4f0.jpg",
        "й.jpg", "й.jpg", _LETTER * 127, "x" * 251 + ".jpg", "№ 5.1985", "Қала мұражайы.jpg",
    )),
    b"\xff\xfe.jpg",
    "газета.jpg".encode("cp1251"),
)  # fmt: skip
FOLDERS = (b"two\nlines", "қ".encode("utf-16-be") + b"\xff", b"nul", b"e\xcc\x81dition")


@pytest.fixture(scope="session")
def odd_names(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Outcome]:
    root = tmp_path_factory.mktemp("names")
    batch = Path(os.fsdecode(os.fsencode(root) + b"/batch \xff \xd2\xaf"))
    batch.mkdir()
    for name in (*NAMES, *(folder + b"/1.jpg" for folder in FOLDERS)):
        path = Path(os.fsdecode(os.fsencode(batch) + b"/" + name))
        path.parent.mkdir(exist_ok=True)
        scene(repr(name)).save(path, "JPEG", quality=90)
    return batch, take_in(root / "home", batch)


def test_every_name_is_taken_and_kept_byte_for_byte(odd_names: tuple[Path, Outcome]) -> None:
    sources = odd_names[1].told["sources"]
    given = {*NAMES, *(folder + b"/1.jpg" for folder in FOLDERS)}
    assert {bytes.fromhex(source["raw"]) for source in sources} == given
    assert {(source["state"], source["code"]) for source in sources} == {("done", None)}


def test_every_file_becomes_a_document_of_its_own(odd_names: tuple[Path, Outcome]) -> None:
    told = odd_names[1].told
    assert len({source["document"] for source in told["sources"]}) == len(told["sources"])
    shown = {document["name"] for document in told["documents"].values()}
    readable = {
        unicodedata.normalize("NFC", name.decode("utf-8", "replace")) for name in (*NAMES, *FOLDERS)
    }
    assert shown == readable


def test_odd_names_are_known_again(odd_names: tuple[Path, Outcome]) -> None:
    batch, first = odd_names
    again = take_in(batch.parent / "home", batch)
    assert again.told["events"] == first.told["events"]
    assert again.told["documents"] == first.told["documents"]


def test_odd_names_leave_no_trace_in_paths_of_the_home(odd_names: tuple[Path, Outcome]) -> None:
    home = odd_names[0].parent / "home"
    for path in home.rglob("*"):
        os.fsencode(path.relative_to(home)).decode("ascii")


def test_a_name_commands_no_terminal(odd_names: tuple[Path, Outcome], tmp_path: Path) -> None:
    home, batch = odd_names[0].parent / "home", tmp_path / "more"
    batch.mkdir()
    for name in NAMES:
        (batch / os.fsdecode(name)).write_bytes(b"no picture")
    command = [sys.executable, str(ROOT / "cli.py"), "--home", str(home), "run", "--dry-run"]
    done = subprocess.run([*command, str(batch)], capture_output=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    text = done.stdout.decode()
    assert "escape\ufffd[2J.jpg" in text
    assert "gpj.\ufffdfdp.jpg" in text
    assert not [sign for sign in text if sign < " " and sign not in "\n\t"]
