"""Every address of the portal, out of its own map of routes: a new route is walked by itself."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.routing.converters import AnyConverter

from olketanu.home import Home
from store import changes
from store.catalogue import records
from store.digitised import documents
from store.identifiers import short_id
from store.staff import members
from tests.portal.guarded_home import COMMON
from workflow.desk.queue import waiting_cards
from workflow.library import open_library

UNKNOWN = short_id("document", "of nobody")
"""An identifier in good form of which nothing is there."""
QUESTIONS: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "search.results": ({"q": COMMON}, {"q": "шахта OR школа"}, {"q": "", "lang": "kaz"}),
    "search.completions": ({"q": "қ"}, {"q": "қы"}, {"q": "жа"}, {"q": "за"}),
    "where.find": ({"q": COMMON}, {"q": "n1"}),
}
"""Questions worth asking of a route, beside none at all and ``q`` with a common word."""


@dataclass(frozen=True)
class Samples:
    """What stands for the arguments of routes, by name; pairs for those that belong together."""

    single: Mapping[str, tuple[object, ...]]
    cards: tuple[tuple[str, str], ...] = ()

    def fill(self, rule: Rule) -> Iterator[dict[str, object]]:
        """Yield arguments for a rule; KeyError names one for which there is no sample."""
        names = sorted(rule.arguments)
        if {"kind", "key"} <= set(names):
            rest = [name for name in names if name not in ("kind", "key")]
            for (kind, key), values in product(self.cards, self._values(rule, rest)):
                yield {"kind": kind, "key": key, **values}
            return
        yield from self._values(rule, names)

    def _values(self, rule: Rule, names: Iterable[str]) -> list[dict[str, object]]:
        chosen = []
        for name in names:
            converter = rule._converters[name]
            choices = converter.items if isinstance(converter, AnyConverter) else None
            chosen.append(
                [(name, value) for value in sorted(choices or self._single(rule, name), key=str)]
            )
        return [dict(one) for one in product(*chosen)]

    def _single(self, rule: Rule, name: str) -> tuple[object, ...]:
        if name not in self.single:
            raise KeyError(f"no sample for <{name}> of {rule.rule}: add one to {__name__}")
        return self.single[name]


@dataclass(frozen=True)
class Address:
    """One address to be asked: its route, method, path and question."""

    endpoint: str
    method: str
    path: str
    question: Mapping[str, str] = field(default_factory=dict)


def samples_of(home: Home) -> Samples:
    """Samples out of a library: all its documents, records, cards, and what is not there."""
    with open_library(home) as library:
        store = library.store
        cards = [(card.kind, card.key) for card in waiting_cards(store).cards]
        drafts = [key for kind, key in cards if kind == "draft"]
        held = [one.id for one in documents.list_documents(store)]
        single: dict[str, tuple[object, ...]] = {
            "document": (*held, UNKNOWN),
            "record": (*(one.id for one in records.iterate_records(store)), UNKNOWN),
            "page": ("p0001", "p0099", "1"),
            "box": ("100-100-900-140", "1-2-3"),
            "name": ("olketanu.css", "mark.svg", "nothing.css", "b"),
            "key": (*drafts, UNKNOWN),
            "number": (1, changes.last_seq(store), 99999999),
            "folder": (UNKNOWN,),
            "member": (*(one.name for one in members.list_members(store)), "nobody"),
            "ending": ("xlsx", "docx", "html", "exe"),
        }
    return Samples(single, (*cards, ("link", UNKNOWN), ("nothing", "nothing"), ("page", "x/y")))


def addresses(app: Flask, samples: Samples, method: str = "GET") -> list[Address]:
    """Return every address that answers ``method``, in the order of the map; sorted samples."""
    found: list[Address] = []
    bound = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if method not in (rule.methods or ()):
            continue
        for values in samples.fill(rule):
            path = bound.build(rule.endpoint, values, method=method)
            asked = _questions(rule) if method == "GET" else ({},)
            found.extend(Address(rule.endpoint, method, path, question) for question in asked)
    return found


def _questions(rule: Rule) -> tuple[Mapping[str, str], ...]:
    is_file = "suffix" in rule.arguments or rule.rule.endswith(".jpg")
    return ({}, *(() if is_file else QUESTIONS.get(rule.endpoint, ({"q": COMMON},))))
