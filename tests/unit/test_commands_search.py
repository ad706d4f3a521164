"""``olketanu search`` on a real home with its index: lines, words, files, exit codes."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import cli
from olketanu.errors import ExitCode
from olketanu.home import Home
from olketanu.messages.translate import choose_language
from tests.house import ROOT
from tests.unit.found_library import make_home

SCHEMA = json.loads((ROOT / "docs/reference/json/search.json").read_text("utf-8"))


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(os, "fsync", lambda _: None)
    yield
    choose_language("en")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return make_home(tmp_path_factory.mktemp("searched") / "home")


class Shell:
    """Runs ``search`` in one home and checks the JSON lines that it prints."""

    def __init__(self, home: Home, read: Callable[[], Any]) -> None:
        self._home, self._read = home, read

    def lines(
        self, *arguments: object, code: int = ExitCode.DONE, schema: object = SCHEMA
    ) -> list[dict[str, Any]]:
        out, _ = self._run("--json", "--lang", "en", *arguments, code=code)
        lines = [json.loads(text) for text in out.splitlines()]
        for each in lines if code == ExitCode.DONE and schema else []:
            jsonschema.Draft202012Validator(SCHEMA).validate(each)
        return lines

    def words(self, *arguments: object, language: str = "en", code: int = ExitCode.DONE) -> str:
        out, err = self._run("--lang", language, *arguments, code=code)
        return out + err

    def _run(self, *arguments: object, code: int) -> tuple[str, str]:
        done = cli.run(["--home", str(self._home.root), "search", *map(str, arguments)])
        printed = self._read()
        assert "Traceback" not in printed.err
        assert done == code, printed
        return printed.out, printed.err


@pytest.fixture
def shell(home: Home, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(home, capsys.readouterr)


def test_hits_leave_as_records_once_each(shell: Shell, tmp_path: Path) -> None:
    target = tmp_path / "found.ris"
    (line,) = shell.lines("школа", "--export", "ris", "-o", target)
    assert (line["works"], line["without_record"]) == (3, 1)
    assert target.read_text("utf-8").count("TY  -") == 3


def test_a_reader_gets_no_document_that_is_closed(shell: Shell, tmp_path: Path) -> None:
    target = tmp_path / "found.csv"
    (line,) = shell.lines("құпия", "--export", "csv", "-o", target)
    assert line["works"] == 1
    assert "Жабық іс" in target.read_text("utf-8")
    target.unlink()
    shell.lines("құпия", "--as", "reader", "--export", "csv", "-o", target, code=ExitCode.USAGE)
    assert not target.exists()


def test_an_export_says_in_words_what_it_did(shell: Shell, tmp_path: Path) -> None:
    target = tmp_path / "тізім.txt"
    trial = shell.words("школа", "--export", "gost", "-o", target, "--dry-run", language="kk")
    assert "3 сипаттама жазылар еді" in trial
    assert not target.exists()
    told = shell.words("школа", "--export", "gost", "-o", target, language="kk")
    assert "3 сипаттама жазылды" in told
    assert "1 құжатының каталогта жазбасы жоқ" in told
    assert target.read_text("utf-8").startswith("«школа» сұрауы бойынша")


def test_an_older_file_is_left_alone(shell: Shell, tmp_path: Path) -> None:
    target = tmp_path / "found.bib"
    target.write_text("theirs")
    call = ("школа", "--export", "bibtex", "-o", target)
    assert "--replace" in shell.words(*call, code=ExitCode.USAGE)
    assert target.read_text() == "theirs"
    shell.lines(*call, "--replace")
    assert target.read_text().startswith("@")


def test_form_and_file_go_together(shell: Shell, tmp_path: Path) -> None:
    for call in (("--export", "ris"), ("-o", tmp_path / "a")):
        assert "go together" in shell.words("школа", *call, code=ExitCode.USAGE)


def test_the_limit_holds_for_files_too(shell: Shell, tmp_path: Path) -> None:
    (line,) = shell.lines("школа", "--limit", 1, "--export", "ris", "-o", tmp_path / "a.ris")
    assert line["works"] == 1


def test_pages_stand_under_their_book_unless_each_is_wanted(shell: Shell) -> None:
    *hits, sums = shell.lines("школа")
    assert [(hit["document"] is not None, hit["pages"]) for hit in hits].count((True, 1)) == 2
    assert (sums["groups"], sums["total"]) == (len(hits), 3)
    *alone, sums = shell.lines("мектеп ИЛИ школа", "--no-group")
    assert sums["groups"] is None
    assert len(alone) == sums["total"] == 5
    grouped = shell.lines("мектеп ИЛИ школа")[:-1]
    assert len(grouped) == 3
    assert {len(hit["others"]) for hit in grouped} == {0, 1}


def test_marks_and_boxes_lie_on_the_words_found(shell: Shell) -> None:
    (hit, _) = shell.lines("мектептер", "--as", "reader", "--limit", 1)
    assert [hit["snippet"][start:end] for start, end in hit["marks"]] == ["мектеп"]
    ((box,),) = hit["boxes"]
    assert box[2] - box[0] == 20 * len("мектеп")
    assert hit["frame"] == [2000, 3000]


def test_a_window_of_the_results_is_shown(shell: Shell) -> None:
    *every, _ = shell.lines("Қарағанды", "--no-group")
    *some, sums = shell.lines("Қарағанды", "--no-group", "--offset", 1, "--limit", 2)
    assert some == every[1:3]
    assert sums["total"] == len(every) > 3
    told = shell.words("Қарағанды", "--no-group", "--offset", 1, "--limit", 2)
    assert "Shown: 2–3. Next: --offset 3" in told
    assert "\n3. " in told
    assert "Next" not in shell.words("Қарағанды", "--no-group")


def test_facets_are_counted_and_drawn(shell: Shell) -> None:
    sums = shell.lines("Қарағанды ИЛИ Караганда", "--facet", "language", "--facet", "entry")[-1]
    assert list(sums["facets"]) == ["language", "entry"]
    counted = {one["value"]: one["count"] for one in sums["facets"]["entry"]["values"]}
    assert sum(counted.values()) == sums["total"]
    drawn = shell.words("Қарағанды ИЛИ Караганда", "--facets", language="kk")
    assert "Тілі\n" in drawn
    assert "█" in drawn
    assert "қазақша" in drawn


def test_dates_order_the_results(shell: Shell) -> None:
    for order, reverse in (("oldest", False), ("newest", True)):
        *hits, _ = shell.lines("вид:книга ИЛИ Қарағанды", "--sort", order)
        dates = [hit["date"] for hit in hits if hit["date"]]
        assert len(dates) > 1
        assert dates == sorted(dates, reverse=reverse)


def test_results_are_narrowed_by_filters(shell: Shell) -> None:
    def titles(*arguments: object) -> set[str]:
        return {hit["title"] for hit in shell.lines(*arguments)[:-1]}

    history, streets, schools = "Қарағанды тарихы", "@Терриконы & шахты {Караганды}", "Новые школы"
    asked = "Қарағанды ИЛИ Караганда"
    assert titles(asked, "--kind", "книга") >= {history, streets}
    assert history not in titles(asked, "--kind=-кітап")
    assert titles(asked, "--kind", "мақала") == {f"{schools} Караганды"}
    assert titles(asked, "--catalogue", "Краевед") == {streets}
    assert titles(asked, "--udc", "94", "--no-group") == {history}
    assert titles(asked, "--from", "2000", "--to", "2010") == {streets}
    *russian, _ = shell.lines(asked, "--language", "рус", "--no-group")
    assert [hit["page"] for hit in russian if hit["title"] == history] == ["p0002"]


def test_filters_alone_find_everything_within_them(shell: Shell) -> None:
    *hits, sums = shell.lines("--kind", "book", "--no-group")
    assert {hit["form"] for hit in hits} == {"book"}
    assert sums["total"] == len(hits) > 2
    assert sums["notices"] == []
    assert "“everything”" in shell.words("--kind", "book")
    for call in ((), ("  ",), ("", "--facets")):
        assert "Nothing to search for" in shell.words(*call, code=ExitCode.USAGE)


@pytest.mark.parametrize("day", ["10.10", "10-10", " 10.10. "])
def test_one_day_is_found_in_all_years(shell: Shell, day: str) -> None:
    *hits, _ = shell.lines("--day", day, "--no-group")
    assert {hit["date"] for hit in hits} == {"1998-10-10"}


@pytest.mark.parametrize("day", ["31.02", "1998-10-10", "10", "өткен", "٣.٣"])
def test_what_is_no_day_of_a_year_is_refused(shell: Shell, day: str) -> None:
    assert "no day of the year" in shell.words("--day", day, code=ExitCode.USAGE)


def test_without_an_index_no_half_list_is_written(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = Home(tmp_path / "bare")
    shutil.copytree(home.root, bare.root, ignore=shutil.ignore_patterns("index"))
    shell = Shell(bare, capsys.readouterr)
    *hits, sums = shell.lines("Новые школы")
    assert [hit["title"] for hit in hits] == ["Новые школы Караганды"]
    assert len(sums["notices"]) == 1
    target = tmp_path / "a.ris"
    shell.lines("Новые школы", "--export", "ris", "-o", target, code=ExitCode.BAD_INPUT)
    assert not target.exists()


@pytest.mark.parametrize("flag", ["--kind", "--from", "--catalogue"])
def test_a_filter_that_is_none_is_refused(shell: Shell, flag: str) -> None:
    assert shell.words("школа", flag, "тас", code=ExitCode.USAGE)


def test_filters_hold_for_files_too(shell: Shell, tmp_path: Path) -> None:
    target = tmp_path / "a.ris"
    (line,) = shell.lines("--kind", "article", "--export", "ris", "-o", target)
    assert line["works"] == 1
    assert "Новые школы" in target.read_text("utf-8")


def test_every_place_of_one_document_is_shown(shell: Shell) -> None:
    document = shell.lines("мектеп", "--as", "reader")[0]["document"]
    *pages, sums = shell.lines("мектеп ИЛИ школа", "--in", f"https://any.example/d/{document}")
    assert {page["page"] for page in pages} == {"p0001", "p0002"}
    texts = [place["text"] for page in pages for place in page["places"]]
    assert sorted(texts) == ["мектеп", "школа"]
    assert (sums["total"], sums["pages"]) == (2, 2)
    told = shell.words("мектеп ИЛИ школа", "--in", document)
    assert "   В Караганде открылась новая школа для детей шахтёров\n" in told
    assert "2 places, pages: 2" in told
    assert len(shell.lines("мектеп ИЛИ школа", "--in", document, "--limit", 1)) == 2
    assert shell.words("мектеп", "--in", "00000000", code=ExitCode.USAGE)


def test_a_reader_finds_no_place_in_a_closed_document(shell: Shell) -> None:
    document = shell.lines("құпия")[0]["document"]
    assert shell.lines("құпия", "--in", document)[-1]["total"] == 1
    assert shell.lines("құпия", "--in", document, "--as", "reader")[-1]["total"] == 0
    assert "құпия тізімі" not in shell.words("құпия", "--in", document, "--as", "reader")


def test_a_mistyped_word_is_asked_about(shell: Shell) -> None:
    (one, *_) = shell.lines("терриконв")[-1]["suggestions"]
    assert one["query"].lower() == "терриконы"
    assert one["total"] == len(shell.lines(one["query"], "--no-group")) - 1
    assert "Может быть, «" in shell.words("терриконв", language="ru")
    assert "Может быть" not in shell.words("терриконы", language="ru")


def test_a_result_is_explained(shell: Shell) -> None:
    explained = json.loads(
        (ROOT / "docs/reference/json/search-explanation.json").read_text("utf-8")
    )
    first, *hits, _ = shell.lines("мектептер -завод", "--explain", schema=None)
    jsonschema.Draft202012Validator(explained).validate(first)
    assert [(one["typed"], one["excluded"]) for one in first["words"]] == [
        *(("мектептер", False), ("завод", True)),
    ]
    assert {"language": "kaz", "stem": "мектеп", "key": "мектеп"} in first["words"][0]["readings"]
    for hit in hits:
        jsonschema.Draft202012Validator(SCHEMA).validate(hit)
        assert ("text", "мектеп") in {(one["field"], one["key"]) for one in hit["why"]["page"]}
    told = shell.words("мектептер", "--explain", language="kk")
    assert "мектептер – сөз, мәтін: қазақша мектеп → мектеп" in told
    assert "   бетте: мәтін: мектеп" in told
    assert "балл" in told


def test_a_reader_is_told_no_word_of_a_closed_text(shell: Shell) -> None:
    told = shell.words("тізімі", "--explain", "--as", "reader", "--no-group")
    assert "nothing was found" in told
    assert "on the page" not in told


def test_what_was_not_understood_is_pointed_at(shell: Shell) -> None:
    told = shell.words("школа ИЛИ (дети")
    assert "    школа ИЛИ (дети\n              ^\n" in told
    (notice,) = shell.lines("школа ИЛИ (дети")[-1]["notices"]
    assert notice["code"] == "query.brackets"
    assert notice["span"] == [10, 11]


HOSTILE = (
    *("\x1b[31mшкола\x1b[0m (", "\u202eшкола (", "школа\x00 (", "школа\r (", "\u2066школа ("),
    *("школа\x9b2J (", "школа\u061c (", "\ud800 (", "(" * 300, '"' * 3000, "а" * 5000 + "("),
)


@pytest.mark.parametrize("query", HOSTILE)
@pytest.mark.parametrize("flags", [(), ("--facets",), ("--no-group",)])
def test_no_query_commands_the_terminal(shell: Shell, query: str, flags: tuple[str, ...]) -> None:
    told = shell.words(*flags, "--", query)
    assert not [sign for sign in told if sign in "\x1b\x00\r\x9b\u202e\u2066\u061c"]
    shell.lines(*flags, "--", query)


def test_a_saved_list_is_made_of_what_a_search_finds(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    def olketanu(*arguments: str) -> tuple[int, str]:
        code = cli.run(["--home", str(home.root), "--lang", "ru", "list", *arguments])
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    call = ("new", "школа", "--title", "Школы", "--from-search")
    code, told = olketanu(*call, "школа")
    assert code == ExitCode.DONE
    assert "1 документ без записи в список не вошёл" in told
    _, shown = olketanu("show", "школа")
    assert "Новые школы Караганды" in shown
    assert "Қарағанды тарихы" in shown
    code, told = olketanu(*call, "жоқсөзжоқ", "--replace")
    assert code == ExitCode.USAGE
    assert "записывать нечего" in told
