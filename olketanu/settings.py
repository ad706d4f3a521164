"""Settings of a library home: ``olketanu.toml`` read once into one frozen value.

Every field is named like its key in the file (``[ocr] timeout`` is ``ocr.timeout``); what the file
leaves out keeps the default given here. docs/reference/settings.md describes each.
"""

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from olketanu.errors import SettingsError
from olketanu.hosts import host_in

LANGUAGES = ("kk", "ru", "en")
MASTERS = ("external", "here")


@dataclass(frozen=True, slots=True)
class LibrarySettings:
    """Who the library is. ``catalogue`` is where new drafts go; ``catalog_format`` their format."""

    name: str = ""
    language: str = "kk"
    catalogue: str = "local_history"
    catalog_format: str = "rusmarc"


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """``url`` is the address before ``/d/<document>`` in field 856 $u."""

    url: str = "https://library.example"


@dataclass(frozen=True, slots=True)
class OcrSettings:
    """``timeout`` is seconds a page; ``memory`` is megabytes of address space of a worker.

    ``engine`` is a recogniser's name, or auto: tesserocr where it is installed, else tesseract.
    """

    profile: str = "modern"
    engine: str = "auto"
    timeout: int = 180
    memory: int = 3000


@dataclass(frozen=True, slots=True)
class IntakeSettings:
    """``max_megapixels`` bounds one frame; ``rights`` is what documents get without a manifest.

    ``spreads`` tells whether a scan of two facing pages becomes two pages (auto, off).
    """

    max_megapixels: int = 300
    rights: str = "closed"
    spreads: str = "auto"


@dataclass(frozen=True, slots=True)
class PdfSettings:
    """``output`` is what document.pdf is; ``master``: a PDF without loss lies beside it."""

    output: str = "access"
    master: bool = True


@dataclass(frozen=True, slots=True)
class RunSettings:
    """``workers`` is the number of child processes; 0 means one a core.

    With less than ``min_free_mb`` megabytes free on the home's disk a run pauses. ``nice`` is how
    far the children stand back for other programs (0 not at all, 19 most).
    """

    workers: int = 0
    min_free_mb: int = 500
    nice: int = 10

    @property
    def worker_count(self) -> int:
        """Workers to start on this machine."""
        return self.workers or os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class BackupSettings:
    """``folder`` is where backups go; after ``days`` without one doctor warns."""

    folder: str = ""
    days: int = 7


@dataclass(frozen=True, slots=True)
class VerifySettings:
    """``cycle`` is the number of days in which a nightly verify reads every file once."""

    cycle: int = 90


@dataclass(frozen=True, slots=True)
class CardSettings:
    """How catalogue cards are filed and printed.

    ``order``: systematic (by classes, Kazakh before Russian, the newest first) or alphabetical;
    ``classes``: bbk, udc; ``sheet``: a4 (four cards), card (one a page).
    """

    order: str = "systematic"
    classes: str = "bbk"
    dividers: bool = True
    sheet: str = "a4"


@dataclass(frozen=True, slots=True)
class DescriptionSettings:
    """How records are described: ``edition`` of the standard, and choices within it.

    ``dashes``: ". – " between the areas; ``medium``: [Текст] or content area; ``pages_after``:
    Kazakh pages as «3-б.»; ``price``: beside the ISBN.
    """

    edition: str = "7.1-2003"
    dashes: bool = True
    medium: bool = True
    pages_after: bool = False
    price: bool = False


@dataclass(frozen=True, slots=True)
class CataloguesSettings:
    """``master`` says of a catalogue who is the master of its records: external, or here.

    In the file it stands with the catalogue: ``[catalogues.articles]``, ``master = "here"``.
    """

    master: Mapping[str, str] = field(default_factory=dict)

    def master_of(self, catalogue: str) -> str:
        """Return the master of a catalogue's records: another system unless told otherwise."""
        return self.master.get(catalogue, MASTERS[0])


@dataclass(frozen=True, slots=True)
class ChecksSettings:
    """``rules`` is a TOML file below the home with the library's changes to the rules.

    ``automatic``: records that are new or changed are checked by themselves.
    """

    rules: str = ""
    automatic: bool = True


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """``engine`` keeps the search index; another one means that it is built anew."""

    engine: str = "whoosh"


