"""Options that every command takes, before or after its name, and the value they become."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from commands.usage import Spoken
from olketanu.errors import UsageError
from olketanu.home import Home, open_home
from olketanu.messages.translate import translate
from olketanu.settings import LANGUAGES


@dataclass(frozen=True, slots=True)
class Call:
    """What the person asked of the program as a whole.

    ``home`` is None where neither ``--home`` nor OLKETANU_HOME named one.
    """

    home: Path | None
    json: bool
    dry_run: bool
    quiet: bool

    def open_home(self) -> Home:
        """The library home; UsageError when none was named or the folder is not one."""
        if self.home is None:
            raise UsageError("error.home-not-named")
        return open_home(self.home)


def _remember(context: click.Context, parameter: click.Parameter, value: Any) -> None:  # noqa: ANN401  (click hands over any type)
    if value and parameter.name:
        context.find_root().meta[f"olketanu.{parameter.name}"] = value


def _option(*names: str, **attributes: Any) -> Callable[[], click.Option]:  # noqa: ANN401  (click's own)
    def make() -> click.Option:
        return click.Option(names, expose_value=False, callback=_remember, **attributes)

    return make


GLOBAL_OPTIONS = (
    _option("--home", metavar="DIR", type=click.Path(path_type=Path), help=translate("help.home")),
    _option("--json", is_flag=True, help=translate("help.json")),
    _option("--lang", type=click.Choice(LANGUAGES), help=translate("help.lang")),
    _option("--dry-run", is_flag=True, help=translate("help.dry-run")),
    _option("--quiet", is_flag=True, help=translate("help.quiet")),
)


class Command(Spoken):
    """A command that also takes the global options after its name."""

    def __init__(self, *args: Any, **attributes: Any) -> None:  # noqa: ANN401  (click's own)
        super().__init__(*args, **attributes)
        self.params.extend(option() for option in GLOBAL_OPTIONS)


class Group(Spoken, click.Group):
    """A group of commands of one thing (``olketanu batch …``)."""

    command_class = Command

    def __init__(self, *args: Any, **attributes: Any) -> None:  # noqa: ANN401  (click's own)
        super().__init__(*args, **attributes)
        self.params.extend(option() for option in GLOBAL_OPTIONS)


def current_call() -> Call:
    """The global options of the command that is running."""
    meta = click.get_current_context().find_root().meta
    named = meta.get("olketanu.home") or os.environ.get("OLKETANU_HOME")
    return Call(
        home=Path(named) if named else None,
        json=bool(meta.get("olketanu.json")),
        dry_run=bool(meta.get("olketanu.dry_run")),
        quiet=bool(meta.get("olketanu.quiet")),
    )
