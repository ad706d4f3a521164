"""Lists: what they take, in which order, under which headings; expected texts are hand-written."""

import random
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.isbd.block import BLOCK_KINDS, Block, Run
from catalog.lists.compile import compile_list
from catalog.lists.definition import HEADINGS, ORDERS, Definition, from_data, to_data
from catalog.lists.entry import Entry, ShelfMark, make_entry
from catalog.lists.filing import class_key, filed_title
from catalog.lists.markup import list_html, list_text
from catalog.lists.selection import Selection
from catalog.record import Record
from catalog.view import view
from olketanu.errors import InputError
from tests.unit.made_entries import LEADER, entry, field

ABAI = entry(1, "Әуезов, М.", "Абай жолы", extra=(field("675", "a821.512.122-3"),))
COAL = entry(
    2,
    "",
    "Көмір шежіресі",
    year="2024",
    extra=(field("675", "a622.33(574.31)"), field("600", "aҚаныш", "bӘ.")),
)
STEPPE = entry(
    3, "Ёлкин, А.", "Степь", language="rus", year="1999", extra=(field("675", "a821.161.1-1"),)
)
EAGLE = entry(4, "Елкина, Б.", "Беркут", language="rus", extra=(field("675", "a94(574.31)"),))
ALL = (ABAI, COAL, STEPPE, EAGLE)


def titles(order: tuple[str, ...], alphabet: str = "kk") -> list[str]:
    made = compile_list(Definition("Тізім", order=order, alphabet=alphabet, names=False), ALL)
    by_record = {one.record: one.title for one in ALL}
    return [by_record[block.record] for block in made.blocks]


def test_a_list_in_kazakh_with_headings_and_index_is_as_written_by_hand() -> None:
    definition = Definition("Жаңа түскен кітаптар", headings=("udc_main", "language"))
    assert list_text(compile_list(definition, ALL)) == (
        "Жаңа түскен кітаптар\n"
        "\n"
        "6 Қолданбалы ғылымдар. Медицина. Техника\n"
        "\n"
        "Қазақ тілінде\n"
        "\n"
        "1.\u2002Көмір шежіресі. – 2024.\n"
        "\n"
        "8 Тіл. Әдебиет\n"
        "\n"
        "Қазақ тілінде\n"
        "\n"
        "2.\u2002Әуезов, М. Абай жолы. – 2025.\n"
        "\n"
        "Орыс тілінде\n"
        "\n"
        "3.\u2002Ёлкин, А. Степь. – 1999.\n"
        "\n"
        "9 География. Өмірбаян. Тарих\n"
        "\n"
        "Орыс тілінде\n"
        "\n"
        "4.\u2002Елкина, Б. Беркут. – 2025.\n"
        "\n"
        "Есімдер көрсеткіші\n"
        "\n"
        "Жақшадағы нөмір – сол адам туралы жазба\n"
        "Әуезов, М.\u20022\n"
        "Елкина, Б.\u20024\n"
        "Ёлкин, А.\u20023\n"
        "Қаныш, Ә.\u2002(1)\n"
    )


@pytest.mark.parametrize(
    ("order", "alphabet", "expected"),
    [
        (("author",), "kk", ["Абай жолы", "Беркут", "Степь", "Көмір шежіресі"]),
        (("author",), "ru", ["Абай жолы", "Степь", "Беркут", "Көмір шежіресі"]),
        (("title",), "kk", ["Абай жолы", "Беркут", "Көмір шежіресі", "Степь"]),
        (("class",), "kk", ["Көмір шежіресі", "Степь", "Абай жолы", "Беркут"]),
        (("date", "title"), "kk", ["Абай жолы", "Беркут", "Көмір шежіресі", "Степь"]),
        (("language", "title"), "kk", ["Абай жолы", "Көмір шежіресі", "Беркут", "Степь"]),
    ],
)
def test_entries_stand_in_the_order_asked_for(
    order: tuple[str, ...], alphabet: str, expected: list[str]
) -> None:
    assert titles(order, alphabet) == expected


def test_the_same_entries_give_the_same_list_whatever_their_order() -> None:
    definition = Definition("Тізім", headings=("letter", "year"), order=("date",))
    made = {compile_list(definition, some) for some in permutations(ALL)}
    assert len(made) == 1


