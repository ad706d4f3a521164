"""Packages of office programs (ECMA-376 part 2: DOCX, XLSX) that bear no time of their making."""

import io
import re
import zipfile
from typing import BinaryIO

_TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def timeless(package: BinaryIO, made: str = "") -> bytes:
    """Return the package anew so that the same content gives the same bytes.

    The parts bear the first day that an archive can name; ``made`` (ISO 8601) stands for the times
    that the package tells of itself, without it those are kept.
    """
    held = io.BytesIO()
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(held, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if made:
                content = _TIMES.sub(rb"\g<1>" + made.encode(), content)
            new.writestr(zipfile.ZipInfo(part.filename), content, zipfile.ZIP_DEFLATED)
    return held.getvalue()
