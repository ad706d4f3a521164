"""Made-up records and their descriptions, written by hand, for lists and cards."""

from catalog.isbd.block import Block, Run
from catalog.lists.entry import Entry, make_entry
from catalog.record import DataField, Record, Subfield

LEADER = "00000nam0 2200000   450 "


def field(tag: str, *parts: str, indicators: str = "  ") -> DataField:
    """``field("200", "aАтауы", "eтүсіндірме")``."""
    return DataField(tag, indicators, tuple(Subfield(part[0], part[1:]) for part in parts))


def entry(
    number: int,
    author: str,
    title: str,
    *,
    year: str = "2025",
    language: str = "kaz",
    extra: tuple[DataField, ...] = (),
    entered: str = "2026-03-05",
) -> Entry:
    """A book: «Әуезов, М. Абай жолы. – 2025.»; ``extra`` are further fields."""
    surname, _, given = author.partition(", ")
    names = (field("700", f"a{surname}", *([f"b{given}"] if given else [])),) if author else ()
    fields = (
        field("101", f"a{language}"),
        field("200", f"a{title}", indicators="1 "),
        field("210", f"d{year}"),
        *names,
        *extra,
    )
    heading = (Run(f"{author.rstrip('.')}.", "strong", "heading"), Run(" ")) if author else ()
    runs = (*heading, Run(title, element="title"), Run(f". – {year}.", element="imprint"))
    block = Block("entry", runs, language, record=f"r{number:06}")
    record = Record("rusmarc", LEADER, fields)
    return make_entry(record, block, entered=entered, catalogues=("books",))