@given(
    st.lists(st.sampled_from(HEADINGS), unique=True, max_size=4),
    st.lists(st.sampled_from(ORDERS), min_size=1, unique=True),
    st.lists(st.tuples(st.sampled_from(["", "Ә, Б.", "Ким"]), st.sampled_from(["kaz", "rus"]))),
)
def test_each_entry_stands_once_with_its_number_under_all_its_headings(
    headings: list[str], order: list[str], made: list[tuple[str, str]]
) -> None:
    entries = [entry(n, one[0], "Т", language=one[1]) for n, one in enumerate(made)]
    definition = Definition("", order=tuple(order), headings=tuple(headings), names=False)
    body = compile_list(definition, entries).body
    listed = [block for block in body if block.kind == "entry"]
    assert sorted(block.record for block in listed) == [one.record for one in entries]
    assert [block.runs[0].text for block in listed] == [f"{n}." for n in range(1, len(made) + 1)]
    level = 0
    for block in body:
        assert block.kind == "entry" or block.level <= level + 1
        assert block.kind == "heading" or level == len(headings)
        level = block.level if block.kind == "heading" else level


def test_entries_that_agree_in_everything_stand_by_record() -> None:
    twins = [entry(number, "Ким, А.", "Тау") for number in range(9)]
    random.Random(1).shuffle(twins)
    made = compile_list(Definition("Тізім", names=False), twins)
    assert [block.record for block in made.blocks] == [f"r{number:06}" for number in range(9)]


def test_headings_return_below_a_new_higher_one() -> None:
    made = compile_list(Definition("Тізім", headings=("year", "letter"), names=False), ALL)
    assert [(b.level, b.text) for b in made.blocks if b.kind == "heading"] == [
        *((1, "2025"), (2, "Ә"), (2, "Е")),
        *((1, "2024"), (2, "К")),
        *((1, "1999"), (2, "Ё")),
    ]
    assert {block.kind for block in made.blocks} <= set(BLOCK_KINDS)


def test_other_headings() -> None:
    other = entry(
        *(5, "", "100 күн"),
        language="deu",
        entered="",
        extra=(
            field("686", "a63.3(5Каз)", "2rubbk"),
            field("610", "aСерпін"),
            field("606", "aТарих"),
        ),
    )
    found = {}
    for level in ("bbk", "letter", "language", "entered", "rubric", "subject", "udc"):
        made = compile_list(Definition("", headings=(level,), names=False), [other, ABAI])
        found[level] = [block.text for block in made.blocks if block.kind == "heading"]
    assert found == {
        "bbk": ["63 Тарих", "Индекссіз"],
        "letter": ["0–9", "Ә"],
        "language": ["Қазақ тілінде", "Басқа тілдерде"],
        "entered": ["2026 жылғы наурыз", "Күні белгісіз"],
        "rubric": ["Серпін", "Басқа жазбалар"],
        "subject": ["Тарих", "Басқа жазбалар"],
        "udc": ["821.512.122-3 Қазақ прозасы", "Индекссіз"],
    }


def test_html_says_languages_and_records_and_lets_no_mark_through() -> None:
    odd = entry(6, "Ли, <b>", "R&D", language="rus")
    page = list_html(compile_list(Definition("<Тізім>", headings=("letter",), names=False), [odd]))
    assert "<h1>&lt;Тізім&gt;</h1>" in page
    assert '<h2 class="heading" lang="kk">Л</h2>' in page
    assert (
        '<p class="entry" lang="ru" data-record="r000006"><span class="number">1.</span>\u2002'
        '<strong class="heading">Ли, &lt;b&gt;.</strong> <span class="title">R&amp;D</span>'
        '<span class="imprint">. – 2025.</span></p>'
    ) in page


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(), {1, 2, 3, 4}),
        (Selection(languages=("rus",)), {3, 4}),
        (Selection(udc=("821", "94")), {1, 3, 4}),
        (Selection(udc=("821",), languages=("kaz",)), {1}),
        (Selection(records=("r000002", "unknown")), {2}),
        (Selection(kinds=("book",)), {1, 2, 3, 4}),
        (Selection(kinds=("map",)), set()),
        (Selection(catalogues=("books", "articles")), {1, 2, 3, 4}),
        (Selection(catalogues=("articles",)), set()),
        (Selection(bbk=("63",)), set()),
        (Selection(entered_from="2026-03-05", entered_to="2026-03-05"), {1, 2, 3, 4}),
        (Selection(entered_from="2026-03-06"), set()),
        (Selection(entered_to="2026-03-04"), set()),
    ],
)
def test_a_selection_takes_what_meets_every_condition(
    selection: Selection, expected: set[int]
) -> None:
    taken = {one for one in ALL if _takes(selection, one)}
    assert {int(one.record[1:]) for one in taken} == expected


def _takes(selection: Selection, one: Entry) -> bool:
    row = (one.record, f"{one.entered}T10:00:00Z", one.catalogues)
    return selection.may_take(*row) and selection.takes(one.view)


def test_a_record_without_a_day_is_in_no_span_that_ends() -> None:
    assert Selection(entered_from="").may_take("r", "", ())
    assert not Selection(entered_to="2026-01-01").may_take("r", "", ())


