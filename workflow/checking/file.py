"""Check the records of a file, without a library: what would come in with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from catalog.marc.exchange import ReadOrder, open_exchange
from catalog.marc.profile import Profile
from catalog.marc.reading import BadRecord, ReadNote
from catalog.quality.finding import Finding
from catalog.quality.rules import Ruleset, own_rules, with_local
from catalog.quality.subject import Surroundings
from catalog.quality.validate import Context, validate
from olketanu.errors import InputError
from workflow.checking.rules import read_rules, this_year


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A record of the file, counted from 1, at ``offset``; ``bad`` is why it could not be read.

    ``notes`` are what was wrong with its bytes and was mended while reading.
    """

    number: int
    offset: int
    control_number: str | None
    findings: tuple[Finding, ...] = ()
    bad: str = ""
    notes: tuple[ReadNote, ...] = ()


def file_rules(path: Path | None) -> Ruleset:
    """Return the program's rules, or as the TOML file at ``path`` changes them."""
    return own_rules() if path is None else read_rules(path)


def check_file(
    path: Path, order: ReadOrder, rules: Ruleset, local: tuple[str, ...] = ()
) -> Iterator[FileRecord]:
    """Yield every record of the file in order with its findings; ``local``: its own fields.

    To them come those that the profile of ``order`` names.

    Raises:
        InputError: ``error.cannot-read-file``; ``error.bad-rule`` for a local field that is none;
            else as ``open_exchange``.
    """
    own = order.profile.local_places if isinstance(order.profile, Profile) else ()
    rules = with_local(rules, (*own, *local))
    context = Context(rules, Surroundings(this_year(), local=rules.local))
    try:
        stream = path.open("rb")
    except OSError as error:
        raise InputError("error.cannot-read-file", file=str(path), problem=error) from error
    with stream:
        for number, one in enumerate(open_exchange(stream, order).records, 1):
            if isinstance(one, BadRecord):
                yield FileRecord(number, one.offset, None, bad=one.reason)
            else:
                found = validate(one.record, context)
                yield FileRecord(
                    number, one.offset, one.record.control_number, found, notes=one.notes
                )
