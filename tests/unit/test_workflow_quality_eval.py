"""Truth in all its shapes, found in the library and measured against what was read."""

import json
from pathlib import Path
from typing import Any

import pytest

from olketanu.errors import InputError
from olketanu.home import Home
from tests.unit.made_library import Silent
from tests.unit.made_readings import MadeDocument, Reading, library_of, make_home
from workflow.quality.evaluate import Evaluation, evaluate
from workflow.quality.matching import REASONS
from workflow.quality.truth import TruePage, read_truth

FIRST = ["Қарағанды даласы", "Нұра өзенінің жағасы"]
SECOND = ["Теміртау қаласы"]


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def shape(truth: list[TruePage]) -> list[tuple[str, str, int, tuple[str, ...]]]:
    return [(page.document, page.page, page.order, page.lines) for page in truth]


def measured(home: Home, truth: Path, **options: Any) -> Evaluation:
    library = library_of(home)
    try:
        return evaluate(
            library,
            truth,
            Silent(),
            batch=options.get("batch"),
            current=options.get("current", False),
        )
    finally:
        library.store.close()


def home_of(root: Path, *pages: Reading, name: str = "d", **fields: Any) -> Home:
    return make_home(root, [MadeDocument(name, pages, **fields)])


def test_a_folder_a_document_and_a_file_a_page_in_natural_order(tmp_path: Path) -> None:
    folder = write(tmp_path, {"d/p10.txt": "он", "d/p9.txt": "тоғыз\nжол", "d/notes.md": "no"})
    assert shape(read_truth(folder)) == [
        ("d", "p9", 1, ("тоғыз", "жол")),
        ("d", "p10", 2, ("он",)),
    ]


def test_one_file_a_document_is_divided_by_form_feeds(tmp_path: Path) -> None:
    folder = write(tmp_path, {"d.txt": "\ufeffбір\n\fекі\n\f"})
    assert [(page.page, page.order, page.text.strip()) for page in read_truth(folder)] == [
        *(("1", 1, "бір"), ("2", 2, "екі"))
    ]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_table_names_document_page_and_file(tmp_path: Path, delimiter: str) -> None:
    rows = [("құжат", "бет", "файл"), ("d", "7", "a.txt"), ("", "", ""), ("d", "p0009", "b.txt")]
    table = "\n".join(delimiter.join(row) for row in rows)
    folder = write(tmp_path, {"truth.csv": table, "a.txt": "бір", "b.txt": "екі"})
    assert shape(read_truth(folder / "truth.csv")) == [
        *(("d", "7", 1, ("бір",)), ("d", "p0009", 2, ("екі",)))
    ]


ALTO = """<alto xmlns="http://www.loc.gov/standards/alto/ns-v2#"><Layout><Page><PrintSpace>
<TextBlock><TextLine><String CONTENT="Қара"/><SP/><String CONTENT="дала"/></TextLine>
<TextLine><String CONTENT="көш"/><HYP CONTENT="-"/></TextLine></TextBlock>
</PrintSpace></Page></Layout></alto>"""
PAGE = """<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"><Page>
<TextRegion><TextLine><Word><TextEquiv><Unicode>Қара</Unicode></TextEquiv></Word>
<TextEquiv><Unicode>Қара дала</Unicode></TextEquiv></TextLine>
<TextLine><TextEquiv><Unicode>көш-</Unicode></TextEquiv></TextLine></TextRegion></Page></PcGts>"""


@pytest.mark.parametrize("text", [ALTO, PAGE], ids=["alto", "page"])
def test_lines_are_read_from_the_xml_of_other_programs(tmp_path: Path, text: str) -> None:
    (page,) = read_truth(write(tmp_path, {"d/p0001.xml": text}))
    assert page.lines == ("Қара дала", "көш-")


