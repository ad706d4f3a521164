"""The command tree: which module owns which command. Modules load when their command is named."""

from importlib import import_module
from typing import Any

import click

from commands.call import GLOBAL_OPTIONS
from olketanu.messages.translate import translate

COMMANDS = {
    "init": "commands.library:init",
    "doctor": "commands.library:doctor",
    "run": "commands.run:run",
    "watch": "commands.watch:watch",
    "batch": "commands.batch:batch",
    "document": "commands.document:document",
    "record": "commands.record:record",
    "link": "commands.link:link",
    "search": "commands.search:search",
    "index": "commands.index:index",
    "report": "commands.report:report",
    "quality": "commands.quality:quality",
    "backup": "commands.backup:backup",
    "restore": "commands.restore:restore",
    "verify": "commands.verify:verify",
}


class LazyGroup(click.Group):
    """A group whose commands are imported one by one, so that ``--help`` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the work, not of the alphabet."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of that name, or None."""
        if name not in COMMANDS:
            return None
        module, attribute = COMMANDS[name].split(":")
        command: Any = getattr(import_module(module), attribute)
        return command if isinstance(command, click.Command) else None


root = LazyGroup(
    "olketanu",
    help=translate("help.olketanu"),
    epilog=translate("help.exit-codes"),
    params=[option() for option in GLOBAL_OPTIONS],
    context_settings={"help_option_names": ["-h", "--help"]},
)
