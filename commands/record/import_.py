"""``olketanu record import``."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.call import Command, current_call
from commands.output import emit, say
from commands.progress import Progress
from olketanu.errors import ExitCode, InputError
from olketanu.messages.translate import explain, language, plural, translate

if TYPE_CHECKING:
    from catalog.quality.rules import Ruleset
    from workflow.checking.check import Checked
    from workflow.exchange.importing import Imported, ImportOrder
    from workflow.library import Library

_FORMATS = ("rusmarc", "marc21", "unimarc", "irbis")


@click.command("import", cls=Command, help=translate("help.record.import"))
@click.argument(
    "paths", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option("--catalogue", required=True, metavar="CODE", help=translate("help.record.catalogue"))
@click.option("--format", "form", type=click.Choice(_FORMATS), help=translate("help.format"))
@click.option("--from", "container", metavar="KIND", help=translate("help.record.from"))
@click.option("--charset", metavar="NAME", help=translate("help.record.charset"))
@click.option("--profile", metavar="NAME|FILE", help=translate("help.record.profile"))
@click.option(
    "--owner", type=click.Choice(("external", "here")), help=translate("help.record.owner")
)
@click.option("--number-in", metavar="FIELD", help=translate("help.record.number-in"))
@click.option("--complete", is_flag=True, help=translate("help.record.complete"))
@click.option("--actor", envvar="OLKETANU_ACTOR", default="staff", help=translate("help.actor"))
def import_records(  # noqa: PLR0913 - one parameter an option
    paths: tuple[Path, ...],
    catalogue: str,
    form: str | None,
    container: str | None,
    charset: str | None,
    profile: str | None,
    owner: str | None,
    number_in: str | None,
    complete: bool,
    actor: str,
) -> int:
    """Take files of records into a catalogue."""
    from catalog.catalogues import catalogue_code
    from workflow.exchange.importing import ImportOrder
    from workflow.exchange.profiles import profile_of

    code = catalogue_code(catalogue)
    dialect = profile_of(profile) if profile else None
    told = (form, container, charset, dialect, owner, number_in, complete)
    return _import(paths, ImportOrder(code, *told), actor)


def _import(paths: tuple[Path, ...], order: "ImportOrder", actor: str) -> int:
    from workflow.checking.rules import library_rules
    from workflow.library import open_library

    call = current_call()
    with open_library(call.open_home()) as library:
        rules = library_rules(library)  # what is wrong in them is told before anything comes in
        done = list(_taken(library, paths, order, actor))
        if not done:
            return ExitCode.BAD_INPUT
        if not call.dry_run:
            _follow(library, done, rules)
    emit(_total(done))
    return ExitCode.PARTLY_FAILED if len(done) < len(paths) else _exit_code(done)


def _taken(
    library: "Library", paths: tuple[Path, ...], order: "ImportOrder", actor: str
) -> Iterator["Imported"]:
    """What became of every file; of several, one that cannot be read is told and passed over."""
    from workflow.exchange.importing import import_file

    call = current_call()
    for path in paths:
        try:
            with Progress(quiet=call.quiet) as progress:
                one = import_file(library, path, order, progress, actor=actor, dry_run=call.dry_run)
        except InputError as error:
            if len(paths) == 1:
                raise
            _print_refused(path, error)
            continue
        _print(one, order, dry_run=call.dry_run)
        yield one


def _follow(library: "Library", done: "list[Imported]", rules: "Ruleset") -> None:
    """Let everything that follows the journal catch up, and tell what the checks have found."""
    from pipeline import catch_up

    if any(one.counts["new"] + one.counts["updated"] for one in done):
        say(translate("record-import.following"))
    with Progress(quiet=current_call().quiet) as progress:
        checked = catch_up(library, progress)
    _print_checked(checked, rules)


def _print_refused(path: Path, error: InputError) -> None:
    """One file of several that is none: the others are taken all the same."""
    what, hint = explain(error)
    emit({"file": path.name, "error": error.key, "message": what})
    say(translate("record-import.refused", {"file": path.name, "reason": what}))
    if hint:
        say(f"  → {hint}")


def _print_checked(checked: "Checked", rules: "Ruleset") -> None:
    """What the rules say of the new and changed records, and where to look at it."""
    if not checked.records:
        return
    levels = checked.by_level(rules)
    emit({**checked.as_json(), "levels": levels})
    facts = {"checked": checked.records, "faulty": checked.faulty, **levels}
    say(translate("record-import.checked", facts))
    if checked.faulty:
        say("  → " + translate("record-import.findings"))


def _print(one: "Imported", order: "ImportOrder", *, dry_run: bool) -> None:
    from catalog.catalogues import catalogue_name

    for record, number in one.missing:
        emit({"record": record, "number": number, "missing": True})
        say(translate("record-import.missing", {"record": record, "number": number}))
    emit(one.as_json())
    _print_settled(one)
    facts = {
        **one.as_json(),
        "catalogue": catalogue_name(order.catalogue, language()),
        "joined": one.joined,
    }
    say(translate("record-import.would" if dry_run else "record-import.done", facts))
    keys = {
        "record-import.again": one.again,
        "record-import.joined": one.joined,
        "record-import.languages": one.languages,
        "record-import.conflicts": one.counts["conflicts"],
        "record-import.bad": one.counts["bad"],
    }
    facts["languages"] = _languages(one)
    for key in (key for key, told in keys.items() if told):
        say(f"  → {translate(key, facts)}")


def _print_settled(one: "Imported") -> None:
    """What became of corrections that were ticked as made there."""
    settled = one.settled
    if settled.confirmed or settled.missing:
        emit({"confirmed": settled.confirmed, "not_there": list(settled.missing)})
    if settled.confirmed:
        say("  → " + plural("delta.settled", settled.confirmed))
    if settled.missing:
        facts = {"records": ", ".join(settled.missing)}
        say("  → " + plural("delta.not-there", len(settled.missing), facts))


def _languages(one: "Imported") -> str:
    most = Counter(one.languages).most_common()
    blank = translate("record-import.no-language")
    return ", ".join(f"{blank if code == 'blank' else code} {count}" for code, count in most)


def _total(done: list["Imported"]) -> dict[str, object]:
    """The last line: what became of all files together."""
    total: Counter[str] = Counter()
    for one in done:
        total.update(one.counts)
    return {
        **{name: total[name] for name in done[0].counts},
        "charset": " ".join(dict.fromkeys(one.charset for one in done)),
        "format": " ".join(dict.fromkeys(one.format for one in done)),
    }


def _exit_code(done: list["Imported"]) -> int:
    if any(one.counts["bad"] for one in done):
        return ExitCode.PARTLY_FAILED
    waits = any(one.counts["conflicts"] or one.missing or one.settled.missing for one in done)
    return ExitCode.REVIEW if waits else ExitCode.DONE
