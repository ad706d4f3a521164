"""Doctor names every risk it sees, goes on whatever is broken, and writes nothing."""

import ast
import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from olketanu.errors import InputError
from olketanu.home import Home
from olketanu.settings import OcrSettings, RunSettings, Settings, SiteSettings
from store import jobs
from store.database import Store
from store.disk.owners import RunOwner
from store.disk.space import MEGA, Disk, Mount, Space, is_same_disk
from store.migrate import statements
from store.reading import open_to_look
from tests.house import ROOT
from workflow.backup.snapshots import MARK
from workflow.doctor import backup as doctor_backup
from workflow.doctor import examine as doctor
from workflow.doctor.backup import Backup, look_at_backup, unsaved_since
from workflow.doctor.checks import (
    GIGA,
    LOW_DISK,
    LOW_FILES,
    SHARES,
    SIMPLE,
    Check,
    catalogue_checks,
    days_between,
    disk_checks,
    place_checks,
)
from workflow.doctor.examine import examine
from workflow.doctor.facts import Place, Told
from workflow.library import create_library

NOW = "2026-11-23T09:00:00Z"
LATER = "2026-11-23T09:00:01Z"
SETTINGS = Settings(
    site=SiteSettings("https://elib.example.kz"), ocr=OcrSettings(), run=RunSettings(workers=2)
)
PLACE = Place("/home", Space(100 * GIGA, 1_000_000), Mount("/", "ext4", False), memory=8000)
SAVED = Backup("2026-11-22T22:00:00Z", "/mnt/backup", 40, there=True, same_disk=False)
WELL = Told(
    now=NOW,
    newest="2026-11-23T08:00:00Z",
    backup=SAVED,
    unsaved="2026-11-23T08:00:00Z",
    verified="2026-11-22T23:00:00Z",
    fixity={"ok": 1000, "damaged": 0, "missing": 0, "unexpected": 0},
    documents=10,
)


def checks(place: Place = PLACE, told: Told = WELL, settings: Settings = SETTINGS) -> list[Check]:
    return [
        *disk_checks(place, settings, told.needed),
        *place_checks(place, settings),
        *catalogue_checks(told, place, settings),
    ]


def risks(place: Place = PLACE, told: Told = WELL, settings: Settings = SETTINGS) -> list[str]:
    return [check.key for check in checks(place, told, settings) if check.state != "ok"]


def test_a_home_that_is_well_has_no_risk() -> None:
    assert risks() == []
    assert [check.key for check in checks()] == ["disk", "backup", "verify", "index"]


PLACES = [
    ("not-writable", replace(PLACE, blocked="/home/masters")),
    ("few-files", replace(PLACE, space=Space(100 * GIGA, LOW_FILES - 1))),
    ("disk-full", replace(PLACE, space=Space(500 * MEGA - 1, None))),
    ("disk-low", replace(PLACE, space=Space(500 * MEGA, None))),
    ("disk-low", replace(PLACE, space=Space(LOW_DISK - 1, None))),
    ("memory", replace(PLACE, memory=5999)),
    ("dead-runs", replace(PLACE, dead_runs=1)),
    ("read-only", replace(PLACE, mount=Mount("/", "ext4", True))),
    ("removable-disk", replace(PLACE, disk=Disk("sdb", removable=True))),
    ("in-memory", replace(PLACE, mount=Mount("/home", "tmpfs", False))),
    *(
        ("network-share", replace(PLACE, mount=Mount("/srv", kind, False)))
        for kind in sorted(SHARES)
    ),
    *(("simple-disk", replace(PLACE, mount=Mount("/srv", kind, False))) for kind in sorted(SIMPLE)),
]


@pytest.mark.parametrize(("key", "place"), PLACES)
def test_a_risk_of_the_place_is_named(key: str, place: Place) -> None:
    assert risks(place) == [key]


SAFE_PLACES = [
    replace(PLACE, space=Space(LOW_DISK, LOW_FILES)),
    replace(PLACE, space=Space(LOW_DISK, None)),
    replace(PLACE, memory=6000),
    replace(PLACE, memory=None, mount=None),
    replace(PLACE, dead_runs=1, live_runs=1),  # the living one has swept, or will
    replace(PLACE, mount=Mount("/", "xfs", False), disk=Disk("nvme0n1", removable=False)),
]


@pytest.mark.parametrize("place", SAFE_PLACES)
def test_a_place_at_the_border_is_no_risk(place: Place) -> None:
    assert risks(place) == []


