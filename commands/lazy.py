"""A group of commands whose modules load when they are named, so that ``--help`` is quick."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from commands.call import GLOBAL_OPTIONS
from commands.usage import Spoken


class LazyGroup(Spoken, click.Group):
    """``commands_of`` tells for each command ``module:attribute``; it also takes global options."""

    def __init__(self, name: str, commands_of: Mapping[str, str], **attributes: Any) -> None:  # noqa: ANN401  (click's own)
        super().__init__(name, **attributes)
        self._commands_of = commands_of
        self.params.extend(option() for option in GLOBAL_OPTIONS)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the work, not of the alphabet."""
        return list(self._commands_of)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of that name, or None."""
        if name not in self._commands_of:
            return None
        module, attribute = self._commands_of[name].split(":")
        command: Any = getattr(import_module(module), attribute)
        return command if isinstance(command, click.Command) else None
