"""A program that says that it is Tesseract, and behaves as it is told to, page by page.

``install`` writes it into a folder that stands first on PATH. What it does to a page follows from
the width of the image that it is given, so that one batch can hold every kind of behaviour. Every
call is logged as a line ``width pid seconds``, so that calls can be counted and the dead found.
"""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from digitize.recognition.tesseract import MARGIN

WORDS = ("Қарағанды", "облысының", "өлкетану", "мұражайы")
_PROGRAM = '''\
#!{python} -IS
import os, signal, sys, time
from pathlib import Path

HERE = Path({folder!r})
RULES = {rules!r}
WORDS = {words!r}


def note(name, text):
    number = os.open(HERE / name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.write(number, (text + "\\n").encode())
    os.close(number)


def daemon():
    """Leave behind, in a session of its own, a process that no signal to a group can reach."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            note("pids", str(os.getpid()))
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            for number in (0, 1, 2):
                os.close(number)
            time.sleep(600)
        os._exit(0)


def hocr(width, height):
    spans, step = [], width // (len(WORDS) + 1)
    for place, word in enumerate(WORDS):
        box = f"{{place * step + 2}} 10 {{(place + 1) * step}} {{height - 10}}"
        spans.append(f"<span class='ocrx_word' title='bbox {{box}}; x_wconf 95'>{{word}}</span>")
    whole = f"bbox 2 10 {{width - 2}} {{height - 10}}"
    return (
        "<html xmlns='http://www.w3.org/1999/xhtml'><body><div class='ocr_page'>"
        f"<div class='ocr_carea' title='{{whole}}'><p class='ocr_par' title='{{whole}}'>"
        f"<span class='ocr_line' title='{{whole}}; baseline 0 0'>{{' '.join(spans)}}</span>"
        "</p></div></div></body></html>"
    )


def eat(megabytes):
    """Take so much address space; what is in it is nobody's matter, and takes its time."""
    hoard = []
    for _ in range(megabytes // 16):
        hoard.append(bytearray(16 << 20))
    return hoard


def note_peak():
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmPeak:"):
            note("peaks", line.split()[1])


def behave(how, output):
    """Do as told; return when a good answer is to follow."""
    if how == "sleep":
        time.sleep(600)
    elif how == "ignore-term":
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        time.sleep(600)
    elif how == "fork-and-sleep":
        for _ in range(3):
            if os.fork() == 0:
                note("pids", str(os.getpid()))
                break
        time.sleep(600)
    elif how == "daemon-and-sleep":
        daemon()
        time.sleep(600)
    elif how == "daemon-and-fail":
        daemon()
        sys.exit(1)
    elif how == "daemon-and-answer":
        daemon()
    elif how == "close-pipes":
        for number in (0, 1, 2):
            os.close(number)
        time.sleep(600)
    elif how == "eat-memory":
        try:
            eat(64 << 10)
        except MemoryError:
            note_peak()
            os.write(2, b"terminate called after throwing an instance of 'std::bad_alloc'\\n")
            os.abort()
    elif how == "write-nothing":
        sys.exit(0)
    elif how == "write-garbage":
        output.write_bytes(bytes(range(256)) * 40)
        sys.exit(0)
    elif how == "write-wrong-boxes":
        text = hocr(300, 100).replace("bbox 2 10", "bbox 1e308 nan").encode()
        output.write_bytes(text)
        sys.exit(0)
    elif how == "write-two-gigabytes":
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # as in a program in C
        with output.open("wb") as stream:
            stream.seek(2047 << 20)
            stream.write(b"x" * (1 << 20))
        sys.exit(0)
    elif how == "fail":
        sys.exit(1)
    elif how == "segfault":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif how == "flood-stderr":
        for _ in range(32):
            os.write(2, b"\\xff a complaint " * 65536)


def main():
    if sys.argv[1] == "--version":
        print("tesseract 5.3.0")
        return
    if sys.argv[1] == "--list-langs":
        print(f'List of available languages in "{{HERE}}/" (3):')
        return
    if "0" in sys.argv[sys.argv.index("--psm"):][1:2]:
        sys.exit(1)  # asked how the page lies: too little text to tell
    image, output = Path(sys.argv[1]), Path(sys.argv[2] + ".hocr")
    with image.open("rb") as stream:
        head = stream.read(26)  # of a bitmap: its width and height stand last
    sides = (int.from_bytes(head[at : at + 4], "little", signed=True) for at in (18, 22))
    width, height = (abs(side) - 2 * {margin} for side in sides)
    note("calls", f"{{width}} {{os.getpid()}} {{time.monotonic():.3f}}")
    note("pids", str(os.getpid()))
    behave(RULES.get(width, "well"), output)
    output.write_text(hocr(width, height), encoding="utf-8")


main()
'''


@dataclass(frozen=True, slots=True)
class Engine:
    """An installed program: its folder, with the logs that it keeps."""

    folder: Path

    @property
    def path(self) -> str:
        """PATH with the program first."""
        return f"{self.folder}{os.pathsep}{os.environ['PATH']}"

    def calls(self) -> list[tuple[int, int, float]]:
        """Width of the page, process id and time (steady clock, s) of every recognition."""
        log = self.folder / "calls"
        lines = log.read_text().splitlines() if log.exists() else []
        return [(int(w), int(p), float(t)) for w, p, t in (line.split() for line in lines)]

    def pids(self) -> list[int]:
        """Every process that the program was or began."""
        return self._noted("pids")

    def peaks(self) -> list[int]:
        """How much address space (kB) each process held that was refused more."""
        return self._noted("peaks")

    def lives(self, pid: int) -> bool:
        """Whether this process of the program is alive; another may have its number by now."""
        try:
            told = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return False
        return str(self.folder).encode() in told  # empty where it is dead and waited for

    def _noted(self, name: str) -> list[int]:
        log = self.folder / name
        return [int(line) for line in log.read_text().split()] if log.exists() else []


def install(folder: Path, rules: Mapping[int, str]) -> Engine:
    """Write the program and its empty models; ``rules``: width of a page to behaviour.

    A page of half the width (the second try) is treated as the whole one.
    """
    folder.mkdir(parents=True)
    for name in ("kaz", "rus", "osd"):
        (folder / f"{name}.traineddata").write_bytes(name.encode())
    both = {**rules, **{width // 2: how for width, how in rules.items()}}
    program = folder / "tesseract"
    program.write_text(
        _PROGRAM.format(
            python=sys.executable, folder=str(folder), rules=both, words=WORDS, margin=MARGIN
        ),
        encoding="utf-8",
    )
    program.chmod(0o755)
    return Engine(folder)


def page(path: Path, width: int) -> None:
    """A small grey page of that width in pixels, with something dark from edge to edge.

    What is blank at the sides is not shown to the recogniser, which tells pages by their width.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.new("L", (width, 200), 245)
    image.paste(30, (0, 40, width, 60))
    image.paste(30, (0, 120, width, 140))
    image.save(path, dpi=(300, 300))


def set_options(home: Path, **options: int | str) -> None:
    """Write ``[ocr]`` options into the settings of a home."""
    settings = home / "olketanu.toml"
    lines = settings.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line.split(" ")[0] not in options]
    place = kept.index("[ocr]") + 1
    kept[place:place] = [f"{name} = {json.dumps(value)}" for name, value in options.items()]
    settings.write_text("\n".join(kept) + "\n", encoding="utf-8")
