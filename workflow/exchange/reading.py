"""From a record of a file to what the store takes: its number, hashes and keys."""

import hashlib
import re
from collections.abc import Mapping

from catalog.catalogues import language_code
from catalog.dedup.match import block_keys, describe
from catalog.marc.profile import known_profile
from catalog.marc.reading import ReadRecord
from catalog.record import ControlField, Record, canonical_json
from catalog.view import view
from store.imports.landing import ALIAS, Incoming
from workflow.exchange.profiles import profile_told

NUMBER = "001"
"""Where a record's number in its catalogue stands unless somebody says otherwise."""
_HASH = re.compile(r"[0-9a-f]{64}(#\d+)?")
"""The key of a record without a number: the hash of its first content."""
_REPEATED = re.compile(r"#\d+$")
BLANK = "blank"
"""What a record without a language counts under: apart from «not determined» (und)."""


def incoming(found: ReadRecord, number_in: str = NUMBER) -> tuple[Incoming, str]:
    """Return the record as the store takes it, and its language as it is counted.

    ``number_in`` is the field of the number: ``001`` or tag and subfield, ``903$a``.

    Raises:
        ValueError: it holds what no text can (half a surrogate pair).
    """
    record = found.record
    seen = view(record)
    content = canonical_json(record)
    sha256 = hashlib.sha256(content).hexdigest()
    number = number_of(record, number_in)
    keys = block_keys(describe(seen))
    made = Incoming(
        place=found.offset,
        raw=found.raw,
        raw_sha256=hashlib.sha256(found.raw).hexdigest(),
        record=record,
        content=content.decode(),
        sha256=sha256,
        number=number,
        kind=seen.kind,
        identifiers=(*keys, ("control", number) if number else (ALIAS, sha256)),
        charset=found.charset,
        notes=tuple(_note(note.code, note.tag, note.detail) for note in found.notes),
    )
    return made, language_code(seen.language) or BLANK


def number_place(told: Mapping[str, str], form: str) -> str:
    """Return where the number of a record stands in a file of this format.

    As was ``told`` of it: by the person, else by the profile; ИРБИС has a field of its own for it.
    """
    if "number_in" in told:
        return told["number_in"]
    profile = profile_told(told) or (known_profile(form) if form == "irbis" else None)
    return profile.number_place if profile else NUMBER


def number_of(record: Record, number_in: str = NUMBER) -> str | None:
    """Return the record's number in its catalogue, or None; blanks at its ends do not count."""
    tag, _, code = (part.strip() for part in number_in.partition("$"))
    if code:
        found = record.first(tag, code)
    else:
        found = next((f.data for f in record.all(tag) if isinstance(f, ControlField)), None)
    return (found or "").strip() or None


def number_behind(key: str) -> str | None:
    """Return the number behind an arrival's key; None: it has none and is known by its content."""
    return None if _HASH.fullmatch(key) else _REPEATED.sub("", key)


def identifiers_of(record: Record, number: str | None) -> tuple[tuple[str, str], ...]:
    """Return the (scheme, value) pairs under which a record can be found again.

    ``number`` is that in its catalogue, wherever it stands.
    """
    keys = block_keys(describe(view(record)))
    return (*keys, ("control", number)) if number else keys


def _note(code: str, tag: str, detail: str) -> Mapping[str, str]:
    told = {"code": code, "tag": tag, "detail": detail}
    return {name: value for name, value in told.items() if value}
