"""Files copied in portions: whole or not at all, synced before they get their names."""

import errno
import os
from hashlib import sha256
from pathlib import Path

import pytest

from olketanu.errors import CannotWriteError
from workflow.backup import portions
from workflow.backup.portions import DAMAGED, MISSING, UNREADABLE, Portions


def make(folder: Path, count: int) -> list[tuple[Path, str]]:
    folder.mkdir()
    files = []
    for number in range(count):
        path = folder / f"{number}"
        path.write_bytes(os.urandom(3000))
        files.append((path, sha256(path.read_bytes()).hexdigest()))
    return files


def test_every_file_is_synced_before_its_name_and_its_folder_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portions, "_FILES", 4)
    done: list[tuple[str, str]] = []
    fsync, replace = os.fsync, Path.replace

    def noted_fsync(descriptor: int) -> None:
        done.append(("sync", Path(f"/proc/self/fd/{descriptor}").readlink().name))
        fsync(descriptor)

    def noted_replace(path: Path, target: Path) -> Path:
        done.extend((("name", path.name), ("named", target.parent.name)))
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(Path, "replace", noted_replace)
    out = tmp_path / "out"
    with Portions() as some:
        for number, (path, digest) in enumerate(make(tmp_path / "in", 10)):
            assert some.copy(path, out / f"f{number % 3}" / path.name, digest, 0o444) is None
    for place, (what, name) in enumerate(done):
        if what == "name":
            assert ("sync", name) in done[:place]
        if what == "named":
            assert ("sync", name) in done[place:]
    assert ("sync", "out") in done  # where the folders got their names
    copied = sorted(path for path in out.rglob("*") if path.is_file())
    assert len(copied) == 10
    assert {path.stat().st_mode & 0o777 for path in copied} == {0o444}
    for path in copied:
        assert path.read_bytes() == (tmp_path / "in" / path.name).read_bytes()


def test_bad_sources_are_named_and_leave_nothing(tmp_path: Path) -> None:
    ((path, digest),) = make(tmp_path / "in", 1)
    out = tmp_path / "out"
    with Portions() as some:
        assert some.copy(path, out / "a", "0" * 64, 0o444) == DAMAGED
        assert some.copy(tmp_path / "none", out / "b", digest, 0o444) == MISSING
        assert some.copy(tmp_path, out / "c", digest, 0o444) == UNREADABLE
        assert some.size(out / "a") is None
        assert some.copy(path, out / "d", digest, 0o444) is None
        assert some.size(out / "d") == 3000
        assert not (out / "d").exists()
    assert [path.name for path in out.iterdir()] == ["d"]


def test_an_error_leaves_no_temporary_file_and_nothing_half(tmp_path: Path) -> None:
    files = make(tmp_path / "in", 3)
    out = tmp_path / "out"

    def interrupted() -> None:
        with Portions() as some:
            for path, digest in files:
                some.copy(path, out / path.name, digest, 0o444)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(out.iterdir()) == []


@pytest.mark.parametrize(
    ("number", "key"),
    [
        (errno.ENOSPC, "error.disk-full"),
        (errno.EROFS, "error.not-writable"),
        (errno.EIO, "error.disk-failing"),
        (errno.ENODEV, "error.disk-failing"),
        (errno.ESTALE, "error.disk-failing"),
    ],
)
def test_trouble_with_the_target_is_an_error_and_is_not_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, key: str
) -> None:
    ((path, digest),) = make(tmp_path / "in", 1)
    calls = []

    def broken(descriptor: int) -> None:
        calls.append(descriptor)
        raise OSError(number, "broken")

    (tmp_path / "out").mkdir()
    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(CannotWriteError) as error, Portions() as some:
        some.copy(path, tmp_path / "out" / "a", digest, 0o444)
    assert error.value.key == key
    assert len(calls) == 1
    assert list((tmp_path / "out").iterdir()) == []


def test_a_target_that_is_held_open_is_renamed_a_moment_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ((path, digest),) = make(tmp_path / "in", 1)
    real, refused = Path.replace, [3]

    def held(source: Path, target: Path) -> Path:
        refused[0] -= 1
        if refused[0] >= 0:
            raise PermissionError(errno.EACCES, "held")
        return real(source, target)

    monkeypatch.setattr(Path, "replace", held)
    with Portions() as some:
        some.copy(path, tmp_path / "out" / "a", digest, 0o400)
    assert (tmp_path / "out" / "a").stat().st_mode & 0o777 == 0o400
