import datetime
import os
from pathlib import Path

import pytest

from catalog.rights import Rights
from digitize.batch.check import Inspections, check
from digitize.batch.finding import Finding
from digitize.batch.folder import find_documents, find_loose, is_batch, is_ready, scan_batch
from digitize.batch.manifest import Manifest, ManifestRow, read_manifest
from digitize.batch.match import pair
from digitize.scan.inspect import inspect
from digitize.scan.inspection import Inspection
from digitize.work.limits import Limits
from olketanu.errors import BadFileError, InputError
from tests.unit.made_files import SIZE, page_image

TODAY = datetime.date(2026, 11, 23)


def make(folder: Path, *names: str) -> None:
    for number, name in enumerate(names):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        page_image(mark=number).save(path, dpi=(300, 300))


def manifest_of(*rows: ManifestRow) -> Manifest:
    numbered = (
        ManifestRow(**{name: getattr(row, name) for name in row.__slots__} | {"line": number})
        for number, row in enumerate(rows, 2)
    )
    return Manifest(Path("manifest.csv"), tuple(numbered), (), "ru", ("папка",))


def inspected(batch: Path) -> Inspections:
    seen: dict[Path, Inspection | BadFileError] = {}
    for document in find_documents(batch):
        for path in document.files:
            try:
                seen[path] = inspect(path, Limits())
            except BadFileError as error:
                seen[path] = error
    return seen


def findings(batch: Path, manifest: Manifest | None = None) -> list[Finding]:
    return check(batch, manifest, find_documents(batch), inspected(batch), TODAY)


def codes(found: list[Finding]) -> list[tuple[str, str]]:
    return [(one.code, one.place) for one in found]


# Folders


def test_documents_and_pages_come_in_natural_order(tmp_path: Path) -> None:
    make(tmp_path, "10/a10.png", "10/a2.png", "10/a1.png", "2.png", "1/x.png")
    found = find_documents(tmp_path)
    assert [document.name for document in found] == ["1", "2.png", "10"]
    assert [path.name for path in found[2].files] == ["a1.png", "a2.png", "a10.png"]


def test_nested_folders_follow_the_files_of_their_document(tmp_path: Path) -> None:
    make(tmp_path, "book/02/2.png", "book/02/1.png", "book/10/1.png", "book/9.png")
    (document,) = find_documents(tmp_path)
    below = [path.relative_to(tmp_path / "book").as_posix() for path in document.files]
    assert below == ["9.png", "02/1.png", "02/2.png", "10/1.png"]


def test_what_is_no_document_is_left_out_without_a_word(tmp_path: Path) -> None:
    make(tmp_path, "1.png", "doc/1.png")
    for name in ("manifest.xlsx", "Manifest.done.xlsx", "~$manifest.xlsx", "manifest.csv",
                 "Thumbs.db", "desktop.ini", ".DS_Store", "готово.txt", "READY", "ready.txt",
                 "doc/Thumbs.db", "doc/.hidden"):  # fmt: skip
        (tmp_path / name).write_bytes(b"x")
    batch = scan_batch(tmp_path)
    assert [document.name for document in batch.documents] == ["1.png", "doc"]
    assert [path.name for path in batch.documents[1].files] == ["1.png"]
    assert batch.findings == ()
    assert is_ready(tmp_path)
    assert not is_ready(tmp_path / "doc")


def test_a_document_named_like_a_mark_is_still_a_document(tmp_path: Path) -> None:
    make(tmp_path, "ready-made.png", "manifest.png")
    assert [one.name for one in find_documents(tmp_path)] == ["manifest.png", "ready-made.png"]


def test_links_are_refused_with_a_finding(tmp_path: Path) -> None:
    batch, outside = tmp_path / "batch", tmp_path / "outside"
    make(batch, "doc/1.png")
    make(outside, "secret.png")
    (batch / "doc" / "2.png").symlink_to(outside / "secret.png")
    (batch / "more").symlink_to(outside)
    os.mkfifo(batch / "pipe")
    found = scan_batch(batch)
    assert [path.name for path in found.documents[0].files] == ["1.png"]
    assert sorted(codes(list(found.findings))) == [
        ("LINK_REFUSED", "doc/2.png"),
        ("LINK_REFUSED", "more"),
        ("SPECIAL_FILE", "pipe"),
    ]


def test_names_are_nfc_text_and_paths_stay_as_given(tmp_path: Path) -> None:
    decomposed = "й.png"
    make(tmp_path, decomposed)
    bad = os.fsencode(tmp_path) + b"/\xff\xfe.png"
    Path(os.fsdecode(bad)).write_bytes((tmp_path / decomposed).read_bytes())
    found = find_documents(tmp_path)
    assert {document.name for document in found} == {"й.png", "\ufffd\ufffd.png"}
    assert all(document.files[0].exists() for document in found)


