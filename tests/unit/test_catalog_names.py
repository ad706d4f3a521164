"""Names as pages print them, and the heading that is made of them."""

import pytest

from catalog.drafting.names import looks_like_name, parse_name, split_names


@pytest.mark.parametrize(
    ("printed", "heading", "forenames"),
    [
        ("Өтегенов Д. С.", "Өтегенов, Д. С.", None),
        ("Д.С. Өтегенов", "Өтегенов, Д. С.", None),
        ("Дәулетхан ӨТЕГЕНОВ", "Өтегенов, Д.", "Дәулетхан"),
        ("Қ. БӨРІБАЙҰЛЫ", "Бөрібайұлы, Қ.", None),
        ("Өмірбек Саржанұлы", "Саржанұлы, Ө.", "Өмірбек"),
        ("Гүлнұр ӘЛІМҚЫЗЫ", "Әлімқызы, Г.", "Гүлнұр"),
        ("Әуезов Мұхтар Омарханұлы", "Әуезов, М. О.", "Мұхтар Омарханұлы"),
        ("Иван Иванович Иванов", "Иванов, И. И.", "Иван Иванович"),
        ("Иванов Иван Иванович", "Иванов, И. И.", "Иван Иванович"),
        ("Әуезов, М.О.", "Әуезов, М. О.", None),
        ("Петров-Водкин К. С.", "Петров-Водкин, К. С.", None),
    ],
)
def test_a_name_is_split_into_surname_and_initials(
    printed: str, heading: str, forenames: str | None
) -> None:
    name = parse_name(printed)
    assert (name.heading, name.forenames, name.direct) == (heading, forenames, False)


@pytest.mark.parametrize("printed", ["Абай", "Төле би", "Бұқар жырау", "Абылай хан"])
def test_names_in_direct_order_stay_whole(printed: str) -> None:
    name = parse_name(printed)
    assert name.direct
    assert name.heading == name.natural == printed


def test_a_heading_parses_to_itself() -> None:
    for heading in ("Әуезов, М. О.", "Саржанұлы, Ө.", "Абай"):
        assert parse_name(heading).heading == heading


def test_several_names_are_parted_by_commas() -> None:
    names = split_names("Г. П. Лиственный, М. Ж. Тасбулаков")
    assert [n.heading for n in names] == ["Лиственный, Г. П.", "Тасбулаков, М. Ж."]
    assert [n.heading for n in split_names("Әуезов, М. О.")] == ["Әуезов, М. О."]


@pytest.mark.parametrize("text", ["Қ. БӨРІБАЙҰЛЫ", "Өтегенов Д. С.", "Павел ДЕМЕНТЬЕВ"])
def test_a_by_line_is_known_by_its_form(text: str) -> None:
    assert looks_like_name(text)


@pytest.mark.parametrize(
    "text", ["СТРАНИЦА КРАЕВЕДА", "Город на реке", "Нура", "в 1985 г.", "Цена свободная", ""]
)
def test_other_short_lines_are_no_names(text: str) -> None:
    assert not looks_like_name(text)