@dataclass(frozen=True, slots=True)
class PortalSettings:
    """The server of ``olketanu serve``, on ``address`` and ``port`` with so many ``threads``.

    ``on_site`` are the networks of the library (10.0.0.0/8): who comes from there may read what is
    open in the library only. ``proxies`` are the networks whose X-Forwarded-For is believed.
    ``hosts`` are names of the server beside its own and that of ``site.url``.
    ``inbox`` is the folder whose batches the desk offers; "" for none.
    """

    address: str = "127.0.0.1"
    port: int = 8080
    threads: int = 4
    on_site: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    inbox: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything ``olketanu.toml`` can say."""

    library: LibrarySettings = field(default_factory=LibrarySettings)
    site: SiteSettings = field(default_factory=SiteSettings)
    ocr: OcrSettings = field(default_factory=OcrSettings)
    intake: IntakeSettings = field(default_factory=IntakeSettings)
    pdf: PdfSettings = field(default_factory=PdfSettings)
    run: RunSettings = field(default_factory=RunSettings)
    backup: BackupSettings = field(default_factory=BackupSettings)
    verify: VerifySettings = field(default_factory=VerifySettings)
    cards: CardSettings = field(default_factory=CardSettings)
    description: DescriptionSettings = field(default_factory=DescriptionSettings)
    catalogues: CataloguesSettings = field(default_factory=CataloguesSettings)
    checks: ChecksSettings = field(default_factory=ChecksSettings)
    search: SearchSettings = field(default_factory=SearchSettings)
    portal: PortalSettings = field(default_factory=PortalSettings)


_CHOICES = {
    ("library", "language"): LANGUAGES,
    ("library", "catalog_format"): ("rusmarc", "marc21"),
    ("ocr", "profile"): (
        *("modern", "old-soviet", "imprint"),
        *("latin-kk-1929", "arabic-kk", "ru-petr"),
    ),
    ("ocr", "engine"): ("auto", "tesseract", "tesserocr"),
    ("pdf", "output"): ("access", "master", "mono"),
    ("intake", "rights"): ("open", "on_site", "closed"),
    ("intake", "spreads"): ("auto", "off"),
    ("cards", "order"): ("systematic", "alphabetical"),
    ("cards", "classes"): ("bbk", "udc"),
    ("cards", "sheet"): ("a4", "card"),
    ("search", "engine"): ("whoosh", "tantivy"),
    ("description", "edition"): ("7.1-2003", "r-7.0.100-2018"),
}
_POSITIVE = {
    *(("ocr", "timeout"), ("ocr", "memory"), ("intake", "max_megapixels")),
    *(("backup", "days"), ("verify", "cycle")),
    *(("portal", "port"), ("portal", "threads")),
}


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True


def _is_name(text: str) -> bool:
    return host_in(text) is not None and ":" not in text


_LISTS: Mapping[tuple[str, str], tuple[str, Callable[[str], bool]]] = {
    ("portal", "on_site"): ("192.168.1.0/24", _is_network),
    ("portal", "proxies"): ("192.168.1.0/24", _is_network),
    ("portal", "hosts"): ("library.example", _is_name),
}
"""Lists of texts, each with what one looks like and whether it is one."""

TEMPLATE = """\
# Settings of this library home; what is left out keeps its default (olketanu doctor shows all).

[library]
name = ""
language = "{language}"           # of messages: kk, ru, en
catalogue = "local_history"
catalog_format = "rusmarc"      # of new records: rusmarc, marc21

[site]
url = "https://library.example" # before /d/<document> in the link to the digital copy

[ocr]
profile = "modern"              # modern, old-soviet, imprint, latin-kk-1929, arabic-kk, ru-petr
engine = "auto"                 # auto, tesseract, tesserocr
timeout = 180                   # seconds a page

[intake]
rights = "closed"               # of documents without a manifest: open, on_site, closed

[backup]
folder = ""                     # on another disk, e.g. "/mnt/backup/olketanu"
"""


def read_settings(path: Path) -> Settings:
    """Return the settings of the file; SettingsError names the key that is wrong."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise SettingsError(
            "error.settings-unreadable", file=str(path), reason=str(error)
        ) from error
    return parse_settings(data)


def parse_settings(data: dict[str, Any]) -> Settings:
    """Return settings of parsed TOML; SettingsError on an unknown key or a wrong value."""
    sections = {f.name: f.default_factory for f in fields(Settings)}
    made: dict[str, Any] = {}
    for name, values in data.items():
        default = sections.get(name)
        if not callable(default) or not isinstance(values, dict):
            raise SettingsError("error.settings-unknown", key=name)
        kind = type(default())
        made[name] = (
            _catalogues(values) if kind is CataloguesSettings else _section(name, kind, values)
        )
    return Settings(**made)


def _catalogues(values: dict[str, Any]) -> CataloguesSettings:
    """A section of sections: what is said of each catalogue."""
    master = {}
    for code, told in values.items():
        for key, value in told.items() if isinstance(told, dict) else [("", told)]:
            place = f"catalogues.{code}.{key}".rstrip(".")
            if key != "master":
                raise SettingsError("error.settings-unknown", key=place)
            if value not in MASTERS:
                expected = ", ".join(MASTERS)
                raise SettingsError(
                    "error.settings-value", key=place, value=str(value), expected=expected
                )
            master[code] = value
    return CataloguesSettings(master)


def _section(name: str, kind: type[Any], values: dict[str, Any]) -> object:
    known = {f.name: f.default for f in fields(kind)}
    for key, value in values.items():
        if key not in known:
            raise SettingsError("error.settings-unknown", key=f"{name}.{key}")
        _check(name, key, value, known[key])
        for one in value if (name, key) in _LISTS else ():
            expected, fits = _LISTS[name, key]
            if not fits(one):
                raise SettingsError(
                    "error.settings-value", key=f"{name}.{key}", value=one, expected=expected
                )
    told = {key: tuple(v) if isinstance(v, list) else v for key, v in values.items()}
    return kind(**told)


def _check(name: str, key: str, value: object, default: object) -> None:
    place = (name, key)
    listed = isinstance(value, list) and all(isinstance(one, str) for one in value)
    right_type = listed if isinstance(default, tuple) else type(value) is type(default)
    right_choice = place not in _CHOICES or value in _CHOICES[place]
    floor = 1 if place in _POSITIVE else 0
    right_size = not isinstance(value, int) or value >= floor
    if not (right_type and right_choice and right_size):
        kind = "list" if isinstance(default, tuple) else type(default).__name__
        expected = ", ".join(_CHOICES.get(place, (kind,)))
        raise SettingsError(
            "error.settings-value", key=f"{name}.{key}", value=str(value), expected=expected
        )