TOLD = [
    ("clock", replace(WELL, newest=LATER)),
    ("backup-none", replace(WELL, backup=None)),
    ("backup-old", replace(WELL, unsaved="2026-11-15T08:00:00Z")),
    ("backup-gone", replace(WELL, backup=replace(SAVED, there=False))),
    ("backup-same-disk", replace(WELL, backup=replace(SAVED, same_disk=True))),
    ("verify-none", replace(WELL, verified=None)),
    ("verify-old", replace(WELL, verified="2026-08-24T08:00:00Z")),
    ("files-bad", replace(WELL, fixity={"ok": 9, "damaged": 1})),
    ("files-bad", replace(WELL, fixity={"missing": 1})),
    ("files-bad", replace(WELL, fixity={"unexpected": 1})),
    ("disk-low", replace(WELL, needed=100 * GIGA)),
    ("unfinished", replace(WELL, open_jobs=1)),
    ("refused", replace(WELL, refused=1)),
    ("index-stale", replace(WELL, index="stale")),
    ("index-missing", replace(WELL, index="missing", index_behind=3)),
    ("index-behind", replace(WELL, index="behind", index_behind=3)),
    ("sidecars-behind", replace(WELL, sidecars_behind=1)),
]


@pytest.mark.parametrize(("key", "told"), TOLD)
def test_a_risk_that_the_catalogue_tells_is_named(key: str, told: Told) -> None:
    assert risks(told=told) == [key]


SAFE_TOLD = [
    replace(WELL, newest=NOW),
    replace(WELL, newest=None),
    replace(WELL, unsaved=None, backup=replace(SAVED, time="2020-01-01T00:00:00Z")),
    replace(WELL, unsaved="2026-11-16T08:00:00Z"),  # seven days: still within the setting
    replace(WELL, unsaved=None, backup=None),
    replace(WELL, verified="2026-08-25T08:00:00Z"),
    replace(WELL, verified=None, documents=0),
    replace(WELL, fixity={}),
    replace(WELL, index="missing"),  # a new home: there is nothing to find yet
]


@pytest.mark.parametrize("told", SAFE_TOLD)
def test_what_a_sound_catalogue_tells_is_no_risk(told: Told) -> None:
    assert risks(told=told) == []


def test_work_in_hand_is_no_unfinished_work() -> None:
    told = replace(WELL, open_jobs=5, sidecars_behind=2)
    busy = replace(PLACE, live_runs=1)
    assert risks(busy, told) == []
    assert "at-work" in [check.key for check in checks(busy, told)]


def test_the_example_address_is_named_once_documents_are_there() -> None:
    example = replace(SETTINGS, site=SiteSettings())
    assert risks(settings=example) == ["site-url"]
    assert risks(told=replace(WELL, documents=0), settings=example) == []


def test_days_are_whole_and_never_below_zero() -> None:
    assert days_between("2026-11-22T09:00:01Z", NOW) == 0
    assert days_between("2026-11-22T09:00:00Z", NOW) == 1
    assert days_between("2027-11-22T09:00:00Z", NOW) == 0


# A real home.


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return create_library(tmp_path / "home", "kk")


def found(home: Home) -> dict[str, Check]:
    """Checks of the home itself: not of this machine's tools, disk and memory."""
    here = {
        "profile",
        "profile-missing",
        "profile-image-only",
        "memory",
        "in-memory",
        "few-files",
        "setting",
    }
    seen = {check.key: check for check in examine(home.root) if check.key not in here}
    return {key: check for key, check in seen.items() if not key.startswith("disk")}


def files_of(home: Home) -> dict[str, tuple[int, int]]:
    paths = [home.root, *home.root.rglob("*")]
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in paths}


def test_a_new_home_is_well_and_stays_untouched(home: Home) -> None:
    before = files_of(home)
    assert {key: check.state for key, check in found(home).items()} == {
        "home": "ok",
        "catalogue": "ok",
        "index": "ok",
    }
    assert files_of(home) == before


def test_without_a_home_only_the_machine_is_examined() -> None:
    assert "no-home" in [check.key for check in examine(None)]


def test_every_setting_is_shown_as_it_is_in_force(home: Home) -> None:
    home.settings.write_text("[backup]\ndays = 3\n")
    values = {c.facts["key"]: c.facts["value"] for c in examine(home.root) if c.key == "setting"}
    assert values["backup.days"] == 3
    assert values["ocr.timeout"] == Settings().ocr.timeout


def test_settings_that_cannot_be_read_are_named(home: Home) -> None:
    home.settings.write_text("[backup\n")
    assert found(home)["home-unreadable"].state == "missing"


