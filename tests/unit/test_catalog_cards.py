"""Cards and dividers; faces are drawn by hand, a sign a unit."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.isbd.block import RUN_STYLES, Run
from catalog.lists.card_layout import Form, face_text, lay_out
from catalog.lists.cards import Card, CardFile, Divider, card_file, make_card
from catalog.lists.entry import Entry, ShelfMark
from tests.unit.made_entries import entry, field

FORM = Form(width=40, lines=8, indent=3, mark_width=8)
BBK = field("686", "a63.3(5Каз)", "2rubbk")
SHELF = field("899", "h63.3", "iҚ 21")


def width(text: str, _style: str) -> float:
    return len(text)


def drawn(card: Card, form: Form = FORM) -> list[str]:
    return [face_text(face, form) for face in lay_out(card, form, width)]


def test_a_kazakh_card_is_as_drawn_by_hand() -> None:
    made = make_card(
        entry(
            *(1, "Әуезов, М.", "Абай жолы : роман-эпопея"),
            extra=(SHELF, BBK, field("675", "a94(574)"), field("606", "aҚазақстан", "xТарих")),
        )
    )
    assert drawn(made) == [
        "63.3      Әуезов, М.\n"
        "Қ 21         Абай жолы : роман-эпопея. – 2025.\n"
        "\n"
        "\n"
        "\n"
        "\n"
        "          1. Қазақстан – Тарих.\n"
        "          ӘОЖ 94(574); КБЖ 63.3(5Каз)"
    ]


def test_a_long_description_runs_on_to_a_second_card() -> None:
    body = "Первое слово описания и ещё много слов, которые никак не помещаются на одной карточке"
    made = Card(ShelfMark("84", "К 4"), "Ким, А.", (Run(body),), ("УДК 82",), "ru")
    assert drawn(made, Form(width=24, lines=5, indent=2, mark_width=3)) == [
        "84   Ким, А.\n"
        "К 4    Первое слово описания\n"
        "     и ещё много слов,\n"
        "     которые никак не\n"
        "              см. след. карт.",
        "84                  2-я карт.\n"
        "К 4  Ким, А.\n"
        "     помещаются на одной\n"
        "     карточке\n"
        "     УДК 82",
    ]


def test_a_card_without_heading_begins_at_the_second_line_and_needs_no_marks() -> None:
    assert drawn(Card(ShelfMark(), "", (Run("Тау"),), ()), Form(10, 5, 2, 1)) == [
        "     Тау\n\n\n\n"
    ]


def test_a_long_shelf_mark_is_broken_before_a_sign_else_anywhere() -> None:
    made = Card(ShelfMark("63.3(5Каз)6-7", "Қ123456789"), "", (), ())
    face = lay_out(made, FORM, width)[0]
    assert face.marks == ("63.3", "(5Каз)6-", "7", "Қ1234567", "89")


def test_a_form_too_small_for_a_card_is_refused() -> None:
    with pytest.raises(ValueError, match="4 lines"):
        Form(10, 4, 2, 3)


styles = st.sampled_from(RUN_STYLES)
texts = st.text(st.sampled_from("аҚ ә–.\u00a0bc\n") | st.characters(codec="utf-8"), max_size=90)
runs = st.builds(Run, texts, styles)
cards = st.builds(
    Card,
    st.builds(ShelfMark, texts, texts),
    texts,
    st.lists(runs, max_size=6).map(tuple),
    st.lists(texts, max_size=3).map(tuple),
    st.sampled_from(["kk", "ru", "en"]),
)
forms = st.builds(
    Form, st.integers(4, 50), st.integers(5, 12), st.integers(0, 3), st.integers(1, 9)
)


def bare(text: str) -> str:
    return re.sub(r"[ \t\r\n]", "", text)


@given(cards, forms)
def test_nothing_is_lost_on_cards_and_nothing_stands_outside(card: Card, form: Form) -> None:
    faces = lay_out(card, form, width)
    found = ""
    for number, face in enumerate(faces):
        assert len(face.lines) == form.lines
        assert all(len(line.text) + line.left <= form.width or line.to_right for line in face.lines)
        assert all(len(mark) <= form.mark_width for mark in face.marks)
        own = [line for line in face.lines if not line.to_right]
        repeated = bare(card.heading) and number > 0
        found += "".join(bare(line.text) for line in own[1 if repeated else 0 :])
        assert "".join(face.marks) == card.shelf.class_mark + card.shelf.author_mark
        assert face.lines[-1].to_right == (number + 1 < len(faces))
    wanted = card.heading + "".join(run.text for run in card.body) + "".join(card.tracing)
    assert found == bare(wanted)


@given(cards)
def test_styles_and_elements_stay_with_their_signs(card: Card) -> None:
    faces = lay_out(card, FORM, width)
    lines = [line for face in faces for line in face.lines if not line.to_right]
    strong = "".join(bare(r.text) for line in lines for r in line.runs if r.style == "link")
    assert strong == bare("".join(run.text for run in card.body if run.style == "link"))


def marked(number: int, language: str, bbk: str, year: str, author: str = "") -> Entry:
    own = (field("686", f"a{bbk}", "2rubbk"),) if bbk else ()
    return entry(number, author, f"Т{number}", year=year, language=language, extra=own)


def order(form: CardFile, *made: Entry) -> list[str]:
    found = card_file(form, made)
    return [
        " / ".join((one.mark, *one.captions)) if isinstance(one, Divider) else one.record
        for one in found
    ]


SOME = (
    marked(1, "rus", "63.3", "2025", "Ким, А."),
    marked(2, "kaz", "63.3(5Каз)", "1999", "Әлиев, Б."),
    marked(3, "kaz", "63.4", "2020", "Ата, С."),
    marked(4, "rus", "28", "1980"),
    marked(5, "kaz", "", "2021"),
)


def test_a_systematic_file_has_classes_then_kazakh_before_russian_then_the_newest_first() -> None:
    assert order(CardFile(), *SOME) == [
        *("28 / Биология", "r000004"),
        *("63 / Тарих / История", "r000003", "r000002", "r000001"),
        *(" / Индекссіз / Без индекса", "r000005"),
    ]
    assert order(CardFile(dividers=False), *SOME)[0] == "r000004"


def test_an_alphabetical_file_has_a_divider_a_letter() -> None:
    assert order(CardFile("alphabetical"), *SOME) == [
        *("А", "r000003", "Ә", "r000002", "К", "r000001", "Т", "r000004", "r000005"),
    ]


def test_words_on_a_card_are_in_the_language_of_its_document() -> None:
    own = (BBK, field("675", "a94"))
    assert make_card(entry(1, "", "Т", extra=own)).tracing == ("ӘОЖ 94; КБЖ 63.3(5Каз)",)
    russian = make_card(entry(1, "", "Т", language="rus", extra=own))
    assert russian.tracing == ("УДК 94; ББК 63.3(5Каз)",)
