"""From corrections to the lines of the sheet: words for what is to be done where."""

from collections.abc import Sequence
from datetime import date

from catalog.catalogues import catalogue_name
from catalog.comparison.contrast import letters_of_other_script
from catalog.comparison.differences import Difference
from catalog.field_text import field_text
from catalog.place import LEADER
from catalog.record import Record
from catalog.view import view
from language.letters import is_latin
from olketanu.messages.translate import language, translate
from store.catalogue.corrections import DONE, MISSING, REFUSED, OpenChange
from workflow.delta.corrections import Corrected, Correction, is_deletion
from workflow.delta.sheet import Entry, Line, Sheet
from workflow.exchange.reading import number_behind

_TITLE = 160


def make_sheet(found: Sequence[Corrected], library: str, catalogues: str, day: str) -> Sheet:
    """Return the sheet of these records in the language of messages; ``day`` is ISO 8601."""
    several = len({one.change.catalogue for one in found}) > 1
    entries = tuple(entry(one, name_catalogue=several) for one in found)
    facts = {
        "library": library,
        "catalogues": catalogues,
        "day": shown_day(day),
        "records": len(entries),
        "corrections": sum(len(one.lines) for one in entries),
    }
    subject = translate("delta.subject", facts).removeprefix(" · ")
    return Sheet(translate("delta.heading"), subject, translate("delta.legend"), day, entries)


def entry(found: Corrected, *, name_catalogue: bool = False) -> Entry:
    """Return one record with a line a correction; one of several catalogues says which."""
    theirs = found.change.was
    lines = tuple(line(one, found.change) for one in found.corrections)
    title = recognition(theirs)
    if name_catalogue:
        title += f" [{catalogue_name(found.change.catalogue, language())}]"
    return Entry(found.number or "", title, lines)


def line(correction: Correction, change: OpenChange) -> Line:
    """Return the line of one correction of ``change``."""
    one, theirs = correction.difference, change.was
    if is_deletion(one):
        notes = [*_merged(change), *_told(correction)]
        return Line(
            correction.code, "", translate("delta.action.deleted"), "", "", "; ".join(notes)
        )
    was = field_text(one.was, theirs.format, blanks=True)
    now = field_text(one.now, theirs.format)
    notes = [*_places(one), *_letters(was, now), *_told(correction)]
    action = translate(f"delta.action.{one.kind}")
    return Line(correction.code, _field(one, theirs), action, was, now, "; ".join(notes))


def recognition(record: Record) -> str:
    """Return words to know a record by: title, first name, where and when it came out."""
    seen = view(record)
    name = seen.names[0].text if seen.names else None
    when = seen.host_date or (str(seen.year) if seen.year else None)
    head = " / ".join(part for part in (seen.title, name) if part)
    where = ", ".join(part for part in (seen.host_title, when) if part)
    text = f"{head.removesuffix('.')}. — {where}" if where else head
    return text if len(text) <= _TITLE else text[: _TITLE - 1] + "…"


def shown_day(time: str) -> str:
    """Return the day of an ISO 8601 time as it is written here: 29.11.2026."""
    return date.fromisoformat(time[:10]).strftime("%d.%m.%Y")


def _field(one: Difference, theirs: Record) -> str:
    """Tag, and of repeats which one."""
    repeats = sum(1 for field in theirs.fields if field.tag == one.tag)
    if one.tag == LEADER or (repeats <= 1 and one.occurrence == 1):
        return one.tag
    return f"{one.tag}[{one.occurrence}]"


def _merged(change: OpenChange) -> list[str]:
    if change.merged_into is None:
        return []
    kept = number_behind(change.merged_into) or change.merged_into
    return [translate("delta.merged", {"number": kept})]


def _places(one: Difference) -> list[str]:
    if one.after is None or one.was is None:
        return []
    key = "delta.behind" if one.after else "delta.first"
    return [translate(key, {"place": one.after})]


def _letters(was: str, now: str) -> list[str]:
    found = letters_of_other_script(was, now)
    scripts = ["latin" if is_latin(old) else "cyrillic" for old, _ in found]
    return [
        translate(f"delta.letter.{script}", {"was": old, "now": new})
        for script, (old, new) in zip(scripts, found, strict=True)
    ]


def _told(correction: Correction) -> list[str]:
    """What was told of it before: made and not yet seen, not to be made, or not found there."""
    told = correction.mark
    if told is None:
        return []
    facts = {"day": shown_day(told.time), "note": told.note}
    key = {DONE: "waiting", REFUSED: "refused", MISSING: "missing"}[told.state]
    return [translate(f"delta.{key}", facts).rstrip(": ")]
