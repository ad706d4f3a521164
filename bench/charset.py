"""How surely the character set is found: every record by itself, in six character sets, and files.

    python -m bench.charset [--share 0.1]        a share of the records only

Records: 300 of ИРБИС and 81 of RUSMARC (real ones, beside the checkout; left out when absent), 300
articles in Kazakh and 300 in Russian made from the project's texts. Each is put into every set that
can hold it; found is right when the decoded text is the text. "In a file": the same records as one
file of each set, every record confirmed against it. "Strangers": each record in a file of another
set. Writes ``bench/results/charset.json``; ends with 1 when a target is missed.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from bench.made_records import articles
from catalog.charset.confirm import reader
from catalog.charset.decoding import SINGLE_BYTE, decode
from catalog.charset.evidence import decide
from catalog.marc import iso2709

DATA = Path(__file__).parents[1].parent / "shared" / "data" / "marc"
RESULTS = Path(__file__).parent / "results"
SETS = ("utf-8", *SINGLE_BYTE)
TARGET = 0.995  # of single records (issue 5, "Figures"); of files: all
MADE = 300
PLAIN = str.maketrans("«»“”„–—№", '"""""--N')


def texts() -> dict[str, list[str]]:
    """Texts of records by where they come from; each holds a letter outside ASCII."""
    found = {
        "irbis": _irbis(),
        "rusmarc": _rusmarc(),
        "made-kaz": [_text(raw) for raw in iso2709.write(articles("kaz", MADE))],
        "made-rus": [_text(raw) for raw in iso2709.write(articles("rus", MADE))],
    }
    return {name: [t for t in lines if not t.isascii()] for name, lines in found.items() if lines}


def encoded(lines: Sequence[str], charset: str) -> Iterator[tuple[str, bytes]]:
    """The texts that the character set can hold, with their bytes.

    Where a set lacks guillemets, dashes and №, people typed plain signs; so they are here.
    """
    for text in lines:
        for typed in (text, text.translate(PLAIN)):
            try:
                data = typed.encode(charset)
            except UnicodeEncodeError:
                continue
            yield typed, data
            break


def alone(text: str, data: bytes) -> bool:
    """Tell whether a record by itself is read as its text."""
    return decode(data, decide(data).charset, "replace") == text


def count(
    lines: Sequence[str], charset: str, right: Callable[[str, bytes], bool]
) -> tuple[int, int]:
    """Texts that are read rightly, and all that the character set holds."""
    answers = [right(text, data) for text, data in encoded(lines, charset)]
    return sum(answers), len(answers)


def in_file(lines: Sequence[str], charset: str) -> tuple[str, int, int]:
    """What a file of all the texts is taken for, and how many of its records are read rightly."""
    pairs = list(encoded(lines, charset))
    if not pairs:
        return charset, 0, 0
    decision = decide(b"\n".join(data for _, data in pairs))
    charset_of = reader(decision)
    right = sum(decode(data, charset_of(data), "replace") == text for text, data in pairs)
    return decision.charset, right, len(pairs)


def strangers(lines: Sequence[str], charset: str, usual: str) -> tuple[int, int]:
    """Records in ``charset`` that are read rightly in a file of ``usual``, and all."""
    if charset == usual:
        return 0, 0
    charset_of = reader(decide(b"\n".join(data for _, data in encoded(lines, usual))))
    return count(
        lines, charset, lambda text, data: decode(data, charset_of(data), "replace") == text
    )


def measure(lines: Mapping[str, Sequence[str]]) -> dict[str, object]:
    every = [text for some in lines.values() for text in some]
    single = {name: {one: count(some, one, alone) for one in SETS} for name, some in lines.items()}
    files = {f"{name} {one}": in_file(some, one) for name, some in lines.items() for one in SETS}
    foreign = {f"{one} in {usual}": strangers(every, one, usual) for one in SETS for usual in SETS}
    right = sum(r for row in single.values() for r, _ in row.values())
    total = sum(n for row in single.values() for _, n in row.values())
    sure = {name: row for name, row in files.items() if row[2]}
    return {
        "records": {name: len(some) for name, some in lines.items()},
        "single": single,
        "single_share": round(right / total, 5),
        "files": sure,
        "files_right": sum(right == n for _, right, n in sure.values()),
        "files_all": len(sure),
        "strangers": {name: row for name, row in foreign.items() if row[1]},
    }


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description="How surely the character set is found.")
    parser.add_argument("--share", type=float, default=1.0)
    share = parser.parse_args(arguments).share
    lines = {name: some[:: round(1 / share)] for name, some in texts().items()}
    found = measure(lines)
    print(json.dumps(found, ensure_ascii=False, indent=1))
    if share == 1:
        target = RESULTS / "charset.json"
        target.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    enough = float(str(found["single_share"])) >= TARGET
    return 0 if enough and found["files_right"] == found["files_all"] else 1


def _text(raw: bytes) -> str:
    return raw.decode("utf-8")


def _irbis() -> list[str]:
    path = DATA / "irbis" / "istu.utf8.txt"
    return path.read_text(encoding="utf-8").split("*****\n") if path.is_file() else []


def _rusmarc() -> list[str]:
    path = DATA / "loge-rusmarc" / "TEST1.ISO"
    if not path.is_file():
        return []
    return [f"{one}\x1d" for one in path.read_bytes().decode("cp1251").split("\x1d")]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
