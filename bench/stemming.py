"""How truly the forms of a Kazakh word get one key, and how fast; see ``tests/stemming/README.md``.

    python -m bench.stemming [FILE] [--misses]

Over all pairs of forms of the list: precision is the share of pairs of one key that are of one
group, recall the share of pairs of one group that have one key. "Whole" are the groups whose forms
all got one key that no other group has. The same is said of the folded keys of the index, and which
share of the forms is still found when typed without the letters of Kazakh or in Latin. Writes
``bench/results/stemming-NAME.json``; ends with 1 when a target is missed.
"""

import argparse
import csv
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from language.fold import fold
from language.kazakh.stemmer import stem
from search.analysis import query_keys

LISTS = Path(__file__).parents[1] / "tests" / "stemming"
RESULTS = Path(__file__).parent / "results"
CLOSED = "heldout"
"""The list that judges the rules: its misses are not shown, or it would judge no more."""

TARGETS = {"precision": 0.98, "recall": 0.90, "types_a_second": 50_000}
TYPES = 40_000

_COMMON = dict(zip("абвгдежзийклмнопрстуфхцыіэқһ", "abvgdejziiklmnoprstufhcyieqh", strict=True))
_COMMON |= {"ц": "ts", "ч": "ch", "щ": "shch", "ё": "io", "ъ": "", "ь": ""}
_OF_2021 = {"ә": "ä", "ғ": "ğ", "і": "ı", "ң": "ñ", "ө": "ö", "ұ": "ū", "ү": "ü", "ш": "ş"}
_OF_2018 = {"ә": "á", "ғ": "ǵ", "и": "ı", "й": "ı", "ң": "ń", "ө": "ó", "у": "ý", "ү": "ú"}
_OF_PASSPORTS = {"ә": "a", "ғ": "gh", "ж": "zh", "й": "y", "қ": "k", "ң": "ng", "ө": "o", "ү": "u"}
TYPED: dict[str, dict[str, str]] = {
    "plain": dict(zip("әғқңөұүһі", "агкноуухи", strict=True)),
    "2021": _COMMON | _OF_2021 | {"я": "ia", "ю": "iu"},
    "2018": _COMMON | _OF_2018 | {"ұ": "u", "ш": "sh", "я": "ıa", "ю": "ıý"},
    "passport": _COMMON | _OF_PASSPORTS | {"ұ": "u", "х": "kh", "ш": "sh", "я": "ya", "ю": "yu"},
}
"""How readers type who have no Kazakh keyboard: each letter that they put otherwise."""


def groups(path: Path) -> dict[str, list[str]]:
    """The forms of a list by the headword of their group."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE):
            found[row["group"]].append(row["form"])
    return dict(found)


def agreement(lists: Mapping[str, Sequence[str]], key: Callable[[str], str]) -> dict[str, float]:
    """Precision, recall and F over pairs, and the share of groups that are wholly right."""
    keys = {group: Counter(map(key, forms)) for group, forms in lists.items()}
    every = sum(keys.values(), Counter())
    right = sum(map(_pairs, (n for counts in keys.values() for n in counts.values())))
    taken = sum(map(_pairs, every.values()))
    wanted = sum(map(_pairs, (counts.total() for counts in keys.values())))
    whole = sum(len(c) == 1 and every[next(iter(c))] == c.total() for c in keys.values())
    precision, recall = right / max(taken, 1), right / max(wanted, 1)
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f": round(2 * precision * recall / max(precision + recall, 1e-9), 4),
        "whole_groups": whole,
        "groups": len(keys),
    }


def misses(lists: Mapping[str, Sequence[str]], key: Callable[[str], str]) -> Iterable[str]:
    """A line for each group that fell apart, and one for each key that two groups share."""
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for group, forms in lists.items():
        keys: defaultdict[str, list[str]] = defaultdict(list)
        for form in forms:
            keys[key(form)].append(form)
            owners[key(form)].add(group)
        if len(keys) > 1:
            yield f"apart {group}: " + "; ".join(f"{k} ← {' '.join(v)}" for k, v in keys.items())
    for one, shared in owners.items():
        if len(shared) > 1:
            yield f"together {one}: {' '.join(sorted(shared))}"


def typed(form: str, way: str) -> str:
    """``form`` as typed in one of the ways of ``TYPED``."""
    return "".join(TYPED[way].get(sign, sign) for sign in form)


def lost(forms: Sequence[str], way: str) -> list[str]:
    """The forms that are not found when typed so: no key of theirs is that of the index."""
    return [form for form in forms if fold(stem(form)) not in query_keys(typed(form, way), None)]


def speed(forms: Sequence[str]) -> int:
    """Types a second of one core, by the function that remembers nothing."""
    types = (list(forms) * (TYPES // len(forms) + 1))[:TYPES]
    stem(types[0])
    start = time.process_time()
    for word in types:
        stem(word)
    return round(TYPES / (time.process_time() - start))


def measure(lists: Mapping[str, Sequence[str]]) -> dict[str, object]:
    forms = [form for some in lists.values() for form in some]
    return {
        **agreement(lists, stem),
        "folded": agreement(lists, lambda form: fold(stem(form))),
        "forms": len(forms),
        "found_typed": {way: round(1 - len(lost(forms, way)) / len(forms), 4) for way in TYPED},
        "types_a_second": speed(forms),
    }


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description="How truly Kazakh forms get one key.")
    parser.add_argument("file", nargs="?", type=Path, default=LISTS / "open.tsv")
    parser.add_argument("--misses", action="store_true", help="show what went wrong")
    options = parser.parse_args(arguments)
    if options.misses and options.file.stem == CLOSED:
        parser.error("the misses of this list stay closed: it judges the rules")
    lists = groups(options.file)
    result = measure(lists)
    print(json.dumps(result, ensure_ascii=False, indent=1))
    if options.misses:
        _show(lists)
    target = RESULTS / f"stemming-{options.file.stem}.json"
    target.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0 if all(float(str(result[name])) >= least for name, least in TARGETS.items()) else 1


def _show(lists: Mapping[str, Sequence[str]]) -> None:
    print(*misses(lists, stem), sep="\n")
    forms = [form for some in lists.values() for form in some]
    for way in TYPED:
        print(f"not found {way}:", *(f"{form}={typed(form, way)}" for form in lost(forms, way)))


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
