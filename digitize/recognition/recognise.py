"""What a text recogniser is, which ones there are, and which one this machine reads a page with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from digitize.recognition.profiles import Profile
from olketanu.errors import MissingToolError
from pages.text import Region, Word

if TYPE_CHECKING:
    from digitize.recognition.image import Grey

AUTO = "auto"
FAST = "tesserocr"
ALWAYS_THERE = "tesseract"


@dataclass(frozen=True, slots=True)
class EngineIdentity:
    """Which program and which models read the page; part of every page key.

    ``models`` are (name, SHA-256 in hexadecimal) pairs in the profile's order.
    """

    name: str
    version: str
    models: tuple[tuple[str, str], ...]

    @property
    def label(self) -> str:
        """Name and version, as ``PageText.engine`` has them."""
        return f"{self.name} {self.version}"


class Recogniser(Protocol):
    """Reads the text of one prepared page image."""

    def identity(self, profile: Profile) -> EngineIdentity:
        """Program and models for this profile; MissingToolError when one is not installed."""
        ...

    def recognise(self, image: "Grey", profile: Profile, dpi: int) -> tuple[Region, ...]:
        """Regions in reading order, boxes in pixels of ``image`` (8-bit grey, height × width).

        Lines carry no language yet (``und``); regions without words are left out.
        """
        ...

    def recognise_lines(
        self, images: Sequence["Grey"], profile: Profile, dpi: int
    ) -> list[tuple[Word, ...]]:
        """Words of images that hold one line each, boxes in pixels of the image.

        As many answers as images, in their order; an answer is empty where nothing was read.
        """
        ...

    def quarter_turns(self, image: "Grey") -> int:
        """How often the image must be turned 90° clockwise to stand upright (0 when not known)."""
        ...


def _tesseract() -> Recogniser:
    from digitize.recognition.tesseract import Tesseract

    return Tesseract()


def _tesserocr() -> Recogniser:
    from digitize.recognition.tesserocr_engine import Tesserocr

    return Tesserocr()


def _fast_is_there() -> bool:
    from digitize.recognition.tesserocr_engine import is_there

    return is_there()


RECOGNISERS: Mapping[str, Callable[[], Recogniser]] = {
    ALWAYS_THERE: _tesseract,
    FAST: _tesserocr,
}
"""Factories by engine name; an engine is imported only when it is asked for."""


def recogniser(name: str) -> Recogniser:
    """The engine with this name; KeyError for an unknown one.

    ``auto`` is what a profile says before :func:`for_this_machine` decided: the one always there.
    """
    return RECOGNISERS[ALWAYS_THERE if name == AUTO else name]()


def engine_name(wanted: str) -> str:
    """The name of an engine; for ``auto`` the fast one where it works, else the other."""
    if wanted != AUTO:
        return wanted
    return FAST if _fast_is_there() else ALWAYS_THERE


def for_this_machine(profile: Profile, wanted: str = AUTO) -> Profile:
    """The profile as this machine can read it; what comes back names one engine and its models.

    ``wanted`` is the setting ``ocr.engine``; it decides where the profile says ``auto``. Of
    ``profile.models`` the first set that is installed becomes ``languages``. Where none is, a
    profile that may do without a model comes back with ``languages`` empty (the page is kept as an
    image, code NO_MODEL), and for any other MissingToolError names what the first set lacks.
    """
    name = engine_name(wanted if profile.engine == AUTO else profile.engine)
    engine = recogniser(name)
    missing: MissingToolError | None = None
    for languages in profile.models:
        fitted = replace(profile, engine=name, languages=languages)
        try:
            engine.identity(fitted)
        except MissingToolError as error:
            if error.key != "error.missing-model":
                raise
            missing = missing or error
        else:
            return fitted
    if missing is not None and not profile.image_only:
        raise missing
    return replace(profile, engine=name, languages="")
