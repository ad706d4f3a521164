"""How long the desk takes over a home of the first library's size.

    python -m bench.desk HOME

HOME is a home with many records, documents and unsure pages; nothing is written to it. Prints a
table (median and worst of so many looks, in milliseconds).
"""

import argparse
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

from olketanu.home import Home
from workflow.desk.card import EVERYTHING, Wanted
from workflow.desk.find import find_anything
from workflow.desk.kinds import KINDS
from workflow.desk.queue import count_cards, count_left, waiting_cards
from workflow.desk.where import whereabouts
from workflow.library import Library, open_library
from workflow.linking.links import LINKS

TIMES = 9


def looks(library: Library) -> dict[str, Callable[[], object]]:
    """What people do at the desk, by name."""
    store = library.store
    found: dict[str, Callable[[], object]] = {
        "first cards": lambda: waiting_cards(store),
        "counts of everything": lambda: count_cards(store, EVERYTHING),
        "where is everything": lambda: whereabouts(library),
        "find by words": lambda: find_anything(library, "no such thing"),
    }
    for kind in KINDS:
        wanted = Wanted(kind.name)
        found[f"{kind.name}: first cards"] = partial(waiting_cards, store, wanted)
        found[f"{kind.name}: left"] = partial(count_left, store, wanted)
    for card in LINKS.waiting(store, most=1):
        found["link: the card"] = partial(LINKS.shown, library, card.key)
    return found


def measured(look: Callable[[], object]) -> tuple[float, float]:
    """Median and worst of ``TIMES`` looks, milliseconds."""
    taken = []
    for _ in range(TIMES):
        begin = time.perf_counter()
        look()
        taken.append(1000 * (time.perf_counter() - begin))
    return median(taken), max(taken)


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the desk over a home.")
    parser.add_argument("home", type=Path)
    with open_library(Home(parser.parse_args().home.resolve()), reading=True) as library:
        for name, look in looks(library).items():
            middle, worst = measured(look)
            print(f"{name:28} {middle:8.1f} {worst:8.1f}")


if __name__ == "__main__":
    main()