@pytest.mark.parametrize(
    ("files", "table", "key"),
    [
        ({"d/notes.md": ""}, "", "error.truth-empty"),
        ({"d/p.json": "{}"}, "", "error.truth-unreadable"),
        ({"d/p.json": "[1"}, "", "error.truth-unreadable"),
        ({"d/p.xml": "<a"}, "", "error.xml-unreadable"),
        ({"d/p.xml": "<!DOCTYPE a><a/>"}, "", "error.xml-doctype"),
        ({"t.csv": "a;b;c\nd;;x.txt"}, "t.csv", "error.truth-unreadable"),
        ({"t.csv": "a;b;c\nd;1;none.txt"}, "t.csv", "error.truth-unreadable"),
        ({"t.csv": "a;b;c"}, "t.csv", "error.truth-empty"),
    ],
)
def test_a_truth_that_cannot_be_read_is_named(
    tmp_path: Path, files: dict[str, str], table: str, key: str
) -> None:
    folder = write(tmp_path, files)
    with pytest.raises(InputError) as raised:
        read_truth(folder / table)
    assert raised.value.key == key


def test_a_text_in_another_encoding_is_refused_not_misread(tmp_path: Path) -> None:
    (tmp_path / "d.txt").write_bytes("Қала".encode("cp1251", "replace") + "да".encode("cp1251"))
    with pytest.raises(InputError) as raised:
        read_truth(tmp_path)
    assert raised.value.key == "error.truth-unreadable"


@pytest.mark.parametrize(
    ("document", "page", "found"),
    [
        *(("d.tif", "p0002", "p0002"), ("d", "p0002", "p0002"), ("d", "2", "p0002")),
        *(("d", "002", "p0002"), ("d", "0418", "p0002"), ("d", "second", "p0001")),
        *(
            ("d", "9", "page-unknown"),
            ("d", "p0009", "page-unknown"),
            ("d", "0", "page-unknown"),
            ("d", "3", "page-waiting"),
        ),
        *(("none", "1", "document-unknown"), ("twice", "1", "document-ambiguous")),
    ],
)
def test_a_page_is_known_by_key_scan_number_or_order(
    tmp_path: Path, document: str, page: str, found: str
) -> None:
    pages = [Reading(FIRST), Reading(SECOND), Reading(state="waiting")]
    home = make_home(
        tmp_path / "home",
        [
            MadeDocument("d.tif", pages, sources=["d/0417.jpg", "d/0418.jpg"]),
            MadeDocument("twice", [Reading(FIRST)]),
            MadeDocument("twice", [Reading(FIRST)], batch="c"),
            MadeDocument("sure", [Reading(SECOND)]),
        ],
    )
    truth = write(tmp_path / "t", {f"{document}/{page}.txt": "Қара", "sure/1.txt": "Қара"})
    result = measured(home, truth)
    if found in REASONS:
        assert [gap.reason for gap in result.missed] == [found]
    else:
        (known,) = [score for score in result.pages if score.name == document]
        assert known.page == found
    if found == "document-ambiguous":
        assert not measured(home, write(tmp_path / "u", {"twice/1.txt": ""}), batch="c").missed


def test_a_scan_of_several_pages_names_none_of_them(tmp_path: Path) -> None:
    pages = [Reading(FIRST), Reading(SECOND)]
    home = home_of(tmp_path / "home", *pages, name="0418.tif", sources=["0418.tif"], one_file=True)
    truth = write(tmp_path / "t", {"0418/cover.txt": "Қара", "0418/0418.txt": "Қара"})
    result = measured(home, truth)
    assert [page.page for page in result.pages] == ["p0002"]  # by its order
    assert [gap.reason for gap in result.missed] == ["page-unknown"]


def test_the_line_with_most_errors_comes_first(tmp_path: Path) -> None:
    home = home_of(tmp_path / "home", Reading(["Қарағанды даласы", "Нура озенинин жагасы"]))
    truth = write(tmp_path / "t", {"d/1.txt": "Қарағанды даласы.\nНұра өзенінің жағасы"})
    worst = measured(home, truth).worst_lines(9)
    assert [line.characters.edits for line in worst] == [6, 1]


