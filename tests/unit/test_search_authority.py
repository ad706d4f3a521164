"""Other names in queries: what is recognised, what is not, and how it is asked for."""

from collections import Counter, defaultdict

import pytest

from catalog.data import rows
from language.fold import fold
from search.query.authority import names
from search.query.parse import parse
from search.query.refer import MOST_ALIASES, aliases_in, refer
from search.query.tree import All, Named, Node


def others(query: str) -> set[str]:
    tree = parse(query).tree
    assert tree is not None
    return {alias.text for alias in aliases_in(refer(tree))}


@pytest.mark.parametrize(
    ("query", "other"),
    [
        ("Караганда", "Қарағанды"),
        ("в Караганде", "Қарағанды"),
        ("қарағандыда", "Караганда"),
        ("Алма-Ата", "Алматы"),
        ("Алматыда", "Алма-Ата"),
        ("целиноград", "Астана"),
        ("Астана", "Акмолинск"),
        ("Усть-Каменогорск", "Өскемен"),
        ("өскеменде", "Усть-Каменогорск"),
        ("Темиртау", "Самаркандский"),
        ("Балхаш", "Балқаш"),
        ("Balqash", "Балхаш"),
        ("Dzhezkazgan", "Жезқазған"),
        ("Карлаг", "Карагандинский исправительно-трудовой лагерь"),
        ("карагандинская область", "Қарағанды облысы"),
        ("Бұқар-жырау ауданы", "Тельманский район"),
        ("Советский проспект", "проспект Бухар-Жырау"),
        ("Розы Баглановой", "Роза Бағланова"),
        ("Багланова Р.", "Роза Бағланова"),
        ("Ж.Бектұров", "Жаик Бектуров"),
        ("Сакен Сейфуллин", "Сәкен Сейфуллин"),
        ("автор:(Малик Имашев)", "Мәлік Имашев"),
        ("Сатпаев", "Сәтбаев"),
        ("абай кунанбаев", "Абай Құнанбайұлы"),
        ("Чокан Валиханов", "Шоқан Уәлиханов"),
    ],
)
def test_a_name_stands_for_the_other_names_of_the_same(query: str, other: str) -> None:
    assert other in others(query)


@pytest.mark.parametrize(
    "query",
    [
        "қараған",  # one that looked
        "караган",
        "верный друг",
        "Верные друзья",
        "или",
        "Абай",  # a person, a town, a district
        "мир",
        "шет",
        "семья семей",
        "сарань",
        "самарканд",
        "букет",
        "темір",
        '"Караганда"',  # quotes: itself alone
        "шахта -Караганда",  # excluded as typed
        "Караганда Қарағанды",  # both are there already
        "Алма-Атинская",
    ],
)
def test_what_is_no_name_or_wanted_as_typed_stays_itself(query: str) -> None:
    assert others(query) == set()


def test_a_name_among_other_words_is_recognised_as_a_whole() -> None:
    tree = parse("газеты Центральный Казахстан тарихы").tree
    assert tree is not None
    referred = refer(tree)
    assert isinstance(referred, All)
    assert [type(node).__name__ for node in referred.nodes] == ["Word", "Named", "Word"]
    named = referred.nodes[1]
    assert isinstance(named, Named)
    assert (named.typed, named.span) == ("Центральный Казахстан", (7, 28))


def test_other_names_of_a_query_are_bounded() -> None:
    tree: Node | None = parse("Астана Алматы Тараз Карметкомбинат КарГУ КарПТИ Актау Иссык").tree
    many = parse(" OR ".join(["Астана", "Тараз", "Карметкомбинат", "КарПТИ", "КазГУ"] * 3)).tree
    assert tree is not None
    assert many is not None
    assert 10 < len(list(aliases_in(refer(tree)))) <= MOST_ALIASES
    assert len(list(aliases_in(refer(many)))) == MOST_ALIASES


def test_former_names_are_told_from_other_names() -> None:
    tree = parse("Алматы").tree
    assert tree is not None
    kinds = {alias.text: alias.kind for alias in aliases_in(refer(tree))}
    assert kinds == {"Алма-Ата": "name", "Верный": "former"}


@pytest.mark.parametrize("file", ["places", "bodies", "persons"])
def test_the_files_hold_what_their_readme_says(file: str) -> None:
    table = rows(f"authorities/{file}.tsv")
    assert {row["kind"] for row in table} <= {"exact", "earlier"}
    assert {row["language"] for row in table} == {"kk", "ru"}
    assert {row["typed"] for row in table} <= {"any", "capital", "same", "never"}
    assert max(Counter(tuple(row.values()) for row in table).values()) == 1
    several = Counter(row["heading"] for row in table)
    assert [heading for heading, count in several.items() if count < 2] == []


def test_there_are_places_and_persons_enough() -> None:
    assert len({row["heading"] for row in rows("authorities/places.tsv")}) >= 150
    assert len({row["heading"] for row in rows("authorities/persons.tsv")}) >= 80
    assert len(names()) > 800


def test_every_name_that_may_be_typed_finds_its_others() -> None:
    spelled: dict[str, set[str]] = defaultdict(set)
    for name in names():
        spelled[name.heading].add(fold(name.full))
    deaf = [
        name.full
        for name in names()
        if (name.typed != "never" or name.forename)
        and spelled[name.heading] != {fold(name.full)}
        and not others(name.full)
    ]
    assert len(deaf) <= 3, deaf  # of these the keys are those of the other name already
