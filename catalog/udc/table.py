"""The UDC numbers that the program knows, with captions and keywords in Kazakh and Russian."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from catalog.data import rows
from catalog.udc.notation import UdcError, parse

LANGUAGES = {"kaz": "kk", "rus": "ru"}


@dataclass(frozen=True, slots=True)
class Row:
    """One number: captions and keywords by language of the screen (``kk``, ``ru``)."""

    notation: str
    captions: Mapping[str, str]
    keywords: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows by notation, in the order of the file."""

    rows: Mapping[str, Row]

    def captions(self, notation: str) -> Mapping[str, str]:
        """Captions of exactly this number, by language; empty where the table has none."""
        row = self.rows.get(notation)
        return row.captions if row else MappingProxyType({})

    def nearest(self, notation: str) -> Row | None:
        """The row of this number or of its nearest ancestor (94(574.31) → 94), or None."""
        text = notation
        while text:
            if text in self.rows:
                return self.rows[text]
            text = text[:-1].rstrip(".(\"'=:/+-")
        return None

    def explain(self, notation: str) -> tuple[tuple[str, Mapping[str, str]], ...]:
        """The number taken apart: each part with its captions (of the nearest ancestor, or empty).

        UdcError when the text is no UDC number.
        """
        if notation in self.rows:
            return ((notation, self.rows[notation].captions),)
        parts = parse(notation).parts
        return tuple((p.text, self._caption_of(p.text)) for p in parts if p.kind != "sign")

    def _caption_of(self, part: str) -> Mapping[str, str]:
        row = self.rows.get(part) or (self.nearest(part) if part[0].isdigit() else None)
        return row.captions if row else MappingProxyType({})


@cache
def load_table(name: str = "udc/local.tsv") -> Table:
    """Return the table of the file ``name`` in ``corpora/``; UdcError on a number that is none."""
    table: dict[str, Row] = {}
    for row in rows(name):
        notation = parse(row["notation"]).normal
        if notation in table:
            raise UdcError(0, "double", notation)
        captions = {code: row[code] for code in LANGUAGES.values()}
        keywords = {code: _split(row[f"words_{code}"]) for code in LANGUAGES.values()}
        table[notation] = Row(notation, MappingProxyType(captions), MappingProxyType(keywords))
    return Table(MappingProxyType(table))


def _split(cell: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in cell.split(";") if word.strip())
