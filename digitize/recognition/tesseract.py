"""Recognition by the Tesseract program, the only module that starts it.

One pass over the page, and the answer is read as hOCR (``digitize.recognition.hocr``).
"""

import hashlib
import os
import re
import shutil
import signal
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from digitize.recognition.hocr import placed, read_pages
from digitize.recognition.profiles import Profile
from digitize.recognition.question import ask
from digitize.recognition.recognise import EngineIdentity
from digitize.work.limits import small_files
from olketanu.errors import MissingToolError
from pages.text import Region, Word

if TYPE_CHECKING:
    from digitize.recognition.image import Grey

PROGRAM = "tesseract"
OSD_MODEL = "osd"
OSD_CONFIDENCE = 1.0  # below this Tesseract's orientation is a guess
LARGEST_ANSWER_MB = 64  # of hOCR: some 250,000 words, a full newspaper page has 10,000
MARGIN = 20  # pixels of white put around: print at the very edge is misread (measured)
BLANK = 225  # of a normalised page: brighter is no print; palest ink is darker somewhere
LINE_MODE = 7  # page segmentation mode: the image is one line
_PACKAGES = {"Cyrillic": "script-cyrl", "Latin": "script-latn", "Arabic": "script-arab"}


class Tesseract:
    """The recogniser ``tesseract`` (see ``recognise.Recogniser``); it holds no state."""

    def identity(self, profile: Profile) -> EngineIdentity:
        """Version and model hashes; MissingToolError when the program or a model is missing."""
        return EngineIdentity(PROGRAM, _version(_program()), models_of(profile))

    def recognise(self, image: "Grey", profile: Profile, dpi: int) -> tuple[Region, ...]:
        """See ``Recogniser``; RuntimeError when the program fails or answers what is no hOCR.

        MemoryError when it has too little memory.
        """
        shown, corner = print_of(image)
        with _image_file(shown) as path:
            (regions,) = _read(path, profile, profile.psm, dpi, 1)
        height, width = image.shape
        return placed(regions, corner, width, height)

    def recognise_lines(
        self, images: Sequence["Grey"], profile: Profile, dpi: int
    ) -> list[tuple[Word, ...]]:
        """See ``Recogniser``; one start of the program for all. Errors as of ``recognise``."""
        if not images:
            return []
        with ExitStack() as stack:
            paths = [stack.enter_context(_image_file(with_margin(image))) for image in images]
            listing = stack.enter_context(tempfile.NamedTemporaryFile("w", suffix=".txt"))
            listing.write("\n".join(paths) + "\n")
            listing.flush()
            pages = _read(listing.name, profile, LINE_MODE, dpi, len(images))
        return [words_within(page, image) for page, image in zip(pages, images, strict=True)]

    def quarter_turns(self, image: "Grey") -> int:
        """See ``Recogniser``; 0 also where there is too little text to tell."""
        import pytesseract

        model_file(OSD_MODEL)
        with _image_file(image) as path:
            try:
                with small_files(LARGEST_ANSWER_MB):
                    found = pytesseract.image_to_osd(path, output_type=pytesseract.Output.DICT)
                sure, turn = float(found["orientation_conf"]), float(found["rotate"])
            except (pytesseract.TesseractError, FileNotFoundError, KeyError, ValueError):
                return 0  # the program's answer to "too few characters" is to fail
        return round(turn / 90) % 4 if sure >= OSD_CONFIDENCE else 0


def with_margin(image: "Grey") -> "Grey":
    """The image with MARGIN white pixels around it; RuntimeError when it has no pixels."""
    import numpy as np

    if not image.size:
        raise RuntimeError("an image without pixels")
    return np.pad(image, MARGIN, constant_values=255)


def print_of(image: "Grey") -> tuple["Grey", tuple[int, int]]:
    """What a page bears with MARGIN white pixels around it, and where that begins in the image.

    Blank margins are a third of a page, and are searched for print like the rest. RuntimeError
    when the image has no pixels.
    """
    import numpy as np

    if not image.size:
        raise RuntimeError("an image without pixels")
    rows, columns = (np.flatnonzero(image.min(axis=axis) < BLANK) for axis in (1, 0))
    if not len(rows):
        return with_margin(image), (-MARGIN, -MARGIN)
    left, top = int(columns[0]), int(rows[0])
    part = image[top : int(rows[-1]) + 1, left : int(columns[-1]) + 1]
    return with_margin(part), (left - MARGIN, top - MARGIN)


