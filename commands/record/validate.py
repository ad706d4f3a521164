"""``olketanu record validate``: what is wrong with records, of the catalogue or of a file."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from catalog.marc.reading import CONTAINERS, BadRecord, message_key
from catalog.quality.finding import LEVELS
from commands.call import Command, current_call
from commands.output import emit, say, show, table
from commands.progress import Progress
from olketanu.errors import ExitCode, UsageError
from olketanu.messages.translate import language, plural, translate

if TYPE_CHECKING:
    from catalog.quality.rules import Ruleset
    from workflow.checking.file import FileRecord
    from workflow.library import Library


@click.command("validate", cls=Command, help=translate("help.record.validate"))
@click.argument("targets", metavar="[FILE|RECORD...]", nargs=-1)
@click.option("--catalogue", metavar="CODE", help=translate("help.validate.catalogue"))
@click.option("--alone", is_flag=True, help=translate("help.validate.alone"))
@click.option(
    "--format",
    "form",
    type=click.Choice(["rusmarc", "marc21", "unimarc", "irbis"]),
    help=translate("help.format"),
)
@click.option(
    "--from", "container", type=click.Choice(tuple(CONTAINERS)), help=translate("help.record.from")
)
@click.option("--charset", metavar="NAME", help=translate("help.validate.charset"))
@click.option("--profile", metavar="NAME|FILE", help=translate("help.record.profile"))
@click.option("--rules", type=click.Path(path_type=Path), help=translate("help.validate.rules"))
@click.option("--local", multiple=True, metavar="TAG", help=translate("help.validate.local"))
def validate(targets: tuple[str, ...], **told: Any) -> int:  # noqa: ANN401  (click hands over any type)
    """Check one file without a library, or records of the library, whose findings are kept."""
    files = [Path(target) for target in targets if _is_file(Path(target))]
    if len(files) > 1 or (files and len(targets) > 1):
        raise UsageError("error.one-file")
    if files:
        return _file(files[0], told)
    return _library(targets, told)


def _is_file(path: Path) -> bool:
    """A file that is not there is asked for by its ending: no record is called ``books.iso``."""
    endings = {ending for several in CONTAINERS.values() for ending in several}
    return path.is_file() or path.suffix.lower() in endings


def _library(targets: tuple[str, ...], told: Mapping[str, Any]) -> int:
    from catalog.catalogues import catalogue_code
    from pipeline import catch_up
    from workflow.checking.check import check_catalogue, check_records
    from workflow.checking.rules import library_rules
    from workflow.library import open_library
    from workflow.record.show import record_id

    call = current_call()
    catalogue = catalogue_code(told["catalogue"]) if told["catalogue"] else None
    with open_library(call.open_home()) as library, Progress(quiet=call.quiet) as progress:
        rules = library_rules(library)
        if targets:
            targets = tuple(record_id(library, one) for one in targets)
            done = check_records(library, targets, dry_run=call.dry_run)
            _items(library, rules, targets)
        else:
            done = check_catalogue(
                *(library, catalogue, progress),
                whole=not told["alone"],
                dry_run=call.dry_run,
            )
        if not call.dry_run:
            catch_up(library, progress)
    emit(done.as_json())
    _summary(rules, done.rules)
    facts = {"faulty": done.faulty, "opened": done.opened, "closed": done.closed}
    say(plural("validate.done", done.records, facts))
    if done.rules:
        say("  → " + translate("validate.next"))
    return _exit(rules, done.rules)


def _items(library: "Library", rules: "Ruleset", targets: tuple[str, ...]) -> None:
    """The findings of single records, a line each."""
    from workflow.checking.worklist import Wanted, as_json, changes, worklist

    for target in targets:
        for item in worklist(library, rules, Wanted(record=target)):
            emit(as_json(item, changes(library, item), language()))
            show(f"{target}  {translate(f'level.{item.rule.level}')}: {item.message(language())}")


def _file(path: Path, told: Mapping[str, Any]) -> int:
    from catalog.marc.exchange import ReadOrder
    from workflow.checking.file import check_file, file_rules
    from workflow.exchange.profiles import profile_of

    rules = file_rules(told["rules"])
    profile = profile_of(told["profile"]) if told["profile"] else None
    order = ReadOrder(told["container"], told["form"], told["charset"], profile)
    counts: Counter[str] = Counter()
    mended: Counter[str] = Counter()
    checked = faulty = bad = 0
    for one in check_file(path, order, rules, told["local"]):
        checked += 1
        faulty += bool(one.findings)
        bad += bool(one.bad)
        counts.update(found.rule for found in one.findings)
        mended.update(note.code for note in one.notes)
        _line(rules, one)
    rest = {"file": str(path), "checked": checked, "faulty": faulty, "bad": bad}
    found = {"findings": counts.total(), "rules": dict(counts.most_common())}
    emit({**rest, **found, "mended": dict(mended.most_common())})
    _summary(rules, dict(counts.most_common()))
    say(plural("validate.file", checked, rest))
    return ExitCode.PARTLY_FAILED if bad else _exit(rules, counts)


def _line(rules: "Ruleset", one: "FileRecord") -> None:
    """What was mended in one record of a file, its findings, or why it could not be read."""
    named = {"number": one.number, "offset": one.offset, "control": one.control_number}
    if one.bad:
        emit({"number": one.number, "offset": one.offset, "bad": one.bad})
        why = translate(message_key(BadRecord(one.offset, one.bad, b"")))
        say(translate("validate.bad", {**named, "reason": why}))
    for note in one.notes:
        emit({**named, "note": note.code, "tag": note.tag, "detail": note.detail})
        text = translate(message_key(note), {"tag": note.tag, "detail": note.detail})
        say(translate("validate.note", {**named, "note": text}))
    for found in one.findings:
        rule = rules.get(found.rule)
        message = rule.message(language(), found.facts) if rule is not None else ""
        told = {"rule": found.rule, "level": found.level, "certainty": found.certainty}
        emit({**named, **told, "place": str(found.place), "message": message})
        say(f"{one.number}  {translate(f'level.{found.level}')}: {message}")


def _summary(rules: "Ruleset", counts: Mapping[str, int]) -> None:
    """Rules by how grave they are and how often they found something."""
    found = [rule for rule in rules.rules if rule.id in counts]
    found.sort(key=lambda rule: (LEVELS.index(rule.level), -counts[rule.id]))
    headings = ("rule", "level", "findings", "certainty", "repair", "about")
    cells = [
        (
            *(rule.id, translate(f"level.{rule.level}"), str(counts[rule.id])),
            *(f"{rule.certainty:.0%}", translate(f"repair.{rule.repair}")),
            rule.about(language()),
        )
        for rule in found
    ]
    if cells:
        show(table([f"column.{name}" for name in headings], cells))


def _exit(rules: "Ruleset", counts: Mapping[str, int]) -> int:
    grave = any(rule.level == "error" and rule.id in counts for rule in rules.rules)
    return ExitCode.REVIEW if grave else ExitCode.DONE
