"""What is no file, or may not be read, is named and refused; nothing hangs on it."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from digitize.scan.codes import LINK_REFUSED, NO_ACCESS, SPECIAL_FILE
from tests.badfiles.outcome import Outcome, take_in
from tests.badfiles.scene import scene

pytestmark = pytest.mark.slow

CAPABILITIES = "-dac_override,-dac_read_search"


def page(path: Path) -> Path:
    path.parent.mkdir(exist_ok=True, parents=True)
    scene(path.name).save(path, "JPEG", quality=90)
    return path


def states(outcome: Outcome) -> dict[str, str]:
    return {source["name"]: source["code"] or source["state"] for source in outcome.told["sources"]}


@pytest.fixture
def bound_by_rights() -> tuple[str, ...]:
    """A command in front of another that makes rights count for root as well."""
    if os.geteuid() != 0:
        return ()
    command = ("setpriv", f"--bounding-set={CAPABILITIES}", f"--inh-caps={CAPABILITIES}")
    if shutil.which("setpriv") is None:
        pytest.skip("rights do not bind root, and setpriv is not installed")
    if subprocess.run([*command, "true"], capture_output=True, check=False).returncode:
        pytest.skip("rights do not bind root, and setpriv is not permitted")
    return command


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path, since a socket's is limited."""
    made = Path(tempfile.mkdtemp(prefix="olk-"))
    yield made
    for path in (made, *made.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
    shutil.rmtree(made)


def test_links_pipes_and_sockets_are_refused_by_name(folder: Path) -> None:
    batch = folder / "batch"
    secret = page(folder / "outside" / "secret.jpg")
    page(batch / "good.jpg")
    page(batch / "doc" / "1.jpg")
    (batch / "doc" / "2.jpg").symlink_to(secret)
    (batch / "folder").symlink_to(secret.parent)
    (batch / "nowhere.jpg").symlink_to(folder / "nothing")
    (batch / "itself.jpg").symlink_to(batch / "itself.jpg")
    os.mkfifo(batch / "pipe.tif")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(batch / "socket.pdf"))
        outcome = take_in(folder / "home", batch)
    assert states(outcome) == {
        "good.jpg": "done",
        "doc/1.jpg": "done",
        "doc/2.jpg": LINK_REFUSED,
        "folder": LINK_REFUSED,
        "nowhere.jpg": LINK_REFUSED,
        "itself.jpg": LINK_REFUSED,
        "pipe.tif": SPECIAL_FILE,
        "socket.pdf": SPECIAL_FILE,
    }
    assert len(outcome.told["documents"]) == 2
    kept = list((folder / "home" / "quarantine").glob("*/*"))
    assert {path.name for path in kept} == {"reason.json"}
    again = take_in(folder / "home", batch)
    assert again.told["events"] == outcome.told["events"]


def test_what_may_not_be_read_is_named_and_taken_once_it_may(
    folder: Path, bound_by_rights: tuple[str, ...]
) -> None:
    batch = folder / "batch"
    page(batch / "good.jpg")
    locked_file = page(batch / "locked.jpg")
    locked_folder = page(batch / "closed" / "1.jpg").parent
    locked_file.chmod(0)
    locked_folder.chmod(0)
    outcome = take_in(folder / "home", batch, through=bound_by_rights)
    assert states(outcome) == {"good.jpg": "done", "locked.jpg": NO_ACCESS, "closed": NO_ACCESS}
    assert "Traceback" not in outcome.stderr
    again = take_in(folder / "home", batch, through=bound_by_rights)
    assert again.told["events"] == outcome.told["events"]
    locked_file.chmod(0o644)
    locked_folder.chmod(0o755)
    opened = take_in(folder / "home", batch, through=bound_by_rights)
    assert states(opened) == dict.fromkeys(
        ("good.jpg", "locked.jpg", "closed", "closed/1.jpg"), "done"
    )
