"""Which parts at a line end are one word, and with which hyphen; how often that comes out right."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import hyphens as bench
from pages.amend import Amendment, replay
from pages.hyphens import Vocabulary, content, load_rules
from pages.logical import join_pages, logical_text, logical_words
from pages.text import Box, Line, PageFrame, PageText, Region, Word


def page_of(*regions: str) -> PageText:
    """A page of text regions, a line break a printed line."""
    made = []
    for r, text in enumerate(regions):
        lines = []
        for n, line in enumerate(text.split("\n")):
            words = tuple(
                Word(t, t, Box(r * 900 + 90 * i, 40 * n, r * 900 + 90 * i + 80, 40 * n + 30), 0.9)
                for i, t in enumerate(line.split())
            )
            box = Box(r * 900, 40 * n, r * 900 + 890, 40 * n + 30)
            lines.append(Line(box, (0, 0, 1, 0), "rus", "Cyrl", words))
        made.append(Region(f"r{r + 1}", "text", Box(r * 900, 0, r * 900 + 890, 3000), tuple(lines)))
    return PageText(PageFrame("a" * 64, 0, None, 0, 9000, 3000, 300), tuple(made), "made", (), ())


def joined(*regions: str) -> str:
    return logical_text(join_pages([page_of(*regions)])[0])


@pytest.mark.parametrize(
    ("left", "right", "word"),
    [
        ("қып-", "қызыл", "қып-қызыл"),
        ("бір-", "бірін", "бір-бірін"),
        ("ауылдан-", "ауылға", "ауылдан-ауылға"),
        ("шай-", "май", "шай-май"),
        ("қол-", "өнер", "қол-өнер"),
        ("қоғамдық-", "саяси", "қоғамдық-саяси"),
        ("общественно-", "политический", "общественно-политический"),
        ("обществен-", "но-политический", "общественно-политический"),
        ("научно-исследо-", "вательский", "научно-исследовательский"),
        ("Ту-", "154", "Ту-154"),
        ("30-", "жылдар", "30-жылдар"),
        ("Алма-", "Ата", "Алма-Ата"),
        ("Салтыков-", "Щедрин", "Салтыков-Щедрин"),
        ("по-", "русски", "по-русски"),
        ("без-", "опасный", "безопасный"),
        ("рай-", "он", "район"),
        ("водопро-", "вод", "водопровод"),
        ("өлке-", "тану", "өлкетану"),
        ("қа-", "зіргі", "қазіргі"),
        ("библио\u00ad", "тека,", "библиотека,"),
        ("библио—", "тека", "библиотека"),
        ("начи-", "‘нается", "начинается"),
        ("кел-.", "ген", "келген"),
        ("күндер-", "Дің", "күндердің"),
        ("пол-", "Азии", "пол-Азии"),
    ],
)
def test_two_parts_make_this_word(left: str, right: str, word: str) -> None:
    assert content(left, right, Vocabulary()) == word


@pytest.mark.parametrize(
    ("left", "right"),
    [("радио-", "и"), ("теле-", "және"), ("20-", "и"), ("А-", "дом"), ("стро-", "й"), ("-", "да")],
)
def test_what_no_line_end_parts_stays_two_words(left: str, right: str) -> None:
    assert content(left, right, Vocabulary()) is None


def test_a_name_is_not_tied_to_a_capital_of_another_column() -> None:
    assert content("Кара-", "Вчера", Vocabulary(), far=True) is None


def test_the_beginning_of_a_word_elsewhere_tells_the_hyphen() -> None:
    assert "жер-төлелердің" in joined("олар жер-төлеге сүт\nосы жер-\nтөлелердің бірі")
    assert "торговопромышленных" in joined("их торговопромышленный\nиз торгово-\nпромышленных мест")


def test_a_lost_hyphen_is_joined_only_where_the_whole_is_printed_and_the_parts_are_not() -> None:
    assert joined("вся библиотека тут\nновая библио\nтека там").count("библиотека") == 2
    assert "на род" in joined("весь народ на площади на горе род\nвышел на\nрод смотрел")


def test_a_speck_between_two_words_of_the_page_joins_nothing() -> None:
    text = "наш большой завод и канал\nновый большой-\nканал прорыт"
    assert "большой- канал" in joined(text)


def test_a_dash_without_its_blank_joins_nothing() -> None:
    text = "город стоит и река течёт\nвот город—\nрека рядом"
    assert "город— река" in joined(text)


def test_columns_in_the_wrong_order_are_joined_where_the_page_vouches_for_it() -> None:
    page = page_of("в городе библиотека и библио-", "другая статья", "тека закрыта")
    words = logical_words(join_pages([page])[0])
    assert [w.text for w in words].count("библиотека") == 2
    early = page_of("тека закрыта", "в городе библиотека и библио-")
    found = [w for w in logical_words(join_pages([early])[0]) if len(w.parts) == 2]
    assert [[p.text for p in w.parts] for w in found] == [["библио-", "тека"]]


def test_a_speck_before_the_second_part_is_left_out() -> None:
    assert joined("здесь испы-\n° тывают породы") == "здесь испытывают ° породы"


def test_the_tail_of_a_split_word_is_no_word_of_the_vocabulary() -> None:
    known = Vocabulary([page_of("старая библио-"), page_of("тека города")])
    assert "тека" not in known
    assert "города" in known


def test_a_rule_without_its_colon_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "hyphen.txt"
    path.write_text("кое кой\n", "utf-8")
    with pytest.raises(ValueError, match=r"hyphen\.txt"):
        load_rules(path)


@pytest.mark.parametrize("language", ["kaz", "rus"])
def test_generated_columns_are_joined_right(language: str) -> None:
    clean = bench.run(language, "held", noisy=False)
    assert clean.joined >= bench.TARGET
    assert clean.share("hard") >= 0.85
    assert clean.counts["none"] - clean.counts["none right"] <= 0.002 * clean.counts["none"]


@pytest.mark.parametrize("language", ["kaz", "rus"])
def test_noisy_columns_are_joined_mostly_right(language: str) -> None:
    noisy = bench.run(language, "held", noisy=True)
    assert noisy.joined >= 0.96
    assert noisy.counts["none"] - noisy.counts["none right"] <= 0.01 * noisy.counts["none"]


def test_the_rates_see_what_is_not_joined() -> None:
    pages, seams = bench.generate("rus", "held", 1, noisy=False)
    bare = [_without_hyphens(page) for page in pages]
    tally = bench.Tally()
    bench.measure(bare, seams, tally)
    assert tally.joined < 0.2


def _without_hyphens(page: PageText) -> PageText:
    texts = [
        "\n".join(" ".join(w.text.rstrip("-") or "x" for w in line.words) for line in region.lines)
        for region in page.regions
    ]
    return page_of(*texts)


_TOKENS = st.text("абнөіАИ1-—¬\u00ad.,°", min_size=1, max_size=7)
_LINES = st.lists(st.lists(_TOKENS, min_size=1, max_size=3).map(" ".join), min_size=1, max_size=4)
_PAGES = st.lists(st.lists(_LINES.map("\n".join), max_size=3), max_size=3)


def _letters(text: str) -> list[str]:
    return sorted(c for c in text.lower() if c.isalnum())


@given(_PAGES)
def test_joining_neither_loses_nor_invents_a_letter(texts: list[list[str]]) -> None:
    pages = [page_of(*regions) for regions in texts]
    joined = join_pages(pages)
    printed = "".join(w.text for page in pages for line in page.lines() for w in line.words)
    assert _letters("".join(map(logical_text, joined))) == _letters(printed)


@given(_PAGES)
def test_joining_twice_changes_nothing(texts: list[list[str]]) -> None:
    once = join_pages([page_of(*regions) for regions in texts])
    assert join_pages(once) == once


@given(_PAGES, st.data())
def test_an_amendment_fits_a_joined_page_as_it_fits_the_recognised_one(
    texts: list[list[str]], data: st.DataObject
) -> None:
    pages = [page_of(*regions) for regions in texts]
    words = [w for page in pages for line in page.lines() for w in line.words]
    if not words:
        return
    word = data.draw(st.sampled_from(words))
    amendment = Amendment("p0001", "text", word.box, word.text, "жаңа")
    for page, joined_page in zip(pages, join_pages(pages), strict=True):
        assert replay(page, [amendment])[1] == replay(joined_page, [amendment])[1]
