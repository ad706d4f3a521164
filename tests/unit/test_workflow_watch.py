"""The inbox: when a folder is a complete batch, and that no batch stops the watch."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from olketanu.errors import CannotWriteError, ExitCode, InputError, LockedError, UsageError
from olketanu.home import Home
from workflow.summary import RunReport
from workflow.watch import FIRST_RETRY, Inbox, Notice, check_inbox, only_watch, watch

SETTLE = 60.0


class Clock:
    """Seconds that a test moves on."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Scene:
    """An inbox, its clock, and what was taken."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = Clock()
        self.taken: list[str] = []
        self.errors: dict[str, list[Exception]] = {}
        self.known: set[str] = set()
        self.inbox = Inbox(folder, SETTLE, self.take, self.is_known, self.clock)

    def take(self, folder: Path) -> RunReport | None:
        self.taken.append(folder.name)
        if self.errors.get(folder.name):
            raise self.errors[folder.name].pop(0)
        return RunReport((), (), 0)

    def is_known(self, folder: Path) -> bool:
        return folder.name in self.known

    def look(self, after: float = 0.0) -> list[Notice]:
        self.clock.now += after
        return list(self.inbox.look())

    def batch(self, name: str, *files: str) -> Path:
        for file in files or ("0001.jpg",):
            path = self.folder / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"scan")
        return self.folder / name


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return Scene(folder)


def kinds(notices: list[Notice]) -> list[tuple[str, str]]:
    return [(notice.kind, notice.batch) for notice in notices]


def test_a_folder_is_taken_when_it_has_held_still_and_only_once(scene: Scene) -> None:
    scene.batch("box-1")
    assert scene.look() == []
    assert scene.look(SETTLE - 1) == []
    assert kinds(scene.look(1)) == [("taken", "box-1")]
    assert scene.look(SETTLE) == []
    assert scene.taken == ["box-1"]


@pytest.mark.parametrize(
    "change",
    [
        lambda batch: (batch / "0002.jpg").write_bytes(b"next"),
        lambda batch: (batch / "0001.jpg").write_bytes(b"longer now"),
        lambda batch: os.utime(batch / "0001.jpg", (1, 1)),
        lambda batch: (batch / "0001.jpg").rename(batch / "0009.jpg"),
        lambda batch: (batch / "0001.jpg").unlink(),
    ],
    ids=["new", "longer", "touched", "renamed", "removed"],
)
def test_every_change_begins_the_wait_anew(scene: Scene, change: Callable[[Path], object]) -> None:
    batch = scene.batch("box-1", "0000.jpg", "0001.jpg")
    scene.look()
    change(batch)
    assert scene.look(SETTLE) == []
    assert kinds(scene.look(SETTLE)) == [("taken", "box-1")]


def test_a_change_deep_in_a_folder_counts(scene: Scene) -> None:
    batch = scene.batch("box-1", "doc/inner/0001.jpg")
    scene.look()
    (batch / "doc/inner/0002.jpg").write_bytes(b"x")
    assert scene.look(SETTLE) == []


def test_more_files_after_the_end_bring_the_batch_back(scene: Scene) -> None:
    scene.batch("box-1")
    scene.look()
    scene.look(SETTLE)
    scene.batch("box-1", "0002.jpg")
    scene.look(1)
    assert kinds(scene.look(SETTLE)) == [("taken", "box-1")]
    assert scene.taken == ["box-1", "box-1"]


@pytest.mark.parametrize("mark", ["готово", "Дайын.txt", "READY"])
def test_a_mark_has_the_batch_taken_at_once(scene: Scene, mark: str) -> None:
    scene.batch("box-1", "0001.jpg", mark)
    assert kinds(scene.look()) == [("taken", "box-1")]


def test_a_sheet_waits_for_its_folders_and_says_so_once(scene: Scene) -> None:
    batch = scene.batch("box-1", "doc-1/0001.jpg")
    (batch / "manifest.csv").write_text("папка;вид;права\ndoc-1;книга;закрыто\ndoc-2;книга;закрыто")
    scene.look()
    found = scene.look(SETTLE)
    assert kinds(found) == [("waits", "box-1")]
    assert (found[0].code, found[0].missing) == ("ROWS_MISSING", ("doc-2",))
    assert scene.look(SETTLE) == []
    scene.batch("box-1", "doc-2/0001.jpg")
    assert scene.look() == []
    assert kinds(scene.look(SETTLE)) == [("taken", "box-1")]


def test_a_mark_is_stronger_than_rows_without_folders(scene: Scene) -> None:
    batch = scene.batch("box-1", "doc-1/0001.jpg", "ready")
    (batch / "manifest.csv").write_text("папка;вид;права\ndoc-2;книга;закрыто\n")
    assert kinds(scene.look()) == [("taken", "box-1")]


def test_an_unreadable_sheet_is_left_to_the_run(scene: Scene) -> None:
    batch = scene.batch("box-1")
    (batch / "manifest.xlsx").write_bytes(b"no sheet")
    scene.look()
    assert kinds(scene.look(SETTLE)) == [("taken", "box-1")]


def test_empty_hidden_and_loose_things_are_no_batches(scene: Scene) -> None:
    (scene.folder / "empty").mkdir()
    (scene.folder / ".hidden").mkdir()
    (scene.folder / ".hidden" / "a.jpg").write_bytes(b"x")
    (scene.folder / "loose.pdf").write_bytes(b"x")
    scene.look()
    assert scene.look(SETTLE) == []


def test_a_link_is_refused_once_and_never_followed(scene: Scene, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "0001.jpg").write_bytes(b"x")
    (scene.folder / "link").symlink_to(tmp_path / "elsewhere")
    found = scene.look()
    assert [(notice.kind, notice.code) for notice in found] == [("refused", "LINK_REFUSED")]
    assert scene.look(SETTLE) == []
    assert scene.taken == []


def test_a_ring_of_links_inside_a_batch_does_not_hang(scene: Scene) -> None:
    batch = scene.batch("box-1")
    (batch / "ring").symlink_to(batch)
    scene.look()
    assert kinds(scene.look(SETTLE)) == [("taken", "box-1")]


@pytest.mark.parametrize(
    "error", [InputError("error.no-input", path="x"), RuntimeError("defect")], ids=["told", "not"]
)
def test_one_bad_batch_does_not_stop_the_others(scene: Scene, error: Exception) -> None:
    scene.batch("box-1")
    scene.batch("box-2")
    scene.errors["box-1"] = [error]
    scene.look()
    found = scene.look(SETTLE)
    assert kinds(found) == [("failed", "box-1"), ("taken", "box-2")]
    assert found[0].exit_code in (ExitCode.BAD_INPUT, ExitCode.PARTLY_FAILED)
    assert scene.look(10 * FIRST_RETRY) == []


def test_a_full_disk_is_tried_again_after_ever_longer_pauses(scene: Scene) -> None:
    scene.batch("box-1")
    scene.errors["box-1"] = [CannotWriteError("error.disk-full", path="/") for _ in range(2)]
    scene.look()
    assert kinds(scene.look(SETTLE)) == [("failed", "box-1")]
    assert scene.look(FIRST_RETRY - 1) == []
    assert kinds(scene.look(1)) == [("failed", "box-1")]
    assert scene.look(FIRST_RETRY) == []
    assert kinds(scene.look(FIRST_RETRY)) == [("taken", "box-1")]


def test_what_was_taken_before_the_watch_began_is_not_taken_again(scene: Scene) -> None:
    scene.batch("box-1")
    scene.known.add("box-1")
    scene.look()
    assert kinds(scene.look(SETTLE)) == [("known", "box-1")]
    assert scene.taken == []


def test_batches_come_in_natural_order(scene: Scene) -> None:
    for number in (10, 9, 1):
        scene.batch(f"box-{number}")
    scene.look()
    scene.look(SETTLE)
    assert scene.taken == ["box-1", "box-9", "box-10"]


def test_once_ends_when_everything_has_held_still(scene: Scene) -> None:
    scene.batch("box-1")
    told: list[Notice] = []
    inbox = Inbox(scene.folder, 0.2, scene.take, scene.is_known)
    assert watch(inbox, told.append, once=True) == ExitCode.DONE
    assert kinds(told) == [("taken", "box-1")]


def test_once_does_not_wait_for_a_batch_that_never_holds_still(scene: Scene) -> None:
    batch = scene.batch("box-1")
    writes = iter(range(10_000))

    def clock() -> float:
        (batch / "0001.jpg").write_bytes(b"x" * next(writes))
        scene.clock.now += 0.01
        return scene.clock.now

    inbox = Inbox(scene.folder, 0.3, scene.take, scene.is_known, clock)
    assert watch(inbox, lambda _: None, once=True) == ExitCode.DONE
    assert scene.taken == []


def test_once_says_that_something_went_wrong(scene: Scene) -> None:
    scene.batch("box-1", "a.jpg", "ready")
    scene.batch("box-2", "a.jpg", "ready")
    scene.errors["box-1"] = [InputError("error.no-input", path="x")]
    inbox = Inbox(scene.folder, 0.0, scene.take, scene.is_known)
    assert watch(inbox, lambda _: None, once=True) == ExitCode.PARTLY_FAILED
    assert scene.taken == ["box-1", "box-2"]


def test_there_is_one_watch_a_home_and_a_dead_one_holds_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with only_watch(home), pytest.raises(LockedError), only_watch(home):
        pass
    home.runs.mkdir(exist_ok=True)
    (home.runs / "watch.lock").touch()  # its process is gone, and with it the lock
    with only_watch(home):
        pass


@pytest.mark.parametrize(("home", "inbox"), [("a", "a/in"), ("a", "a"), ("in/a", "in")])
def test_inbox_and_home_lie_apart(tmp_path: Path, home: str, inbox: str) -> None:
    for name in (home, inbox):
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
    with pytest.raises(UsageError):
        check_inbox(Home(tmp_path / home), tmp_path / inbox)
    (tmp_path / "apart").mkdir()
    assert check_inbox(Home(tmp_path / home), tmp_path / "apart") == tmp_path / "apart"
