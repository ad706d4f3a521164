"""What long work says of itself: pace and time left come from the last pages, not from all."""

import io
import re
import sys

import pytest

from commands import progress
from commands.progress import Pace, Progress, progress_facts
from olketanu.messages import translate as messages
from olketanu.messages.translate import translate
from olketanu.settings import LANGUAGES


def test_pages_of_earlier_runs_do_not_raise_the_pace() -> None:
    pace = Pace()
    for second, done in ((0, 30_000), (30, 30_010), (60, 30_020)):
        pace.step(float(second), "pages", done)
    assert pace.per_minute == 20.0


def test_the_pace_follows_the_last_pages() -> None:
    pace = Pace()
    for number in range(100):
        pace.step(number * 60.0, "pages", number)
    for number in range(1, 52):
        pace.step(99 * 60.0 + number * 6.0, "pages", 99 + number)
    assert pace.per_minute == pytest.approx(10.0)


def test_each_stage_has_a_pace_of_its_own() -> None:
    pace = Pace()
    pace.step(0.0, "intake", 0)
    pace.step(1.0, "intake", 600)
    pace.step(2.0, "pages", 5)
    assert pace.per_minute == 0.0
    pace.step(62.0, "pages", 6)
    assert pace.per_minute == 1.0


def test_what_cannot_be_said_yet_is_not_said() -> None:
    facts = progress_facts(0.0, 0, 10, "a")
    assert (facts["pace"], facts["left"]) == ("–", "–")


def test_time_left_is_what_is_left_by_the_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "translate", lambda key, facts: f"{key} {sorted(facts.items())}")
    assert progress_facts(4.0, 20, 100, "")["left"] == "progress.minutes [('minutes', 20)]"
    left = progress_facts(2.0, 0, 30_000, "")["left"]
    assert left == "progress.hours [('hours', 250), ('minutes', 0)]"


@pytest.mark.parametrize("language", LANGUAGES)
def test_time_left_bears_its_unit_once(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "_state", {"language": language})
    seen = [progress_facts(pace, 0, 100, "x")["left"] for pace in (0.0, 1000.0, 5.0, 0.5)]
    assert len(set(seen)) == 4
    for stage in ("pages", "checks", "records", "backup", "verify", "restore", "intake", "index"):
        for facts in (progress_facts(pace, 0, 100, "x") for pace in (1000.0, 5.0, 0.5)):
            text = translate(f"progress.{stage}", facts)
            assert not re.search(r"(мин|min|минуты|minute|аз) ?(мин|min)", text), text


def test_quiet_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = io.StringIO()
    monkeypatch.setattr(sys, "stderr", seen)
    monkeypatch.setattr(progress, "_PLAIN_EVERY", 0.0)
    with Progress(quiet=True) as quiet:
        quiet.step("pages", 1, 2, "a")
    assert seen.getvalue() == ""
    with Progress() as loud:
        loud.step("pages", 1, 2, "b0c1d2f3 p0001")
    assert "b0c1d2f3 p0001" in seen.getvalue()
