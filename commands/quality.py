"""``olketanu quality eval``: the recognised text measured against the truth."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.call import Group, current_call
from commands.output import emit, show, table
from commands.progress import Progress
from olketanu.errors import ExitCode
from olketanu.messages.translate import translate

if TYPE_CHECKING:
    from pages.measure import Errors
    from workflow.quality.evaluate import Evaluation
    from workflow.quality.scores import PageScore

SHOWN_CONFUSIONS = 12


@click.group("quality", cls=Group, help=translate("help.quality"))
def quality() -> None:
    """Measuring of the recognised text."""


@quality.command("eval", help=translate("help.quality.eval"))
@click.argument("truth", metavar="TRUTH", type=click.Path(exists=True, path_type=Path))
@click.option("--batch", metavar="BATCH", help=translate("help.report.batch"))
@click.option("--current", is_flag=True, help=translate("help.quality.current"))
@click.option(
    "--worst",
    metavar="N",
    type=click.IntRange(min=0),
    default=10,
    help=translate("help.quality.worst"),
)
def eval_(truth: Path, *, batch: str | None, current: bool, worst: int) -> int:
    """Measure the pages of which there is a truth; exit code 1 when some were not found."""
    from workflow.library import open_library
    from workflow.quality.evaluate import evaluate

    call = current_call()
    with open_library(call.open_home()) as library, Progress(quiet=call.quiet) as progress:
        found = evaluate(library, truth, progress, batch=batch, current=current)
    for page in found.pages:
        emit(page.as_json())
    for line in found.worst_lines(worst):
        emit(line.as_json())
    for missed in found.missed:
        emit(missed.as_json())
    emit(found.as_json())
    show("\n".join(part for part in _parts(found, worst) if part))
    return ExitCode.REVIEW if found.missed else ExitCode.DONE


def _parts(found: "Evaluation", worst: int) -> list[str]:
    """What a person reads: pages, sums, languages, confusions, calibration, worst lines, gaps."""
    rows = [
        (page.name, page.page, str(page.flow.length), *map(_rate, _four(page)))
        for page in found.pages
    ]
    headings = ("name", "page", "characters", "flow", "line", "flow_words", "line_words")
    missed = [
        f"! {gap.document}/{gap.page}: {translate(f'quality.missed.{gap.reason}')}"
        for gap in found.missed
    ]
    return [
        table([f"column.{name}" for name in headings], rows),
        *_sums(found),
        _languages(found),
        _confusions(found),
        _calibration(found),
        *_worst(found, worst),
        *missed,
    ]


def _four(page: "PageScore") -> tuple["Errors", "Errors", "Errors", "Errors"]:
    return page.flow, page.line, page.flow_words, page.line_words


def _rate(errors: "Errors") -> str:
    return f"{errors.rate:.2%}"


def _sums(found: "Evaluation") -> list[str]:
    """The pooled rates with their intervals, a sentence each."""
    from pages.measure import interval, pooled

    lines = [translate("quality.measured", {"pages": len(found.pages)})]
    for place, name in enumerate(("flow", "line", "flow_words", "line_words")):
        errors = [_four(page)[place] for page in found.pages]
        known = interval(errors)
        between = f" ({known[0]:.2%} … {known[1]:.2%})" if known is not None else ""
        lines.append(f"  {translate(f'column.{name}')}: {_rate(pooled(errors))}{between}")
    return lines


def _languages(found: "Evaluation") -> str:
    from workflow.quality.html import language_name

    told = [f"{language_name(code)} {_rate(e)}" for code, e in found.languages().items()]
    return f"{translate('quality.by-language')}: {', '.join(told)}"


def _confusions(found: "Evaluation") -> str:
    told = [
        f"{_sign(true)}→{_sign(read)} {count}"
        for true, read, count in found.confusions()[:SHOWN_CONFUSIONS]
    ]
    return f"{translate('quality.confusions')}: {', '.join(told)}" if told else ""


def _sign(text: str) -> str:
    """A text in which blanks and nothing can be seen."""
    return text.replace(" ", "␣") or "∅"


def _calibration(found: "Evaluation") -> str:
    rows = [
        (f"≥ {lowest} %", str(words), f"{right / words:.1%}" if words else "")
        for lowest, words, right in found.calibration()
    ]
    return table(["column.confidence", "column.words", "column.right"], rows)


def _worst(found: "Evaluation", worst: int) -> list[str]:
    lines = found.worst_lines(worst)
    told = [translate("quality.worst-lines")] if lines else []
    names = {page.document: page.name for page in found.pages}
    for line in lines:
        told.append(f"{names[line.document]}/{line.page} {_rate(line.characters)}")
        told.append(f"  {translate('column.true')}: {line.true}")
        told.append(f"  {translate('column.read')}: {line.read}")
    return told
