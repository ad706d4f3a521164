"""Every search that the how-to pages show finds something in the sample library."""

import json
import re
import shlex
from pathlib import Path

import pytest

import cli
from tests.house import ROOT

pytestmark = [pytest.mark.tesseract, pytest.mark.slow]

PAGES = ("search-ru.md", "search-kk.md")
CALL = re.compile(r"^    (olketanu .+)$|`(olketanu search [^`]+)`", re.M)


def calls(page: str) -> list[list[str]]:
    text = (ROOT / "docs" / "howto" / page).read_text("utf-8")
    return [shlex.split(indented or inline)[1:] for indented, inline in CALL.findall(text)]


@pytest.mark.parametrize("page", PAGES)
def test_the_searches_of_the_page_find_something(
    page: str,
    sample_home: Path,
    run_lines: dict[str, dict[str, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    names = {"ru": "01_stepnoi-gornyak_1996-09-14", "kk": "bz3g3kpc"}
    names["kk"] = "09_komir-olkesi.tif"
    document = run_lines[names["kk" if "kk" in page else "ru"]]["document"]
    monkeypatch.chdir(tmp_path)
    found = calls(page)
    assert len(found) > 20
    for call in found:
        words = [document if word in ("НОМЕР", "НӨМІР") else word for word in call]
        code = cli.run(["--home", str(sample_home), "--json", *words])
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert code == 0, call
        last = lines[-1]
        if "list" not in call:
            assert last.get("total") or last.get("works"), call
            assert not last.get("notices"), call
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [
        *(".csv", ".docx", ".html", ".mrc", ".ris"),
    ]
