"""Without an index the catalogue itself answers, with the same records as the index would."""

import random
import shutil
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from bench.made_catalogue import catalogue
from bench.made_shelf import add_book, enter, field, new_home, record
from catalog.rights import READER, STAFF, Actor
from catalog.view import view
from language.fold import fold
from language.variants import beginnings
from olketanu.home import Home
from olketanu.settings import Settings
from search.query.parse import parse
from search.query.plan import Planner
from search.results.request import Request
from store.catalogue import records
from tests.asked import search
from workflow.catalogue_search import catalogue_engine, needed
from workflow.find import find
from workflow.index import update_index
from workflow.library import Library
from workflow.seeing import seer_of

COUNT = 150


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    home = Home(tmp_path_factory.mktemp("catalogue") / "home")
    with new_home(home) as store:
        with store.transaction() as tx:
            for made in catalogue(COUNT):
                enter(tx, made, catalogue=f"c{view(made).control_number}")
            enter(tx, record("object", "Объект и субъект", field("606", "aҢғы")))
            dead = enter(tx, record("dead", "Объект"))
            records.set_status(tx, dead, "deleted")
            add_book(tx, "book", ["объект шахта"])
        yield Library(home, Settings(), store)


def answers(library: Library, query: str) -> set[str]:
    engine = catalogue_engine(library, query, seer_of(STAFF))
    tree = parse(query).tree
    if tree is None:
        return set()
    return {hit.key for hit in engine.search(Planner(engine).plan(tree), 999).hits}


def test_every_word_of_a_title_finds_its_record(library: Library) -> None:
    draw = random.Random(6)
    stored = draw.sample(list(records.iterate_records(library.store)), 25)
    for one in stored:
        words = [word for word in view(one.record).title.split() if len(word) > 3]
        if one.status != "deleted" and words:
            query = fold(draw.choice(words))
            assert f"record/{one.id}" in answers(library, query), query


@pytest.mark.parametrize(
    "query",
    [
        "шахта",
        "караганды",
        "Qaraǵandy",
        "кузнецов И история",
        "омаров НЕМЕСЕ смағұлов",
        "угольная -история",
        '"угольная промышленность"',
        "промышл*",
        "промышленнасть~",
        "author:омаров",
        "объект",
        "objekt",
        "ңғы",
        "год:1990-1995 история",
    ],
)
def test_the_catalogue_answers_as_the_index_does(library: Library, query: str) -> None:
    update_index(library)
    hits = search(library.home, query, actor_sees_restricted=True, limit=999).hits
    wanted = {hit.key for hit in hits if hit.kind == "record"}
    assert answers(library, query) == wanted
    assert wanted or query == "objekt"


def test_no_more_records_are_read_than_are_asked(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflow.catalogue_search.MOST_RECORDS", 7)
    assert catalogue_engine(library, "год:1900-2020", seer_of(STAFF)).count() == 7
    assert len(set(islice(records.iterate_contents(library.store), 999))) == COUNT + 1


def test_alternatives_need_a_word_of_either() -> None:
    tree = parse("шахта ИЛИ кеніш").tree
    assert tree is not None
    ((*keys,),) = needed(tree)
    assert {"шахта", "кениш"} <= set(keys)
    tree = parse("шахта ИЛИ год:1990").tree
    assert tree is not None
    assert needed(tree) == ()


def test_a_beginning_is_found_however_it_is_written() -> None:
    pattern = beginnings(["обект"], 4)
    for text in ("Объект", "ОБЪЕКТЫ", "об эктив", "Obekt"):
        assert bool(pattern.search(text)) == (" " not in text)
    assert not beginnings([], 4).search("Объект")
    assert beginnings(["а.б"], 4).search("а.б")
    assert not beginnings(["а.б"], 4).search("ахб")


@pytest.mark.parametrize("harm", ["missing", "stale"])
@pytest.mark.parametrize("actor", [STAFF, READER])
def test_a_search_without_a_usable_index_says_so_and_finds_records(
    tmp_path: Path, harm: str, actor: Actor
) -> None:
    home = Home(tmp_path / "home")
    with new_home(home) as store:
        library = Library(home, Settings(), store)
        with store.transaction() as tx:
            made = enter(tx, record("1", "Шахта шежіресі"))
            add_book(tx, "book", ["шахта"])
        assert len(find(library, Request("шахта"), actor=actor).hits) == 1
        update_index(library)
        assert find(library, Request("шахта"), actor=actor).notices == ()
        if harm == "missing":
            shutil.rmtree(home.index)
        else:
            (home.index / "current").write_text("gen-000001\n")
        found = find(library, Request("шахтаны", facets=("kind",)), actor=actor)
        assert [one.hit.record for one in found.hits] == [made]
        assert [notice.key for notice in found.notices] == ["query.catalogue-only"]
        assert found.total == 1
        update_index(library)
        assert find(library, Request("шахта"), actor=actor).total == 2
