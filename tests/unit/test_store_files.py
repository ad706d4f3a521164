"""Files become real whole or not at all."""

import errno
import hashlib
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from olketanu.errors import BadFileError, CannotWriteError
from olketanu.home import Home
from store.disk import files
from store.disk.files import (
    copy_durably,
    place_durably,
    placing,
    sha256_of,
    sweep_temporary,
    write_durably,
    writing,
)
from store.disk.masters import place_master
from store.disk.owners import RunOwner, is_alive, sweep_dead

ROOT = Path(__file__).parents[2]


def leftovers(folder: Path) -> list[Path]:
    return list(folder.rglob(".olk-*"))


def test_a_written_file_replaces_the_older_one_and_leaves_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "new" / "deeper" / "қала.txt"
    write_durably(target, b"one")
    write_durably(target, b"two")
    assert target.read_bytes() == b"two"
    assert [p.name for p in target.parent.iterdir()] == ["қала.txt"]


def test_the_bytes_and_the_name_are_synced_in_this_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    sync, replace = os.fsync, Path.replace

    def note_sync(descriptor: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        order.append("sync folder" if is_folder else "sync file")
        sync(descriptor)

    def note_replace(self: Path, target: Path) -> Path:
        order.append("rename")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(Path, "replace", note_replace)
    write_durably(tmp_path / "a", b"x")
    assert order == ["sync file", "rename", "sync folder"]


def test_a_copy_returns_the_hash_of_its_bytes(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(os.urandom(3_000_000))
    found = copy_durably(source, tmp_path / "copy", mode=0o444)
    assert found == hashlib.sha256(source.read_bytes()).hexdigest() == sha256_of(tmp_path / "copy")
    assert stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o444


def test_a_finished_file_is_placed(tmp_path: Path) -> None:
    temporary = tmp_path / "scratch"
    temporary.write_bytes(b"done")
    place_durably(temporary, tmp_path / "objects" / "x")
    assert (tmp_path / "objects" / "x").read_bytes() == b"done"
    assert not temporary.exists()


def test_a_rename_that_antivirus_refuses_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace, refusals = Path.replace, [PermissionError(errno.EACCES, "held")] * 3

    def held_three_times(self: Path, target: Path) -> Path:
        if refusals:
            raise refusals.pop()
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", held_three_times)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    write_durably(tmp_path / "a", b"x")
    assert (tmp_path / "a").read_bytes() == b"x"


@pytest.mark.parametrize(
    ("number", "key"),
    [
        (errno.ENOSPC, "error.disk-full"),
        (errno.EDQUOT, "error.disk-full"),
        (errno.EACCES, "error.not-writable"),
        (errno.EROFS, "error.not-writable"),
    ],
)
def test_a_refused_write_says_why_and_keeps_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, key: str
) -> None:
    target = tmp_path / "a"
    write_durably(target, b"old")

    def refuse(_descriptor: int, _data: bytes) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "write", refuse)
    with pytest.raises(CannotWriteError) as caught:
        write_durably(target, b"new")
    assert caught.value.key == key
    assert target.read_bytes() == b"old"
    assert leftovers(tmp_path) == []


