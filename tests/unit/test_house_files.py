"""Files beside the code: samples with a register, locks, packages of the wheel, line ends."""

import re
import shutil
import subprocess
from configparser import ConfigParser
from functools import cache
from pathlib import Path

import pytest

from tests.house import ROOMS, ROOT

SKIPPED = {".venv", ".git", ".hypothesis", "demo-library", "build", "dist", "own", "__pycache__"}
PICTURES = {".jpg", ".jpeg", ".jp2", ".png", ".tif", ".tiff", ".pdf"}
TEXTS = {"", ".py", ".cfg", ".toml", ".txt", ".md", ".sh", ".yml", ".yaml", ".in", ".ini"}
HOSTS = re.compile(
    r"pypi\.org|pythonhosted|--(extra-)?index-url|--find-links|--trusted-host", re.IGNORECASE
)


@cache
def files() -> tuple[Path, ...]:
    """Every file of the checkout that is, or could be, committed; paths from the root."""
    git = shutil.which("git")
    if git and (ROOT / ".git").exists():
        command = [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
        if done.returncode == 0:
            names = done.stdout.decode().split("\0")
            return tuple(Path(name) for name in names if name and (ROOT / name).is_file())
    return tuple(
        path.relative_to(ROOT)
        for path in ROOT.rglob("*")
        if path.is_file()
        and not any(
            part in SKIPPED or part.endswith(("_cache", ".egg-info")) for part in path.parts
        )
    )


def read(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


@cache
def config() -> ConfigParser:
    made = ConfigParser()
    made.read(ROOT / "setup.cfg", encoding="utf-8")
    return made


@pytest.mark.parametrize("folder", ["scans", "tests/data"])
def test_every_sample_file_is_listed_with_its_origin(folder: str) -> None:
    samples = [path for path in files() if path.is_relative_to(folder) and path.suffix in PICTURES]
    register = ROOT / folder / "README.md"
    if not samples:
        return
    listed = register.read_text(encoding="utf-8")
    missing = [
        str(path)
        for path in samples
        if f"`{path.name}`" not in listed
        and not (len(path.parts) > 3 and f"`{path.parent.name}/`" in listed)  # pages of a document
    ]
    assert not missing


def test_no_picture_lies_outside_the_registered_folders() -> None:
    wrong = [
        str(path)
        for path in files()
        if path.suffix in PICTURES
        and not path.is_relative_to("scans")
        and not path.is_relative_to("tests/data")
    ]
    assert not wrong


def test_the_samples_stay_small() -> None:
    size = sum((ROOT / path).stat().st_size for path in files() if path.is_relative_to("scans"))
    assert 0 < size < 8_000_000


def test_no_file_names_a_package_registry() -> None:
    allowed = {"tests/unit/test_house_files.py"}
    wrong = [
        str(path)
        for path in files()
        if path.as_posix() not in allowed and path.suffix in TEXTS and HOSTS.search(read(path))
    ]
    assert not wrong


def package_dir() -> dict[str, str]:
    rows = re.findall(r"^(\S+) = (\S+)$", config()["options"]["package_dir"], re.M)
    return dict(rows)


def test_every_room_is_packed_into_the_wheel() -> None:
    packed = set(package_dir().values()) - {"."}
    folders = {
        path.parent.as_posix()
        for path in files()
        if path.name == "__init__.py" and path.parts[0] in ROOMS
    }
    assert packed >= folders
    assert not {folder for folder in packed if not (ROOT / folder).is_dir()}
    listed = set(config()["options"]["packages"].split())
    assert listed == package_dir().keys()


def pins(name: str) -> dict[str, str]:
    """Package to its exact version in a lock file; every pin must carry a hash."""
    found = {}
    for block in re.split(r"\n(?=\S)", read(Path(name))):
        pin = re.match(r"([\w.-]+)==(\S+)", block)
        if pin:
            assert "--hash=sha256:" in block, f"{name}: {pin[1]} has no hash"
            found[pin[1].lower()] = pin[2]
    return found


def names(text: str) -> set[str]:
    return {name.lower() for name in re.findall(r"^([\w-]+)", text, re.M)}


def test_locks_pin_every_dependency_and_agree() -> None:
    base, full = pins("requirements.txt"), pins("requirements-dev.txt")
    assert names(config()["options"]["install_requires"]) <= base.keys()
    assert names(config()["options.extras_require"]["dev"]) <= full.keys()
    assert base.items() <= full.items()


def test_scripts_can_be_started_and_have_unix_line_ends() -> None:
    for name in ("run", "setup", "wheel"):
        script = ROOT / ".ci" / name
        assert script.stat().st_mode & 0o111
        assert b"\r" not in script.read_bytes()
