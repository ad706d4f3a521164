"""Lists and cards in print: opened again and read back, equal bytes from equal input."""

import zipfile
from dataclasses import replace
from io import BytesIO
from itertools import cycle
from pathlib import Path

import pypdfium2
import pytest

from catalog.isbd.block import Block, Run
from catalog.isbd.describe import describe
from catalog.lists.cards import Card, CardFile, Divider, card_file
from catalog.lists.compile import CompiledList, compile_list
from catalog.lists.definition import Definition
from catalog.lists.entry import ShelfMark, make_entry
from catalog.marc import marcxml
from catalog.marc.reading import ReadRecord
from olketanu.errors import ExitCode, MissingToolError
from tests.unit.made_entries import entry, field
from workflow.print import fonts
from workflow.print.binding import bound
from workflow.print.fonts import load_type
from workflow.print.sheet import FORM, faces_of

pytest.importorskip("reportlab")
docx = pytest.importorskip("docx")

from workflow.print.card_docx import cards_docx  # noqa: E402 - after the skips
from workflow.print.card_pdf import cards_pdf  # noqa: E402 - the same
from workflow.print.list_docx import list_docx  # noqa: E402 - the same
from workflow.print.list_pdf import list_pdf  # noqa: E402 - the same

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "marc"
ARTICLES = DATA / "rusmarc-tpu" / "issue-2012-v320-i1.marcxml"
BBK = field("686", "a63.3(5Каз)", "2rubbk")
MM = 72 / 25.4


def made_list(number: int = 40, tail: str = "") -> CompiledList:
    entries = [
        entry(n, f"Ғабитов, {'АӘБ'[n % 3]}.", f"Үйдің іргесі № {n}{tail}", language=language)
        for n, language in zip(range(number), cycle(("kaz", "rus")), strict=False)
    ]
    return compile_list(Definition("Өлкетану тізімі", headings=("language", "letter")), entries)


