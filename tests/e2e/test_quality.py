"""The samples measured against their truth, as any library can measure its own scans."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import jsonschema
import pytest

pytestmark = [pytest.mark.tesseract, pytest.mark.slow]
ROOT = Path(__file__).parents[2]
Program = Callable[..., "CompletedProcess[str]"]


def test_the_samples_are_measured_against_their_truth(sample_home: Path, cli: Program) -> None:
    done = cli("quality", "eval", ROOT / "scans" / "truth", "--json", home=sample_home)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    schema = json.loads((ROOT / "docs/reference/json/quality-eval.json").read_text("utf-8"))
    for line in lines:
        jsonschema.Draft202012Validator(schema).validate(line)
    total = lines[-1]
    assert total["pages"] == 24
    assert total["line"]["rate"] <= 0.01
    assert total["flow"]["low"] <= total["flow"]["rate"] <= total["flow"]["high"]
    best, *_, least = total["calibration"]
    assert best["right"] / best["words"] > 0.95 > least["right"] / max(1, least["words"])


def test_the_report_counts_every_page_of_the_samples(sample_home: Path, cli: Program) -> None:
    done = cli("report", "quality", "--json", home=sample_home)
    assert done.returncode == 0, done.stderr
    total = json.loads(done.stdout.splitlines()[-1])
    assert sum(total["pages"].values()) == 24
    assert total["marks"]["rescan"] == 0
    assert total["languages"].keys() >= {"kaz", "rus"}
