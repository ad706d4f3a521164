"""Which pages need somebody, why, and in which order."""

import datetime
import json
from pathlib import Path

import numpy as np
import pytest

from digitize.scan.light import measure_light
from olketanu.errors import InputError, UsageError
from olketanu.home import Home
from pages.provenance import read_steps
from store.digitised import documents
from tests.house import ROOT
from tests.unit.made_library import Silent
from tests.unit.made_readings import (
    MadeDocument,
    Picture,
    Reading,
    library_of,
    make_home,
    many,
    printed_picture,
)
from workflow.quality import limits as limits_module
from workflow.quality.garbage import is_garbage
from workflow.quality.limits import read_limits
from workflow.quality.marks import MARKS
from workflow.quality.survey import Survey, survey

GOOD = printed_picture()
DARK = printed_picture(90)
BLANK = printed_picture(ink=False)


def uneven() -> Picture:
    return (GOOD * np.linspace(0.35, 1.0, 200)).astype(np.uint8)


def on_a_bed() -> Picture:
    """A light page on a black scanner bed."""
    picture = np.zeros((340, 240), np.uint8)
    picture[20:320, 20:220] = GOOD
    return picture


def with_a_photograph() -> Picture:
    """A light page with a dark picture on a quarter of it."""
    picture = GOOD.copy()
    picture[:150, :100] = 40
    return picture


def surveyed(home: Home, batch: str | None = None, address: str | None = None) -> Survey:
    library = library_of(home)
    try:
        return survey(library, Silent(), batch=batch, address=address)
    finally:
        library.store.close()


def reasons(root: Path, reading: Reading) -> set[str]:
    (document,) = surveyed(make_home(root, [MadeDocument("d", [reading])])).documents
    return {mark.reason for mark in document.pages[0].marks}


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (Reading(many(60), picture=GOOD), set()),
        (Reading(many(60)), set()),
        (Reading(many(60), dpi=150), {"dpi-low"}),
        (Reading(many(60), height=12), {"letters-small"}),
        (Reading(many(60), skew=-3.4), {"skewed"}),
        (Reading(many(60), skew=2.9), set()),
        (Reading(many(60), left=2), {"cut-off"}),
        (Reading(many(60), left=664), {"cut-off"}),
        (Reading(many(60), left=640), set()),
        (Reading(many(20), left=2), set()),  # two lines may be chance
        (Reading(many(60), picture=DARK), {"dark"}),
        (Reading(many(60), picture=uneven()), {"uneven"}),
        (Reading(many(60), picture=on_a_bed()), set()),
        (Reading(many(60), picture=with_a_photograph()), set()),
        (Reading(many(60), picture=GOOD[:3, :1]), set()),
        (Reading(many(60, 0.7)), {"little-sure", "unsure"}),
        (Reading(many(40, 0.7)), {"unsure"}),
        (Reading(["жақсы/0.95 сөз/0.5 тағы/0.5"]), set()),  # two words make no work
        (Reading([*many(40), "ка5ан қаlа ||| сөз"]), {"garbage"}),
        (Reading(["жақсы сөз ||| тағы"]), set()),
        (Reading(picture=BLANK), set()),
        (Reading(picture=GOOD), {"no-text"}),
        (Reading(state="image-only", code="TIMEOUT"), {"failed"}),
        (Reading(state="failed", code="UNREADABLE"), {"failed"}),
        (Reading(state="waiting", picture=DARK), set()),
    ],
)
def test_a_page_is_marked_for_what_is_wrong_with_it_only(
    tmp_path: Path, reading: Reading, expected: set[str]
) -> None:
    assert reasons(tmp_path / "home", reading) == expected


def test_a_page_whose_files_are_gone_or_broken_is_still_listed(tmp_path: Path) -> None:
    reading = Reading(many(60), picture=GOOD)
    home = make_home(tmp_path / "home", [MadeDocument("d", [reading])])
    for path in home.objects.rglob("*.*"):
        path.write_bytes(b"no")
    (document,) = surveyed(home).documents
    (line,) = document.pages
    assert (line.quality.text.words, line.quality.skew, line.quality.light) == (0, None, None)


def test_need_is_expected_errors_times_readers(tmp_path: Path) -> None:
    bad = [Reading(many(100, 0.75))]
    home = make_home(
        tmp_path / "home",
        [
            MadeDocument("closed", bad, "closed"),
            MadeDocument("good", [Reading(many(100))]),
            MadeDocument("open", bad, "open"),
            MadeDocument("on_site", bad, "on_site"),
        ],
    )
    found = surveyed(home)
    assert [known.document.name for known in found.documents] == [
        *("open", "on_site", "closed", "good")
    ]
    assert [known.need for known in found.documents] == [24.0, 12.0, 6.0, 0.0]
    assert [page.name for page in found.worst_pages] == ["open", "on_site", "closed"]


def test_a_page_that_failed_weighs_as_much_as_a_usual_page_of_its_document(tmp_path: Path) -> None:
    pages = [
        *(Reading(many(100)), Reading(many(300)), Reading(many(200))),
        Reading(state="image-only", code="CRASHED"),
        Reading(picture=GOOD),
    ]
    found = surveyed(make_home(tmp_path / "home", [MadeDocument("d", pages)]))
    assert [(page.quality.page.key, page.need) for page in found.worst_pages] == [
        *(("p0004", 200.0), ("p0005", 20.0))
    ]


