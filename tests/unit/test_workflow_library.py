"""A new home: what a killed ``init`` left is finished, what is somebody else's is not touched."""

from collections.abc import Callable
from pathlib import Path

import pytest

from olketanu.errors import UsageError
from olketanu.home import Home
from store.database import Store
from store.digitised import batches
from workflow.library import create_library, open_library


def make_folders(root: Path) -> None:
    (root / "masters").mkdir(parents=True)


def make_catalogue(root: Path) -> None:
    Store.create(Home(root)).close()


def make_half_of_the_settings(root: Path) -> None:
    make_catalogue(root)
    (root / ".olk-0123456789abcdef.tmp").write_bytes(b"[lib")


@pytest.mark.parametrize("left", [make_folders, make_catalogue, make_half_of_the_settings])
def test_what_a_killed_init_left_is_finished(tmp_path: Path, left: Callable[[Path], None]) -> None:
    left(tmp_path / "home")
    home = create_library(tmp_path / "home", "kk")
    with open_library(home) as library:
        assert library.store.check() == []
    assert not list(home.root.glob(".olk-*"))


def put_a_text(root: Path) -> None:
    (root / "notes.txt").write_text("mine")


def put_a_master(root: Path) -> None:
    (root / "masters").mkdir()
    (root / "masters" / "scan").write_bytes(b"only copy")


def put_a_library_without_settings(root: Path) -> None:
    with Store.create(Home(root)) as store, store.transaction() as tx:
        batches.add_batch(tx, "b", "/scans/b")


@pytest.mark.parametrize("put", [put_a_text, put_a_master, put_a_library_without_settings])
def test_a_folder_that_holds_something_is_refused_untouched(
    tmp_path: Path, put: Callable[[Path], None]
) -> None:
    put(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(UsageError) as caught:
        create_library(tmp_path, "kk")
    assert caught.value.key == "error.home-not-empty"
    assert not Home(tmp_path).settings.exists()
    assert {path: path.read_bytes() for path in before} == before


def test_a_home_is_not_made_twice(tmp_path: Path) -> None:
    create_library(tmp_path, "kk")
    with pytest.raises(UsageError) as caught:
        create_library(tmp_path, "kk")
    assert caught.value.key == "error.home-exists"
