"""``olketanu watch``: takes the batches of an inbox as they arrive."""

import signal
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from commands.call import Command, current_call
from commands.output import emit, say
from commands.progress import Progress
from olketanu.messages.translate import explain, translate

if TYPE_CHECKING:
    from workflow.summary import RunReport
    from workflow.watch import Notice


@click.command("watch", cls=Command, help=translate("help.watch"))
@click.argument(
    "inbox", metavar="INBOX", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option("--once", is_flag=True, help=translate("help.watch.once"))
@click.option(
    "--settle",
    type=click.FloatRange(min=0),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help=translate("help.watch.settle"),
)
def watch(inbox: Path, once: bool, settle: float) -> int:
    """Take complete batches until Ctrl+C or SIGTERM; both end it safely, with exit code 130."""
    from pipeline import Job, run_job
    from workflow.library import open_library
    from workflow.watch import Inbox, check_inbox, is_done, only_watch
    from workflow.watch import watch as keep_watch

    call = current_call()
    home = call.open_home()

    def take(folder: Path) -> "RunReport | None":
        if call.dry_run:
            return None
        with open_library(home) as library, Progress(quiet=call.quiet) as progress:
            return run_job(library, Job(inputs=(folder,)), progress)

    def known(folder: Path) -> bool:
        with open_library(home) as library:
            return is_done(library, folder)

    folder = check_inbox(home, inbox)
    before = signal.signal(signal.SIGTERM, _as_interrupt)
    try:
        with only_watch(home):
            say(translate("watch.begins", {"inbox": folder, "settle": f"{settle:g}"}))
            watched = Inbox(folder, settle, take, known)
            return keep_watch(watched, _tell, once=once or call.dry_run)
    finally:
        signal.signal(signal.SIGTERM, before)


def _as_interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _tell(notice: "Notice") -> None:
    """A line of the log with the time, or a line of JSON."""
    emit(notice.as_json())
    facts: dict[str, object] = {"batch": notice.batch, "missing": ", ".join(notice.missing)}
    if notice.report is not None:
        facts |= {"documents": notice.report.total, **notice.report.counts()}
    if notice.error is not None:
        facts["what"] = " ".join(explain(notice.error))
    else:
        facts["what"] = translate("error.unexpected")
    time = datetime.now().astimezone().isoformat(" ", "seconds")
    say(f"{time}  {translate(_key(notice), facts)}")


def _key(notice: "Notice") -> str:
    return (
        f"watch.{notice.kind}.{notice.code}" if notice.kind == "waits" else f"watch.{notice.kind}"
    )
