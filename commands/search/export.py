"""What ``olketanu search --export`` writes and says."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from commands.call import current_call
from commands.output import emit, say, say_fallback, say_first
from commands.progress import Progress
from olketanu.errors import ExitCode
from olketanu.messages.translate import plural, translate

if TYPE_CHECKING:
    from search.results.request import Request
    from workflow.library import Library

EXPORTS = ("gost", "rusmarc", "marc21", "ris", "bibtex", "csl-json", "csv")


def export(library: "Library", request: "Request", told: Mapping[str, Any]) -> ExitCode:
    """Write what the hits lead to, to the file that ``told`` names, and say so."""
    from workflow.hits.all import all_hits
    from workflow.hits.export import HitsExport, export_hits
    from workflow.hits.works import leads_of

    title = translate("search.list-title", {"query": request.query})
    order = HitsExport(told["target"], told["form"], title, told["style"], told["replace"])
    call = current_call()
    leads = leads_of(all_hits(library, request, actor=told["actor"]))[request.offset :]
    chosen = leads[: told["limit"]]
    with Progress(quiet=call.quiet) as progress:
        done = export_hits(library, chosen, order, progress, dry_run=call.dry_run)
    emit(done.as_json())
    facts = (dict(zip(("record", "fields"), one, strict=True)) for one in done.lost)
    say_first([translate("export.lost", one) for one in facts])
    say_fallback(done.fell_back)
    key = "search.would-export" if call.dry_run else "search.exported"
    say(plural(key, done.works, {"file": done.target}))
    if done.bare:
        say(plural("search.exported-bare", done.bare))
    if done.proposed:
        say(plural("search.exported-proposed", done.proposed))
    return ExitCode.DONE
