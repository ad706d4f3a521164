"""Verify names what is wrong, only that, reads every file once in a cycle, and writes news only."""

import math
import os
import random
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from olketanu.errors import ExitCode
from olketanu.home import Home
from olketanu.settings import VerifySettings
from store import jobs
from store.database import Store
from store.digitised import documents
from store.disk import fixity
from store.disk.owners import RunOwner
from tests.unit.made_collection import (
    a_document,
    add_document,
    assemble,
    at,
    check,
    found,
    kinds,
    library_of,
    make_collection,
    opened,
    put_master,
    write,
)
from workflow.fixity.verify import Asked
from workflow.fixity.walk import walk
from workflow.library import Library

ROTA = Asked()


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("pattern") / "home"
    make_collection(root, 12)
    return root


@pytest.fixture
def home(pattern: Path, tmp_path: Path) -> Home:
    shutil.copytree(pattern, tmp_path / "home")
    return Home(tmp_path / "home")


@pytest.fixture
def library(home: Home) -> Iterator[Library]:
    opened_library = opened(home)
    yield opened_library
    opened_library.store.close()


def state_of(home: Home) -> dict[str, tuple[int, int, bytes]]:
    """Everything that a verify could have written: times and bytes of every file."""
    return {
        path.relative_to(home.root).as_posix(): (
            path.stat().st_mtime_ns,
            path.stat().st_size,
            path.read_bytes() if path.name.startswith("catalog") else b"",
        )
        for path in sorted(home.root.rglob("*"))
        if path.is_file() and not path.name.endswith("-shm")
    }


def test_a_whole_home_is_well(library: Library) -> None:
    report = check(library)
    assert report.problems == ()
    assert report.exit_code == ExitCode.DONE
    sidecars = [p for p in library.home.sidecars.rglob("*") if p.is_file()]
    assert report.files == report.read == 12 * (8 + 1) + len(sidecars)
    assert report.versions == 20
    assert kinds(library)["verify.done"] == 1
    assert not {kind for kind in kinds(library) if kind.startswith("fixity")}


@pytest.mark.slow
def test_a_hundred_of_a_thousand_files_are_all_named_and_no_other(tmp_path: Path) -> None:
    home = make_collection(tmp_path / "home", 125)
    dice = random.Random(20261123)
    library = opened(home)
    promised = sorted(fixity.promised(library.store).files)
    hit = dice.sample(promised, 70)
    wanted = {path: spoil(home, path, dice, n) for n, path in enumerate(hit)}
    wanted |= {add_somewhere(home, dice, n): "unexpected" for n in range(30)}
    assert len(wanted) == 100
    report = check(library)
    assert found(report) == wanted
    assert report.exit_code == ExitCode.PARTLY_FAILED
    told = Counter(wanted.values())
    said = kinds(library)
    assert {state: said[f"fixity.{state}"] for state in told} == told
    assert report.counts() == told
    library.store.close()


def spoil(home: Home, path: str, dice: random.Random, number: int) -> str:
    """Flip one bit, cut the end off, empty, or delete; return the state that verify must name."""
    file = home.root / path
    data = bytearray(file.read_bytes())
    how = ("flip", "cut", "empty", "delete", "flip")[number % 5]
    file.chmod(0o644)
    if how == "delete":
        file.unlink()
        return "missing"
    if how == "flip":
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    file.write_bytes({"flip": bytes(data), "cut": bytes(data[:-3]), "empty": b""}[how])
    return "damaged"


def add_somewhere(home: Home, dice: random.Random, number: int) -> str:
    folders = [home.masters, home.objects, home.sidecars]
    below = sorted(p for f in folders for p in [f, *f.rglob("*")] if p.is_dir())
    name = ("x.bin", "." + "y" * 9, f"{dice.getrandbits(256):064x}", "p0001-abc.xml")[number % 4]
    target = dice.choice(below) / f"{number}{name}"
    target.write_bytes(b"foreign")
    return target.relative_to(home.root).as_posix()


def test_a_second_verify_writes_nothing_and_names_the_same(library: Library) -> None:
    home = library.home
    document = a_document(library)
    home.pdf(document.id).unlink()
    (home.objects / "stray").write_bytes(b"?")
    for asked in (ROTA, Asked(whole=True)):
        first = check(library, asked)
        before = state_of(home)
        second = check(library, asked)
        assert found(first) == found(second)
        assert len(second.problems) == 2
        assert state_of(home) == before


def test_a_dry_run_writes_nothing(library: Library) -> None:
    library.home.pdf(a_document(library).id).write_bytes(b"bad")
    before = state_of(library.home)
    report = check(library, Asked(whole=True, repair=True, dry_run=True))
    assert [problem.repair for problem in report.problems] == ["run"]
    assert report.exit_code == ExitCode.PARTLY_FAILED
    assert state_of(library.home) == before