def test_a_real_limit_on_file_size_is_a_full_disk(tmp_path: Path) -> None:
    program = (
        "import resource, signal, sys, pathlib\n"
        "from olketanu.errors import CannotWriteError\n"
        "from store.disk.files import write_durably\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try:\n"
        "    write_durably(pathlib.Path(sys.argv[1]), bytes(5000))\n"
        "except CannotWriteError as error:\n"
        "    sys.exit(7 if error.key == 'error.disk-full' else 1)\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "big")]
    done = subprocess.run(command, cwd=ROOT, check=False)
    assert done.returncode == 7
    assert list(tmp_path.iterdir()) == []


def test_other_errors_of_the_system_pass(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="stale"), writing(tmp_path):
        raise OSError(errno.ESTALE, "stale")


def test_an_error_of_the_disk_itself_is_named(tmp_path: Path) -> None:
    with pytest.raises(CannotWriteError) as caught, writing(tmp_path):
        raise OSError(errno.EIO, "io")
    assert caught.value.key == "error.disk-failing"


def test_a_source_that_cannot_be_read_is_no_fault_of_the_target(tmp_path: Path) -> None:
    """Reading the memory of a process from its start gives EIO."""
    with pytest.raises(OSError, match="Input/output error"):
        copy_durably(Path("/proc/self/mem"), tmp_path / "copy")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    with pytest.raises(CannotWriteError):
        write_durably(tmp_path / "a", b"x")


def test_sweeping_spares_what_is_being_written(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    dead = tmp_path / "deep" / ".olk-00.tmp"
    dead.write_bytes(b"torn")
    living = tmp_path / ".olk-11.tmp"
    descriptor = files.create_locked(living)
    assert sweep_temporary(tmp_path) == 1
    assert living.exists()
    assert not dead.exists()
    os.close(descriptor)
    assert sweep_temporary(tmp_path) == 1


def test_a_master_is_stored_once_read_only_and_repaired_when_bad(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    source = tmp_path / "скан.tif"
    source.write_bytes(b"scan")
    master = place_master(home, source, type="tiff")
    stored = home.master(master.sha256)
    before = stored.stat().st_ino
    assert place_master(home, source, expected=master.sha256, type="tiff") == master
    assert stored.stat().st_ino == before
    assert stat.S_IMODE(stored.stat().st_mode) == 0o444
    stored.chmod(0o644)
    stored.write_bytes(b"scam")
    place_master(home, source)
    assert stored.read_bytes() == b"scan"


def test_a_source_that_changed_since_it_was_hashed_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "scan.tif"
    source.write_bytes(b"now")
    home = Home(tmp_path / "home")
    promised = hashlib.sha256(b"before").hexdigest()
    with pytest.raises(BadFileError) as caught:
        place_master(home, source, expected=promised)
    assert caught.value.code == "changed"
    assert not home.master(promised).exists()
    assert leftovers(home.root) == []


def test_a_run_is_alive_while_it_holds_its_lock(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with RunOwner(home) as owner:
        assert is_alive(home, owner.name)
        assert owner.scratch.is_dir()
        assert sweep_dead(home) == []
    assert not is_alive(home, owner.name)
    assert list(home.runs.iterdir()) == []


def test_a_killed_run_is_dead_at_once_and_is_swept(tmp_path: Path) -> None:
    program = (
        "import os, pathlib, signal, sys\n"
        "from olketanu.home import Home\n"
        "from store.disk.owners import RunOwner\n"
        "owner = RunOwner(Home(pathlib.Path(sys.argv[1]))).__enter__()\n"
        "print(owner.name, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    name = done.stdout.strip()
    home = Home(tmp_path)
    assert (home.runs / f"{name}.lock").exists()
    assert not is_alive(home, name)
    assert sweep_dead(home) == [name]
    assert list(home.runs.iterdir()) == []


def test_the_name_of_a_master_that_is_there_already_is_made_sure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a power cut could take back what a killed run had named but not synced."""
    home, source = Home(tmp_path / "home"), tmp_path / "scan.tif"
    source.write_bytes(b"a scan")
    target = home.master(place_master(home, source).sha256)
    synced: list[Path] = []
    fsync = os.fsync

    def note(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    place_master(home, source)
    assert {home.masters, target.parent, target.parent.parent} <= set(synced)


def test_a_stream_becomes_the_file_at_its_end_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "new" / "out.iso"
    with placing(target) as stream:
        stream.write(b"old")
        assert not target.exists()
        stream.seek(0)
        assert stream.read() == b"old"

    def break_off() -> None:
        with placing(target) as stream:
            stream.write(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    assert target.read_bytes() == b"old"
    assert list(target.parent.iterdir()) == [target]


def test_what_a_killed_writer_left_goes_with_the_next_file(tmp_path: Path) -> None:
    target = tmp_path / "out.iso"
    code = (
        "import os, signal, pathlib\n"
        "from store.disk.files import placing\n"
        f"with placing(pathlib.Path({str(target)!r})) as stream:\n"
        "    stream.write(b'half')\n"
        "    stream.flush()\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert leftovers(tmp_path)
    assert not target.exists()
    with placing(tmp_path / "other.iso") as stream, placing(target) as beside:
        stream.write(b"whole")
        beside.write(b"also")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other.iso", "out.iso"]
