"""A glance at a folder and a look into it agree, whatever lies there."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from digitize.batch.folder import scan_batch
from digitize.batch.glance import glance
from workflow.intake.inputs import batches_of, source_name, text_of

NAMES = st.sampled_from(
    ["001.tif", "2.jpg", "гәзет", "готово", "Thumbs.db", ".~tmp", "manifest-1.csv", "ready.txt"]
)
TREES = st.recursive(
    st.integers(0, 9),  # a file of so many bytes
    lambda inner: st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)
FOLDERS = st.dictionaries(NAMES, TREES, max_size=5)


def build(folder: Path, tree: dict[str, object]) -> None:
    folder.mkdir()
    for name, inner in tree.items():
        if isinstance(inner, dict):
            build(folder / name, inner)
        else:
            (folder / name).write_bytes(b"x" * int(str(inner)))


@given(FOLDERS, st.lists(st.sampled_from(["001.tif", "гәзет"]), unique=True))
def test_a_glance_sees_the_files_that_a_batch_is_made_of(
    tree: dict[str, object], with_sheet: list[str]
) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place).resolve() / "batch"
        build(folder, tree)
        for name in with_sheet:
            if (folder / name).is_dir():
                (folder / name / "manifest.csv").write_text("folder;kind;rights\n", "utf-8")
        seen, found = glance(folder), batches_of([folder])
        assert [text_of(one.path.name) for one in seen.batches] == [one.name for one in found]
        for one, batch in zip(seen.batches, found, strict=True):
            files = [path for item in batch.found for path in item.document.files]
            assert one.sizes == {source_name(batch, path): path.stat().st_size for path in files}
            documents = scan_batch(batch.path).documents
            assert one.has_empty == any(not document.files for document in documents)
