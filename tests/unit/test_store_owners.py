"""What dead runs left in a home is swept, wherever it lies; the living keep theirs."""

import os
from pathlib import Path

from olketanu.home import Home
from store.disk.files import create_locked
from store.disk.owners import RunOwner, sweep_home


def test_temporary_files_of_the_dead_are_swept_from_every_folder(tmp_path: Path) -> None:
    home = Home(tmp_path)
    folders = (
        *(home.masters / "ab" / "cd", home.document("b0123456") / "alto", home.exports),
        *(home.quarantine / "c0123456", home.sidecars / "journal"),
    )
    for folder in folders:
        folder.mkdir(parents=True)
        (folder / ".olk-0123456789abcdef.tmp").write_bytes(b"half")
        (folder / "whole").write_bytes(b"whole")
    assert sweep_home(home) == []
    found = {path for path in tmp_path.rglob("*") if path.is_file()}
    assert found == {folder / "whole" for folder in folders}


def test_what_a_living_run_writes_is_kept(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.exports.mkdir()
    path = home.exports / ".olk-0123456789abcdef.tmp"
    (home.runs / "1-dead").mkdir(parents=True)
    with RunOwner(home) as owner:
        descriptor = create_locked(path)
        assert sweep_home(home) == ["1-dead"]
        assert path.is_file()
        assert owner.scratch.is_dir()
        os.close(descriptor)
        assert sweep_home(home) == []
    assert not path.exists()
