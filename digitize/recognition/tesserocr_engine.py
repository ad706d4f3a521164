"""Recognition by tesserocr: Tesseract as a library of this process, which nothing else imports.

It spares the start of a program, two files and the loading of the models for every page. Only the
worker's child may recognise with it: a crash of the library is a crash of its process. What it is
asked outside (its version) is asked in a process of its own, with a limit of time.
"""

import os
import re
import sys
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from digitize.recognition.hocr import placed, read_pages
from digitize.recognition.profiles import Profile
from digitize.recognition.question import ask
from digitize.recognition.recognise import EngineIdentity
from digitize.recognition.tesseract import (
    LINE_MODE,
    OSD_CONFIDENCE,
    OSD_MODEL,
    model_file,
    model_folder,
    model_names,
    models_of,
    print_of,
    with_margin,
    words_within,
)
from olketanu.errors import MissingToolError
from pages.text import Region, Word

if TYPE_CHECKING:
    from digitize.recognition.image import Grey

NAME = "tesserocr"
_QUESTION = "import tesserocr as t; print('tesserocr', t.__version__, t.tesseract_version())"
_ANSWER = re.compile(r"tesserocr (\d[\w.+-]*) tesseract (\d[\w.+-]*)")
MOST_HELD = 2  # sets of models: a book has the profile of its text and that of its imprint
_XHTML = "http://www.w3.org/1999/xhtml"
_OSD_ONLY = 0  # page segmentation mode
_HELD: dict[tuple[str, str], Any] = {}
"""Library objects of this process with their models loaded, by model folder and models."""


class Tesserocr:
    """The recogniser ``tesserocr`` (see ``recognise.Recogniser``)."""

    def identity(self, profile: Profile) -> EngineIdentity:
        """Versions of binding and library, model hashes; MissingToolError when one is missing."""
        version = _version()
        if not version:
            raise MissingToolError("error.missing-tesserocr", program=NAME)
        return EngineIdentity(NAME, version, models_of(profile))

    def recognise(self, image: "Grey", profile: Profile, dpi: int) -> tuple[Region, ...]:
        """See ``Recogniser``; RuntimeError when the library fails or answers what is no hOCR.

        MemoryError when it has too little memory.
        """
        api = _held(model_names(profile))
        shown, corner = print_of(image)
        regions = _read(api, shown, profile, profile.psm, dpi)
        height, width = image.shape
        return placed(regions, corner, width, height)

    def recognise_lines(
        self, images: Sequence["Grey"], profile: Profile, dpi: int
    ) -> list[tuple[Word, ...]]:
        """See ``Recogniser``. Errors as of ``recognise``."""
        api = _held(model_names(profile))
        pages = (_read(api, with_margin(image), profile, LINE_MODE, dpi) for image in images)
        return [words_within(page, image) for page, image in zip(pages, images, strict=True)]

    def quarter_turns(self, image: "Grey") -> int:
        """See ``Recogniser``; 0 also where there is too little text to tell."""
        model_file(OSD_MODEL)
        with _library().PyTessBaseAPI(path=_folder(), lang=OSD_MODEL, psm=_OSD_ONLY) as api:
            _show(api, image, 0)
            found = api.DetectOrientationScript()
        if not found or found["orient_conf"] < OSD_CONFIDENCE:
            return 0
        return round((360 - int(found["orient_deg"])) / 90) % 4


def is_there() -> bool:
    """Whether the library is installed and answers."""
    return bool(_version())


@cache
def _version() -> str:
    """Versions of the binding and of its Tesseract, ``2.13.0/5.5.4``; empty when it is not there.

    Asked in another process: a library that crashes or hangs at its start takes nothing with it.
    """
    try:
        found = _ANSWER.match(ask((sys.executable, "-P", "-W", "ignore", "-c", _QUESTION)))
    except OSError:
        return ""
    return "/".join(found.groups()) if found else ""


def _folder() -> str:
    # Its own default is the current folder.
    return f"{model_folder()}{os.sep}"


def _held(languages: str) -> Any:  # noqa: ANN401 - the library has no types
    """The library object for these models, kept between pages; the one used longest ago goes.

    RuntimeError when the library cannot load them.
    """
    key = (_folder(), languages)
    api = _HELD.pop(key, None)
    if api is None:
        while len(_HELD) >= MOST_HELD:
            _HELD.pop(next(iter(_HELD))).End()
        api = _library().PyTessBaseAPI(path=key[0], lang=languages)
    _HELD[key] = api
    return api


def _library() -> Any:  # noqa: ANN401 - the library has no types
    os.environ["OMP_THREAD_LIMIT"] = "1"  # the library reads it when it is loaded
    return import_module(NAME)


def _read(
    api: Any,  # noqa: ANN401 - the library has no types
    image: "Grey",
    profile: Profile,
    psm: int,
    dpi: int,
) -> tuple[Region, ...]:
    """Regions of the image."""
    try:
        api.SetPageSegMode(psm)
        api.SetVariable("thresholding_method", str(profile.threshold))
        api.SetVariable("hocr_font_info", "0")
        # Nothing of an earlier page may sway this one: its text would depend on the order.
        api.ClearAdaptiveClassifier()
        _show(api, image, dpi)
        answer = f'<html xmlns="{_XHTML}"><body>{api.GetHOCRText(0)}</body></html>'
    finally:
        api.Clear()
    pages = read_pages(answer.encode("utf-8", "replace"), NAME)
    if len(pages) != 1:
        raise RuntimeError(f"{NAME} answered with {len(pages)} pages of 1")
    return pages[0]


def _show(api: Any, image: "Grey", dpi: int) -> None:  # noqa: ANN401 - the library has no types
    height, width = image.shape
    api.SetImageBytes(image.tobytes(), width, height, 1, width)
    if dpi:
        api.SetSourceResolution(dpi)
