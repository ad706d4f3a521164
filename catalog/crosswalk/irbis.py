"""ИРБИС to RUSMARC, one way."""

from catalog.crosswalk.carrier import Carrier
from catalog.record import Record


def irbis_to_rusmarc(record: Record) -> tuple[Record, list[Carrier]]:
    """."""
    return Record("rusmarc", record.leader, ()), []
