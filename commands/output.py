"""What goes to the screen: sentences for people, one JSON object a line for machines.

With ``--json`` stdout holds JSON lines only and every sentence goes to stderr.
"""

import json
import shutil
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

import click

from commands.call import current_call
from commands.usage import usage_error
from olketanu.errors import InputError, OlketanuError
from olketanu.messages.translate import explain, translate

JSON_VERSION = 1
_KEPT = "\n\t"
_LEAST_ROOM = 20
_WIDE, _NO_COLUMN = ("W", "F"), ("Mn", "Me", "Cf")
_TURNING = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_PLAIN = {ord(sign): "\ufffd" for sign in _TURNING} | {
    code: "\ufffd"
    for code in (*range(32), *range(127, 160), *range(0xD800, 0xE000))
    if chr(code) not in _KEPT
}


def emit(line: Mapping[str, object]) -> None:
    """Write one JSON line to stdout (only with ``--json``)."""
    if current_call().json:
        sys.stdout.write(json.dumps({"v": JSON_VERSION, **line}, ensure_ascii=False) + "\n")
        sys.stdout.flush()


def say(text: str) -> None:
    """Write a sentence: to stdout, or to stderr with ``--json``; nothing with ``--quiet``."""
    call = current_call()
    if not call.quiet:
        stream = sys.stderr if call.json else sys.stdout
        stream.write(plain(text) + "\n")
        stream.flush()


def say_first(texts: Sequence[str], most: int = 10) -> None:
    """Say the first of many like sentences, and how many more there are; JSON has them all."""
    for text in texts[:most]:
        say(text)
    if len(texts) > most:
        say("  → " + translate("said.more", {"count": len(texts) - most}))


def show(text: str, marks: Sequence[tuple[int, int]] = ()) -> None:
    """Write what the person asked for: like :func:`say`, but ``--quiet`` does not hide it.

    ``marks`` are pieces of the text, (start, end) in order, that stand out on a terminal.
    """
    if not current_call().json:
        click.echo(_bold(text, marks))


def show_folded(indent: str, text: str, marks: Sequence[tuple[int, int]] = ()) -> None:
    """Like :func:`show`, each line behind ``indent``; on a terminal in lines of its width."""
    room = len(text)
    if sys.stdout.isatty():
        room = max(_LEAST_ROOM, shutil.get_terminal_size().columns - len(indent))
    for start, end in folded(text, room):
        within = ((max(a, start), min(b, end)) for a, b in marks if a < end and b > start)
        show(
            indent + text[start:end],
            [(a - start + len(indent), b - start + len(indent)) for a, b in within],
        )


def folded(text: str, room: int) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of lines of at most ``room`` (> 0) characters, broken at blanks.

    A word that is longer is broken where the room ends.
    """
    start = 0
    while len(text) - start > room:
        blank = text.rfind(" ", start + 1, start + room + 1)
        end = blank if blank > start else start + room
        yield start, end
        start = end + (blank == end)
    yield start, len(text)


def _bold(text: str, marks: Sequence[tuple[int, int]]) -> str:
    made, at = "", 0
    for start, end in marks:
        made += plain(text[at:start]) + click.style(plain(text[start:end]), bold=True)
        at = end
    return made + plain(text[at:])


def plain(text: str) -> str:
    """The text without signs that command a terminal or turn the reading order.

    File names and recognised words may hold such signs; JSON keeps them, escaped or as they are.
    Halves of surrogate pairs, which no encoding has, go too.
    """
    return text.translate(_PLAIN)


def report_error(error: OlketanuError, *, as_json: bool) -> None:
    """Write what happened and what to do to stderr, and with ``as_json`` a line to stdout."""
    what, hint = explain(error)
    sys.stderr.write(plain(f"{what}\n" + (f"  → {hint}\n" if hint else "")))
    if as_json:
        facts = {name: str(value) for name, value in error.facts.items()}
        line = {
            "v": JSON_VERSION,
            "error": error.key,
            "facts": facts,
            "message": what,
            "hint": hint,
        }
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")


def report_wrong_call(wrong: click.ClickException, *, as_json: bool) -> None:
    """Write what is wrong with a call, as an error; a group without a command shows its help."""
    if isinstance(wrong, click.exceptions.NoArgsIsHelpError):
        wrong.show()
    else:
        report_error(usage_error(wrong), as_json=as_json)


def say_undo(act: int | None) -> None:
    """Say how the act of this number is taken back; nothing where there is none."""
    if act is not None:
        say("  → " + translate("undo.how", {"act": act}))


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a plain table; ``headings`` are message keys, columns fit their longest cell."""
    cells = [[translate(heading) for heading in headings], *[list(row) for row in rows]]
    widths = [max(screen_width(row[column]) for row in cells) for column in range(len(headings))]
    lines = [
        "  ".join(padded(cell, width) for cell, width in zip(row, widths, strict=True))
        for row in cells
    ]
    return "\n".join(line.rstrip() for line in lines)


def screen_width(text: str) -> int:
    """Return the columns that a text takes: marks above letters take none, wide signs two."""
    wide = sum(unicodedata.east_asian_width(sign) in _WIDE for sign in text)
    return len(text) + wide - sum(unicodedata.category(sign) in _NO_COLUMN for sign in text)


def padded(text: str, width: int) -> str:
    """Return the text with blanks behind it to fill so many columns."""
    return text + " " * (width - screen_width(text))


def say_fallback(why: InputError | None) -> None:
    """Tell why the file is in another container than its name promised, where it is."""
    if why:
        say(translate("convert.fell-back", {"reason": explain(why)[0]}))