def test_the_later_part_of_a_compound_number_counts() -> None:
    seen = view(Record("rusmarc", LEADER, (field("675", "a33:622.33"),)))
    assert Selection(udc=("622",)).takes(seen)
    assert not Selection(udc=("2",)).takes(seen)


def test_a_definition_comes_back_as_it_was() -> None:
    definition = Definition(
        "Өлке",
        Selection(catalogues=("books",), udc=("94(574",), entered_to="2026-12-31"),
        order=("class", "date"),
        headings=("udc", "letter"),
        names=False,
    )
    assert from_data(to_data(definition)) == definition


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({}, "v"),
        ({"v": 1, "order": ["sideways"]}, "order"),
        ({"v": 1, "order": "author"}, "order"),
        ({"v": 1, "colour": "red"}, "colour"),
        ({"v": 1, "names": "yes"}, "names"),
        ({"v": 1, "selection": {"udc": [94]}}, "udc"),
        ({"v": 1, "selection": ["udc"]}, "selection"),
        ({"v": 1, "style": "apa"}, "style"),
    ],
)
def test_a_wrong_definition_is_refused_by_key(data: dict[str, object], key: str) -> None:
    with pytest.raises(InputError) as refused:
        from_data(data)
    assert refused.value.key == "error.list-value"
    assert refused.value.facts["key"] == key


def test_volumes_are_filed_under_the_whole_and_their_number() -> None:
    runs = (
        *(Run("Өлке тарихы", element="title"), Run(". "), Run("2-т.", element="part_number")),
        *(Run(" "), Run("[Мәтін]", element="medium")),
    )
    own = Record("rusmarc", LEADER, (field("200", "aЕкінші том"),))
    assert make_entry(own, Block("entry", runs, "kaz", record="r")).title == "Өлке тарихы. 2-т"


def test_persons_as_subjects_are_written_as_names() -> None:
    about = field("600", "aҚаныш", "bӘ. Б.", "f1899–1964", "gӘлкей Бай", "xӨмірі")
    made = entry(1, "", "Т", extra=(about, field("606", "aТау", "xТарих", "yҚарағанды")))
    assert made.people == ("Қаныш, Ә. Б.",)
    assert made.subjects == ("Тау – Тарих – Қарағанды", "Қаныш, Ә. Б. (1899–1964) – Өмірі")


@pytest.mark.parametrize(
    ("title", "language", "skipped", "filed"),
    [
        ("«Абай»", "kaz", 0, "Абай»"),
        ("… и степь", "rus", 0, "и степь"),
        ("The Great Steppe", "eng", 0, "Great Steppe"),
        ("Theory", "eng", 0, "Theory"),
        ("A", "eng", 0, "A"),
        ("L'Asie centrale", "fre", 0, "Asie centrale"),
        ("Le Kazakhstan", "eng", 0, "Le Kazakhstan"),
        ("Der Weg", "ger", 4, "Weg"),
        ("\x98The \x9cSilk Road", "und", 0, "Silk Road"),
        ("!?", "rus", 0, "!?"),
    ],
)
def test_articles_and_first_signs_are_not_filed(
    title: str, language: str, skipped: int, filed: str
) -> None:
    assert filed_title(title, language, skipped) == filed


def test_class_marks_stand_in_the_order_of_the_tables() -> None:
    line = (
        '94+93 | 94/95 | 94 | 94:32 | 94=161.1 | 94(038) | 94(574) | 94(574)"19" | 94(=512) | '
        '94"19" | 94-05 | 94.01 | 941'
    )
    expected = line.split(" | ")
    assert sorted(reversed(expected), key=class_key) == expected  # noqa: C414 - equals keep order
    marks = ["63.3(2)", "63.3(5Каз)", "63.4", "8", "821"]
    assert sorted(marks[3:] + marks[:3], key=class_key) == marks


@pytest.mark.parametrize(
    ("parts", "mark"),
    [
        (("h63.3(5Каз)", "iҚ 21"), ShelfMark("63.3(5Каз)", "Қ 21")),
        (("j63.3(5Каз) Қ21",), ShelfMark("63.3(5Каз)", "Қ21")),
        (("j84/А 12",), ShelfMark("84", "А 12")),
        (("j2004-3",), ShelfMark("2004-3")),
        (("iҚ21",), ShelfMark("63.3", "Қ21")),
        ((), ShelfMark("63.3")),
    ],
)
def test_the_shelf_mark_is_the_record_s(parts: tuple[str, ...], mark: ShelfMark) -> None:
    own = (field("686", "a63.3", "2rubbk"), *([field("899", *parts)] if parts else []))
    assert entry(1, "", "Т", extra=own).shelf == mark
