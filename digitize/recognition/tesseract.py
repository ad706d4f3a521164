"""Recognition by the Tesseract program, the only module that starts it.

One pass over the page. The answer is read as hOCR 1.2, the one output that has the words, their
confidence and the line's baseline together.
"""

import hashlib
import os
import re
import selectors
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from digitize.recognition.profiles import Profile
from digitize.recognition.recognise import EngineIdentity
from digitize.work.limits import small_files
from olketanu.errors import InputError, MissingToolError
from pages.text import Box, Line, Region, Word
from pages.xml import parse

if TYPE_CHECKING:
    from lxml import etree

    from digitize.recognition.image import Grey

PROGRAM = "tesseract"
OSD_MODEL = "osd"
OSD_CONFIDENCE = 1.0  # below this Tesseract's orientation is a guess
QUESTION_SECONDS = 30  # for --version and --list-langs
LONGEST_REPLY = 65536  # bytes of either stream of these that are read
LARGEST_ANSWER_MB = 64  # of hOCR: some 250,000 words, a full newspaper page has 10,000
_XHTML = "{http://www.w3.org/1999/xhtml}"
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_PACKAGES = {"script/Cyrillic": "script-cyrl", "Cyrillic": "script-cyrl"}


class Tesseract:
    """The recogniser ``tesseract`` (see ``recognise.Recogniser``); it holds no state."""

    def identity(self, profile: Profile) -> EngineIdentity:
        """Version and model hashes; MissingToolError when the program or a model is missing."""
        names = profile.languages.split("+")
        models = tuple((name, _sha256(_model_file(name))) for name in names)
        return EngineIdentity(PROGRAM, _version(_program()), models)

    def recognise(self, image: "Grey", profile: Profile, dpi: int) -> tuple[Region, ...]:
        """See ``Recogniser``; RuntimeError when the program fails or answers what is no hOCR.

        MemoryError when it has too little memory.
        """
        names = "+".join(_model_name(name) for name in profile.languages.split("+"))
        config = (
            f"--psm {profile.psm} --dpi {dpi} "
            f"-c thresholding_method={profile.threshold} -c hocr_font_info=0"
        )
        try:
            return parse_hocr(_run_hocr(image, names, config))
        except (InputError, ValueError, OverflowError) as error:  # says nothing against the page
            raise RuntimeError(f"{PROGRAM} answered with no hOCR: {error}") from error

    def quarter_turns(self, image: "Grey") -> int:
        """See ``Recogniser``; 0 also where there is too little text to tell."""
        import pytesseract

        _model_file(OSD_MODEL)
        with _image_file(image) as path:
            try:
                with small_files(LARGEST_ANSWER_MB):
                    found = pytesseract.image_to_osd(path, output_type=pytesseract.Output.DICT)
                sure, turn = float(found["orientation_conf"]), float(found["rotate"])
            except (pytesseract.TesseractError, FileNotFoundError, KeyError, ValueError):
                return 0  # the program's answer to "too few characters" is to fail
        return round(turn / 90) % 4 if sure >= OSD_CONFIDENCE else 0


def parse_hocr(data: bytes) -> tuple[Region, ...]:
    """Return the regions of hOCR in its order, boxes in pixels of the recognised image.

    Words without text or area are dropped, and so are lines and regions (pictures, rules) that are
    left empty. InputError when the text is not well-formed.
    """
    start = max(0, data.find(b"<html"))  # Tesseract's own DOCTYPE is not wanted
    root = parse(_CONTROLS.sub(b"", data[start:]), "hOCR")
    regions: list[Region] = []
    for block in root.iter(f"{_XHTML}div"):
        if block.get("class") == "ocr_carea" and (lines := _lines(block)):
            box = _bbox(block.get("title", ""))
            regions.append(Region(f"r{len(regions) + 1}", "text", box, lines))
    return tuple(regions)


def _lines(block: "etree._Element") -> tuple[Line, ...]:
    """Lines of an ``ocr_carea``: whatever stands right below its paragraphs."""
    lines = []
    for element in block.iterfind(f"{_XHTML}p/{_XHTML}span"):
        title = element.get("title", "")
        words = tuple(word for child in element if (word := _word(child)) is not None)
        if words:
            box = _bbox(title)
            lines.append(Line(box, _baseline(title, box), "und", "und", words))
    return tuple(lines)


def _word(element: "etree._Element") -> Word | None:
    text = "".join(str(part) for part in element.itertext()).strip()
    title = element.get("title", "")
    box = _bbox(title)
    if not text or box.width <= 0 or box.height <= 0:
        return None
    confidence = _numbers(title, "x_wconf")
    share = max(0.0, min(1.0, confidence[0] / 100)) if confidence else None
    return Word(text, text, box, share)


def _bbox(title: str) -> Box:
    numbers = _numbers(title, "bbox")
    if len(numbers) != 4:
        return Box(0, 0, 0, 0)
    left, top, right, bottom = map(round, numbers)
    return Box(left, top, right, bottom)


