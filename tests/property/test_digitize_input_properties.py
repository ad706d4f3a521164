import csv
import io
import tempfile
import unicodedata
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from digitize.batch.folder import FoundDocument, natural_key
from digitize.batch.manifest import Manifest, ManifestRow, read_manifest
from digitize.batch.match import pair
from digitize.batch.sheet import FolderRow, write_template
from digitize.scan.codes import REFUSALS
from digitize.scan.decode import load_grey
from digitize.scan.inspect import inspect
from digitize.scan.raster import scale_grey
from digitize.scan.sniff import TYPES, sniff
from digitize.scan.text_layer import judge
from digitize.work.limits import Limits
from olketanu.errors import BadFileError, InputError
from pages.text import PageFrame


def one_spelling(name: str) -> str:
    """NFC with single blanks: what a cell can keep of a file name."""
    return " ".join(unicodedata.normalize("NFC", name).split())


LIMITS = Limits(megapixels=20)
NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)


FILE_NAMES = NAMES.filter(lambda name: bool(one_spelling(name)) and not set(name) & set("/\\"))


def sample(kind: str) -> bytes:
    """A small valid file of each type."""
    stream = io.BytesIO()
    noise = np.random.default_rng(7).integers(0, 255, (24, 40, 3), dtype=np.uint8)
    image = Image.fromarray(noise)
    if kind == "pdf":
        pdf = pikepdf.new()
        for _ in range(2):
            pdf.add_blank_page(page_size=(100, 100))
        pdf.save(stream, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    else:
        how = {"tiff": {"compression": "tiff_lzw"}}.get(kind, {})
        image.save(stream, {"jp2": "JPEG2000"}.get(kind, kind.upper()), **how)
    return stream.getvalue()


SAMPLES = {kind: sample(kind) for kind in TYPES}


@given(st.binary(max_size=64))
@example(b"")
def test_sniffing_any_bytes_gives_a_type_or_none(head: bytes) -> None:
    assert sniff(head) in (*TYPES, None)


@pytest.mark.parametrize("kind", TYPES)
def test_each_sample_is_of_its_type(kind: str) -> None:
    assert sniff(SAMPLES[kind]) == kind


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(TYPES), st.data())
def test_a_damaged_file_is_read_or_refused_with_a_known_code(
    kind: str, data: st.DataObject
) -> None:
    content = bytearray(SAMPLES[kind])
    places = st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255))
    for place, value in data.draw(st.lists(places, min_size=1, max_size=6)):
        content[place] = value
    cut = data.draw(st.integers(1, len(content)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scan"
        path.write_bytes(content[:cut])
        try:
            seen = inspect(path, LIMITS)
        except BadFileError as error:
            refused = error.code
        else:
            refused = ""
        assert refused in ("", *REFUSALS)
        if refused:
            return
        assert seen.frames
        info = seen.frames[0]
        frame = PageFrame(
            seen.sha256, info.frame, None, info.quarter_turn, info.width, info.height, info.dpi
        )
        assert load_grey(path, frame).shape == (info.height, info.width)


@given(
    arrays.arrays(np.uint16, (4, 8), elements=st.integers(0, 65535)),
    st.booleans(),
)
def test_scaling_greys_never_clips_and_keeps_their_order(
    values: "np.ndarray[tuple[int, int], np.dtype[np.uint16]]", inverted: bool
) -> None:
    grey = scale_grey(values, inverted=inverted).astype(int)
    order = np.argsort(values, axis=None, kind="stable")
    steps = np.diff(grey.ravel()[order])
    assert (steps <= 0).all() if inverted else (steps >= 0).all()
    top = int(values.max())
    full = next(2**bits - 1 for bits in (8, 10, 12, 14, 16) if top < 2**bits)
    expected = values * (255 / full)
    assert np.abs((255 - grey if inverted else grey) - expected).max() <= 0.51


@given(st.lists(NAMES, max_size=8))
def test_natural_order_does_not_depend_on_the_order_given(names: list[str]) -> None:
    backwards = names[::-1]
    assert sorted(names, key=natural_key) == sorted(backwards, key=natural_key)


@given(st.sets(st.integers(0, 10**6), max_size=20), st.sampled_from(["p", "стр ", ""]))
def test_numbers_in_names_are_ordered_by_value(numbers: set[int], prefix: str) -> None:
    names = [f"{prefix}{number}.tif" for number in numbers]
    ordered = [f"{prefix}{number}.tif" for number in sorted(numbers)]
    assert sorted(names, key=natural_key) == ordered


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(st.text(max_size=12), min_size=4, max_size=4), max_size=5))
def test_any_cells_are_read_without_losing_a_row_with_a_folder(lines: list[list[str]]) -> None:
    stream = io.StringIO()
    csv.writer(stream, delimiter=";").writerows([["папка", "вид", "права", "дата"], *lines])
    with tempfile.TemporaryDirectory() as folder:
        data = stream.getvalue().encode("utf-8", "replace")
        (Path(folder) / "manifest.csv").write_bytes(data)
        try:
            manifest = read_manifest(Path(folder))
        except InputError:
            return
    assert manifest is not None
    named = [line for line in lines if line[0].split()]
    assert len(manifest.rows) == len(named)
    for row in manifest.rows:
        assert row.rights.code in ("open", "on_site", "closed", "until")


@settings(deadline=None, max_examples=20)
@given(st.lists(FILE_NAMES, max_size=6, unique_by=one_spelling))
def test_the_template_keeps_every_folder_name(names: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_template(Path(folder) / "manifest.xlsx", [FolderRow(name) for name in names], "kk")
        manifest = read_manifest(Path(folder))
    assert manifest is not None
    found = [FoundDocument(name, (), Path(name)) for name in names]
    pairing = pair(found, manifest)
    assert all(paired.row is not None for paired in pairing.documents)


@given(st.lists(NAMES, max_size=8, unique=True), st.lists(NAMES, max_size=8))
def test_a_row_serves_at_most_one_document_and_none_is_lost(
    names: list[str], folders: list[str]
) -> None:
    rows = tuple(ManifestRow(folder, line=line) for line, folder in enumerate(folders, 2))
    found = [FoundDocument(name, (), Path("x")) for name in names]
    pairing = pair(found, Manifest(Path("m"), rows, (), "ru", ()))
    used = [one.row.line for one in pairing.documents if one.row is not None]
    assert len(used) == len(set(used))
    assert sorted([*used, *(row.line for row in pairing.unused)]) == [row.line for row in rows]
    assert [one.document.name for one in pairing.documents] == names


@given(st.text(max_size=80))
def test_any_text_layer_is_judged(text: str) -> None:
    assert isinstance(judge(text).values(), tuple)
    assert judge("\ufffd" * (len(text) + 10) + text).reason is not None
