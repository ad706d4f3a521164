"""What a text recogniser is, and which ones there are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from digitize.recognition.profiles import Profile
from pages.text import Region

if TYPE_CHECKING:
    from digitize.recognition.image import Grey


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

    def quarter_turns(self, image: "Grey") -> int:
        """How often the image must be turned 90° clockwise to stand upright (0 when not known)."""
        ...


def _tesseract() -> Recogniser:
    from digitize.recognition.tesseract import Tesseract

    return Tesseract()


RECOGNISERS: Mapping[str, Callable[[], Recogniser]] = {"tesseract": _tesseract}
"""Factories by engine name; an engine is imported only when it is asked for."""


def recogniser(name: str) -> Recogniser:
    """The engine with this name; KeyError for an unknown one."""
    return RECOGNISERS[name]()
