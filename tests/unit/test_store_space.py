"""The disk under a home: free space, and which file system it is."""

import os
from pathlib import Path

import pytest

from olketanu.errors import CannotWriteError, ExitCode
from store.disk import space
from store.disk.space import (
    MEGA,
    Disk,
    Mount,
    find_disk,
    find_mount,
    is_nearly_full,
    is_same_disk,
    mount_of,
    require_free,
    space_of,
)

TABLE = r"""
21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
22 21 0:20 / /proc rw,nosuid - proc proc rw
23 21 0:41 / /srv rw,relatime shared:7 - nfs4 server:/export rw,vers=4.2
24 21 8:17 / /media/flash\040disk rw,nosuid - vfat /dev/sdb1 rw
25 21 8:33 / /old rw - ext4 /dev/sdc1 rw
26 25 8:49 / /old ro,relatime - xfs /dev/sdd1 rw
27 21 8:50 / /worn rw,relatime - ext4 /dev/sde1 ro,errors=remount-ro
torn line
"""


@pytest.mark.parametrize(
    ("path", "mount"),
    [
        ("/home/library", Mount("/", "ext4", read_only=False)),
        ("/srv/olketanu/home", Mount("/srv", "nfs4", read_only=False)),
        ("/srv", Mount("/srv", "nfs4", read_only=False)),
        ("/srvother/home", Mount("/", "ext4", read_only=False)),
        ("/media/flash disk/home", Mount("/media/flash disk", "vfat", read_only=False)),
        ("/old/home", Mount("/old", "xfs", read_only=True)),
        ("/worn/home", Mount("/worn", "ext4", read_only=True)),
    ],
)
def test_a_path_lies_on_the_longest_and_topmost_mount_above_it(path: str, mount: Mount) -> None:
    assert find_mount(TABLE, Path(path)) == mount


def test_no_mount_is_found_where_the_table_says_nothing() -> None:
    assert find_mount("", Path("/home")) is None


@pytest.mark.skipif(not Path("/proc/self/mountinfo").exists(), reason="no table of mounts here")
def test_this_machine_tells_where_a_folder_lies(tmp_path: Path) -> None:
    assert mount_of(Path("/proc/self")) == Mount("/proc", "proc", read_only=False)
    found = mount_of(tmp_path)
    assert found is not None
    assert Path(found.point).stat().st_dev == tmp_path.stat().st_dev


def device(folder: Path, number: str, place: str, *, removable: str, partition: bool) -> None:
    """Lay out a disk, or a partition of one, as the kernel shows it."""
    found = folder / "devices" / place
    found.mkdir(parents=True)
    whole = found.parent if partition else found
    (whole / "removable").write_text(f"{removable}\n")
    if partition:
        (found / "partition").write_text("1\n")
    (folder / "block").mkdir(exist_ok=True)
    (folder / "block" / number).symlink_to(found)


def test_a_partition_leads_to_its_disk_and_outer_disks_are_known(tmp_path: Path) -> None:
    device(tmp_path, "8:1", "pci0/ata1/sda/sda1", removable="0", partition=True)
    device(tmp_path, "259:0", "pci0/nvme/nvme0n1", removable="0", partition=False)
    device(tmp_path, "8:17", "pci0/usb2/sdb/sdb1", removable="0", partition=True)
    device(tmp_path, "179:1", "mmc0/mmcblk0/mmcblk0p1", removable="1", partition=True)
    numbers = [(8, 1), (259, 0), (8, 17), (179, 1), (0, 44)]
    found = [find_disk(tmp_path / "block", os.makedev(*number)) for number in numbers]
    assert found == [
        Disk("sda", removable=False),
        Disk("nvme0n1", removable=False),
        Disk("sdb", removable=True),
        Disk("mmcblk0", removable=True),
        None,
    ]


def test_two_partitions_of_one_disk_are_one_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert is_same_disk(tmp_path, tmp_path.parent)
    assert not is_same_disk(tmp_path, Path("/proc"))
    monkeypatch.setattr(space, "disk_of", lambda _: Disk("sda", removable=False))
    assert is_same_disk(tmp_path, Path("/proc"))


def test_a_disk_with_less_than_the_wanted_megabytes_is_refused_in_time(tmp_path: Path) -> None:
    free = space_of(tmp_path).free // MEGA
    require_free(tmp_path, 0)
    assert not is_nearly_full(tmp_path, 0)
    assert is_nearly_full(tmp_path, free + 1_000_000)
    with pytest.raises(CannotWriteError) as caught:
        require_free(tmp_path, free + 1_000_000)
    assert caught.value.key == "error.disk-nearly-full"
    assert caught.value.facts["wanted"] == free + 1_000_000
    assert caught.value.facts["path"] == str(tmp_path)
    assert abs(int(str(caught.value.facts["free"])) - free) < 50_000  # others write here too
    assert caught.value.exit_code == ExitCode.CANNOT_WRITE
