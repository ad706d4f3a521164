"""How often letters follow one another in Kazakh, Russian and Ukrainian, counted in own texts.

    python -m bench.make_letter_pairs        writes corpora/charset/pairs.tsv

Texts: the books and the mixed page of the sample generator (its newspapers and cuttings are kept
apart and prove the result), the messages of the program in Kazakh and Russian, its tables of
subject headings and places, and a Ukrainian page written for this purpose. Each language counts as
a share of a million: Kazakh and Russian alike, Ukrainian a fifth, so that it decides only where its
own letters stand.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from babel.messages.pofile import read_po

from bench.made_records import TEXTS, strings
from catalog.charset.pairs import FOLDED

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "corpora" / "charset" / "pairs.tsv"
SHARES = {"kaz": 1.0, "rus": 1.0, "ukr": 0.2}
MILLION = 1_000_000
HEAD = """\
# Pairs of neighbouring characters in Kazakh, Russian and Ukrainian texts of the project.
# Made by: python -m bench.make_letter_pairs
pair\tcount
"""


def generator_texts(*names: str) -> Iterator[str]:
    for name in names:
        yield from strings(tomllib.loads((TEXTS / f"{name}.toml").read_text(encoding="utf-8")))


def messages(language: str) -> Iterator[str]:
    path = ROOT / "olketanu" / "messages" / language / "LC_MESSAGES" / "olketanu.po"
    with path.open("rb") as file:
        for message in read_po(file, locale=language):
            forms = message.string if isinstance(message.string, tuple | list) else [message.string]
            for form in forms:
                yield re.sub(r"\{\w*\}", "0", str(form))


def tables() -> Iterator[str]:
    for name in ("udc/local.tsv", "gazetteer/karaganda.tsv", "rules/words.tsv"):
        yield (ROOT / "corpora" / name).read_text(encoding="utf-8")


def texts() -> dict[str, list[str]]:
    ukrainian = (ROOT / "corpora" / "charset" / "ukrainian.txt").read_text(encoding="utf-8")
    return {
        "kaz": [*generator_texts("book_kk", "mixed"), *messages("kk"), *tables()],
        "rus": [*generator_texts("book_ru", "mixed"), *messages("ru"), *tables()],
        "ukr": [ukrainian],
    }


def counted(lines: list[str]) -> Counter[str]:
    """Pairs with at least one character outside ASCII, folded as the scorer folds them."""
    found: Counter[str] = Counter()
    for line in lines:
        text = f" {line.strip()} ".lower().translate(FOLDED)
        found.update(a + b for a, b in pairwise(text) if not (a + b).isascii())
    return found


def main() -> None:
    total: Counter[str] = Counter()
    for language, lines in texts().items():
        found = counted(lines)
        scale = SHARES[language] * MILLION / found.total()
        total.update({pair: max(1, round(count * scale)) for pair, count in found.items()})
    lines = [f"{pair}\t{count}\n" for pair, count in sorted(total.items())]
    TARGET.write_text(HEAD + "".join(lines), encoding="utf-8")
    print(f"{len(lines)} pairs, {total.total()} counts -> {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
