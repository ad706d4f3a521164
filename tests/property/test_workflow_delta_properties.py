"""Whatever we change in their records: given back, loaded and imported again, nothing differs."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.comparison.differences import apply_differences, differences
from catalog.record import DataField, Field, Record, Subfield
from store import changes
from store.catalogue import records
from store.imports.conflicts import list_conflicts
from tests.unit.made_imports import article, file_of, open_made, taken
from tests.unit.test_workflow_delta import loaded, read, write
from workflow.delta.corrections import open_corrections
from workflow.library import Library

TEXTS = st.text("абвгқұүі .,", min_size=1, max_size=8)
FIELDS = st.builds(
    DataField,
    st.sampled_from(["210", "300", "606", "700"]),
    st.sampled_from(["  ", " 1"]),
    st.lists(st.builds(Subfield, st.sampled_from("abc"), TEXTS), min_size=1, max_size=2).map(tuple),
)
BODIES = st.lists(FIELDS, max_size=4)
LIMIT = settings(max_examples=15, deadline=None)


def made(number: int, body: list[DataField]) -> Record:
    plain = article(str(number), f"Қарағанды шахталары {number}")
    fields: list[Field] = [*plain.fields, *body]
    return replace(plain, fields=tuple(fields))


def save(library: Library, ours: list[Record]) -> None:
    """People of ours change every record that differs."""
    with library.store.transaction("marat") as tx:
        change = changes.new_change_set(tx, "corrected")
        for record in ours:
            stored = records.find_record_at(tx, "articles", record.control_number or "")
            assert stored is not None
            records.save_version(tx, stored.id, record, parent=stored.version, change_set=change)


def same(left: list[Record], right: list[Record]) -> bool:
    return not any(differences(*pair) for pair in zip(left, right, strict=True))


@LIMIT
@given(st.lists(st.tuples(BODIES, BODIES), min_size=1, max_size=4))
def test_a_delta_loaded_there_leaves_no_difference(
    bodies: list[tuple[list[DataField], list[DataField]]],
) -> None:
    there = [made(n, body) for n, (body, _) in enumerate(bodies, 1)]
    ours = [made(n, body) for n, (_, body) in enumerate(bodies, 1)]
    with TemporaryDirectory() as name, open_made(Path(name)) as library:
        folder = Path(name)
        taken(library, file_of(folder, there))
        save(library, ours)
        done = write(library, folder / "delta.iso")
        assert (done.records == 0) == same(there, ours)
        delta = read(folder / "delta.iso") if done.records else []
        after = loaded(there, delta)
        assert same(after, ours)
        taken(library, file_of(folder, after, "after.iso"))
        assert list(open_corrections(library.store)) == []
        assert list_conflicts(library.store) == []


@LIMIT
@given(BODIES, BODIES, st.data())
def test_a_half_ticked_sheet_leaves_the_other_half_open(
    before: list[DataField], after: list[DataField], data: st.DataObject
) -> None:
    there, ours = made(1, before), made(1, after)
    found = differences(there, ours)
    ticked = [one for one in found if data.draw(st.booleans())]
    half = apply_differences(there, ticked)
    with TemporaryDirectory() as name, open_made(Path(name)) as library:
        folder = Path(name)
        taken(library, file_of(folder, [there]))
        save(library, [ours])
        taken(library, file_of(folder, [half], "half.iso"))
        rest = [c.difference for one in open_corrections(library.store) for c in one.corrections]
        assert list_conflicts(library.store) == []
        assert same([apply_differences(half, rest)], [ours])
