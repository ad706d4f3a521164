"""Saved bibliographic lists: kept as files of the home, run over the catalogue again and again."""

import json
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from catalog.isbd.describe import describe
from catalog.lists.definition import Definition, from_data, to_data
from catalog.lists.entry import Entry, make_entry
from catalog.view import view
from olketanu.errors import InputError, UsageError
from olketanu.home import Home
from store.catalogue import records
from store.catalogue.records import StoredRecord
from store.disk.aside import new_aside
from store.disk.files import write_durably
from workflow.library import Library
from workflow.record.describe import library_style

_NAME = re.compile(r"[^\W_][\w-]{0,59}")
_HEAD = "# A bibliographic list; docs/reference/lists.md says what each line means.\n"


@dataclass(frozen=True, slots=True)
class Span:
    """Days on which records were entered, in place of those that the list has saved."""

    first: str = ""
    last: str = ""


def save_list(
    home: Home, name: str, definition: Definition, *, replacing: bool = False, dry_run: bool = False
) -> Path:
    """Write the list to ``lists/<name>.toml`` of the home and return the path.

    One that is replaced is kept under ``replaced/<time>/lists/``.

    Raises:
        UsageError: ``error.list-name``: no name for a file; ``error.list-exists``: it is there and
            ``replacing`` is false. InputError: ``error.list-value``. CannotWriteError.
    """
    path = home.saved_list(_checked_name(name))
    if path.exists() and not replacing:
        raise UsageError("error.list-exists", name=name)
    data = to_data(definition)
    from_data(data)
    new = (_HEAD + _toml(data)).encode()
    if dry_run:
        return path
    if path.exists() and (old := path.read_bytes()) != new:
        write_durably(new_aside(home) / path.relative_to(home.root), old)
    write_durably(path, new)
    return path


def read_list(home: Home, name: str, span: Span = Span()) -> Definition:
    """Return a saved list, over another span of days where one is given.

    Raises:
        UsageError: ``error.unknown-list``. InputError: ``error.list-unreadable`` (no TOML),
        ``error.list-value``.
    """
    path = home.saved_list(_checked_name(name))
    if not path.is_file():
        raise UsageError("error.unknown-list", name=name, known=", ".join(list_names(home)) or "–")
    try:
        definition = from_data(tomllib.loads(path.read_text(encoding="utf-8")))
    except (ValueError, RecursionError) as error:
        raise InputError("error.list-unreadable", file=str(path), reason=str(error)) from error
    return _over(definition, span)


def list_names(home: Home) -> list[str]:
    """Return the names of all saved lists, sorted."""
    paths = home.lists.glob("*.toml")
    return sorted(p.stem for p in paths if p.is_file() and _NAME.fullmatch(p.stem))


def find_entries(library: Library, definition: Definition) -> list[Entry]:
    """Return the entries that the list takes, described in its edition as the library wants it.

    Raises:
        UsageError: ``error.unknown-record``: the list names a record that is not there.
    """
    style = replace(library_style(library.settings), edition=definition.style)
    made = []
    for stored in _candidates(library, definition):
        block = describe(stored.record, style, stored.id)
        made.append(
            make_entry(stored.record, block, entered=stored.created, catalogues=stored.catalogues)
        )
    return made


def _candidates(library: Library, definition: Definition) -> Iterator[StoredRecord]:
    """Records that the list takes, by id; the view is made last, since it costs most."""
    selection = definition.selection
    kept = ("active", "draft") if selection.drafts else ("active",)
    for stored in _rows(library, selection.records):
        if (
            stored.status in kept
            and selection.may_take(stored.id, stored.created, stored.catalogues)
            and selection.takes(view(stored.record))
        ):
            yield stored


def _rows(library: Library, only: tuple[str, ...]) -> Iterator[StoredRecord]:
    if not only:
        return records.iterate_records(library.store)
    return (records.get_record(library.store, one) for one in sorted(set(only)))


def _over(definition: Definition, span: Span) -> Definition:
    before = definition.selection
    days = (span.first or before.entered_from, span.last or before.entered_to)
    after = replace(before, entered_from=days[0], entered_to=days[1])
    return from_data(to_data(replace(definition, selection=after)))


def _checked_name(name: str) -> str:
    normal = unicodedata.normalize("NFC", name)
    if not _NAME.fullmatch(normal):
        raise UsageError("error.list-name", name=name)
    return normal


def _toml(data: dict[str, Any]) -> str:
    """Return TOML of flat values and, at the end, of tables of such."""
    flat = [_pair(name, value) for name, value in data.items() if not isinstance(value, dict)]
    tables = [
        f"\n[{name}]\n" + "".join(_pair(*one) for one in value.items())
        for name, value in data.items()
        if isinstance(value, dict)
    ]
    return "".join(flat + tables)


def _pair(name: str, value: object) -> str:
    # A string of JSON is a basic string of TOML but for U+007F.
    return f"{name} = {json.dumps(value, ensure_ascii=False)}\n".replace("\x7f", "\\u007f")
