"""Names of persons: RUSMARC has surname and initials apart ($a, $b), MARC 21 one string ($a)."""

from catalog.crosswalk.table import Row
from catalog.record import DataField, Subfield

_DIRECT = "0"


def heading(surname: str, initials: str | None) -> str:
    """Return «Сәтпаев, Қ.» as MARC 21 has it."""
    return f"{surname}, {initials}" if initials else surname


def name_to_marc21(field: DataField, row: Row) -> DataField:
    """Return the field of MARC 21; the order of the subfields is kept."""
    initials = field.first("b")
    made = []
    for subfield in field.subfields:
        if subfield.code == "a":
            made.append(Subfield("a", heading(subfield.value, initials)))
        elif subfield.code in row.codes:
            made.append(_mapped(subfield, row))
    return DataField(row.target, row.indicators_of(field.indicators), tuple(made))


def name_to_rusmarc(field: DataField, row: Row) -> DataField:
    """Return the field of RUSMARC; the heading is split at its comma, but for a direct name."""
    made = []
    for subfield in field.subfields:
        if subfield.code == "a":
            made += _split(subfield.value, direct=field.indicators[0] == _DIRECT)
        elif subfield.code in row.codes:
            made.append(_mapped(subfield, row))
    return DataField(row.target, row.indicators_of(field.indicators), tuple(made))


def _split(text: str, *, direct: bool) -> list[Subfield]:
    surname, comma, rest = text.partition(",")
    if direct or not comma or not rest.strip():
        return [Subfield("a", text.rstrip(" ,"))]
    return [Subfield("a", surname), Subfield("b", rest.strip())]


def _mapped(subfield: Subfield, row: Row) -> Subfield:
    value = row.value(subfield.code, subfield.value)
    if row.codes[subfield.code] == "g" and subfield.code == "q":
        value = value.strip("() ")
    return Subfield(row.codes[subfield.code], value)
