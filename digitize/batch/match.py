"""Which row of the sheet speaks of which document of the folder.

Excel turns the folder ``001`` into the number 1, and people leave out the extension of a file:
names are compared as written, then without case and extension, then as numbers; only an
unambiguous match counts.
"""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from digitize.batch.folder import FoundDocument, display_name
from digitize.batch.manifest import Manifest, ManifestRow
from digitize.scan.sniff import KNOWN_EXTENSIONS


@dataclass(frozen=True, slots=True)
class Paired:
    """A document with its row; ``row`` is None where the sheet has none."""

    document: FoundDocument
    row: ManifestRow | None


@dataclass(frozen=True, slots=True)
class Pairing:
    """All documents, those of ``each`` rows one by one, and the rows without a document."""

    documents: tuple[Paired, ...]
    unused: tuple[ManifestRow, ...]


def pair(found: Sequence[FoundDocument], manifest: Manifest | None) -> Pairing:
    """Return each document with its row, in the order of ``found``.

    A folder whose row says ``each`` gives one document a file, named ``folder/file``. Of two rows
    with the same folder the first counts and the second is unused.
    """
    rows = manifest.rows if manifest is not None else ()
    chosen = _choose([document.name for document in found], rows)
    documents: list[Paired] = []
    for document in found:
        row = chosen.get(document.name)
        if row is not None and row.each and document.root.is_dir():
            documents.extend(Paired(one, row) for one in _one_by_one(document))
        else:
            documents.append(Paired(document, row))
    used = {row.line for row in chosen.values()}
    return Pairing(tuple(documents), tuple(row for row in rows if row.line not in used))


def _choose(names: list[str], rows: Sequence[ManifestRow]) -> dict[str, ManifestRow]:
    """Row by document name: the strictest comparison first, each row and name used once."""
    chosen: dict[str, ManifestRow] = {}
    left = list(rows)
    for key in (_exact, _loose, _number):
        names_by_key = Counter(key(name) for name in names if name not in chosen)
        rows_by_key = {key(row.folder): row for row in reversed(left)}
        for name in names:
            row = rows_by_key.get(key(name))
            if (
                name not in chosen
                and row is not None
                and names_by_key[key(name)] == 1
                and key(name)
            ):
                chosen[name] = row
        used = {row.line for row in chosen.values()}
        left = [row for row in left if row.line not in used]
    return chosen


def _exact(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split()).strip("/\\")


def _loose(name: str) -> str:
    """Without case and the extension of an image or PDF."""
    plain = _exact(name).casefold()
    suffix = PurePath(plain).suffix
    return plain.removesuffix(suffix) if suffix in KNOWN_EXTENSIONS else plain


def _number(name: str) -> str:
    """The value of a name that is a number; empty for any other name."""
    plain = _loose(name)
    return str(int(plain)) if plain.isdecimal() else ""


def _one_by_one(document: FoundDocument) -> list[FoundDocument]:
    return [
        FoundDocument(f"{document.name}/{display_name(path)}", (path,), path)
        for path in document.files
    ]