def words_within(regions: tuple[Region, ...], image: "Grey") -> tuple[Word, ...]:
    """All words that were read in an image of one line with its margin, in its own pixels."""
    height, width = image.shape
    inside = placed(regions, (-MARGIN, -MARGIN), width, height)
    return tuple(word for region in inside for line in region.lines for word in line.words)


def _read(path: str, profile: Profile, psm: int, dpi: int, count: int) -> list[tuple[Region, ...]]:
    """The regions of ``count`` images: that of the path, or those that it lists."""
    config = (
        f"--psm {psm} --dpi {dpi} -c thresholding_method={profile.threshold} -c hocr_font_info=0"
    )
    pages = read_pages(_run_hocr(path, model_names(profile), config), PROGRAM)
    if len(pages) != count:
        raise RuntimeError(f"{PROGRAM} answered with {len(pages)} pages of {count}")
    return pages


def _run_hocr(path: str, languages: str, config: str) -> bytes:
    import pytesseract

    os.environ["OMP_THREAD_LIMIT"] = "1"  # its threads cost three times the CPU and gain nothing
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

    Tesseract reads a file. A bitmap costs no compression, unlike pytesseract's own PNG, and is read
    whole: of a PGM it reads every pixel by a call, which took a tenth of the time of a page.
    """
    from PIL import Image

    with tempfile.NamedTemporaryFile(prefix="page_", suffix=".bmp") as file:
        Image.fromarray(image).save(file, "BMP")
        file.flush()
        yield file.name


def _program() -> str:
    found = shutil.which(PROGRAM)
    if found is None:
        raise MissingToolError("error.missing-tesseract", program=PROGRAM)
    return found


def models_of(profile: Profile) -> tuple[tuple[str, str], ...]:
    """Name and SHA-256 of the profile's models; MissingToolError when one is not installed."""
    return tuple((name, _sha256(model_file(name))) for name in _languages(profile))


def model_names(profile: Profile) -> str:
    """The profile's models as Tesseract's ``-l`` calls them, looked for in ``model_folder``.

    A script's model has its folder before its name only where that is there.
    """
    return "+".join(_model_name(name) for name in _languages(profile))


def _languages(profile: Profile) -> list[str]:
    return profile.languages.split("+") if profile.languages else []


def model_folder() -> Path:
    """The folder in which the program looks for its models."""
    return _model_folder(_program(), os.environ.get("TESSDATA_PREFIX", ""))


def model_file(name: str) -> Path:
    """The file of a model; MissingToolError when it is not installed.

    Some systems keep ``script/Cyrillic`` in a folder of its own, Debian 12 beside the languages.
    """
    folder = model_folder()
    for candidate in (name, name.rpartition("/")[2]):
        path = folder / f"{candidate}.traineddata"
        if path.is_file():
            return path
    stem = name.rpartition("/")[2]
    package = f"tesseract-ocr-{_PACKAGES.get(stem, stem).replace('_', '-')}"
    raise MissingToolError("error.missing-model", language=name, package=package)


def _model_name(name: str) -> str:
    stem = name.rpartition("/")[2]
    return name if model_file(name).parent.name == name.partition("/")[0] else stem


@cache
def _version(program: str) -> str:
    """What stands behind the name in the first line; MissingToolError for another program's."""
    found = re.match(rf"{PROGRAM} v?(\d[\w.+-]*)", _said(program, "--version"))
    if found is None:
        raise MissingToolError("error.missing-tesseract", program=program)
    return found[1]


@cache
def _model_folder(program: str, prefix: str) -> Path:
    """Where the program finds its models, as it says itself; else TESSDATA_PREFIX."""
    quoted = re.search(r'"([^"]+)"', _said(program, "--list-langs").partition("\n")[0])
    return Path(quoted[1] if quoted else prefix)


def _said(program: str, question: str) -> str:
    try:
        return ask((program, question))
    except OSError as error:
        raise MissingToolError("error.missing-tesseract", program=program) from error


@cache
def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
