"""The type that PDFs are set in: a serif family with every letter of Kazakh, and one in reserve.

PT Serif comes with the extra ``print`` (package ``fontpkg-pt-serif``); where only the system has
it, that one is taken. What it lacks (Latin letters of the Kazakh of 1929, arrows) is set in DejaVu
where that is installed. Only this module and its neighbours know reportlab.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from types import MappingProxyType

from olketanu.errors import MissingToolError

_FACES = ("Regular", "Bold", "Italic", "BoldItalic")
_STYLES = MappingProxyType(
    {"plain": "Regular", "strong": "Bold", "emphasis": "Italic", "link": "Regular"}
)
_PACKAGE = "fontpkg_pt_serif"
_SYSTEM = (
    ("/usr/share/fonts/truetype/paratype", ("PTF55F", "PTF75F", "PTF56F", "PTF76F")),
    ("/usr/share/fonts/truetype/dejavu", tuple(f"DejaVuSerif{n}" for n in ("", "-Bold") * 2)),
    ("C:/Windows/Fonts", ("times", "timesbd", "timesi", "timesbi")),
)
_RESERVE = (
    Path("/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf"),
    Path("C:/Windows/Fonts/seguisym.ttf"),
)
_RESERVE_NAME = "OlketanuReserve"


@dataclass(frozen=True, slots=True)
class Type:
    """Registered fonts: ``faces`` by style of a run, ``reserve`` (may be empty) for the rest."""

    faces: Mapping[str, str]
    known: frozenset[int]
    reserve: str

    def pieces(self, text: str, style: str = "plain") -> Iterator[tuple[str, str]]:
        """Yield the text in pieces, each with the name of a font that has its letters."""
        own = self.faces[style]
        for is_known, signs in groupby(text, lambda sign: ord(sign) in self.known):
            yield own if is_known or not self.reserve else self.reserve, "".join(signs)

    def width(self, text: str, style: str, size: float) -> float:
        """Width of a text in points."""
        from reportlab.pdfbase.pdfmetrics import stringWidth

        return float(sum(stringWidth(part, font, size) for font, part in self.pieces(text, style)))


@cache
def load_type() -> Type:
    """Register the fonts with reportlab and return them.

    Raises:
        MissingToolError: ``error.no-print``: reportlab is missing; ``error.no-print-font``: no
        family with the letters of Kazakh was found.
    """
    require("reportlab")
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    files = _find_family()
    names = {face: f"Olketanu{face}" for face in _FACES}
    made = [TTFont(names[face], file) for face, file in zip(_FACES, files, strict=True)]
    for font in made:
        pdfmetrics.registerFont(font)
    pdfmetrics.registerFontFamily(names["Regular"], *names.values())
    reserve = next((path for path in _RESERVE if path.is_file()), None)
    if reserve:
        pdfmetrics.registerFont(TTFont(_RESERVE_NAME, reserve))
    faces = {style: names[face] for style, face in _STYLES.items()}
    known = frozenset(made[0].face.charToGlyph)
    return Type(MappingProxyType(faces), known, _RESERVE_NAME if reserve else "")


def require(module: str) -> None:
    """Raise MissingToolError ``error.no-print`` where a library of the extra is not installed."""
    if find_spec(module) is None:
        raise MissingToolError("error.no-print", package=module)


def _find_family() -> tuple[Path, ...]:
    """The four files of a family: regular, bold, italic, bold italic."""
    for files in _candidates():
        if all(file.is_file() for file in files):
            return files
    raise MissingToolError("error.no-print-font")


def _candidates() -> Iterator[tuple[Path, ...]]:
    spec = find_spec(_PACKAGE)
    if spec and spec.origin:
        folder = Path(spec.origin).parent / "files"
        yield tuple(folder / f"PT_Serif-Web-{face}.ttf" for face in _FACES)
    for folder_name, names in _SYSTEM:
        yield tuple(Path(folder_name) / f"{name}.ttf" for name in names)
