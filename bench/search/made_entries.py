"""Pages and records of the made corpus as values, kept in a folder so that they are made once.

    python -m bench.search.made_entries [--pages 30000]

Made pages and records lie under ``OLKETANU_BENCH`` (else the folder for temporary files), in a
folder named after what made them: other words or another module, another folder.
"""

import argparse
import hashlib
import json
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from bench.search import corpus
from bench.search.corpus import CONFUSIONS, Description, Page, Running, described
from bench.search.vocabulary import FUNCTION_WORDS, HEADWORDS, WORDS

RECORDS = 61_530
"""Records of the library that this is made for; its pages are ``PAGES``."""
PAGES = 30_000
_PORTION = 500
_MAKERS = ("corpus", "vocabulary", "inflect_kaz", "inflect_rus", "made_entries", "questions")
_SUMMARY = (8, 32)  # words of a record's note
_WORD = re.compile(r"\w+")


def records(count: int = RECORDS) -> Iterator[Page]:
    """Yield the first ``count`` records: pages whose text is the note of a short record."""
    portions = (_portion(number) for number in range(count // _PORTION + 1))
    return islice((record for portion in portions for record in portion), count)


def _portion(number: int) -> Iterator[Page]:
    lots = np.random.RandomState(corpus.SEED * 31 + number)
    draw = random.Random(f"records {number}")
    for place in range(_PORTION):
        language = "kaz" if draw.random() < 0.25 else "rus"
        topics = corpus.drawn_topics(language, draw)
        length = _SUMMARY[0] + int((_SUMMARY[1] - _SUMMARY[0]) * draw.random())
        text, languages = Running(language, topics, length, lots, draw).lines(0, length)
        key = f"record/{number * _PORTION + place:07d}"
        yield Page(key, "", text, languages, described(language, topics, draw))


def kept_pages(count: int) -> Iterator[Page]:
    """Yield the first ``count`` pages, out of the folder where they are kept there."""
    return _kept(f"pages-{count}", lambda: corpus.pages(count))


def kept_records(count: int) -> Iterator[Page]:
    """Yield the first ``count`` records, out of the folder where they are kept there."""
    return _kept(f"records-{count}", lambda: records(count))


def folder() -> Path:
    """Return the folder of what is made, for this state of the sources; it exists."""
    digest = hashlib.sha256()
    sources = [*Path(__file__).parent.glob("*.py"), *WORDS.iterdir()]
    for path in sorted(sources):
        if path.suffix != ".py" or path.stem in _MAKERS:
            digest.update(path.read_bytes())
    for path in (CONFUSIONS, FUNCTION_WORDS, HEADWORDS):
        digest.update(path.read_bytes())
    root = Path(os.environ.get("OLKETANU_BENCH") or Path(tempfile.gettempdir()) / "olketanu-bench")
    made = root / digest.hexdigest()[:12]
    made.mkdir(parents=True, exist_ok=True)
    return made


def _kept(name: str, make: Callable[[], Iterator[Page]]) -> Iterator[Page]:
    path = folder() / f"{name}.jsonl"
    if not path.exists():
        unfinished = path.with_suffix(".part")
        with unfinished.open("w", encoding="utf-8") as file:
            for page in make():
                file.write(_line(page))
        unfinished.rename(path)
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield _page(line)


def _line(page: Page) -> str:
    about = page.about
    row = (
        *(page.key, page.document, page.text, page.languages, about.title, about.names),
        *(about.subjects, about.kind, about.catalogue, about.udc, about.date, about.language),
    )
    return json.dumps(row, ensure_ascii=False) + "\n"


def _page(line: str) -> Page:
    key, document, text, languages, title, names, subjects, *rest = json.loads(line)
    about = Description(title, tuple(names), tuple(subjects), *rest)
    return Page(key, document, text, tuple(languages), about)


def measure(count: int) -> dict[str, float]:
    """Return how large the corpus is, and seconds of making it."""
    begin = time.process_time()
    sum(1 for _ in corpus.pages(count))
    made = time.process_time()
    types: set[str] = set()
    tokens = size = kazakh = documents = 0
    last = ""
    for page in kept_pages(count):
        words = _WORD.findall(page.text.lower())
        types.update(words)
        tokens += len(words)
        size += len(page.text.encode())
        kazakh += page.about.language == "kaz"
        documents += page.document != last
        last = page.document
    return {
        "pages": count,
        "documents": documents,
        "tokens": tokens,
        "types": len(types),
        "megabytes": round(size / 1e6, 1),
        "kazakh_pages": round(kazakh / count, 3),
        "seconds": round(made - begin, 1),
    }


def main(arguments: list[str], output: Callable[[str], object] = print) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=PAGES)
    output(json.dumps(measure(parser.parse_args(arguments).pages), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