def test_loose_inputs_are_documents_of_their_own(tmp_path: Path) -> None:
    make(tmp_path, "a.png", "pages/2.png", "pages/1.png", "many/x/1.png", "many/y/1.png")
    found = find_loose([tmp_path / "a.png", tmp_path / "pages", tmp_path / "many"])
    assert [document.name for document in found.documents] == ["a.png", "pages", "x", "y"]
    assert [path.name for path in found.documents[1].files] == ["1.png", "2.png"]


def test_what_does_not_exist_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        find_loose([tmp_path / "nothing"])
    with pytest.raises(InputError):
        find_documents(tmp_path / "nothing")


def test_a_folder_with_a_sheet_is_a_batch(tmp_path: Path) -> None:
    make(tmp_path, "april/1.png", "may/1.png")
    (tmp_path / "april" / "MANIFEST.csv").write_text("x")
    assert is_batch(tmp_path / "april")
    assert not is_batch(tmp_path / "may")
    assert not is_batch(tmp_path)


# Rows and folders


@pytest.mark.parametrize(
    ("written", "name"),
    [("001", "001"), ("1", "001"), ("003", "003.tif"), ("3", "003.tif"), ("SK-1936", "sk-1936"),
     ("й", "й")],
)  # fmt: skip
def test_a_row_finds_its_folder_as_people_and_excel_write_it(
    tmp_path: Path, written: str, name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(b"x")
    pairing = pair(find_documents(tmp_path), manifest_of(ManifestRow(written)))
    assert [(one.row.folder if one.row else None) for one in pairing.documents] == [written]
    assert pairing.unused == ()


def test_an_ambiguous_number_matches_nothing(tmp_path: Path) -> None:
    make(tmp_path, "01/1.png", "001/1.png")
    pairing = pair(find_documents(tmp_path), manifest_of(ManifestRow("1")))
    assert [one.row for one in pairing.documents] == [None, None]
    assert len(pairing.unused) == 1


def test_an_exact_name_wins_over_a_number(tmp_path: Path) -> None:
    make(tmp_path, "1/1.png", "001/1.png")
    manifest = manifest_of(ManifestRow("1", title="one"), ManifestRow("001", title="padded"))
    pairing = pair(find_documents(tmp_path), manifest)
    titles = {one.document.name: one.row.title for one in pairing.documents if one.row}
    assert titles == {"1": "one", "001": "padded"}


def test_one_row_serves_a_folder_of_cuttings(tmp_path: Path) -> None:
    make(tmp_path, "cut/2.png", "cut/10.png")
    pairing = pair(find_documents(tmp_path), manifest_of(ManifestRow("cut", each=True)))
    assert [one.document.name for one in pairing.documents] == ["cut/2.png", "cut/10.png"]
    assert all(one.row is not None and len(one.document.files) == 1 for one in pairing.documents)


def test_folders_without_rows_and_rows_without_folders(tmp_path: Path) -> None:
    make(tmp_path, "a/1.png", "b/1.png")
    manifest = manifest_of(ManifestRow("a"), ManifestRow("c"), ManifestRow("a"))
    assert codes(findings(tmp_path, manifest)) == [
        ("ROW_WITHOUT_FOLDER", "c"),
        ("ROW_TWICE", "a"),
        ("FOLDER_WITHOUT_ROW", "b"),
    ]


def test_without_a_sheet_no_row_is_missed(tmp_path: Path) -> None:
    make(tmp_path, "a/1.png")
    assert findings(tmp_path) == []


# Files


def test_a_clean_batch_has_no_findings(tmp_path: Path) -> None:
    make(tmp_path, "a/01.png", "a/02.png", "b.png")
    row = {"kind": "book", "rights": Rights("open"), "date": "17.05.1985", "title": "Туған жер"}
    manifest = manifest_of(ManifestRow("a", **row), ManifestRow("b", **row))  # type: ignore[arg-type] # by name
    assert findings(tmp_path, manifest) == []


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    assert codes(findings(tmp_path)) == [("EMPTY_FOLDER", "a")]


def test_bad_files_are_errors_by_their_own_code(tmp_path: Path) -> None:
    make(tmp_path, "a/1.png", "a/2.png")
    (tmp_path / "a/1.png").write_bytes((tmp_path / "a/1.png").read_bytes()[:300])
    (tmp_path / "a/2.png").write_bytes(b"")
    found = findings(tmp_path)
    assert codes(found) == [("TRUNCATED", "a/1.png"), ("EMPTY", "a/2.png")]
    assert dict(found[0].facts)["file"] == "1.png"
    other = check(tmp_path, None, find_documents(tmp_path), {
        tmp_path / "a/1.png": BadFileError("KILLED")}, TODAY)  # fmt: skip
    assert codes(other) == [("BAD_FILE", "a/1.png")]


def test_warnings_about_a_file_are_shown(tmp_path: Path) -> None:
    page_image().save(tmp_path / "a.tif", format="JPEG", dpi=(300, 300))
    assert codes(findings(tmp_path)) == [("MISNAMED", "a.tif")]


def test_low_and_missing_resolution(tmp_path: Path) -> None:
    page_image().save(tmp_path / "low.png", dpi=(150, 150))
    page_image(mark=3).save(tmp_path / "none.png")
    assert codes(findings(tmp_path)) == [("DPI_LOW", "low.png"), ("DPI_MISSING", "none.png")]


def test_pages_of_different_size_are_named(tmp_path: Path) -> None:
    make(tmp_path, "a/1.png", "same/1.png", "same/2.png")
    page_image((SIZE[0] * 2, SIZE[1])).save(tmp_path / "a/2.png", dpi=(300, 300))
    found = codes(findings(tmp_path))
    assert ("MIXED_SIZES", "a") in found
    assert ("MIXED_SIZES", "same") not in found


def test_a_turned_page_is_not_of_a_different_size(tmp_path: Path) -> None:
    make(tmp_path, "a/1.png")
    page_image(SIZE[::-1]).save(tmp_path / "a/2.png", dpi=(300, 300))
    assert findings(tmp_path) == []


def test_odd_order_and_gaps_in_numbers(tmp_path: Path) -> None:
    make(tmp_path, *(f"a/{n}.png" for n in (1, 2, 10)), *(f"b/p0{n}.png" for n in (1, 2, 4)))
    found = findings(tmp_path)
    assert [one for one in codes(found) if one[0] != "SAME_IMAGE"] == [
        ("ODD_ORDER", "a"), ("GAP_IN_NUMBERS", "b")]  # fmt: skip
    assert dict(found[0].facts) == {"order": "1.png, 2.png, 10.png"}
    assert {one.severity for one in found} == {"warning"}


def test_the_same_image_twice_is_named_with_the_first(tmp_path: Path) -> None:
    make(tmp_path, "a/1.png", "b/1.png")
    (tmp_path / "b/1.png").write_bytes((tmp_path / "a/1.png").read_bytes())
    (found,) = findings(tmp_path)
    assert (found.code, found.place, dict(found.facts)) == (
        "SAME_IMAGE", "b/1.png", {"other": "a/1.png"})  # fmt: skip


# Values


def about(tmp_path: Path, **values: object) -> list[str]:
    make(tmp_path, "a/1.png")
    row = ManifestRow("a", **values)  # type: ignore[arg-type] # by name
    return [one.code for one in findings(tmp_path, manifest_of(row))]


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("17.05.1985", []),
        ("1985", []),
        ("31.02.1985", ["DATE_IMPOSSIBLE"]),
        ("вчера", ["DATE_IMPOSSIBLE"]),
        ("24.11.2026", ["DATE_IN_FUTURE"]),
        ("23.11.2026", []),
        ("2026", []),
        ("1735", ["DATE_TOO_EARLY"]),
    ],
)
def test_dates(tmp_path: Path, date: str, expected: list[str]) -> None:
    assert about(tmp_path, date=date) == expected


