"""The search room: what a reader finds, what leads on from it, and what is never told."""

import gzip
import html
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as trees

from bench.made_shelf import enter, field, link, record
from catalog.rights import Rights
from olketanu.home import Home
from store.digitised import documents, rights
from store.digitised.documents import NewDocument
from tests.portal.made_portal import ids_of, opened
from tests.unit.found_library import add_document
from workflow.index import update_index
from workflow.library import open_library

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
TYPED = st.text() | st.sampled_from(["шахта OR", '"мектеп', "(((", "год:1998", "-", "*", "a~9"])


@pytest.fixture(scope="module")
def shared(made_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A reader of a library that nothing changes."""
    home = Home(shutil.copytree(made_home, tmp_path_factory.mktemp("search") / "home"))
    with opened(home) as app:
        yield app.test_client()


def tree(client: FlaskClient, path: str) -> trees.HtmlElement:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return trees.fromstring(answer.text)


def links_in(page: trees.HtmlElement, within: str = "//main") -> list[str]:
    return [str(one) for one in page.xpath(f"{within}//a/@href")]


# ---- what is found -------------------------------------------------------------------------------


def test_the_number_of_an_issue_is_told_as_one(shared: FlaskClient) -> None:
    page = tree(shared, "/ru/search?q=школа")
    about = page.xpath("//article//p[contains(@class, 'about')]/span/text()")
    assert {"№\u00a040", "Индустриальная Караганда, №\u00a040"} <= {str(one) for one in about}


def test_a_hit_is_marked_and_leads_to_its_page_with_the_query(
    reader: FlaskClient, home: Home
) -> None:
    page = tree(reader, "/ru/search?q=новая+школа")
    marked = {one.lower() for one in page.xpath("//article//mark/text()")}
    assert {"новая", "школа"} <= marked
    tarih = ids_of(home)["tarih"]
    (to,) = {one for one in links_in(page, "//article//h2") if f"/d/{tarih}/p/" in one}
    assert urlsplit(to).path == f"/ru/d/{tarih}/p/p0002"
    assert parse_qs(urlsplit(to).query) == {"q": ["новая школа"]}


def test_the_line_of_a_hit_is_shown_as_it_is_printed(reader: FlaskClient) -> None:
    page = tree(reader, "/ru/search?q=школа")
    pictures = page.xpath("//article//img")
    assert pictures
    for one in pictures:
        assert one.get("loading") == "lazy"
        assert one.get("alt")
        assert int(one.get("width")) > int(one.get("height")) > 0
        with reader.get(one.get("src")) as answer:
            assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")


def test_every_link_of_the_results_leads_somewhere(reader: FlaskClient) -> None:
    for path in ("/ru/search?q=караганда", "/kk/search?in=all", "/en/search?q=шахтерлор"):
        page = tree(reader, path)
        for to in set(links_in(page)):
            if to.startswith("#"):
                assert page.get_element_by_id(to[1:]).get("tabindex") == "-1", (path, to)
                continue
            with reader.get(to) as answer:
                assert answer.status_code == 200, (path, to)


def test_whoever_types_a_date_is_led_to_what_came_out_then(reader: FlaskClient) -> None:
    (to,) = tree(reader, "/ru/search?q=10.10.1998").xpath("//p[@class='notice']/a/@href")
    assert parse_qs(urlsplit(to).query) == {
        "in": ["all"],
        "from": ["1998-10-10"],
        "to": ["1998-10-10"],
    }
    then = tree(reader, to)
    assert then.xpath("//article")
    (chosen,) = then.xpath("//a[contains(@class, 'chip on')][contains(., '×')]")
    assert chosen.text.strip() == "10.10.1998"
    assert not tree(reader, "/ru/search?q=11.11.1911").xpath("//p[@class='notice']")


def test_where_nothing_is_found_nothing_is_offered_to_narrow(reader: FlaskClient) -> None:
    assert not tree(reader, "/ru/search?q=ыыыыы").xpath("//*[@id='narrow']")
    assert tree(reader, "/ru/search?q=ыыыыы&lang=rus").xpath("//*[@id='narrow']")


def test_a_place_where_nothing_is_found_is_no_link(reader: FlaskClient) -> None:
    places = tree(reader, "/ru/search?q=терриконы").xpath("//aside//ul[1]/li")
    counts = {one.xpath("boolean(a)"): one.xpath("string((.//span)[last()])") for one in places}
    assert counts.get(False) == "0"


def test_a_record_without_a_copy_is_found_with_what_answers(reader: FlaskClient) -> None:
    page = tree(reader, "/ru/search?q=терриконы")
    assert any("/ru/r/" in one for one in links_in(page, "//article//h2"))


def test_a_count_leads_to_as_many_entries_and_back(reader: FlaskClient) -> None:
    page = tree(reader, "/ru/search?q=школа")
    values = page.xpath("//aside//li/a[contains(@href, 'lang=') or contains(@href, 'kind=')]")
    assert len(values) > 1
    for one in values:
        count = int(one.xpath("span")[-1].text_content())
        there = tree(reader, one.get("href"))
        (chosen,) = there.xpath("//aside//li/a[@class='on' and contains(., 'убрать')]")
        places = [int(n.text_content()) for n in there.xpath("//aside/ul[1]/li[1]/a/span[2]")]
        assert places == [count]
        back = tree(reader, chosen.get("href"))
        assert len(back.xpath("//article")) == len(page.xpath("//article")) > 0


def test_a_bar_of_years_narrows_to_them(reader: FlaskClient) -> None:
    page = tree(reader, "/ru/search?q=школа")
    bars = page.xpath("//*[local-name()='svg']//*[local-name()='a']")
    assert bars
    listed = [str(one) for one in page.xpath("//aside//details//a/@href")]
    assert [bar.get("href") for bar in bars] == listed
    told = bars[0].xpath("*[local-name()='title']")[0].text_content()
    year, count = told.split(": ")
    there = tree(reader, bars[0].get("href"))
    assert there.xpath(f"//a[contains(@class, 'chip') and contains(., '{year}')]")
    assert there.xpath("//aside/ul[1]/li[1]/a/span[2]")[0].text_content() == count


def test_what_was_not_understood_is_pointed_at(reader: FlaskClient) -> None:
    page = tree(reader, "/ru/search?q=школа+OR")
    (notice,) = page.xpath("//div[contains(@class, 'warn')]")
    assert notice.xpath(".//mark/text()") == ["OR"]


def test_a_slip_is_answered_with_what_may_have_been_meant(reader: FlaskClient) -> None:
    page = tree(reader, "/ru/search?q=шахтерлор")
    (to,) = [a for a in page.xpath("//div[@class='notice']//a") if a.xpath("mark")]
    assert to.text_content() == "шахтерлер"
    assert tree(reader, to.get("href")).xpath("//article")


def test_other_names_are_told_and_can_be_left_out(reader: FlaskClient) -> None:
    page = tree(reader, "/ru/search?q=караганда")
    (exact,) = [one for one in links_in(page) if "exact=1" in one]
    assert "Қарағанды" in page.xpath("//div[contains(@class, 'notice')]")[0].text_content()
    there = tree(reader, exact)
    assert "Также искали" not in there.text_content()
    loose = [a for a in there.xpath("//main//a") if "другие названия" in a.text_content()]
    assert "exact" not in loose[0].get("href")


def test_an_empty_question_shows_the_way_to_everything(reader: FlaskClient) -> None:
    page = tree(reader, "/ru/search?q=+")
    assert not page.xpath("//article")
    (everything,) = [one for one in links_in(page) if "in=all" in one]
    assert len(tree(reader, everything).xpath("//article")) == 4


def test_nothing_found_says_what_can_be_done(reader: FlaskClient) -> None:
    page = tree(reader, "/ru/search?q=абвгдежз&lang=kaz")
    assert "Ничего не найдено" in page.xpath("//p[@role='status']")[0].text_content()
    (without,) = [a.get("href") for a in page.xpath("//a[@class='button']")]
    assert "lang" not in without


def test_results_are_leafed_through_and_end(app: Flask, home: Home, reader: FlaskClient) -> None:
    with open_library(home) as library:
        with library.store.transaction("staff") as tx:
            for number in range(25):
                enter(tx, record(f"x{number}", f"Шежіре {number}"))
        update_index(library)
    first = tree(reader, "/ru/search?q=шежіре")
    assert len(first.xpath("//article")) == 10
    (later,) = first.xpath("//a[@rel='next nofollow']/@href")
    last = tree(reader, str(later).replace("page=2", "page=3"))
    assert len(last.xpath("//article")) == 5
    assert not last.xpath("//a[@rel='next nofollow']")
    beyond = tree(reader, "/ru/search?q=шежіре&page=999999999")
    assert not beyond.xpath("//article")
    assert beyond.xpath("//a[@rel='prev nofollow']")


def test_a_question_keeps_its_filters_when_another_word_is_typed(reader: FlaskClient) -> None:
    page = tree(reader, "/ru/search?q=школа&lang=rus&sort=newest&from=1990")
    sent = {
        (one.get("name"), one.get("value"))
        for one in page.xpath("//form[@id='ask']//input | //input[@form='ask']")
    }
    assert {("q", "школа"), ("lang", "rus"), ("sort", "newest"), ("from", "1990")} <= sent


def test_without_an_index_the_catalogue_answers_and_readers_are_told_so(
    home: Home, reader: FlaskClient
) -> None:
    shutil.rmtree(home.index)
    page = tree(reader, "/ru/search?q=терриконы")
    assert page.xpath("//article")
    told = page.xpath("//div[contains(@class, 'warn')]")[0].text_content()
    assert "olketanu" not in told.lower()


def test_a_beginning_is_completed_as_the_catalogue_writes_it(reader: FlaskClient) -> None:
    found = reader.get("/complete?q=сатыб").json
    assert found == [{"text": "Сатыбалдин, Ә.", "kind": "name"}]
    assert reader.get("/complete").json == []


# ---- any question --------------------------------------------------------------------------------


@given(
    given_=st.dictionaries(
        st.sampled_from(["q", "in", "lang", "kind", "catalogue", "from", "to", "sort", "page"]),
        st.lists(TYPED, max_size=3),
    )
)
@settings(max_examples=60, deadline=None)
def test_any_question_has_an_answer(shared: FlaskClient, given_: dict[str, list[str]]) -> None:
    answer = shared.get("/ru/search", query_string=given_)
    assert answer.status_code == 200
    assert shared.get("/complete", query_string=given_).status_code == 200


@given(typed=TYPED)
@settings(max_examples=30, deadline=None)
def test_what_was_typed_stands_in_the_box_as_text_alone(shared: FlaskClient, typed: str) -> None:
    page = trees.fromstring(shared.get("/ru/search", query_string={"q": typed + HOSTILE}).text)
    assert not page.xpath("//img[@onerror]")
    assert not page.xpath("//script[not(starts-with(@src, '/static/'))]")


def test_a_question_that_is_too_long_is_cut_and_said(reader: FlaskClient) -> None:
    page = tree(reader, f"/ru/search?q={'школа+' * 200}")
    (box,) = page.xpath("//input[@name='q']")
    assert len(box.get("value")) <= 300
    told = [one.text_content() for one in page.xpath("//div[contains(@class, 'warn')]")]
    assert len([one for one in told if "слишком длинный" in one]) == 1


def test_hostile_titles_and_texts_are_shown_as_they_are_written(
    home: Home, reader: FlaskClient
) -> None:
    with open_library(home) as library:
        with library.store.transaction("staff") as tx:
            told = NewDocument("b", "evil", "", "book", "rus", title=f"Зло {HOSTILE}")
            add_document(tx, told, ((("rus", f"зло {HOSTILE} зло"),),))
            enter(tx, record("e", f"Зло {HOSTILE}", field("700", f"aЗло{HOSTILE}")))
        update_index(library)
    for path in ("/ru/search?q=зло", "/ru/search?q=alert", "/ru/search?in=all", "/ru/"):
        text = reader.get(path).text
        assert "<script>alert" not in text
        page = trees.fromstring(text)
        assert not page.xpath("//@onerror")
        assert html.escape(HOSTILE, quote=False)[3:12] in text or "q=alert" in path


def test_a_page_of_results_is_light(home: Home, reader: FlaskClient) -> None:
    with open_library(home) as library:
        with library.store.transaction("staff") as tx:
            for number in range(12):
                told = NewDocument(
                    "b", f"l{number}", "", "book", "kaz", title=f"Кітап {number} " * 9
                )
                lines = tuple(("kaz", f"қала тарихы {n} шахта көмір мектеп") for n in range(40))
                add_document(tx, told, (lines,) * 8)
        update_index(library)
    page = reader.get("/kk/search?q=қала+шахта")
    assert page.text.count("<article") == 10
    sheets = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js)[^"]*)"', page.text)
    weight = len(gzip.compress(page.data)) + sum(
        len(gzip.compress(reader.get(html.unescape(one)).data)) for one in sheets
    )
    assert weight <= 60_000, weight


# ---- what is not for readers ---------------------------------------------------------------------

CANARY = "зымырантас"
ASKED = (
    "/ru/search?q=школа",
    "/ru/search?q=қала",
    "/ru/search?in=all",
    "/ru/search?in=text&sort=oldest",
    "/ru/search?in=catalogue",
    f"/ru/search?q={CANARY}",
    f"/ru/search?q={CANARY[:6]}*",
    "/ru/search?q=зымыратас~2",
    "/ru/search?q=змырантас",
    f"/complete?q={CANARY[:5]}",
    f"/ru/search?q={CANARY}+10.10.1998",
    "/ru/",
    "/opensearch.xml",
    "/robots.txt",
    "/sitemap.xml",
    "/sitemap/documents-1.xml",
)


@pytest.mark.parametrize("code", ["closed", "on_site"])
@pytest.mark.parametrize("closing", ["before", "after"])
def test_pages_are_to_a_letter_those_of_a_library_without_the_closed_document(
    home: Home, reader: FlaskClient, code: str, closing: str
) -> None:
    before = {path: reader.get(path).text for path in ASKED}
    with open_library(home) as library:
        with library.store.transaction("staff") as tx:
            told = NewDocument("b", CANARY, "", "book", "kaz", title=f"Құпия {CANARY}")
            text = (("kaz", f"қала {CANARY} школа"), ("rus", "новая школа"))
            copy = add_document(tx, told, (text, text))
            rights.set_rights(tx, copy, Rights(code if closing == "before" else "open"))
            title = field("101", "akaz")
            made = enter(tx, record("c", f"Қала {CANARY}", title), status="draft")
            link(tx, copy, made)
        update_index(library)
        if closing == "after":  # and the index does not follow yet
            with library.store.transaction("staff") as tx:
                rights.set_rights(tx, copy, Rights(code))
    after = {path: reader.get(path).text for path in ASKED}
    assert after == before
    assert CANARY not in before["/ru/"]


def test_staff_find_what_is_closed(scanner: FlaskClient, home: Home) -> None:
    secret = ids_of(home)["secret"]
    page = tree(scanner, "/ru/search?q=құпия")
    assert any(f"/d/{secret}/" in one for one in links_in(page, "//article"))
    (chip,) = page.xpath("//article//span[@class='chip']/text()")
    assert chip == "закрыто"


# ---- the front page ------------------------------------------------------------------------------


def counts_on(page: trees.HtmlElement) -> list[list[str]]:
    rows = page.xpath("//table//tr[td]")
    return [[cell.text_content() for cell in row.xpath("th | td")] for row in rows]


def test_the_front_page_counts_and_shows_what_a_reader_may_see(
    reader: FlaskClient, home: Home
) -> None:
    page, named = tree(reader, "/en/"), ids_of(home)
    assert counts_on(page) == [["Kazakh", "1", "2"], ["Russian", "1", "2"], ["In all", "2", "4"]]
    shown = [urlsplit(one).path[-8:] for one in links_in(page, "//ul[@class='covers']")]
    assert shown == [named["issue"], named["tarih"]]
    for one in page.xpath("//ul[@class='covers']//img"):
        with reader.get(one.get("src")) as answer:
            assert answer.mimetype == "image/jpeg"


def test_a_reader_inside_the_library_is_shown_what_is_open_there(app: Flask, home: Home) -> None:
    told = home.settings.read_text() + '\n[portal]\non_site = ["127.0.0.0/8"]\n'
    home.settings.write_text(told)
    page = tree(app.test_client(), "/en/")
    assert counts_on(page)[-1] == ["In all", "3", "5"]


def test_the_front_page_follows_what_happens(reader: FlaskClient, home: Home) -> None:
    before = tree(reader, "/en/")
    assert tree(reader, "/en/").text_content() == before.text_content()
    with open_library(home) as library, library.store.transaction("staff") as tx:
        rights.set_rights(tx, ids_of(home)["issue"], Rights("closed"))
    assert counts_on(tree(reader, "/en/"))[-1] == ["In all", "1", "2"]


def test_a_document_in_the_works_is_not_counted_yet(reader: FlaskClient, home: Home) -> None:
    with open_library(home) as library, library.store.transaction("staff") as tx:
        documents.update_document(tx, ids_of(home)["issue"], state="waiting")
    assert counts_on(tree(reader, "/en/"))[-1] == ["In all", "1", "2"]


# ---- what explains -------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_example_of_the_help_is_understood(reader: FlaskClient, language: str) -> None:
    page = tree(reader, f"/{language}/help")
    examples = page.xpath("//tbody//a/@href")
    assert len(examples) == 8
    for one in examples:
        assert not tree(reader, str(one)).xpath("//div[contains(@class, 'warn')]"), one


def test_robots_are_asked_to_leave_searching_alone(reader: FlaskClient) -> None:
    lines = reader.get("/robots.txt").text.splitlines()
    assert {"Disallow: /search", "Disallow: /kk/search", "Disallow: /ru/complete"} <= {*lines}
    assert not [one for one in lines if one in ("Disallow: /", "Disallow: /d")]


def test_browsers_are_told_how_to_search(reader: FlaskClient) -> None:
    answer = reader.get("/ru/opensearch.xml")
    told = trees.etree.fromstring(answer.data)
    space = {"o": "http://a9.com/-/spec/opensearch/1.1/"}
    (name,) = told.xpath("o:ShortName/text()", namespaces=space)
    assert 0 < len(name) <= 16
    (template,) = told.xpath("o:Url/@template", namespaces=space)
    assert template.endswith("/ru/search?q={searchTerms}")
