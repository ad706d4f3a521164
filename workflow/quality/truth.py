"""True texts of pages, as a library has them: text files, ALTO or PAGE, a table that names them.

    TRUTH/<document>/<page>.txt     a folder a document; <page> is p0007, 7, the scan's own name,
                                    or, where it is none of these, the page of that order
    TRUTH/<document>.txt            one file a document, its pages divided by form feeds
    TRUTH.csv                       a line a page: document, page, file; the first line is headings

Beside ``.txt`` there may be ``.xml`` (ALTO of any version, PAGE) and ``.json`` (``lines`` with
``text``, as the truth of the samples has it).
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from digitize.batch.cells import read_csv
from digitize.batch.folder import natural_key
from olketanu.errors import InputError
from pages import xml

ENDINGS = (".txt", ".xml", ".json")
_TABLE_CELLS = 3
_PAGE_BREAK = "\f"


@dataclass(frozen=True, slots=True)
class TruePage:
    """What a page says: lines as printed, in reading order.

    ``document`` and ``page`` are names as the truth gives them; ``order`` counts the pages of the
    document in the truth from 1.
    """

    document: str
    page: str
    order: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The lines, each closed by a line break but the last."""
        return "\n".join(self.lines)


def read_truth(path: Path) -> list[TruePage]:
    """Return every page of a folder or a table of truth, by document and page.

    Raises:
        InputError: ``error.truth-empty``: there is none; ``error.truth-unreadable`` with the file;
            those of the parser of XML and of :func:`digitize.batch.cells.read_csv`.
    """
    found = list(_of_folder(path) if path.is_dir() else _of_table(path))
    if not found:
        raise InputError("error.truth-empty", path=str(path))
    return found


def _of_folder(folder: Path) -> Iterator[TruePage]:
    for entry in sorted(folder.iterdir(), key=lambda path: natural_key(path.name)):
        if entry.is_dir():
            files = [path for path in entry.iterdir() if path.suffix.lower() in ENDINGS]
            files.sort(key=lambda path: natural_key(path.name))
            for order, file in enumerate(files, start=1):
                yield TruePage(entry.name, file.stem, order, _lines(file))
        elif entry.suffix.lower() == ".txt":
            texts = _read(entry).rstrip(_PAGE_BREAK).split(_PAGE_BREAK)
            for order, text in enumerate(texts, start=1):
                yield TruePage(entry.stem, str(order), order, tuple(text.splitlines()))


def _of_table(path: Path) -> Iterator[TruePage]:
    counts: dict[str, int] = {}
    for number, cells in read_csv(path)[1:]:
        if not any(cells):
            continue
        if len([cell for cell in cells[:_TABLE_CELLS] if cell]) < _TABLE_CELLS:
            raise InputError("error.truth-unreadable", file=path.name, reason=f"{number}")
        document, page, name = cells[:_TABLE_CELLS]
        counts[document] = counts.get(document, 0) + 1
        yield TruePage(document, page, counts[document], _lines(path.parent / name))


def _lines(path: Path) -> tuple[str, ...]:
    try:
        if path.suffix.lower() == ".json":
            return tuple(str(line["text"]) for line in json.loads(_read(path))["lines"])
        if path.suffix.lower() == ".xml":
            return tuple(_xml_lines(xml.parse(path.read_bytes(), path.name)))
    except (KeyError, TypeError, ValueError, OSError) as error:
        raise _unreadable(path, error) from error
    return tuple(_read(path).splitlines())


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> InputError:
    return InputError("error.truth-unreadable", file=path.name, reason=str(error))


def _xml_lines(root: etree._Element) -> Iterator[str]:
    """The lines of an ALTO (String, HYP) or a PAGE file (TextEquiv of the line)."""
    for line in root.iter("{*}TextLine"):
        strings = [str(word.get("CONTENT")) for word in line.iterfind("{*}String")]
        if strings:
            hyphen = line.find("{*}HYP")
            end = "" if hyphen is None else str(hyphen.get("CONTENT", "-"))
            yield " ".join(strings) + end
        else:
            yield line.findtext("{*}TextEquiv/{*}Unicode") or ""


def page_number(name: str) -> int | None:
    """Return the number in a page's name (``7``, ``007``, ``p0007``), or None for another name."""
    found = re.fullmatch(r"p?([0-9]{1,6})", name)
    return int(found[1]) if found else None