def _baseline(title: str, box: Box) -> tuple[int, int, int, int]:
    """``baseline`` of hOCR 1.2: slope and offset from the lower left corner of the line's box."""
    numbers = _numbers(title, "baseline")
    slope, offset = numbers if len(numbers) == 2 else (0.0, 0.0)
    start = box.bottom + offset
    return box.left, round(start), box.right, round(start + slope * box.width)


def _numbers(title: str, name: str) -> tuple[float, ...]:
    """The numbers of one property of an hOCR title; empty where it has none."""
    for part in title.split(";"):
        key, _, values = part.strip().partition(" ")
        if key == name:
            return tuple(float(value) for value in values.split())
    return ()


def _run_hocr(image: "Grey", languages: str, config: str) -> bytes:
    import pytesseract

    os.environ["OMP_THREAD_LIMIT"] = "1"  # its threads cost three times the CPU and gain nothing
    with _image_file(image) as path:
        try:
            with small_files(LARGEST_ANSWER_MB):
                answer = pytesseract.image_to_pdf_or_hocr(
                    path, lang=languages, config=config, extension="hocr"
                )
        except pytesseract.TesseractError as error:
            raise _failure(int(error.status), str(error.message)) from error
    return bytes(answer)


def _failure(status: int, message: str) -> Exception:
    """What the program's end means: no memory (the kernel's own kill is that too), or a failure."""
    if status == -signal.SIGKILL or "bad_alloc" in message or "allocate" in message:
        return MemoryError(message)
    return RuntimeError(f"{PROGRAM} ended with status {status}: {message[-500:]}")


@contextmanager
def _image_file(image: "Grey") -> Iterator[str]:
    """The path of an uncompressed copy of an image, while the block lasts.

    Tesseract reads a file; a grey bitmap costs no compression, unlike pytesseract's own PNG.
    """
    height, width = image.shape
    with tempfile.NamedTemporaryFile(prefix="page_", suffix=".pgm") as file:
        file.write(f"P5 {width} {height} 255\n".encode())
        file.write(image.tobytes())
        file.flush()
        yield file.name


def _program() -> str:
    found = shutil.which(PROGRAM)
    if found is None:
        raise MissingToolError("error.missing-tesseract", program=PROGRAM)
    return found


def _model_file(name: str) -> Path:
    """The file of a model; MissingToolError when it is not installed.

    Some systems keep ``script/Cyrillic`` in a folder of its own, Debian 12 beside the languages.
    """
    folder = _model_folder(_program(), os.environ.get("TESSDATA_PREFIX", ""))
    for candidate in (name, name.rpartition("/")[2]):
        path = folder / f"{candidate}.traineddata"
        if path.is_file():
            return path
    package = f"tesseract-ocr-{_PACKAGES.get(name, name)}"
    raise MissingToolError("error.missing-model", language=name, package=package)


def _model_name(name: str) -> str:
    """What the program's ``-l`` calls the model: with its folder only where that is there."""
    stem = name.rpartition("/")[2]
    return name if _model_file(name).parent.name == name.partition("/")[0] else stem


@cache
def _version(program: str) -> str:
    """What stands behind the name in the first line; MissingToolError for another program's."""
    found = re.match(rf"{PROGRAM} v?(\d[\w.+-]*)", _ask(program, "--version"))
    if found is None:
        raise MissingToolError("error.missing-tesseract", program=program)
    return found[1]


@cache
def _model_folder(program: str, prefix: str) -> Path:
    """Where the program finds its models, as it says itself; else TESSDATA_PREFIX."""
    quoted = re.search(r'"([^"]+)"', _ask(program, "--list-langs").partition("\n")[0])
    return Path(quoted[1] if quoted else prefix)


def _ask(program: str, question: str) -> str:
    """What the program says to a question, on stdout or else stderr; its group does not stay."""
    try:
        with subprocess.Popen(
            [program, question],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        ) as asked:
            try:
                said, complained = _replies(asked)
            finally:
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(asked.pid, signal.SIGKILL)  # not reaped yet: the number is its own
    except OSError as error:
        raise MissingToolError("error.missing-tesseract", program=program) from error
    return (said or complained).decode("utf-8", "replace")


def _replies(asked: "subprocess.Popen[bytes]") -> tuple[bytes, bytes]:
    """Both streams of the program to their end or LONGEST_REPLY; TimeoutError when it is late."""
    end = time.monotonic() + QUESTION_SECONDS
    streams = [stream for stream in (asked.stdout, asked.stderr) if stream is not None]
    replies = {stream.fileno(): b"" for stream in streams}
    with selectors.DefaultSelector() as ready:
        for stream in streams:
            ready.register(stream, selectors.EVENT_READ)
        while ready.get_map():
            answered = ready.select(max(0.0, end - time.monotonic()))
            if not answered:
                raise TimeoutError
            for key, _ in answered:
                piece = os.read(key.fd, LONGEST_REPLY)
                replies[key.fd] += piece
                if not piece or len(replies[key.fd]) > LONGEST_REPLY:
                    ready.unregister(key.fileobj)
    first, second = replies.values()
    return first, second


@cache
def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
