"""Named settings of recognition; the values are data in ``corpora/ocr/profiles.toml``."""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from olketanu import APP_ROOT
from olketanu.errors import SettingsError

PROFILES_FILE = APP_ROOT / "corpora" / "ocr" / "profiles.toml"
BOOK_KINDS = ("book", "book_part")


@dataclass(frozen=True, slots=True)
class Look:
    """How a line is shown to the recogniser once more.

    ``width`` and ``height`` stretch its picture, ``blur`` is the sigma in pixels of a Gaussian
    after that (0.0: none). ``clear`` makes white what is lighter than ink and spreads the
    darker greys: for stained paper.
    """

    width: float
    height: float
    blur: float
    clear: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything a person may set about how a page is read; all of it enters the page key.

    ``engine`` is a recogniser's name or ``auto``; ``languages`` are models joined by ``+``, empty
    when this machine has none that serves; ``models`` are such sets, the best first; ``image_only``
    keeps a page without a model as an image where another profile would stop the run; ``language``
    (ISO 639-2), ``script`` (ISO 15924) and ``variant`` say what is printed, empty where the text
    itself tells; ``psm`` is Tesseract's page segmentation mode; ``threshold`` its
    ``thresholding_method``; ``noise_limit`` the measured noise (grey levels) above which the median
    is applied; ``max_skew`` is in degrees; ``embedded`` takes a PDF's readable text layer instead
    of recognition. A line of which the words' mean confidence is below ``sure`` is read once more
    by every one of ``looks``.
    """

    name: str
    engine: str
    languages: str
    models: tuple[str, ...]
    image_only: bool
    language: str
    script: str
    variant: str
    psm: int
    threshold: int
    noise_limit: float
    max_skew: float
    embedded: bool
    sure: float
    looks: tuple[Look, ...]

    def to_dict(self) -> dict[str, object]:
        """As plain JSON values, for the page job's payload."""
        return asdict(self)


def profile_from_dict(values: Mapping[str, Any]) -> Profile:
    """The profile that ``Profile.to_dict`` gave; TypeError when a name is missing or unknown."""
    looks = tuple(Look(**look) for look in values["looks"])
    return Profile(**{**values, "models": tuple(values["models"]), "looks": looks})


def profile_names() -> tuple[str, ...]:
    """Names of all profiles, in the order of the file."""
    return tuple(_tables(PROFILES_FILE))


def profile_by_print(language: str | None, script: str | None, date: str | None) -> str | None:
    """Name of the profile made for such print; None where nothing but the text itself can tell.

    ``language`` (ISO 639-2), ``script`` (ISO 15924) and ``date`` (begins with the year) are those
    of the manifest row; each may be None or empty. A profile with ``until`` serves what was printed
    before that year, and only where the row has a date.
    """
    year = int(date[:4]) if date and date[:4].isdigit() else None
    for name, table in _tables(PROFILES_FILE).items():
        for serves in table["serves"]:
            same = serves["language"] == language and serves["script"] == (script or "")
            before = "until" not in serves or (year is not None and year < serves["until"])
            if same and before:
                return name
    return None


def profile_for(name: str, kind: str, position: int, count: int) -> Profile:
    """The settings for one page of a document.

    ``kind`` is the document's kind code; ``position`` counts its pages from 0, ``count`` is how
    many there are. The first and last pages of books, where title page, ISBN and annotated card
    stand, may have a profile of their own. SettingsError for an unknown ``name``.
    """
    table = _table(name)
    near_end = min(position, count - 1 - position) < int(table["imprint_pages"])
    if table["imprint"] and kind in BOOK_KINDS and near_end:
        return _profile(str(table["imprint"]))
    return _profile(name)


def _profile(name: str) -> Profile:
    table = _table(name)
    known = {field.name for field in fields(Profile)}
    values = {key: value for key, value in table.items() if key in known}
    return profile_from_dict({**values, "name": name, "languages": table["models"][0]})


def _table(name: str) -> dict[str, Any]:
    tables = _tables(PROFILES_FILE)
    if name not in tables:
        raise SettingsError("error.unknown-profile", profile=name, known=", ".join(tables))
    return tables[name]


@cache
def _tables(path: Path) -> dict[str, dict[str, Any]]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
