"""The model of a disk, and how calls are read: by hand, without any program being traced."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.crash.record import (
    Ack,
    Copy,
    Link,
    Make,
    Operation,
    RecordingError,
    Remove,
    Rename,
    Sync,
    Truncate,
    Write,
    operations,
)
from tests.crash.states import MODELS, Disk, explore, lay_out, replay, snapshot

HOME = Path("/home/library")
KEPT: list[Operation] = [Make("a.tmp", is_folder=False), Write("a.tmp", 0, b"text"), Sync("a.tmp")]


def last(done: Sequence[Operation], model: str, before: Disk | None = None) -> Disk:
    """The disk that is left after all operations."""
    return list(explore(before or {}, done, model))[-1].disk


def spelled(text: str) -> str:
    """A string as ``strace -xx`` writes it."""
    return "".join(f"\\x{byte:02x}" for byte in text.encode())


def place(number: int, path: str) -> str:
    return f"{number}<{spelled(path)}>"


def read(*lines: str) -> list[Operation]:
    return list(operations(lines, HOME, "acks"))


def opened(number: int, path: str, flags: str) -> str:
    where = f'AT_FDCWD<{spelled("/")}>, "{spelled(path)}"'
    return f"7  openat({where}, {flags}, 0666) = {place(number, path)}"


# ---- the disk ----------------------------------------------------------------------------------


def test_a_kill_keeps_what_was_written_and_may_cut_a_write_in_two() -> None:
    seen = [state.disk for state in explore({}, KEPT[:2], "kill")]
    assert seen == [{}, {"a.tmp": b""}, {"a.tmp": b"te"}, {"a.tmp": b"text"}]


def test_a_power_cut_keeps_no_name_whose_folder_was_not_synced() -> None:
    assert last(KEPT, "strict") == {}
    assert last([*KEPT, Sync(".")], "strict") == {"a.tmp": b"text"}


def test_a_power_cut_may_keep_a_name_and_lose_its_bytes() -> None:
    assert last(KEPT[:2], "names") == {"a.tmp": b""}
    assert last(KEPT, "names") == {"a.tmp": b"text"}


def test_a_power_cut_may_keep_a_late_write_and_lose_an_early_one() -> None:
    written: list[Operation] = [
        Make("a", is_folder=False),
        Write("a", 0, b"one"),
        Write("a", 3, b"two"),
    ]
    assert last(written, "reordered") == {"a": b"\0\0\0two"}


def test_a_rename_that_was_not_synced_may_leave_the_older_file() -> None:
    renamed: list[Operation] = [*KEPT, Rename("a.tmp", "a")]
    assert last(renamed, "strict", {"a": b"older"}) == {"a": b"older"}
    assert last([*renamed, Sync(".")], "strict", {"a": b"older"}) == {"a": b"text"}


def test_a_removed_name_may_come_back() -> None:
    assert last([Remove("a")], "strict", {"a": b"x"}) == {"a": b"x"}
    assert last([Remove("a")], "names", {"a": b"x"}) == {}


def test_a_file_in_a_folder_whose_own_name_is_not_synced_is_out_of_reach() -> None:
    inside: list[Operation] = [
        Make("f", is_folder=True),
        Make("f/a", is_folder=False),
        Sync("f/a"),
        Sync("f"),
    ]
    assert last(inside, "strict") == {}
    assert last([*inside, Sync(".")], "strict") == {"f": None, "f/a": b""}


def test_two_names_are_one_file() -> None:
    linked: list[Operation] = [Link("a", "b"), Write("b", 0, b"new"), Sync("b")]
    assert last(linked, "names", {"a": b"old"}) == {"a": b"new", "b": b"new"}


def test_files_are_cut_lengthened_and_copied() -> None:
    done: list[Operation] = [Truncate("a", 5), Truncate("b", 1), Copy("b", 1, "a", 1, 3)]
    assert replay({"a": b"abc", "b": b"xyz"}, done) == {"a": b"abc\0\0", "b": b"xbc\0"}


def test_what_is_acknowledged_stands_beside_every_later_disk() -> None:
    done: list[Operation] = [Ack("one"), Write("a", 0, b"b"), Ack("two")]
    found = [(state.after, state.acks) for state in explore({"a": b"a"}, done, "kill")]
    assert found == [(0, ()), (1, ("one",)), (2, ("one",)), (3, ("one", "two"))]


@pytest.mark.parametrize("model", MODELS)
def test_what_changes_nothing_is_no_state_of_its_own(model: str) -> None:
    idle: list[Operation] = [Make("a", is_folder=False), Truncate("a", 1), Sync("a"), Sync(".")]
    assert len(list(explore({"a": b"a"}, idle, model))) == 1


def test_an_operation_on_what_is_not_there_fails() -> None:
    with pytest.raises(RecordingError):
        replay({}, [Write("nowhere/a", 0, b"x")])


def test_a_disk_laid_out_is_read_back_equal(tmp_path: Path) -> None:
    disk = {"f": None, "f/қ": b"x", "empty": b""}
    lay_out(disk, tmp_path)
    assert snapshot(tmp_path) == disk
    assert snapshot(tmp_path, ["empty"]) == {"f": None, "f/қ": b"x"}


# ---- the calls ---------------------------------------------------------------------------------


def test_writes_follow_each_other_and_seeks() -> None:
    file = place(3, f"{HOME}/қ")
    found = read(
        opened(3, f"{HOME}/қ", "O_WRONLY|O_CREAT|O_TRUNC"),
        f'7  write({file}, "{spelled("ab")}", 2) = 2',
        f'7  write({file}, "{spelled("cd")}", 2) = 1',
        f"7  lseek({file}, 0, SEEK_SET) = 0",
        f'7  pwrite64({file}, "{spelled("e")}", 1, 9) = 1',
        f'7  writev({file}, [{{iov_base="{spelled("f")}", iov_len=1}}], 1) = 1',
        f"7  fsync({file}) = 0",
    )
    assert found == [
        Make("қ", is_folder=False),
        Truncate("қ", 0),
        Write("қ", 0, b"ab"),
        Write("қ", 2, b"c"),
        Write("қ", 9, b"e"),
        Write("қ", 0, b"f"),
        Sync("қ"),
    ]


def test_a_renamed_file_is_written_on_under_its_new_name() -> None:
    found = read(
        opened(3, f"{HOME}/f/a", "O_WRONLY|O_CREAT"),
        f'7  write({place(3, f"{HOME}/f/a")}, "{spelled("ab")}", 2) = 2',
        f'7  rename("{spelled(f"{HOME}/f")}", "{spelled(f"{HOME}/g")}") = 0',
        f'7  write({place(3, f"{HOME}/g/a")}, "{spelled("c")}", 1) = 1',
    )
    assert found[2:] == [Rename("f", "g"), Write("g/a", 2, b"c")]


def test_halves_of_a_call_are_put_together_where_it_came_back() -> None:
    found = read(
        f'7  mkdir("{spelled(f"{HOME}/a")}", 0777 <unfinished ...>',
        f"8  fsync({place(4, str(HOME))}) = 0",
        "7  <... mkdir resumed>) = 0",
    )
    assert found == [Sync(""), Make("a", is_folder=True)]


def test_names_below_an_open_folder_are_found() -> None:
    found = read(f'7  unlinkat({place(4, f"{HOME}/f")}, "{spelled("a")}", 0) = 0')
    assert found == [Remove("f/a")]


def test_bytes_that_the_kernel_copies_are_noted_with_their_places() -> None:
    found = read(
        opened(3, "/elsewhere/a", "O_RDONLY"),
        opened(4, f"{HOME}/b", "O_WRONLY|O_CREAT"),
        f"7  sendfile({place(4, f'{HOME}/b')}, {place(3, '/elsewhere/a')}, [2] => [5], 9) = 3",
    )
    assert found[1:] == [Copy("b", 0, "/elsewhere/a", 2, 3)]


def test_failed_calls_other_places_and_shared_memory_do_nothing() -> None:
    gone = place(3, f"{HOME}/a")
    assert not read(
        f'7  mkdir("{spelled(f"{HOME}/a")}", 0777) = -1 EEXIST (File exists)',
        f'7  mkdir("{spelled("/home/librarian")}", 0777) = 0',
        f'7  write({gone}(deleted), "{spelled("x")}", 1) = 1',
        opened(5, f"{HOME}/catalog.sqlite3-shm", "O_RDWR|O_CREAT"),
        "7  +++ exited with 0 +++",
    )


@pytest.mark.parametrize(
    "call",
    [
        f"fallocate({place(3, f'{HOME}/a')}, 0, 0, 9) = 0",
        f'symlink("{spelled("/x")}", "{spelled(f"{HOME}/a")}") = 0',
        f"mmap(NULL, 9, PROT_READ|PROT_WRITE, MAP_SHARED, {place(3, f'{HOME}/a')}, 0) = 0x7f00",
        f"ioctl({place(3, f'{HOME}/a')}, FICLONE, {place(4, '/x')}) = 0",
        f'rename("{spelled("/x")}", "{spelled(f"{HOME}/a")}") = 0',
        f'mkdir("{spelled("a")}", 0777) = 0',
        f'write({place(3, f"{HOME}/a")}, "{spelled("x")}", 1) = 1',
    ],
)
def test_what_the_model_does_not_know_fails_loudly(call: str) -> None:
    with pytest.raises(RecordingError):
        read(f"7  {call}")


def test_lines_for_the_user_are_acknowledgements() -> None:
    file = place(3, f"{HOME}/acks")
    found = read(
        opened(3, f"{HOME}/acks", "O_WRONLY|O_CREAT|O_APPEND"),
        f'7  write({file}, "{spelled("one")}\\x0a", 4) = 4',
    )
    assert found == [Ack("one")]