@pytest.mark.parametrize("cycle", [1, 5, 8, 12])
def test_the_rota_reads_every_file_once_in_a_cycle(home: Home, cycle: int) -> None:
    seen: Counter[str] = Counter()
    files = 12 * 8
    for day in range(cycle):
        library = of_day(home, day, cycle)
        before = fixity.looks(library.store)
        assert check(library, ROTA).problems == ()
        assert check(library, ROTA).problems == ()  # the same day: its share is done
        after = fixity.looks(library.store)
        read = {path for path in after if after[path] != before.get(path)}
        library.store.close()
        again = {path for path in read if seen[path]}
        assert len(read) == math.ceil(files / cycle)
        assert len(seen | Counter(read)) == files or not again
        seen.update(read)
    assert len(seen) == files
    assert files % cycle or set(seen.values()) == {1}


def of_day(home: Home, day: int, cycle: int) -> Library:
    store = Store.open(home, clock=at(f"2027-{day // 28 + 1:02d}-{day % 28 + 1:02d}"))
    library = library_of(store)
    return replace(library, settings=replace(library.settings, verify=VerifySettings(cycle)))


def test_the_longest_unread_comes_first_and_the_future_counts_as_never() -> None:
    looks = {
        "a": fixity.Look("ok", "2026-11-20"),
        "b": fixity.Look("ok", "2026-11-01"),
        "c": fixity.Look("ok", "2031-01-01"),
        "e": fixity.Look("ok", "2026-11-23"),
    }
    from workflow.fixity.files import due

    paths = ["a", "b", "c", "d", "e"]
    assert due(paths, paths, looks, "2026-11-23", 1) == ["c", "d", "b", "a"]
    assert due(paths, paths, looks, "2026-11-23", 2) == ["c", "d"]
    assert due(paths, paths, looks, "2026-11-23", 5) == []
    assert due([], [], {}, "2026-11-23", 5) == []


def test_a_clock_that_jumps_a_year_and_back_does_no_harm(home: Home) -> None:
    for day in ("2026-11-23", "2025-11-23", "2027-11-23", "2026-11-24"):
        library = opened(home, day)
        assert check(library, ROTA).problems == ()
        looks = fixity.looks(library.store).values()
        assert sum(look.checked == day for look in looks) == 2  # ceil(96 / 90)
        before = state_of(home)
        assert check(library, ROTA).problems == ()
        assert state_of(home) == before
        library.store.close()


def test_damage_outside_the_share_is_named_until_it_is_mended(home: Home) -> None:
    library = opened(home)
    check(library)
    pdf = home.pdf(a_document(library).id)
    good = pdf.read_bytes()
    pdf.write_bytes(b"bad")
    check(library)  # all are read
    library.store.close()
    tomorrow = opened(home, "2026-11-24")
    path = pdf.relative_to(home.root).as_posix()
    assert found(check(tomorrow, ROTA)) == {path: "damaged"}
    pdf.write_bytes(good)
    assert check(tomorrow, ROTA).problems == ()
    assert kinds(tomorrow)["fixity.recovered"] == 1
    assert kinds(tomorrow)["fixity.damaged"] == 1
    before = state_of(home)
    assert check(tomorrow, ROTA).problems == ()
    assert state_of(home) == before
    tomorrow.store.close()


def test_known_damage_takes_nobodys_turn(home: Home) -> None:
    library = opened(home)
    for document in documents.list_documents(library.store)[:6]:
        home.pdf(document.id).unlink()
        home.mets(document.id).write_bytes(b"bad")
    check(library)
    library.store.close()
    read = set()
    for day in range(1, 5):
        later = of_day(home, day, 96)  # one file a day
        before = fixity.looks(later.store)
        check(later, ROTA)
        after = fixity.looks(later.store)
        read |= {p for p in after if after[p] != before[p]}
        later.store.close()
    assert len(read) == 4


def test_what_was_unexpected_and_is_gone_has_recovered(library: Library) -> None:
    stray = library.home.masters / "Thumbs.db"
    stray.write_bytes(b"x")
    assert found(check(library)) == {"masters/Thumbs.db": "unexpected"}
    stray.unlink()
    assert check(library).problems == ()
    assert "masters/Thumbs.db" not in fixity.looks(library.store)
    assert kinds(library)["fixity.recovered"] == 1


def test_names_that_are_no_text_are_named_readably(library: Library) -> None:
    folder = os.fsencode(library.home.objects)
    for name in (b"\xff.pdf", b"a\nb", "fdp.\u202etxt".encode(), "қазақ ә".encode()):
        Path(os.fsdecode(folder + b"/" + name)).write_bytes(b"x")
    names = {path.removeprefix("objects/") for path in found(check(library))}
    assert names == {"\\xff.pdf", "a\\nb", "fdp.\\u202etxt", "қазақ ә"}
    assert len(check(library).problems) == 4


