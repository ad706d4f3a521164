"""Thin a backup folder out: older snapshots, then the files that no snapshot names any more."""

from workflow.backup.snapshots import (
    CATALOGUE,
    BackupFolder,
    Snapshot,
    list_snapshots,
    remove_file,
    remove_snapshot,
)


def superfluous(backup: BackupFolder, keep: int) -> list[Snapshot]:
    """Return the snapshots that are older than the newest ``keep`` whole ones."""
    snapshots = list_snapshots(backup)
    if len(snapshots) <= keep:
        return []
    whole = 0
    for place in range(len(snapshots), 0, -1):
        if whole >= keep:
            return snapshots[:place]
        whole += snapshots[place - 1].damage() is None
    return []


def thin_out(backup: BackupFolder, keep: int) -> tuple[tuple[str, ...], int]:
    """Remove what is superfluous; return the names of the snapshots and how many files went.

    Call while writing there. Raises CannotWriteError: not writable.
    """
    doomed = superfluous(backup, keep)
    for snapshot in doomed:
        remove_snapshot(snapshot.folder)
    return tuple(snapshot.name for snapshot in doomed), remove_unnamed(backup) if doomed else 0


def remove_unnamed(backup: BackupFolder) -> int:
    """Remove the files that no snapshot names; none where a listing cannot be trusted."""
    named: set[bytes] = set()
    for snapshot in list_snapshots(backup):
        if snapshot.damage() not in (None, CATALOGUE):
            return 0
        named |= {bytes.fromhex(entry.sha256) for entry in snapshot.entries()}
    unnamed = [path for path in backup.stored() if bytes.fromhex(path.name) not in named]
    for path in unnamed:
        remove_file(path)
    return len(unnamed)
