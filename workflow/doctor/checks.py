"""The checks of doctor: facts in, checks out; nothing is looked at here.

What each check means and when it appears stands in docs/reference/doctor.md.
"""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from olketanu.settings import Settings
from store.clock import FORMAT
from store.disk.space import MEGA
from workflow.doctor.facts import Place, Told

OK, WARNING, MISSING = "ok", "warning", "missing"
GIGA = 1024 * MEGA
LOW_DISK = 5 * GIGA
LOW_FILES = 10_000
"""Free names on the disk: about 3,000 pages at 3.25 files a page (the sample batch)."""

SHARES = frozenset(
    {"9p", "afs", "ceph", "cifs", "davfs", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "smb3"}
    | {
        "smbfs",
        "virtiofs",
        "vboxsf",
        "fuse.glusterfs",
        "fuse.rclone",
        "fuse.sshfs",
        "fuse.vmhgfs-fuse",
    }
)
"""File systems of other machines: locks and the shared memory of SQLite's log fail there."""
SIMPLE = frozenset({"exfat", "fat", "fuseblk", "hfs", "hfsplus", "msdos", "ntfs", "ntfs3", "vfat"})
"""File systems of sticks and of other systems: no journal, or no rights, links and locks."""
FLEETING = frozenset({"ramfs", "tmpfs"})


@dataclass(frozen=True, slots=True)
class Check:
    """``key`` names the message ``doctor.<key>``, with ``.hint`` for what to do.

    ``state`` is ok; warning: a risk; missing: the main job cannot be done until it is put right.
    """

    key: str
    state: str
    facts: Mapping[str, object] = field(default_factory=dict)


def place_checks(place: Place, settings: Settings) -> Iterator[Check]:
    """Rights, file system, names on the disk, memory and what dead runs left."""
    if place.blocked is not None:
        yield Check("not-writable", MISSING, {"path": place.blocked})
    yield from _file_system(place)
    if place.disk is not None and place.disk.removable:
        yield Check("removable-disk", WARNING, {"home": place.home, "disk": place.disk.name})
    if place.space.files is not None and place.space.files < LOW_FILES:
        yield Check("few-files", WARNING, {"files": place.space.files})
    yield from _memory(place, settings)
    if place.dead_runs and not place.live_runs:
        yield Check("dead-runs", WARNING, {"runs": place.dead_runs})


def disk_checks(place: Place, settings: Settings, needed: int) -> Iterator[Check]:
    """Free space against the floor of ``run.min_free_mb`` and what open work needs, in bytes."""
    free, floor = place.space.free, settings.run.min_free_mb * MEGA
    wanted = max(LOW_DISK, floor + needed)
    facts = {"free": _gigabytes(free), "home": place.home}
    if free < floor:
        yield Check("disk-full", MISSING, {**facts, "wanted": _gigabytes(floor)})
    elif free < wanted:
        yield Check("disk-low", WARNING, {**facts, "wanted": _gigabytes(wanted)})
    else:
        yield Check("disk", OK, facts)


def catalogue_checks(told: Told, place: Place, settings: Settings) -> Iterator[Check]:
    """Everything that a whole catalogue tells."""
    if told.newest is not None and told.now < told.newest:
        yield Check("clock", WARNING, {"now": told.now, "newest": told.newest})
    yield from _backup(told, settings)
    yield from _verify(told, settings)
    yield from _work(told, place)
    yield from _index(told)
    if told.sidecars_behind and not place.live_runs:
        yield Check("sidecars-behind", WARNING, {"changes": told.sidecars_behind})
    if told.documents and settings.site.url == type(settings.site)().url:
        yield Check("site-url", WARNING, {"url": settings.site.url})


def days_between(earlier: str, later: str) -> int:
    """Whole days from one time of the journal to another; never below 0."""
    begin = datetime.datetime.strptime(earlier, FORMAT).replace(tzinfo=datetime.UTC)
    end = datetime.datetime.strptime(later, FORMAT).replace(tzinfo=datetime.UTC)
    return max(0, (end - begin).days)


def _file_system(place: Place) -> Iterator[Check]:
    mount = place.mount
    if mount is None:
        return
    facts = {"home": place.home, "kind": mount.kind, "point": mount.point}
    for key, kinds in (("network-share", SHARES), ("simple-disk", SIMPLE), ("in-memory", FLEETING)):
        if mount.kind in kinds:
            yield Check(key, WARNING, facts)
    if mount.read_only:
        yield Check("read-only", MISSING, facts)


def _memory(place: Place, settings: Settings) -> Iterator[Check]:
    workers = settings.run.worker_count
    wanted = workers * settings.ocr.memory
    if place.memory is not None and place.memory < wanted:
        facts = {"memory": place.memory, "wanted": wanted, "workers": workers}
        yield Check("memory", WARNING, facts)


def _backup(told: Told, settings: Settings) -> Iterator[Check]:
    backup = told.backup
    if backup is None:
        if told.unsaved is not None:
            yield Check("backup-none", WARNING, {"since": told.unsaved[:10]})
        return
    facts = {"time": backup.time[:10], "folder": backup.folder}
    days = days_between(told.unsaved, told.now) if told.unsaved is not None else 0
    if days > settings.backup.days:
        yield Check("backup-old", WARNING, {**facts, "days": days})
    else:
        yield Check("backup", OK, facts)
    if not backup.there:
        yield Check("backup-gone", WARNING, facts)
    elif backup.same_disk:
        yield Check("backup-same-disk", WARNING, facts)


def _verify(told: Told, settings: Settings) -> Iterator[Check]:
    bad = {state: number for state, number in told.fixity.items() if state != "ok" and number}
    if bad:
        counts = {
            state: told.fixity.get(state, 0) for state in ("damaged", "missing", "unexpected")
        }
        yield Check("files-bad", WARNING, counts)
    if told.verified is None:
        if told.documents:
            yield Check("verify-none", WARNING)
        return
    days = days_between(told.verified, told.now)
    facts = {"time": told.verified[:10], "days": days, "cycle": settings.verify.cycle}
    if days > settings.verify.cycle:
        yield Check("verify-old", WARNING, facts)
    else:
        yield Check("verify", OK, facts)


def _work(told: Told, place: Place) -> Iterator[Check]:
    if place.live_runs:
        yield Check("at-work", OK, {"runs": place.live_runs, "jobs": told.open_jobs})
    elif told.open_jobs:
        yield Check("unfinished", WARNING, {"jobs": told.open_jobs})
    if told.refused:
        yield Check("refused", WARNING, {"files": told.refused})


def _index(told: Told) -> Iterator[Check]:
    facts = {"behind": told.index_behind}
    if told.index == "stale":
        yield Check("index-stale", WARNING, facts)
    elif told.index_behind:
        yield Check(f"index-{told.index}", WARNING, facts)
    else:
        yield Check("index", OK)


def _gigabytes(size: int) -> str:
    return f"{size / GIGA:.1f}"
