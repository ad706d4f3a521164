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
class Profile:
    """Everything a person may set about how a page is read; all of it enters the page key.

    ``languages`` are models joined by ``+``; ``psm`` is Tesseract's page segmentation mode;
    ``threshold`` its ``thresholding_method``; ``noise_limit`` the measured noise (grey levels)
    above which the median is applied; ``max_skew`` is in degrees; ``embedded`` takes a PDF's
    readable text layer instead of recognition.
    """

    name: str
    engine: str
    languages: str
    psm: int
    threshold: int
    noise_limit: float
    max_skew: float
    embedded: bool

    def to_dict(self) -> dict[str, object]:
        """As plain JSON values, for the page job's payload."""
        return asdict(self)


def profile_from_dict(values: Mapping[str, Any]) -> Profile:
    """The profile that ``Profile.to_dict`` gave; TypeError when a name is missing or unknown."""
    return Profile(**values)


def profile_names() -> tuple[str, ...]:
    """Names of all profiles, in the order of the file."""
    return tuple(_tables(PROFILES_FILE))


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
    known = {field.name for field in fields(Profile)} - {"name"}
    return Profile(name=name, **{key: value for key, value in table.items() if key in known})


def _table(name: str) -> dict[str, Any]:
    tables = _tables(PROFILES_FILE)
    if name not in tables:
        raise SettingsError("error.unknown-profile", profile=name, known=", ".join(tables))
    return tables[name]


@cache
def _tables(path: Path) -> dict[str, dict[str, Any]]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
