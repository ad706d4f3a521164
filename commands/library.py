"""``olketanu init`` and ``olketanu doctor``."""

from pathlib import Path

import click

from commands.call import Command, current_call
from commands.output import emit, say
from olketanu.errors import ExitCode
from olketanu.messages.translate import has_message, language, translate


@click.command("init", cls=Command, help=translate("help.init"))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def init(folder: Path) -> int:
    """Make a new library home."""
    from workflow.library import create_library

    if current_call().dry_run:
        say(translate("init.would", {"folder": folder}))
        return ExitCode.DONE
    home = create_library(folder, language())
    emit({"home": str(home.root)})
    say(translate("init.done", {"folder": home.root}))
    return ExitCode.DONE


@click.command("doctor", cls=Command, help=translate("help.doctor"))
def doctor() -> int:
    """Name every tool, model and setting, and what to do about what is missing."""
    from workflow.doctor.examine import examine

    folder = current_call().home
    worst = ExitCode.DONE
    for check in examine(folder):
        emit({"check": check.key, "state": check.state, "facts": dict(check.facts)})
        mark = {"ok": "✓", "warning": "!", "missing": "✗"}[check.state]
        say(f"{mark} {translate(f'doctor.{check.key}', check.facts)}")
        hint = f"doctor.{check.key}.hint"
        if check.state != "ok" and has_message(hint):
            say(f"    → {translate(hint, check.facts)}")
        if check.state == "missing":
            worst = ExitCode.MISSING_TOOL
    return worst
