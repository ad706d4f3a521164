"""What an inspection says about a file: values only, to be read without any decoder."""

from dataclasses import asdict, dataclass
from typing import Any

from pages.text import Box


@dataclass(frozen=True, slots=True)
class FrameInfo:
    """One frame of a file.

    ``frame`` is its number for the decoder (from 0; gaps where small copies were left out);
    ``quarter_turn`` (clockwise) sets it upright, ``width`` and ``height`` are pixels after that;
    ``dpi`` is 300 by guess where ``dpi_known`` is false; ``mode`` is Pillow's name of the stored
    mode; ``source`` is ``image``, ``pdf-image`` or ``pdf-render``; ``text_layer`` tells of a PDF
    page with text of its own, good or bad; ``pages`` are the boxes of the two pages of an open book
    or paper, left one first, in pixels before the turn, and empty where the frame is one page.
    """

    frame: int
    quarter_turn: int
    width: int
    height: int
    dpi: int
    mode: str
    source: str = "image"
    text_layer: bool = False
    dpi_known: bool = True
    pages: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Inspection:
    """What ``digitize.scan.inspect`` found.

    ``type`` is one of ``sniff.TYPES``, ``size`` counts bytes, ``sha256`` is hexadecimal;
    ``warnings`` are codes of ``codes.WARNINGS``, sorted.
    """

    type: str
    frames: tuple[FrameInfo, ...]
    sha256: str
    size: int
    warnings: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        data = asdict(self)
        return data | {"frames": list(data["frames"]), "warnings": list(self.warnings)}

    @staticmethod
    def from_dict(data: dict[str, Any]) -> "Inspection":
        """Return what :meth:`to_dict` wrote; KeyError or TypeError on other input."""
        return Inspection(
            type=data["type"],
            frames=tuple(_frame(frame) for frame in data["frames"]),
            sha256=data["sha256"],
            size=data["size"],
            warnings=tuple(data["warnings"]),
        )


def _frame(data: dict[str, Any]) -> FrameInfo:
    pages = tuple(Box(*sides) for sides in data.get("pages", ()))
    return FrameInfo(**{**data, "pages": pages})