def note_backup(home: Home, folder: Path, seq: int) -> None:
    with Store.open(home) as store, store.transaction() as tx:
        tx.note("backup.done", "20261123T090000Z", {"folder": str(folder), "seq": seq})


def test_the_newest_backup_and_what_came_after_it(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    with Store.open(home, clock=lambda: NOW) as store:
        assert (look_at_backup(store), unsaved_since(store, None)) == (None, None)
        with store.transaction() as tx:
            tx.note("record.created", "abc")
        assert unsaved_since(store, None) == NOW
        note_backup(home, folder, 1)
        backup = look_at_backup(store)
        assert backup is not None
        assert (backup.folder, backup.seq, backup.there) == (str(folder), 1, False)
        folder.mkdir()  # an empty mount point is no backup
        assert found(home).keys() >= {"backup", "backup-gone"}
        (folder / MARK).write_text("{}")
        again = look_at_backup(store)
        assert again is not None
        assert again.there
        assert again.same_disk == is_same_disk(folder, home.root)
        assert unsaved_since(store, again) is None
        with store.transaction() as tx:
            tx.note("verify.done", "home")
            tx.note("fixity.damaged", "masters/ab")
        assert unsaved_since(store, again) is None
    with Store.open(home, clock=lambda: LATER) as store, store.transaction() as tx:
        tx.note("record.changed", "abc")
    with Store.open(home) as store:
        assert unsaved_since(store, again) == LATER


def test_an_earlier_backup_on_another_disk_counts_while_it_can_be_seen(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    near, far = tmp_path / "near", tmp_path / "far"
    for number, folder in enumerate((far, near), 1):
        folder.mkdir()
        (folder / MARK).write_text("{}")
        note_backup(home, folder, number)
    monkeypatch.setattr(doctor_backup, "is_same_disk", lambda one, _: one == near)
    assert "backup-same-disk" not in found(home)
    (far / MARK).unlink()
    assert "backup-same-disk" in found(home)


def test_a_clock_that_went_back_is_named_until_it_is_right_again(home: Home) -> None:
    with Store.open(home, clock=lambda: "2999-01-01T00:00:00Z") as store, store.transaction() as tx:
        tx.note("record.created", "abc")
    assert "clock" in found(home)
    with Store.open(home) as store, store.transaction() as tx:
        tx.note("record.created", "abd")
    assert "clock" not in found(home)


def test_runs_at_work_and_dead_ones_are_told_apart(home: Home) -> None:
    with RunOwner(home):
        assert "at-work" in found(home)
    assert "at-work" not in found(home)
    (home.runs / "123-dead.lock").touch()
    assert found(home)["dead-runs"].facts == {"runs": 1}
    (home.runs / "123-dead").mkdir()
    assert found(home)["dead-runs"].facts == {"runs": 1}


def test_open_jobs_and_missing_words_of_the_index_are_counted(home: Home) -> None:
    from store.digitised import batches, documents

    with Store.open(home) as store, store.transaction() as tx:
        batches.add_batch(tx, "b", "/b")
        new = documents.NewDocument(batch="b", name="d", first_master="0" * 64)
        made = documents.add_document(tx, new)
        jobs.plan(tx, [jobs.new_job("k", "document", made.id)])
        refused = batches.source("b", "bad.tif", state="quarantined", code="TRUNCATED")
        batches.set_source(tx, refused)
        tx.note("page.recognised", f"{made.id}/p0001")
    seen = found(home)
    assert seen["unfinished"].facts == {"jobs": 1}
    assert seen["refused"].facts == {"files": 1}
    assert seen["index-missing"].facts == {"behind": 1}
    assert {"verify-none", "backup-none", "site-url"} <= seen.keys()


def test_what_verify_found_is_counted_and_its_day_is_known(home: Home) -> None:
    rows = [("masters/ab", "damaged"), ("masters/ac", "missing"), ("masters/ad", "ok")]
    with Store.open(home) as store, store.transaction() as tx:
        for path, state in rows:
            tx.keep_books("INSERT INTO fixity VALUES (?, ?, '2020-02-03')", (path, state))
    seen = found(home)
    assert seen["files-bad"].facts == {"damaged": 1, "missing": 1, "unexpected": 0}
    assert seen["verify-old"].facts["time"] == "2020-02-03"
    with Store.open(home) as store, store.transaction() as tx:
        tx.note("verify.done", "home")
    assert "verify-old" not in found(home)


# A broken home.


def spoil_pages(home: Home) -> None:
    data = bytearray(home.database.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    home.database.write_bytes(data)


def spoil_header(home: Home) -> None:
    home.database.write_bytes(b"no database at all, " * 1000)


def spoil_event(home: Home) -> None:
    """A byte that flips within a row: SQLite sees nothing wrong."""
    connection = sqlite3.connect(home.database, isolation_level=None)
    connection.execute("DROP TRIGGER event_is_never_changed")
    connection.execute("UPDATE event SET data = '{\"a\"'")
    connection.close()


def remove(home: Home) -> None:
    home.database.unlink()


def foreign(home: Home) -> None:
    home.database.unlink()
    connection = sqlite3.connect(home.database, isolation_level=None)
    connection.execute("CREATE TABLE other (a)")
    connection.close()


def newer(home: Home) -> None:
    connection = sqlite3.connect(home.database, isolation_level=None)
    connection.execute("PRAGMA user_version = 9999")
    connection.close()


def older(home: Home) -> None:
    home.database.unlink()
    golden = ROOT / "tests" / "golden" / "store" / "0001.sql"
    connection = sqlite3.connect(home.database, isolation_level=None)
    for statement in statements(golden.read_text("utf-8")):
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    ("spoil", "key", "state"),
    [
        (spoil_pages, "catalogue-damaged", "missing"),
        (spoil_header, "catalogue-damaged", "missing"),
        (spoil_event, "catalogue-damaged", "missing"),
        (remove, "catalogue-missing", "missing"),
        (foreign, "catalogue-foreign", "missing"),
        (newer, "catalogue-newer", "missing"),
        (older, "catalogue-older", "warning"),
    ],
)
def test_a_bad_catalogue_is_named_and_doctor_goes_on(
    home: Home, spoil: Callable[[Home], None], key: str, state: str
) -> None:
    with Store.open(home) as store, store.transaction() as tx:
        tx.note("record.created", "abc")
    spoil(home)
    before = files_of(home)
    seen = list(examine(home.root))
    assert [(c.key, c.state) for c in seen if c.key.startswith("catalogue")] == [(key, state)]
    assert seen[-1].key == "setting"
    assert files_of(home) == before


def test_damage_is_looked_at_twice_since_another_program_may_have_begun_to_write(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = 0

    def once_wrong(home: Home) -> Store:
        nonlocal looks
        looks += 1
        if looks == 1:
            raise InputError("error.store-damaged", path="")
        return open_to_look(home)

    monkeypatch.setattr(doctor, "open_to_look", once_wrong)
    assert found(home)["catalogue"].state == "ok"
    assert looks == 2


def keys_in_code() -> Iterator[str]:
    """Keys of the checks that the modules make, where they stand there in full."""
    for path in (ROOT / "workflow" / "doctor").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Check":
                key = node.args[0]
                if isinstance(key, ast.Constant):
                    yield str(key.value)


def described() -> dict[str, str]:
    """Key to state of every check on the reference page."""
    page = (ROOT / "docs" / "reference" / "doctor.md").read_text("utf-8")
    return dict(re.findall(r"^\| `([a-z-]+)` \| (ok|warning|missing) \|", page, re.MULTILINE))


def test_every_check_is_described_and_every_risk_is_made_to_appear_here() -> None:
    assert len(described()) > 40
    assert set(keys_in_code()) <= described().keys()
    here = Path(__file__).read_text("utf-8")
    elsewhere = {
        "profile-missing",
        "profile-image-only",
        "catalogue-unreadable",
    }  # need a machine that lacks something
    risky = {key for key, state in described().items() if state != "ok"} - elsewhere
    assert not [key for key in risky if f'"{key}"' not in here]


def test_the_described_states_are_those_that_appear() -> None:
    seen = [*checks(), *(c for _, place in PLACES for c in checks(place))]
    seen += [c for _, told in TOLD for c in checks(told=told)]
    assert {c.key: c.state for c in seen}.items() <= described().items()


@pytest.mark.parametrize("key", sorted({key for key, _ in (*PLACES, *TOLD)}))
def test_the_facts_of_a_risk_fill_its_sentences(key: str) -> None:
    from olketanu.messages.translate import translate

    seen = [c for _, place in PLACES for c in checks(place)]
    seen += [c for _, told in TOLD for c in checks(told=told)]
    check = next(check for check in seen if check.key == key)
    for ending in ("", ".hint"):
        assert "{" not in translate(f"doctor.{key}{ending}", check.facts)


def test_every_check_has_its_sentence_and_every_risk_says_what_to_do() -> None:
    from olketanu.messages.translate import has_message

    for key, state in described().items():
        assert has_message(f"doctor.{key}"), key
        assert state == "ok" or has_message(f"doctor.{key}.hint"), key
