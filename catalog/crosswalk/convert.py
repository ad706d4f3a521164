"""RUSMARC to MARC 21 and back without loss.

The table ``corpora/crosswalk/rusmarc_marc21.json`` says what becomes what. The result is then sent
back by the same table: whatever does not come back as it was goes whole into a field 886 of the
result, and is reported. On the way back these fields are restored first; an edit made since wins.
"""

from dataclasses import dataclass

from catalog.crosswalk.irbis import irbis_to_rusmarc
from catalog.crosswalk.loss.carrier import taken, with_carriers
from catalog.crosswalk.loss.differences import Loss, differences, leader_difference, losses
from catalog.crosswalk.loss.restore import restored, restored_leader
from catalog.crosswalk.table import family
from catalog.crosswalk.transfer import Made, leader_for, transfer
from catalog.record import FORMATS, Record
from olketanu.errors import UsageError

_IRBIS = "irbis"


@dataclass(frozen=True, slots=True)
class Conversion:
    """The record in the other format; ``lost`` names what it holds only in fields 886."""

    record: Record
    lost: tuple[Loss, ...]


def convert(record: Record, target_format: str) -> Conversion:
    """Return ``record`` in ``target_format`` (rusmarc, marc21, unimarc); its own: unchanged.

    Of an unedited result the way back makes the record again, with its leader and the order of its
    fields. UNIMARC goes by the rows of RUSMARC. ИРБИС goes one way, and by RUSMARC to the others.
    UsageError ``error.crosswalk-format`` for another pair of formats.
    """
    source = record.format
    if source == target_format:
        return Conversion(record, ())
    if target_format == _IRBIS or not {source, target_format} <= set(FORMATS):
        raise UsageError("error.crosswalk-format", source=source, target=target_format)
    if source == _IRBIS:
        return _from_irbis(record, target_format)
    if family(source) == family(target_format):
        return Conversion(Record(target_format, record.leader, record.fields), ())
    return _by_table(record, target_format)


def _from_irbis(record: Record, target: str) -> Conversion:
    built, kept, lost = irbis_to_rusmarc(record)
    first = with_carriers(built, kept, record.format)
    if target == first.format:
        return Conversion(first, lost)
    second = convert(first, target)
    return Conversion(second.record, lost + second.lost)


def _by_table(record: Record, target: str) -> Conversion:
    own, carriers = taken(record, target)
    leader = restored_leader(
        leader_for(own.leader, family(target)), carriers, lambda text: _leader_trip(text, target)
    )
    made = restored(
        transfer(own, family(target), leader),
        carriers,
        lambda fields: [one.field for one in _trip(Record(target, leader, tuple(fields)), own)],
    )
    result = Record(target, leader, tuple(one.field for one in made))
    there = _there_and_back(own, result, made)
    kept = leader_difference(own.leader, leader_for(leader, family(own.format)))
    kept += differences(own.fields, there)
    lost = losses(kept, own, [one.field for one in there])
    return Conversion(with_carriers(result, kept, own.format), lost)


def _there_and_back(own: Record, result: Record, made: list[Made]) -> list[Made]:
    """What the table gives back for ``result``; sources are places in ``own``."""
    back = transfer(result, family(own.format), own.leader)
    none: frozenset[int] = frozenset()
    return [Made(one.field, none.union(*(made[at].sources for at in one.sources))) for one in back]


def _trip(result: Record, own: Record) -> list[Made]:
    """Fields of the target format, sent to the format of ``own`` and back by the table."""
    there = transfer(result, family(own.format), own.leader)
    middle = Record(own.format, own.leader, tuple(one.field for one in there))
    return transfer(middle, family(result.format), result.leader)


def _leader_trip(leader: str, target: str) -> str:
    other = "rusmarc" if family(target) == "marc21" else "marc21"
    return leader_for(leader_for(leader, other), family(target))