@pytest.mark.parametrize(
    ("rights", "expected"),
    [
        (Rights("open"), []),
        (Rights("until", None, "5"), []),
        (Rights("until"), ["CONTRACT_MISSING"]),
        (Rights("until", TODAY), []),
        (Rights("until", TODAY - datetime.timedelta(days=1)), ["RIGHTS_ENDED"]),
    ],
)
def test_contracts_and_terms(tmp_path: Path, rights: Rights, expected: list[str]) -> None:
    assert about(tmp_path, rights=rights) == expected


def test_latin_letters_in_cyrillic_words_are_named_with_the_right_word(tmp_path: Path) -> None:
    make(tmp_path, "a/1.png")
    row = ManifestRow("a", title="Кaраганда и COVID-19", author="Smith J.")
    (found,) = findings(tmp_path, manifest_of(row))
    assert found.code == "LOOKALIKE_LETTERS"
    assert dict(found.facts) == {"line": "2", "word": "Кaраганда", "good": "Караганда"}


def test_findings_of_the_sheet_come_first_and_everything_is_json(tmp_path: Path) -> None:
    make(tmp_path, "a/1.png")
    (tmp_path / "manifest.csv").write_text("папка;вид;права\na;кныга;открыто\nb;книга;открыто\n")
    found = findings(tmp_path, read_manifest(tmp_path))
    assert codes(found) == [("UNKNOWN_VALUE", "a"), ("ROW_WITHOUT_FOLDER", "b")]
    first = found[0].to_dict()
    assert first["facts"] == {"line": "2", "column": "вид", "value": "кныга", "good": "книга",
                              "known": dict(found[0].facts)["known"]}  # fmt: skip