def pages(data: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(data)
    texts = [document[n].get_textpage().get_text_range() for n in range(len(document))]
    document.close()
    return [text.replace("\u00a0", " ").replace("\r", "") for text in texts]


def test_the_pdf_of_a_list_holds_its_text_with_every_letter_of_kazakh() -> None:
    title = "Әғқңөұүһі ӘҒҚҢӨҰҮҺІ"
    made = compile_list(Definition(title), [entry(1, "Һәкім, Ұ.", "Әңгіме")])
    text = pages(list_pdf(made))[0]
    assert title in text
    assert "1. Һәкім, Ұ. Әңгіме. – 2025." in text
    assert "Есімдер көрсеткіші" in text


def test_the_pages_of_a_list_are_numbered_and_bear_its_title_from_the_second_on() -> None:
    made = pages(list_pdf(made_list(120)))
    assert len(made) > 2
    assert [text.count("Өлкетану тізімі") for text in made] == [1] * len(made)
    assert all(str(number) in text.splitlines() for number, text in enumerate(made, 1))


def test_a_heading_never_ends_a_page() -> None:
    entries = [
        entry(n, f"{'АӘБ'[n % 3]}лім, А.", "Өлке" + " : тарихы" * (n * 7 % 60), year=str(1900 + n))
        for n in range(120)
    ]
    made = compile_list(Definition("Тізім", headings=("year", "letter")), entries)
    headings = {block.text for block in made.blocks if block.kind == "heading"}
    texts = pages(list_pdf(made))
    assert len(headings) == 124
    assert len(texts) > 15
    for text in texts:
        assert [line for line in text.splitlines() if line.strip()][-1] not in headings


def test_an_entry_stands_on_one_page_unless_no_page_could_hold_it() -> None:
    for text in pages(list_pdf(made_list(60, " : өлке тарихы" * 40))):
        assert text.count("№ ") == text.count(". – 2025.")
    long = compile_list(Definition("Т", names=False), [entry(1, "", "өлке " * 3000)])
    assert sum(text.count("өлке") for text in pages(list_pdf(long))) == 3000


def test_the_outline_of_the_pdf_is_that_of_the_headings() -> None:
    document = pypdfium2.PdfDocument(list_pdf(made_list()))
    found = [(mark.level, mark.get_title()) for mark in document.get_toc()]
    assert found == [
        *((0, "Қазақ тілінде"), (1, "Ғ"), (0, "Орыс тілінде"), (1, "Ғ")),
        (0, "Есімдер көрсеткіші"),
    ]


def test_letters_that_the_type_lacks_are_taken_from_the_reserve() -> None:
    if not load_type().reserve:
        pytest.skip("no reserve font on this machine")
    made = compile_list(Definition("Qaraƣandь", names=False), [entry(1, "", "Qaraƣandь → ₸")])
    assert "Qaraƣandь → ₸" in pages(list_pdf(made))[0]


def test_marks_of_html_in_a_title_are_print_and_nothing_else() -> None:
    made = compile_list(Definition("R&D <b>", names=False), [entry(1, "", "</para> & <i>тау</i>")])
    text = pages(list_pdf(made))[0]
    assert "R&D <b>" in text
    assert "</para> & <i>тау</i>" in text


@pytest.mark.parametrize("setter", [list_pdf, list_docx])
def test_an_empty_list_is_a_title(setter: object) -> None:
    assert callable(setter)
    assert setter(CompiledList("Бос тізім", "kaz", ()))


def test_the_same_list_gives_the_same_bytes() -> None:
    made = made_list()
    assert list_pdf(made) == list_pdf(made_list())
    assert list_docx(made) == list_docx(made_list())
    filed = card_file(CardFile(), [entry(1, "Ким, А.", "Тау", extra=(BBK,))])
    assert cards_pdf(filed) == cards_pdf(filed)
    assert cards_docx(filed) == cards_docx(filed)


def test_the_docx_of_a_list_has_headings_numbers_and_an_index_in_columns() -> None:
    document = docx.Document(BytesIO(list_docx(made_list(2))))
    found = [(p.style.name, p.text.replace("\u00a0", " ")) for p in document.paragraphs]
    assert found == [
        ("Title", "Өлкетану тізімі"),
        ("Heading 1", "Қазақ тілінде"),
        ("Heading 2", "Ғ"),
        ("Normal", "1.\tҒабитов, А. Үйдің іргесі № 0. – 2025."),
        ("Heading 1", "Орыс тілінде"),
        ("Heading 2", "Ғ"),
        ("Normal", "2.\tҒабитов, Ә. Үйдің іргесі № 1. – 2025."),
        ("Heading 1", "Есімдер көрсеткіші"),
        ("Normal", ""),  # ends the section
        ("Normal", "Ғабитов, А.\u20021"),
        ("Normal", "Ғабитов, Ә.\u20022"),
    ]
    assert document.core_properties.created.isoformat()[:10] == "2026-03-05"
    xml = document.element.xml
    assert [xml.count(part) for part in ("<w:sectPr", "<w:cols", 'w:num="2"')] == [2, 2, 1]
    assert 'w:val="kk-KZ"' in xml
    assert 'w:val="ru-RU"' in xml
    assert 'w:instr="PAGE"' in document.sections[0].footer._element.xml


def test_parts_of_the_docx_bear_no_time() -> None:
    with zipfile.ZipFile(BytesIO(list_docx(made_list(1)))) as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_an_address_is_a_link_and_another_scheme_is_text() -> None:
    links = (Run("https://library.example/d/1", "link"), Run("javascript:x()", "link"))
    made = CompiledList("Т", "kaz", (Block("entry", links, "rus"),))
    document = docx.Document(BytesIO(list_docx(made)))
    targets = [r.target_ref for r in document.part.rels.values() if r.is_external]
    assert targets == ["https://library.example/d/1"]
    printed = list_pdf(made)
    assert b"/URI (https://library.example/d/1)" in printed
    assert printed.count(b"/URI (") == 1


def marked(number: int, long: bool = False) -> Card:
    words = "Өлке шежіресі мен тарихы туралы мақала" * (20 if long else 1)
    body = (Run(f"{number}-кітап : {words}"), Run(" "), Run("https://library.example", "link"))
    return Card(ShelfMark("63.3(5Қ)", "Ғ 12"), "Ғабитов, Ә.", body, ("ӘОЖ 94(574)",))


def test_four_cards_stand_on_a_sheet_and_one_on_a_card() -> None:
    filed: list[Card | Divider] = [marked(number) for number in range(5)]
    filed.insert(0, Divider("63", ("Тарих", "История")))
    sheets = pages(cards_pdf(filed))
    assert len(sheets) == 2
    assert "Тарих" in sheets[0]
    assert [n for n in range(5) if f"{n}-кітап" in sheets[0]] == [0, 1, 2]
    single = pypdfium2.PdfDocument(cards_pdf(filed, "card"))
    assert len(single) == 6
    assert single[0].get_size() == pytest.approx((125 * MM, 75 * MM), abs=0.1)


def test_a_long_card_runs_on_in_print_with_nothing_lost() -> None:
    card = marked(1, long=True)
    sheets = pages(cards_pdf((card,), "card"))
    assert len(sheets) > 1
    assert all("келесі карт. қар." in text for text in sheets[:-1])
    assert all("Ғ 12" in text for text in sheets)
    assert "ӘОЖ 94(574)" in sheets[-1]
    joined = "".join("".join(sheets).split())
    assert joined.count("шежіресі") == 20


def test_no_line_of_a_card_is_wider_than_its_column() -> None:
    type_ = load_type()
    odd = replace(marked(1), body=(Run("ж" * 400), Run(" қ" * 90, "strong")))
    for face in faces_of((odd,), type_):
        assert not isinstance(face, Divider)
        for line in face.lines:
            width = sum(type_.width(run.text, run.style, 9.0) for run in line.runs)
            assert line.left + width <= FORM.width + 0.01


def test_the_docx_of_cards_holds_rows_of_two() -> None:
    filed = (Divider("63", ("Тарих", "История")), marked(1), marked(2))
    table = docx.Document(BytesIO(cards_docx(filed))).tables[0]
    assert [len(row.cells) for row in table.rows] == [2, 2]
    assert table.rows[0].cells[0].text == "63\nТарих\nИстория"
    lines = table.rows[0].cells[1].text.replace("\u00a0", " ").split("\n")
    assert lines[0] == "63.3(5Қ)\tҒабитов, Ә."
    assert lines[1].startswith("Ғ 12\t\t1-кітап : Өлке шежіресі")
    assert lines[-1] == "\tӘОЖ 94(574)"
    sizes = {run.font.size.pt for p in table.rows[0].cells[1].paragraphs for run in p.runs}
    assert sizes == {9.0}
    assert "w:hyperlink" not in table._tbl.xml
    assert table.rows[0].height.mm == pytest.approx(75, abs=0.1)


@pytest.mark.skipif(not ARTICLES.is_file(), reason="no real records on this machine")
def test_real_articles_are_printed_whole_as_a_list_and_as_cards() -> None:
    with ARTICLES.open("rb") as stream:
        read = [one for one in marcxml.read(stream, "rusmarc") if isinstance(one, ReadRecord)]
    entries = [make_entry(r.record, describe(r.record, record_id=f"r{r.offset}")) for r in read]
    made = compile_list(Definition("Статьи", headings=("udc",), language="ru"), entries)
    listed, filed = squeezed(pages(list_pdf(made))), card_file(CardFile(classes="udc"), entries)
    cards = squeezed(pages(cards_pdf(filed, "card")))
    assert len(entries) > 40
    for one in entries:
        title = "".join(one.view.title.split())
        assert title in listed
        assert title in cards


def squeezed(texts: list[str]) -> str:
    return "".join("".join(texts).split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("184 с. : ил. ; 21 см. – 500 экз.", "184~с.~: ил.~; 21~см.~– 500~экз."),
        ("Библиогр.: с. 180–183. – 300 дана", "Библиогр.: с.~180–183.~– 300~дана"),
        ("А. Б. Сериков – автор", "А.~Б.~Сериков~– автор"),
        ("320 с. и 12 б. өлең", "320~с. и 12~б. өлең"),
        ("№ 5, ISBN 978", "№~5, ISBN~978"),
        ("Тау : өлең / А. Б. ; Т // Ел. – Б. 3", "Тау~: өлең~/ А.~Б.~; Т~// Ел.~– Б.~3"),
        ("и т. д. в г. Алма-Ата", "и т. д. в г. Алма-Ата"),
        ("1941–1945 годов", "1941–1945 годов"),
    ],
)
def test_lines_do_not_end_where_a_printer_would_not_end_them(text: str, expected: str) -> None:
    assert bound(text).replace("\u00a0", "~") == expected


def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "find_spec", lambda name: None)
    load_type.cache_clear()
    with pytest.raises(MissingToolError) as refused:
        list_pdf(made_list(1))
    assert (refused.value.key, refused.value.facts) == ("error.no-print", {"package": "reportlab"})
    assert refused.value.exit_code == ExitCode.MISSING_TOOL
    with pytest.raises(MissingToolError):
        list_docx(made_list(1))


def test_without_a_font_the_error_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_candidates", lambda: iter(()))
    load_type.cache_clear()
    with pytest.raises(MissingToolError) as refused:
        list_pdf(made_list(1))
    assert refused.value.key == "error.no-print-font"


def test_the_index_of_names_is_in_two_columns() -> None:
    entries = [entry(n, f"Автор{'абвг'[n]}, А.", "Т") for n in range(4)]
    document = pypdfium2.PdfDocument(list_pdf(compile_list(Definition("Т"), entries)))
    text = document[0].get_textpage()
    whole = text.get_text_range()
    lefts = [round(text.get_charbox(whole.rindex(f"Автор{sign}"))[0]) for sign in "абвг"]
    assert lefts[0] == lefts[1] < lefts[2] == lefts[3]
