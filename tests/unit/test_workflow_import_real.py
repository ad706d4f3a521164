"""Real files: every record is in or kept as bad with its bytes, and leaves as it came."""

from pathlib import Path

import pytest

from store.imports.arrivals import arrivals_of
from store.imports.files import iterate_bad
from store.imports.originals import iterate_originals
from tests.unit.made_imports import open_made, taken
from workflow.exchange.export import Export, export_records
from workflow.exchange.importing import ImportOrder

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "marc"
ISO = ("loge-rusmarc/*.ISO", "loge-rusmarc/*.iso", "marc4j/*.mrc", "pymarc-suite/*.dat")
FILES = sorted(path for pattern in ISO for path in DATA.glob(pattern))
XML = DATA / "rusmarc-tpu" / "issue-2012-v320-i1.marcxml"
BETWEEN = b"\r\n\t \x00\x1a\xef\xbb\xbf"
"""What may lie between two records and belongs to none."""


@pytest.mark.skipif(not FILES, reason="the real files are not on this machine")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_of_a_real_file_is_lost(path: Path, tmp_path: Path) -> None:
    data = path.read_bytes()
    with open_made(tmp_path) as library:
        done = taken(library, path)
        originals = list(iterate_originals(library.store))
        came = {o.record: arrivals_of(library.store, o.record)[-1] for o in originals}
        pieces = [(came[o.record].place, o.raw or b"") for o in originals]
        pieces += [(row.place, row.raw) for row in iterate_bad(library.store)]
        assert len(pieces) == done.counts["read"]
        end = 0
        for place, raw in sorted(pieces):
            assert data[end:place].strip(BETWEEN) == b""
            assert data[place : place + len(raw)] == raw
            end = place + len(raw)
        assert data[end:].strip(BETWEEN) == b""
        if originals:
            target = tmp_path / "out.iso"
            order = Export(target, "rusmarc", "iso2709", original=True)
            exported = export_records(library, order, dry_run=False)
            assert (exported.records, exported.left) == (len(originals), [])
            assert target.read_bytes() == b"".join(o.raw or b"" for o in originals)
        again = taken(library, path)
        assert (again.counts["new"], again.counts["bad"]) == (0, done.counts["bad"])


@pytest.mark.skipif(not XML.is_file(), reason="the real files are not on this machine")
def test_a_real_marcxml_file_comes_in_and_is_known_the_second_time(tmp_path: Path) -> None:
    with open_made(tmp_path) as library:
        assert taken(library, XML).counts["new"] == 41
        copy = tmp_path / "copy.xml"
        copy.write_bytes(XML.read_bytes() + b"\n")
        assert taken(library, copy).counts["unchanged"] == 41
        other = taken(library, copy, ImportOrder("earticles"))
        assert (other.joined, other.counts["new"]) == (41, 0)