def test_what_is_no_file_in_a_files_place_is_damaged(library: Library) -> None:
    home, ids = library.home, [d.id for d in documents.list_documents(library.store)]
    home.pdf(ids[0]).unlink()
    os.mkfifo(home.pdf(ids[0]))
    home.pdf(ids[1]).unlink()
    home.pdf(ids[1]).mkdir()
    home.pdf(ids[2]).unlink()
    home.pdf(ids[2]).symlink_to("/dev/zero")
    report = check(library)
    told = {p.path.split("/")[1]: (p.state, p.found) for p in report.problems}
    assert told == dict.fromkeys(ids[:3], ("damaged", "not-a-file"))


def test_a_folder_that_may_not_be_read_is_named_and_the_rest_is_checked(library: Library) -> None:
    folder = library.home.document(a_document(library).id) / "web"
    folder.chmod(0)
    if os.access(folder, os.R_OK):
        folder.chmod(0o755)
        pytest.skip("this user may read everything")
    try:
        states = found(check(library))
    finally:
        folder.chmod(0o755)
    path = folder.relative_to(library.home.root).as_posix()
    assert states[path] == "damaged"
    assert set(states.values()) == {"damaged"}
    assert len(states) == 3


def test_what_a_run_may_leave_is_no_damage(library: Library) -> None:
    home, document = library.home, a_document(library)
    write(home.objects / ".olk-0123456789abcdef.tmp", b"half")
    earlier = "c0" * 32
    with library.store.transaction() as tx:
        jobs.plan(tx, [jobs.new_job(earlier, "page", document.id, "p0001")])
    write(home.recognised(document.id, "p0001", earlier), b"<alto/>")
    left = put_master(home, b"placed before its row")
    report = check(library)
    assert found(report) == {
        f"masters/{left.sha256[:2]}/{left.sha256[2:4]}/{left.sha256}": "leftover"
    }
    assert report.exit_code == ExitCode.DONE
    assert kinds(library)["fixity.unexpected"] == 0
    with library.store.transaction() as tx:  # the next run takes it in
        add_document(tx, "late.tif", left)
    assert check(library).problems == ()


def test_a_foreign_file_under_a_masters_name_is_no_leftover(library: Library) -> None:
    name = sha256(b"another").hexdigest()
    write(library.home.master(name), b"not what the name says")
    assert set(found(check(library)).values()) == {"unexpected"}


def test_a_run_killed_between_files_and_row_leaves_a_leftover(library: Library) -> None:
    home, document = library.home, a_document(library)
    with library.store.transaction() as tx:
        jobs.plan(tx, [jobs.new_job("again", "document", document.id)])
        jobs.claim(tx, "dead", {"document"}, 1)
    home.pdf(document.id).write_bytes(b"made anew")
    write(home.document(document.id) / "web" / "p0002-200.jpg", b"made anew")
    report = check(library)
    assert Counter(found(report).values()) == {"leftover": 2}
    assert report.exit_code == ExitCode.DONE
    home.recognised(document.id, "p0001", recognised_key(library)).write_bytes(b"bad")
    assert Counter(found(check(library)).values()) == {"leftover": 2, "damaged": 1}


def recognised_key(library: Library) -> str:
    from store.digitised.pages import get_page

    return str(get_page(library.store, a_document(library).id, "p0001").recognised_key)


def test_what_a_living_run_is_making_is_not_spoken_of(library: Library) -> None:
    home, document = library.home, a_document(library)
    with RunOwner(home) as owner:
        with library.store.transaction() as tx:
            jobs.plan(tx, [jobs.new_job("again", "document", document.id)])
            jobs.claim(tx, owner.name, {"document"}, 1)
        home.pdf(document.id).write_bytes(b"made anew")
        put_master(home, b"just placed")
        other = documents.list_documents(library.store)[0]
        home.mets(other.id).write_bytes(b"really bad")
        path = home.mets(other.id).relative_to(home.root).as_posix()
        assert found(check(library)) == {path: "damaged"}


def test_a_row_that_moves_on_while_files_are_read_raises_no_alarm(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run assembles between the first reading of the rows and the look at the files."""
    documents_ = documents.list_documents(library.store)

    def meanwhile(*arguments: object) -> object:
        with library.store.transaction() as tx:
            assemble(tx, documents_[0].id, "corrected")
            add_document(tx, "new.tif", put_master(library.home, b"another scan"))
        return walk(*arguments)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr("workflow.fixity.files.walk", meanwhile)
    assert check(library).problems == ()