def test_a_term_that_has_ended_closes_a_document(tmp_path: Path) -> None:
    from catalog.rights import Rights
    from store.digitised import rights

    home = make_home(tmp_path / "home", [MadeDocument("d", [Reading(many(100, 0.75))])])
    library = library_of(home)
    (document,) = documents.list_documents(library.store)
    with library.store.transaction() as tx:
        rights.set_rights(tx, document.id, Rights("until", datetime.date(2020, 1, 1)))
    library.store.close()
    assert surveyed(home).documents[0].rights == "closed"


def test_counts_add_up_over_documents_pages_words_and_classes(tmp_path: Path) -> None:
    home = make_home(
        tmp_path / "home",
        [
            MadeDocument(
                "a", [Reading(many(20) + many(10, 0.85)), Reading(many(30, 0.6), language="rus")]
            ),
            MadeDocument("b", [Reading(), Reading(state="waiting")], batch="c"),
        ],
    )
    totals = surveyed(home).totals
    assert totals.states == {"waiting": 1, "text": 2, "image-only": 1, "failed": 0}
    assert totals.languages == {"kaz": 30, "rus": 30}
    assert totals.classes == {"90": 20, "80": 10, "70": 0, "0": 30}
    assert (totals.words, totals.low, totals.characters) == (60, 30, 360)
    assert totals.confidence == pytest.approx((20 * 0.95 + 10 * 0.85 + 30 * 0.6) / 60, abs=1e-4)
    assert set(totals.marks) == set(MARKS)


def test_the_scope_is_a_batch_or_a_document(tmp_path: Path) -> None:
    pages = [Reading(many(3))]
    home = make_home(
        tmp_path / "home", [MadeDocument("a", pages), MadeDocument("b", pages, batch="c")]
    )
    assert [d.document.name for d in surveyed(home, batch="c").documents] == ["b"]
    one = surveyed(home).documents[0].document
    assert [d.document.id for d in surveyed(home, address=one.id).documents] == [one.id]
    with pytest.raises(UsageError):
        surveyed(home, address="nothing")


@pytest.mark.parametrize("word", ["ка5ан", "қаlа", "кАз", "бб|", "аааааб", "взгклд", "q|©"])
def test_what_cannot_be_a_word_is_told(word: str) -> None:
    assert is_garbage(word)


@pytest.mark.parametrize(
    "word",
    [
        "КарГУ",
        "млрд",
        "1962",
        "XXI",
        "40-летие",
        "COVID-центр",
        "«Қазақстан»,",
        "—",
        "III-IV",
        "длинношеее",
        "©",
    ],
)
def test_odd_but_real_words_are_no_garbage(word: str) -> None:
    assert not is_garbage(word)


def test_no_word_of_the_samples_truth_is_garbage() -> None:
    words = {
        word
        for path in (ROOT / "scans" / "truth").glob("*/*.json")
        for line in json.loads(path.read_text("utf-8"))["lines"]
        for word in line["text"].split()
    }
    assert len(words) > 1000
    assert not {word for word in words if is_garbage(word)}


def test_light_is_measured_from_the_small_picture(tmp_path: Path) -> None:
    from PIL import Image

    def light(picture: Picture) -> tuple[int, int, float]:
        path = tmp_path / "p.jpg"
        Image.fromarray(picture).save(path, "JPEG", quality=75)
        found = measure_light(path)
        return found.paper, found.uneven, found.ink

    paper, difference, ink = light(GOOD)
    assert paper == pytest.approx(245, abs=6)
    assert difference < 10
    assert ink > 0.03
    assert light(DARK)[0] < 100
    assert light(uneven())[1] > 90
    assert light(printed_picture(90, ink=False))[2] == 0  # dark paper is no ink
    noise = np.random.default_rng(1).normal(230, 8, (300, 200)).clip(0, 255).astype(np.uint8)
    assert light(noise)[2] < 0.002
    with pytest.raises(OSError, match="p2"):
        measure_light(tmp_path / "p2.jpg")


def test_steps_are_read_from_the_head_of_the_file_alone() -> None:
    head = (
        b'<?xml version="1.0" encoding="UTF-8"?><alto xmlns="x"><Description>'
        b"<Processing><processingStepDescription>prepare</processingStepDescription>"
        b'<processingStepSettings>[["noise","1.5"]]</processingStepSettings></Processing>'
        b"<Processing><processingStepDescription>odd</processingStepDescription>"
        b"<processingStepSettings>odd</processingStepSettings></Processing>"
        b"</Description><Layout>cut of"
    )
    assert read_steps(head) == {"prepare": {"noise": "1.5"}}
    with pytest.raises(InputError):
        read_steps(head[:40])


def test_the_limits_have_a_class_for_every_confidence_and_a_weight_for_every_right() -> None:
    limits = read_limits()
    assert [limits.class_of(n).lowest for n in (-1, 100, 90, 89, 70, 69, 0)] == [
        *(90, 90, 90, 80, 70, 0, 0)
    ]
    assert set(limits.rights) == {"open", "on_site", "closed"}
    named = limits_module.LIMITS_FILE.with_name("README.md").read_text("utf-8")
    assert all(
        f"`rescan.{name}`" in named or f"`{name}`" in named for name in limits.rescan.__slots__
    )
