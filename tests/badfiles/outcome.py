"""What a batch came to, taken in by a process of its own, under strace where that is allowed."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SECONDS = 300
_STARTED = re.compile(r'execve\("([^"]+)"')


@dataclass(frozen=True)
class Outcome:
    """``told`` is what the process printed; ``started`` is None where it could not be traced."""

    told: dict[str, Any]
    stderr: str
    started: frozenset[str] | None
    out: Path

    def source(self, name: str) -> dict[str, Any]:
        (found,) = [one for one in self.told["sources"] if one["name"] == name]
        return dict(found)

    def document(self, name: str) -> dict[str, Any]:
        return dict(self.told["documents"][self.source(name)["document"]])

    def folder(self, name: str) -> Path:
        """Where the document's files were assembled."""
        return self.out / str(self.source(name)["document"])


@cache
def strace_lacks() -> str:
    """Why nothing can be traced here; empty when it can."""
    strace = shutil.which("strace")
    if strace is None:
        return "strace is not installed"
    done = subprocess.run([strace, "-f", "-qq", "true"], capture_output=True, check=False)
    return "" if done.returncode == 0 else "this machine does not permit strace"


def take_in(
    home: Path, batch: Path, out: Path | None = None, through: tuple[str, ...] = ()
) -> Outcome:
    """Take the batch in; ``through`` another program only without a trace."""
    log = home.with_name(f"{home.name}.strace")
    command = [sys.executable, "-m", "tests.badfiles.take_in", str(home), str(batch)]
    if out is not None:
        command.append(str(out))
    traced = not through and not strace_lacks()
    if traced:
        trace = ["strace", "-f", "-qq", "--seccomp-bpf", "-e", "trace=execve", "-o", str(log)]
        command = [*trace, *command]
    settings = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [os.fsencode(part) for part in (*through, *command)],
        cwd=ROOT,
        env=settings,
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    stderr = done.stderr.decode("utf-8", "replace")
    assert done.returncode == 0, stderr
    started = None
    if traced:
        started = frozenset(_STARTED.findall(log.read_text("utf-8", "replace")))
    return Outcome(json.loads(done.stdout), stderr, started, out or home)


def listing(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file below a folder with its size and time of change."""
    return {
        str(path.relative_to(folder)): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
