"""Records in short: fields as «$aТекст$bтекст»."""

from catalog.record import DataField, Field, LinkField, Record, Subfield


def field(tag: str, indicators: str, text: str) -> DataField:
    """«$aТекст$bтекст»"""
    parts = tuple(Subfield(part[0], part[1:]) for part in text.split("$")[1:])
    return DataField(tag, indicators, parts)


def rusmarc(*fields: Field, level: str = "a") -> Record:
    return Record("rusmarc", f"00000na{level}2 2200000   450 ", fields)


def marc21(*fields: Field, level: str = "a") -> Record:
    return Record("marc21", f"00000na{level} a2200000   4500", fields)


def link(tag: str, *inside: DataField) -> LinkField:
    return LinkField(tag, " 0", inside)
