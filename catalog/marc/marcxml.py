"""MARCXML (namespace ``http://www.loc.gov/MARC21/slim``), in and out.

Links of RUSMARC and UNIMARC are written flat, as in ISO 2709: each embedded field begins with a
subfield ``1``. Nested ones are read too.
"""

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from catalog.marc import xmlrecords
from catalog.marc.reading import BadRecord, ReadRecord
from catalog.record import Record

NAMESPACE = "http://www.loc.gov/MARC21/slim"
_DIALECT = xmlrecords.Dialect(NAMESPACE)
_RECORDS = re.compile(rb"<(?:[\w.-]+:)?(?:record|collection)[\s/>]")


def looks_like(head: bytes) -> bool:
    """Tell whether a file that begins so is XML with records, in UTF-8 or UTF-16."""
    text = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return text.startswith(b"<") and _RECORDS.search(text) is not None


def write(records: Iterable[Record]) -> Iterator[bytes]:
    """Yield the records as one MARCXML collection in UTF-8; errors: ``xmlrecords.write``."""
    return xmlrecords.write(records, _DIALECT)


def read(
    stream: BinaryIO, form: str = "rusmarc", charset: str = "utf-8"
) -> Iterator[ReadRecord | BadRecord]:
    """Yield every record, whatever the namespace; XML names its charset itself.

    Errors and bad records: ``xmlrecords.read``.
    """
    return xmlrecords.read(stream, form)
