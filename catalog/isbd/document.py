"""What a description is made of: the record by places, its view, its host, and the style."""

from collections.abc import Mapping
from dataclasses import dataclass

from catalog.catalogues import language_code
from catalog.host import Host, read_host
from catalog.isbd.style import Style
from catalog.isbd.words import words_language
from catalog.locate import Fields, column_of
from catalog.record import Record
from catalog.view import BibliographicView, view
from language.identify import identify

ARTICLES = ("newspaper_article", "journal_article", "analytic", "book_part")
_CONTENTS: Mapping[str, str] = {
    "e": "map",
    "f": "map",
    "k": "image",
    "c": "music",
    "d": "music",
    "i": "sound",
    "j": "sound",
    "g": "video",
}
_ELECTRONIC_TYPE = {"rusmarc": "l", "unimarc": "l", "marc21": "m"}
_ELECTRONIC_WORDS = ("лектрон", "lectronic", "computer", "online")
_SIGNS_OF_ELECTRONIC = {
    "rusmarc": "135$a 230$a",
    "irbis": "135$a 230$a",
    "marc21": "256$a",
}
_NAMED_MEDIUM = {"rusmarc": "200$b 203$c", "irbis": "203$c", "marc21": "245$h 300$a 337$a 338$a"}


@dataclass(frozen=True, slots=True)
class Document:
    """A record on its way to a description. ``language`` is whose words are used: rus, kaz, eng.

    ``coded`` is the language of the document (ISO 639-2) or ``und``; ``content`` and ``carrier``
    are rows of ``corpora/isbd/media.tsv``.
    """

    form: str
    fields: Fields
    view: BibliographicView
    host: Host
    style: Style
    language: str
    coded: str
    content: str
    carrier: str

    @property
    def is_part(self) -> bool:
        """Whether it is described within the work that it stands in."""
        return bool(self.host.title) and self.view.kind in ARTICLES

    @property
    def column(self) -> str:
        """The column of the tables that serves the format of the record."""
        return column_of(self.form)


def read_document(record: Record, style: Style) -> Document:
    """Return what the description of ``record`` needs."""
    fields, seen = Fields(record), view(record)
    title = f"{seen.title} {seen.other_title or ''}"
    coded = language_code(seen.language) or identify(title)
    return Document(
        form=record.format,
        fields=fields,
        view=seen,
        host=read_host(record, fields),
        style=style,
        language=words_language(coded, title),
        coded=coded,
        content=_CONTENTS.get(record.leader[6:7], "text"),
        carrier="electronic" if _is_electronic(record, fields) else "print",
    )


def _is_electronic(record: Record, fields: Fields) -> bool:
    column = column_of(record.format)
    if record.leader[6:7] == _ELECTRONIC_TYPE.get(record.format):
        return True
    physical = fields.control("007")
    if record.format == "marc21" and physical and physical.value.startswith("c"):
        return True
    if fields.values(_SIGNS_OF_ELECTRONIC[column]):
        return True
    named = " ".join(found.value for found in fields.values(_NAMED_MEDIUM[column]))
    return any(sign in named for sign in _ELECTRONIC_WORDS)
