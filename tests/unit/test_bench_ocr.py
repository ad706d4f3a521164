"""The comparison with OCRmyPDF: same pages by seed, honest figures, misses that are told."""

from pathlib import Path

import pikepdf
import pytest

from bench.ocr import compare, measure
from bench.ocr.compare import DEFAULT, OURS, TUNED, Score, Turn
from bench.ocr.sheets import Scan, scans, write_pdf
from pages.measure import Errors


def test_the_same_seed_gives_the_same_pages_and_another_gives_others() -> None:
    first, again, other = scans(1, 0), scans(1, 0), scans(1, 0, seed=5)
    assert first == again
    assert first[0].jpeg != other[0].jpeg
    assert first[0].degraded
    assert len(first[0].lines) > 20


def test_the_pdf_holds_the_scans_as_they_are(tmp_path: Path) -> None:
    pages = scans(1, 1)
    write_pdf(pages, tmp_path / "a.pdf")
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        found = [page.obj.Resources.XObject.Im0.read_raw_bytes() for page in pdf.pages]
    assert found == [page.jpeg for page in pages]


def test_lines_count_wherever_they_stand_and_flow_counts_their_order() -> None:
    scan = Scan("p", b"", ("первая строка листа", "вторая строка листа"), True)
    right = compare.score(scan, "первая строка листа\nвторая строка листа")
    turned = compare.score(scan, "вторая строка листа\nпервая строка листа")
    assert (right.flow.edits, right.line.edits) == (0, 0)
    assert turned.flow.edits > 0
    assert turned.line.edits == 0
    assert compare.score(scan, "").flow.edits == right.flow.length


def turn(system: str, wall: float, edits: tuple[int, ...]) -> Turn:
    scores = tuple(
        Score(f"p{n}", True, Errors(wrong, 1000), Errors(0, 1000)) for n, wrong in enumerate(edits)
    )
    cost = measure.Cost(wall, wall, 100.0, "")
    return Turn(system, len(edits), wall, wall, 100.0, 1000, scores, cost)


def test_ratios_are_medians_over_the_rounds() -> None:
    turns = [
        *(turn(OURS, 10.0, (1,)), turn(DEFAULT, 20.0, (4,))),
        *(turn(OURS, 10.0, (1,)), turn(DEFAULT, 10.0, (4,))),
        *(turn(OURS, 10.0, (1,)), turn(DEFAULT, 90.0, (4,))),
    ]
    assert compare.pace_ratio(turns, OURS, DEFAULT) == 2.0


def test_the_interval_is_of_pairs() -> None:
    ours, theirs = turn(OURS, 1.0, (1, 10, 100)), turn(DEFAULT, 1.0, (2, 20, 200))
    assert compare.paired(ours.scores, theirs.scores) == (0.5, 0.5)
    low, high = compare.paired(ours.scores, turn(DEFAULT, 1.0, (100, 20, 20)).scores)
    assert low < 1 < high


def test_what_is_missed_is_told_and_what_was_not_run_is_not() -> None:
    good = [turn(OURS, 10.0, (1, 2)), turn(DEFAULT, 20.0, (40, 50)), turn(TUNED, 30.0, (3, 4))]
    assert compare.misses(good) == []
    bad = [turn(OURS, 19.0, (20, 20)), turn(DEFAULT, 20.0, (40, 40))]
    missed = compare.misses(bad)
    assert len(missed) == 2
    assert any("pages/min" in line for line in missed)
    assert any("flow CER" in line for line in missed)
    assert not any(TUNED in line for line in missed)


def test_time_and_memory_of_all_that_a_program_starts_are_counted() -> None:
    work = "x = bytes(range(256)) * 300_000; sum(x)"
    command = f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{work}'])"
    cost = measure.run(["python3", "-c", command])
    assert cost.cpu > 0.05
    assert cost.memory > 60


def test_a_program_that_fails_is_an_error_with_what_it_said() -> None:
    with pytest.raises(RuntimeError, match="no such luck"):
        measure.run(["python3", "-c", "raise SystemExit('no such luck')"])
