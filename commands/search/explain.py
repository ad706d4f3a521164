"""What ``olketanu search --explain`` shows: how a query was understood, and why a result is one."""

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING

from commands.output import emit, show
from olketanu.messages.translate import has_message, translate

if TYPE_CHECKING:
    from search.query.explain import Matched, Understood
    from workflow.explain import ExplainedHit
    from workflow.find import FoundHits

_INDENT = "   "


def tell_understood(query: str, found: "FoundHits") -> None:
    """Show each word of the query with its field, stems and keys; emit it as one line."""
    from search.query.explain import Explanation, understand

    words = understand(query)
    told = (found.expansions, found.notices, found.asked)
    emit(Explanation(query, words, *told).as_json())
    for one in words:
        show(_understood(one))


def _understood(one: "Understood") -> str:
    """«шахталар – word, text: Kazakh шахта → шахта; Russian шахталар → шахталар»."""
    sort = translate(f"explain.sort.{one.sort}")
    out = f", {translate('explain.excluded')}" if one.excluded else ""
    stems = "; ".join(f"{_language(r.language)} {r.stem} → {r.key}" for r in one.readings)
    tail = f": {stems}" if stems else ""
    return f"{one.typed} – {sort}, {_field(one.field)}{out}{tail}"


def show_reasons(reasons: "ExplainedHit", score: float) -> None:
    """Show what of a result answered, field by field, and its score."""
    for part, matched in (("page", reasons.page), ("record", reasons.record)):
        if matched:
            show(f"{_INDENT}{translate(f'explain.{part}')}: {_told(matched)}")
    show(f"{_INDENT}{translate('explain.score', {'score': f'{score:.2f}'})}")


def _told(matched: Iterable["Matched"]) -> str:
    """«text: шахта ×2, кала; title: шахта»."""
    ordered = sorted(matched, key=lambda one: one.field)
    return "; ".join(
        f"{_field(field)}: {', '.join(map(_key, of))}"
        for field, of in groupby(ordered, key=lambda one: one.field)
    )


def _key(one: "Matched") -> str:
    times = f" ×{one.times}" if one.times > 1 else ""
    weight = f" ({one.weight:g})" if one.weight != 1 else ""
    return f"{one.key}{times}{weight}"


def _field(name: str) -> str:
    return translate(f"explain.field.{name}")


def _language(code: str) -> str:
    key = f"language.{code}"
    return translate(key) if has_message(key) else code
