"""How well the samples are read: flow CER against the exact truth in ``scans/truth``.

Flow CER is the edit distance between a page's text in output order and its true text in reading
order, over the length of the true text, so errors of layout count. Lines are taken as printed, with
their hyphens; blanks are one blank, and dashes and quotation marks are folded.

    python -m bench.recognition HOME             the PDFs of a library home (pdftotext -raw)
    python -m bench.recognition --images         the page job on the images, without a home
    python -m bench.recognition --images --set threshold=0 --set languages=kaz

Prints a table, writes ``bench/results/recognition.json`` (``recognition-images.json``), and ends
with 1 when a target is missed.
"""

import argparse
import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from pages.measure import Errors, characters
from pages.measure import pooled as pooled_errors

ROOT = Path(__file__).parents[1]
TRUTH = ROOT / "scans" / "truth"
BATCH = ROOT / "scans" / "2026-01_sample"
RESULTS = Path(__file__).parent / "results"
TARGETS = {"clean": 0.01, "degraded": 0.03, "page": 0.05}  # issue 2, "It is done when"


@dataclass(frozen=True, slots=True)
class TruePage:
    """A page of the truth: where its image lies and what it says."""

    document: str
    page: str
    file: str
    frame: int
    width: int
    height: int
    degraded: bool
    text: str


@dataclass(frozen=True, slots=True)
class Score:
    """Edits needed and true length of one page, both in characters after folding."""

    document: str
    page: str
    degraded: bool
    edits: int
    length: int

    @property
    def cer(self) -> float:
        """Edits per true character."""
        return Errors(self.edits, self.length).rate


def read_truth(folder: Path = TRUTH) -> list[TruePage]:
    """Every page of the truth, by document and page."""
    pages = []
    for path in sorted(folder.glob("*/*.json")):
        data = json.loads(path.read_text("utf-8"))
        text = "\n".join(line["text"] for line in data["lines"])
        facts = {name: data[name] for name in TruePage.__slots__ if name != "text"}
        pages.append(TruePage(**facts, text=text))
    return pages


def score(page: TruePage, read: str) -> Score:
    """Compare what was read of a page with its truth."""
    errors = characters(page.text, read)
    return Score(page.document, page.page, page.degraded, errors.edits, errors.length)


def pooled(scores: Iterable[Score]) -> float:
    """All edits over all characters; 0.0 for no scores."""
    return pooled_errors(Errors(s.edits, s.length) for s in scores).rate


def misses(scores: Sequence[Score]) -> list[str]:
    """The targets that are missed, in words."""
    found = []
    for name, degraded in (("clean", False), ("degraded", True)):
        value = pooled(s for s in scores if s.degraded is degraded)
        if value > TARGETS[name]:
            found.append(f"{name} {value:.2%} > {TARGETS[name]:.0%}")
    worst = [s for s in scores if s.cer > TARGETS["page"]]
    return found + [f"{s.document}/{s.page} {s.cer:.2%} > {TARGETS['page']:.0%}" for s in worst]


def pdf_page_text(pdf: Path, number: int) -> str:
    """Text of page ``number`` (from 1) in the order of the content stream."""
    command = ["pdftotext", "-raw", "-enc", "UTF-8", "-f", str(number), "-l", str(number)]
    done = subprocess.run([*command, str(pdf), "-"], capture_output=True, check=True, timeout=60)
    return done.stdout.decode("utf-8")


def home_texts(home: Path, pages: Sequence[TruePage]) -> dict[tuple[str, str], str]:
    """Page texts of the PDFs in ``home``; a document is known by a master's hash in its sidecar."""
    paths = home.glob("objects/*/document.json")
    sidecars = {path.parent: path.read_text("utf-8") for path in paths}
    texts = {}
    for page in pages:
        digest = hashlib.sha256((BATCH / page.file).read_bytes()).hexdigest()
        folder = next((f for f, text in sidecars.items() if digest in text), None)
        if folder and (folder / "document.pdf").is_file():
            number = int(page.page[1:])
            texts[page.document, page.page] = pdf_page_text(folder / "document.pdf", number)
    return texts


def image_texts(pages: Sequence[TruePage], changes: dict[str, Any]) -> dict[tuple[str, str], str]:
    """Page texts by the page job with the profile for each page, some of its settings changed."""
    from digitize.recognition.page_job import Clock, read_page
    from digitize.recognition.profiles import profile_for
    from pages.codec import frame_to_dict
    from pages.text import PageFrame

    counts = {p.document: sum(q.document == p.document for q in pages) for p in pages}
    texts = {}
    for page in pages:
        kind = "book" if counts[page.document] > 1 else "newspaper_issue"
        profile = profile_for("modern", kind, int(page.page[1:]) - 1, counts[page.document])
        path = BATCH / page.file
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        frame = PageFrame(digest, page.frame, None, 0, page.width, page.height, 300)
        payload = {
            "master": str(path),
            "frame": frame_to_dict(frame),
            "profile": replace(profile, **changes).to_dict(),
        }
        lines = read_page(payload, Clock()).lines()
        texts[page.document, page.page] = "\n".join(line.text for line in lines)
    return texts


def report(scores: Sequence[Score]) -> str:
    """The table for people."""
    rows = [f"{'document':34} {'page':6} {'chars':>6} {'edits':>6} {'CER':>8}"]
    rows += [
        f"{s.document:34} {s.page:6} {s.length:6} {s.edits:6} {s.cer:8.2%}"
        + (" degraded" if s.degraded else "")
        for s in scores
    ]
    for name, degraded in (("clean", False), ("degraded", True)):
        rows.append(f"{name} pooled {pooled(s for s in scores if s.degraded is degraded):.2%}")
    return "\n".join(rows)


def _setting(text: str) -> tuple[str, Any]:
    name, _, value = text.partition("=")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("home", nargs="?", type=Path, help="a library home that holds the samples")
    parser.add_argument("--images", action="store_true", help="read the images, without a home")
    parser.add_argument("--set", action="append", default=[], type=_setting, metavar="NAME=VALUE")
    parser.add_argument("--only", default="", help="documents whose name contains this")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder of the JSON")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when every page was found and every target is met, else 1; 2 for wrong usage."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.images == (options.home is not None):
        parser.error("name a library home, or --images")
    pages = [page for page in read_truth() if options.only in page.document]
    changes = dict(options.set)
    texts = image_texts(pages, changes) if options.images else home_texts(options.home, pages)
    found = [page for page in pages if (page.document, page.page) in texts]
    scores = [score(page, texts[page.document, page.page]) for page in found]
    bad = misses(scores) + [f"{p.document}/{p.page} not found" for p in pages if p not in found]
    print(report(scores))
    print("\n".join(f"MISSED {line}" for line in bad) or "all targets met")
    result = {
        "settings": changes,
        "clean": pooled(s for s in scores if not s.degraded),
        "degraded": pooled(s for s in scores if s.degraded),
        "missed": bad,
        "pages": [asdict(s) for s in scores],
    }
    options.results.mkdir(parents=True, exist_ok=True)
    name = "recognition-images.json" if options.images else "recognition.json"
    (options.results / name).write_text(
        json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8"
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