def test_errors_are_counted_by_flow_and_by_line(tmp_path: Path) -> None:
    read = ["Нура өзенінің жағасы", "Қарағанды даласы"]
    home = home_of(tmp_path / "home", Reading(read))
    result = measured(home, write(tmp_path / "t", {"d/1.txt": "\n".join(FIRST)}))
    (page,) = result.pages
    assert (page.line.edits, page.line.length) == (1, 36)
    assert (page.line_words.edits, page.line_words.length) == (1, 5)
    assert page.flow.edits > 20
    assert result.confusions() == [("ұ", "у", 1)]
    assert [line.true for line in result.worst_lines(9)] == [FIRST[1]]
    assert result.worst_lines(0) == []


def test_the_text_as_recognised_or_as_corrected_is_measured(tmp_path: Path) -> None:
    home = home_of(tmp_path / "home", Reading(["Теміртау каласы"], current=SECOND))
    truth = write(tmp_path / "t", {"d/1.txt": SECOND[0]})
    assert measured(home, truth).pages[0].flow.edits == 1
    assert measured(home, truth, current=True).pages[0].flow.edits == 0


def test_a_page_without_text_is_all_errors(tmp_path: Path) -> None:
    home = home_of(tmp_path / "home", Reading())
    (page,) = measured(home, write(tmp_path / "t", {"d/1.txt": SECOND[0]})).pages
    assert page.flow.rate == page.line.rate == page.flow_words.rate == 1.0


def test_lines_that_are_none_are_counted_and_their_words_are_wrong(tmp_path: Path) -> None:
    read = [*SECOND, "|||/0.4 ~~/0.4"]
    home = home_of(tmp_path / "home", Reading(read))
    result = measured(home, write(tmp_path / "t", {"d/1.txt": SECOND[0]}))
    assert result.pages[0].extra == 1
    assert result.pages[0].line.edits == 0
    assert result.calibration() == [(90, 2, 2), (80, 0, 0), (70, 0, 0), (0, 2, 0)]


def test_confidence_is_held_against_what_is_right(tmp_path: Path) -> None:
    read = ["Қарағанды/0.99 даласы/0.85", "Нура/0.85 өзенінің/0.75 жагасы/0.3"]
    home = home_of(tmp_path / "home", Reading(read))
    result = measured(home, write(tmp_path / "t", {"d/1.txt": "\n".join(FIRST)}))
    assert result.calibration() == [(90, 1, 1), (80, 2, 1), (70, 1, 1), (0, 1, 0)]


def test_languages_are_told_apart(tmp_path: Path) -> None:
    home = home_of(tmp_path / "home", Reading(SECOND), Reading(["степь"], language="rus"))
    truth = write(tmp_path / "t", {"d/1.txt": SECOND[0], "d/2.txt": "стень"})
    languages = measured(home, truth).languages()
    assert {code: errors.edits for code, errors in languages.items()} == {"kaz": 0, "rus": 1}


def test_the_interval_is_told_over_pages(tmp_path: Path) -> None:
    home = home_of(tmp_path / "home", *[Reading(SECOND)] * 4)
    texts = {f"d/{n}.txt": "Теміртау каласы" if n % 2 else SECOND[0] for n in range(1, 5)}
    summed: Any = measured(home, write(tmp_path / "t", texts)).as_json()
    flow = summed["flow"]
    assert flow["low"] < flow["rate"] == round(2 / 60, 6) < flow["high"]


def test_a_truth_of_which_nothing_is_in_the_library_is_an_error(tmp_path: Path) -> None:
    home = home_of(tmp_path / "home", Reading(FIRST))
    with pytest.raises(InputError) as raised:
        measured(home, write(tmp_path / "t", {"other/1.txt": "а"}))
    assert raised.value.key == "error.truth-unmatched"
    assert raised.value.facts["document"] == "other"


def test_the_truth_of_the_samples_can_be_read() -> None:
    from tests.house import ROOT

    truth = read_truth(ROOT / "scans" / "truth")
    path = sorted((ROOT / "scans" / "truth").glob("*/*.json"))[0]
    lines = json.loads(path.read_text("utf-8"))["lines"]
    assert truth[0].lines == tuple(line["text"] for line in lines)
    assert len(truth) == 24
