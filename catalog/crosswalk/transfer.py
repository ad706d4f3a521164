"""All that the table says of a record, in one direction; a field made knows its sources."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from catalog.crosswalk import coded
from catalog.crosswalk.leader import leader_to_marc21, leader_to_rusmarc
from catalog.crosswalk.links import (
    host_to_rusmarc,
    hosts_to_marc21,
    link_to_marc21,
    link_to_rusmarc,
)
from catalog.crosswalk.names import name_to_marc21, name_to_rusmarc
from catalog.crosswalk.punctuation import (
    is_written,
    may_be_written,
    with_punctuation,
    without_punctuation,
)
from catalog.crosswalk.table import RECORD_RULES, Row, family, row_for
from catalog.record import ControlField, DataField, Field, Record, Subfield

_MAIN_ENTRIES = {"100": "700", "110": "710", "111": "711"}


class Made(NamedTuple):
    """A field of the target and the places of its sources in the record."""

    field: Field
    sources: frozenset[int]


def leader_for(leader: str, target: str) -> str:
    """Return the leader in the target, as far as the table knows it."""
    return leader_to_marc21(leader) if target == "marc21" else leader_to_rusmarc(leader)


def transfer(record: Record, target: str, leader: str) -> list[Made]:
    """Return the fields in ``target`` (rusmarc or marc21), by tag.

    ``leader`` is the one that the record will have there: it says whether MARC 21 is to have ISBD
    punctuation.
    """
    if target == "marc21":
        made = _to_marc21(record, punctuated=is_written(leader))
    else:
        made = _to_rusmarc(record, punctuated=may_be_written(record.leader))
    return sorted(made, key=lambda one: one.field.tag)


def _to_marc21(record: Record, *, punctuated: bool) -> list[Made]:
    made = _whole_record(record, (coded.coded_to_marc21, coded.source_to_marc21))
    made += [Made(host, frozenset(at)) for host, at in hosts_to_marc21(record.fields)]
    for at, field in enumerate(record.fields):
        row = row_for(field, family(record.format), record.leader)
        if row is None or row.rule in RECORD_RULES or row.rule == "host":
            continue
        built = _built_marc21(field, row)
        if punctuated and isinstance(built, DataField):
            built = with_punctuation(built, row)
        made += [Made(built, frozenset({at}))] if built else []
    return _title_entry(_one_main_entry(made))


def _to_rusmarc(record: Record, *, punctuated: bool) -> list[Made]:
    made = _whole_record(record, (coded.coded_to_rusmarc, coded.source_to_rusmarc))
    for at, field in enumerate(record.fields):
        row = row_for(field, "marc21", record.leader)
        if row is None or row.rule in RECORD_RULES:
            continue
        if punctuated and isinstance(field, DataField):
            field = without_punctuation(field, row)
        made += [Made(one, frozenset({at})) for one in _built_rusmarc(field, row)]
    main = any(field.tag in _MAIN_ENTRIES for field in record.fields)
    return made if main else _with_first_indicator(made, "200", "1")


def _whole_record(record: Record, rules: Iterable[Callable[[Record], list[Field]]]) -> list[Made]:
    side = family(record.format)
    tags = (*coded.CODED[side], coded.SOURCE[side])
    places = frozenset(at for at, field in enumerate(record.fields) if field.tag in tags)
    return [Made(field, places) for rule in rules for field in rule(record)]


def _built_marc21(field: Field, row: Row) -> Field | None:
    if row.rule == "link":
        return link_to_marc21(field, row)
    if row.rule == "name" and isinstance(field, DataField):
        return name_to_marc21(field, row)
    return _plain(field, row)


def _built_rusmarc(field: Field, row: Row) -> Sequence[Field]:
    if isinstance(field, DataField):
        if row.rule == "host":
            return host_to_rusmarc(field, row)
        if row.rule == "link":
            return [link_to_rusmarc(field, row)]
        if row.rule == "name":
            return [name_to_rusmarc(field, row)]
    built = _plain(field, row)
    return [built] if built else []


def _plain(field: Field, row: Row) -> Field | None:
    if isinstance(field, ControlField):
        return field if row.target == field.tag else None
    if row.rule == "same":
        return field
    if not isinstance(field, DataField):
        return None
    made: list[Subfield] = []
    for s in field.subfields:
        if s.code in row.codes:
            new = Subfield(row.codes[s.code], row.value(s.code, s.value))
            _add(made, new, row.join.get(s.code))
    return DataField(row.target, row.indicators_of(field.indicators), tuple(made)) if made else None


def _add(made: list[Subfield], new: Subfield, sign: str | None) -> None:
    """Add a subfield; with a sign, to the one of its code, which MARC 21 has only once."""
    at = next((i for i, s in enumerate(made) if s.code == new.code), None)
    if sign is None or at is None:
        made.append(new)
    else:
        made[at] = Subfield(new.code, made[at].value + sign + new.value)


def _one_main_entry(made: list[Made]) -> list[Made]:
    """MARC 21 has one main entry (1XX); a second name is an added one."""
    result: list[Made] = []
    seen = False
    for one in made:
        main = one.field.tag in _MAIN_ENTRIES and isinstance(one.field, DataField)
        if main and seen:
            one = one._replace(field=replace(one.field, tag=_MAIN_ENTRIES[one.field.tag]))
        seen = seen or main
        result.append(one)
    return result


def _title_entry(made: list[Made]) -> list[Made]:
    """MARC 21 245 indicator 1 says that the title is an added entry; without a 1XX it is the main.

    RUSMARC 200 indicator 1 says that it is an access point, as a main entry always is.
    """
    main = any(one.field.tag in _MAIN_ENTRIES for one in made)
    return made if main else _with_first_indicator(made, "245", "0")


def _with_first_indicator(made: list[Made], tag: str, sign: str) -> list[Made]:
    return [
        one._replace(field=replace(one.field, indicators=sign + one.field.indicators[1]))
        if isinstance(one.field, DataField) and one.field.tag == tag
        else one
        for one in made
    ]
