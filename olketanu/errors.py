"""Errors that say what to do, and the exit codes of the program.

    OlketanuError                 key, facts, hint, exit code
     ├─ UsageError                2   the call is wrong
     ├─ MissingToolError          3   a program or language model is not installed
     ├─ InputError                4   the input cannot be used
     │   └─ BadFileError          4   one file, with a quarantine code
     ├─ CannotWriteError          5   home not writable, disk full
     ├─ LockedError               8   another run holds what this one needs
     └─ SettingsError             9   olketanu.toml is wrong

An error carries a message *key* and facts; ``olketanu.messages`` turns them into Kazakh, Russian or
English. Floors below the command line raise, they never print.
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """What the program tells the shell (design: command line)."""

    DONE = 0
    REVIEW = 1
    USAGE = 2
    MISSING_TOOL = 3
    BAD_INPUT = 4
    CANNOT_WRITE = 5
    PARTLY_FAILED = 7
    LOCKED = 8
    SETTINGS = 9
    CRASHED = 70
    INTERRUPTED = 130


class OlketanuError(Exception):
    """Base of every error that a person is meant to read.

    ``key`` names the message (``error.…``; its hint, what to do, is the message ``<key>.hint``);
    ``facts`` fill both. The English text of ``str(error)`` is for logs only.
    """

    exit_code: ExitCode = ExitCode.BAD_INPUT

    def __init__(self, key: str, /, **facts: object) -> None:
        super().__init__(f"{key} {facts}" if facts else key)
        self.key = key
        self.facts = facts


class UsageError(OlketanuError):
    """The call does not make sense (unknown identifier, clashing options)."""

    exit_code = ExitCode.USAGE


class MissingToolError(OlketanuError):
    """A program or language model that the job needs is not installed."""

    exit_code = ExitCode.MISSING_TOOL


class InputError(OlketanuError):
    """The input cannot be used as it is."""

    exit_code = ExitCode.BAD_INPUT


class BadFileError(InputError):
    """One input file cannot be used; ``code`` is its quarantine code (docs/reference/codes.md)."""

    def __init__(self, code: str, /, **facts: object) -> None:
        super().__init__(f"quarantine.{code}", **facts)
        self.code = code


class CannotWriteError(OlketanuError):
    """The home or an output cannot be written (rights, disk full)."""

    exit_code = ExitCode.CANNOT_WRITE


class LockedError(OlketanuError):
    """Another run holds what this one needs, and did not let go in time."""

    exit_code = ExitCode.LOCKED


class SettingsError(OlketanuError):
    """``olketanu.toml`` cannot be read or holds a wrong value."""

    exit_code = ExitCode.SETTINGS
