"""What click says of a wrong call, and in its help, in the language of messages."""

import click

from olketanu.errors import UsageError
from olketanu.messages.translate import translate


class _Formatter(click.HelpFormatter):
    """Help whose headings are ours."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or f"{translate('help.usage')} ")

    def write_heading(self, heading: str) -> None:
        super().write_heading(translate(f"help.heading.{heading.lower()}"))


class _Context(click.Context):
    formatter_class = _Formatter


class Spoken(click.Command):
    """A command or group whose help is in one language throughout."""

    context_class = _Context

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option ``--help``, described in our words."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = translate("help.help")
        return option


def usage_error(wrong: click.ClickException) -> UsageError:
    """Return what is wrong with a call as an error with a message of ours and a hint.

    What is rare is left in click's English: the hint says where to look.
    """
    context = getattr(wrong, "ctx", None)
    command = context.command_path if context else "olketanu"
    if isinstance(wrong, click.NoSuchOption):
        return UsageError("error.usage-option", name=wrong.option_name, command=command)
    if isinstance(wrong, click.MissingParameter) and wrong.param is not None:
        return UsageError("error.usage-missing", name=_name(wrong), command=command)
    if isinstance(wrong, click.BadParameter) and wrong.param is not None:
        kind = wrong.param.type
        if isinstance(kind, click.Choice):
            choices = ", ".join(map(str, kind.choices))
            facts = {"name": _name(wrong), "choices": choices, "command": command}
            return UsageError("error.usage-choice", **facts)
        told = {"name": _name(wrong), "message": wrong.message, "command": command}
        return UsageError("error.usage-value", **told)
    if isinstance(context and context.command, click.Group):
        known = ", ".join(context.command.list_commands(context)) if context else ""
        return UsageError("error.usage-command", command=command, known=known)
    return UsageError("error.usage-other", message=wrong.format_message(), command=command)


def _name(wrong: click.BadParameter) -> str:
    """The option or argument as it is written."""
    hint = wrong.param.get_error_hint(wrong.ctx) if wrong.param else ""
    return hint.replace("'", "")
