"""Every disk that a kill or a power cut could leave behind, out of the operations of some work.

After each operation the disk is looked at in four ways:

``kill``       the process is gone, the system lives: all that was written is there;
``strict``     the power is gone: only synced bytes, only names whose folder was synced;
``names``      the power is gone: all names, but unsynced bytes are lost (the empty file);
``reordered``  the power is gone: all names, and of each file's unsynced writes only the last.

A write is also cut in its middle for ``kill``. No hole is made in what was synced: a disk that lies
about syncing is beyond every program.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

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
)

MODELS = ("kill", "strict", "names", "reordered")
Disk = Mapping[str, bytes | None]
"""Path below the folder to content; None for a folder."""


@dataclass(frozen=True, slots=True)
class State:
    """One disk: ``after`` how many operations, and what had been acknowledged by then."""

    after: int
    acks: tuple[str, ...]
    disk: Disk


@dataclass(slots=True, eq=False)
class _File:
    """Bytes as written and as synced; ``pending`` are the changes since the last sync."""

    now: bytes = b""
    kept: bytes = b""
    pending: list[Write | Truncate] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class _Folder:
    """Names as they are and as they were at the last sync."""

    now: dict[str, "_File | _Folder"] = field(default_factory=dict)
    kept: dict[str, "_File | _Folder"] = field(default_factory=dict)


def snapshot(folder: Path, leave_out: Iterable[str] = ()) -> dict[str, bytes | None]:
    """Return the disk below ``folder`` as it is; SQLite's shared memory makes itself anew."""
    unwanted = set(leave_out)
    found: dict[str, bytes | None] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name not in unwanted and not name.endswith("-shm"):
            found[name] = None if path.is_dir() else path.read_bytes()
    return found


def explore(before: Disk, operations: Iterable[Operation], model: str) -> Iterator[State]:
    """Yield the state before the first operation and after each; ``before`` is all synced.

    Acknowledgements and operations without effect are no states of their own.
    """
    root = _tree(before)
    acks: list[str] = []
    yield State(0, (), before)
    for number, operation in enumerate(operations, start=1):
        if isinstance(operation, Ack):
            acks.append(operation.line)
        elif model == "kill" and isinstance(operation, Write) and len(operation.data) > 1:
            half = operation.data[: len(operation.data) // 2]
            _apply(root, Write(operation.path, operation.offset, half))
            yield State(number, tuple(acks), _seen(root, model))
            if operation.offset is None:  # the second half follows the first
                operation = Write(operation.path, None, operation.data[len(half) :])
        if _apply(root, operation) or isinstance(operation, Ack):
            yield State(number, tuple(acks), _seen(root, model))


def replay(before: Disk, operations: Iterable[Operation]) -> Disk:
    """Return the disk after all operations."""
    root = _tree(before)
    for operation in operations:
        _apply(root, operation)
    return _seen(root, "kill")


def lay_out(disk: Disk, folder: Path) -> None:
    """Make an empty ``folder`` look like the disk."""
    for name in sorted(disk):
        content = disk[name]
        if content is None:
            (folder / name).mkdir()
        else:
            (folder / name).write_bytes(content)


def _tree(disk: Disk) -> _Folder:
    root = _Folder()
    for name in sorted(disk):
        content = disk[name]
        node = _Folder() if content is None else _File(content, content)
        parent = _folder(root, name)
        parent.now[_last(name)] = parent.kept[_last(name)] = node
    return root


def _apply(root: _Folder, operation: Operation) -> bool:
    """Do one operation; return False when it changes nothing."""
    match operation:
        case Make(path, is_folder):
            if _last(path) in _folder(root, path).now:
                return False
            _folder(root, path).now[_last(path)] = _Folder() if is_folder else _File()
        case Write(path, offset, data):
            file = _file(root, path)
            _change(file, Write(path, len(file.now) if offset is None else offset, data))
        case Copy(path, offset, source, start, length):
            _change(_file(root, path), Write(path, offset, _source(root, source)[start:][:length]))
        case Truncate(path, size):
            if len(_file(root, path).now) == size:
                return False
            _change(_file(root, path), operation)
        case Sync(path):
            return _sync(_node(root, path))
        case _:
            return _rename(root, operation)
    return True


def _rename(root: _Folder, operation: Operation) -> bool:
    match operation:
        case Rename(old, new):
            _folder(root, new).now[_last(new)] = _folder(root, old).now.pop(_last(old))
        case Link(old, new):
            _folder(root, new).now[_last(new)] = _file(root, old)
        case Remove(path):
            del _folder(root, path).now[_last(path)]
        case _:
            return False
    return True


def _change(file: _File, change: Write | Truncate) -> None:
    file.now = _changed(file.now, change)
    file.pending.append(change)


def _changed(data: bytes, change: Write | Truncate) -> bytes:
    if isinstance(change, Truncate):
        return data[: change.size].ljust(change.size, b"\0")
    offset = change.offset or 0
    return data[:offset].ljust(offset, b"\0") + change.data + data[offset + len(change.data) :]


def _sync(node: "_File | _Folder") -> bool:
    if isinstance(node, _Folder):
        changed = node.kept != node.now
        node.kept = dict(node.now)
        return changed
    changed = bool(node.pending)
    node.kept, node.pending = node.now, []
    return changed


def _seen(root: _Folder, model: str) -> Disk:
    found: dict[str, bytes | None] = {}
    _walk(root, "", model, found)
    return found


def _walk(folder: _Folder, prefix: str, model: str, found: dict[str, bytes | None]) -> None:
    for name, node in (folder.kept if model == "strict" else folder.now).items():
        if isinstance(node, _Folder):
            found[f"{prefix}{name}"] = None
            _walk(node, f"{prefix}{name}/", model, found)
        else:
            found[f"{prefix}{name}"] = _content(node, model)


def _content(file: _File, model: str) -> bytes:
    if model == "kill":
        return file.now
    if model == "reordered" and file.pending:
        return _changed(file.kept, file.pending[-1])
    return file.kept


def _node(root: _Folder, path: str) -> "_File | _Folder":
    node: _File | _Folder = root
    for part in PurePosixPath(path).parts:
        if not isinstance(node, _Folder) or part not in node.now:
            raise RecordingError(f"{path} is not there")
        node = node.now[part]
    return node


def _file(root: _Folder, path: str) -> _File:
    node = _node(root, path)
    if isinstance(node, _Folder):
        raise RecordingError(f"{path} is a folder")
    return node


def _folder(root: _Folder, path: str) -> _Folder:
    """The folder in which ``path`` is a name."""
    node = _node(root, str(PurePosixPath(path).parent))
    if not isinstance(node, _Folder):
        raise RecordingError(f"{path} is below a file")
    return node


def _last(path: str) -> str:
    return PurePosixPath(path).name


def _source(root: _Folder, path: str) -> bytes:
    return Path(path).read_bytes() if path.startswith("/") else _file(root, path).now
