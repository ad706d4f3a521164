"""Layers taken out of a PDF of our own as they went in, so that nothing is encoded twice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf

from digitize.output.pdf.image import GREY, Layer, PdfImage, Place, space_of

_MADE_BY_THE_WRITER = frozenset(
    {"/Type", "/Subtype", "/Length", "/ColorSpace", "/ImageMask", "/Mask"}
)


@dataclass(frozen=True, slots=True)
class Lying:
    """How a layer lies on its page: what a PDF says by operators alone (see ``Layer``)."""

    quarter_turn: int
    place: Place
    ink: tuple[float, float, float] | None

    def to_json(self) -> list[Any]:
        """As plain values, shortest form of every number that reads back as the same."""
        return [self.quarter_turn, list(self.place), self.ink and list(self.ink)]


def lying_of(layer: Layer) -> Lying:
    """How this layer lies."""
    return Lying(layer.image.quarter_turn, layer.place, layer.ink)


def lying_from_json(values: list[Any]) -> Lying:
    """The exact inverse of ``Lying.to_json``."""
    turn, (left, top, right, bottom), ink = values
    if ink is None:
        return Lying(turn, (left, top, right, bottom), None)
    red, green, blue = ink
    return Lying(turn, (left, top, right, bottom), (red, green, blue))


def taken_layers(page: pikepdf.Page, lying: Sequence[Lying]) -> tuple[Layer, ...]:
    """Return the layers of a page that ``PdfWriter`` wrote, from the bottom up.

    ``lying`` says how each of them lies. KeyError where the page has fewer.
    """
    return tuple(_layer(page, number, one) for number, one in enumerate(lying, 1))


def _layer(page: pikepdf.Page, number: int, lying: Lying) -> Layer:
    stream = page.obj["/Resources"]["/XObject"][f"/Im{number}"]
    mask = _image(stream["/Mask"], 0) if "/Mask" in stream else None
    return Layer(_image(stream, lying.quarter_turn), lying.place, lying.ink, mask)


def _image(stream: pikepdf.Object, quarter_turn: int) -> PdfImage:
    entries = dict(_entries(stream))
    icc = None
    space = stream.get("/ColorSpace", pikepdf.Name(GREY))  # a stencil has none
    if isinstance(space, pikepdf.Array) and space[0] == pikepdf.Name.ICCBased:
        icc = bytes(space[1].read_bytes())
        entries["/ColorSpace"] = space_of(int(space[1]["/N"]))
    else:
        entries["/ColorSpace"] = _plain(space)
    return PdfImage(bytes(stream.read_raw_bytes()), quarter_turn, entries, icc)


def _entries(stream: pikepdf.Object) -> Iterator[tuple[str, Any]]:
    for key in stream.keys():  # noqa: SIM118 - iterating a stream itself is not its keys
        if key not in _MADE_BY_THE_WRITER:
            yield key, _plain(stream[key])


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a dictionary of a PDF holds
    """The plain value of which ``image`` makes this object."""
    if isinstance(value, pikepdf.Name):
        return str(value)
    if isinstance(value, pikepdf.String):
        return bytes(value)
    if isinstance(value, pikepdf.Dictionary):
        return {key: _plain(value[key]) for key in value.keys()}  # noqa: SIM118 - as above
    if isinstance(value, pikepdf.Array):
        return [_plain(item) for item in value]
    return value
