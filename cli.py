"""The ``olketanu`` command: find the language, hand over to one command, turn errors to exit codes.

No work is done here. Commands live in ``commands/``, one thin module a group, loaded when named.
"""

import os
import sys
import traceback
from collections.abc import Sequence

import olketanu  # noqa: F401  (puts the rooms on the path when the installed launcher runs this file)
from olketanu.errors import ExitCode, OlketanuError
from olketanu.messages.translate import choose_language, translate


def language_of(arguments: Sequence[str]) -> str | None:
    """Return the value of ``--lang`` among the arguments: help must already speak that language."""
    for place, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")
        if argument == "--lang" and place + 1 < len(arguments):
            return arguments[place + 1]
    return None


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; nothing is raised to the caller."""
    choose_language(language_of(arguments))
    import click

    from commands.group import root
    from commands.output import report_error, report_wrong_call

    try:
        result = root.main(list(arguments), "olketanu", standalone_mode=False)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        report_wrong_call(error, as_json="--json" in arguments)
        return ExitCode.USAGE
    except (KeyboardInterrupt, click.Abort):
        sys.stderr.write(translate("error.interrupted") + "\n")
        return ExitCode.INTERRUPTED
    except OlketanuError as error:
        report_error(error, as_json="--json" in arguments)
        return error.exit_code
    except BrokenPipeError:
        raise
    except Exception:  # a defect: Python's own exit code 1 would say "items wait for review"
        traceback.print_exc()
        for key in ("error.unexpected", "error.unexpected.hint"):
            sys.stderr.write(translate(key) + "\n")
        return ExitCode.CRASHED
    return int(result or ExitCode.DONE)


def main() -> None:
    """Entry point of the program."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # Windows consoles default to an ANSI code page
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        code = run(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:  # the reader (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = ExitCode.DONE
    raise SystemExit(code)


if __name__ == "__main__":
    main()
