"""Records described by the standard, or cited, as the library wants it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from catalog.citation.bibtex import to_bibtex
from catalog.citation.csl import to_csl_json
from catalog.citation.ris import to_ris
from catalog.citation.work import cited_work
from catalog.isbd.describe import describe
from catalog.isbd.html import to_html
from catalog.isbd.style import Style
from catalog.isbd.text import to_text
from olketanu.settings import Settings
from store.catalogue import records
from store.catalogue.records import StoredRecord
from workflow.library import Library
from workflow.record.show import record_id

Setter = Callable[[Sequence[StoredRecord], Style], str]


@dataclass(frozen=True, slots=True)
class DescribedRecord:
    """One record in one form; ``text`` is what the form writes of it alone."""

    record: str
    form: str
    edition: str
    text: str

    def as_json(self) -> dict[str, object]:
        """One JSON line."""
        return {
            "record": self.record,
            "form": self.form,
            "edition": self.edition,
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class Descriptions:
    """The records one by one, and ``text``: all of them in one file of the form."""

    records: tuple[DescribedRecord, ...]
    text: str


def library_style(settings: Settings) -> Style:
    """Return how descriptions are set in this library (settings ``description.*``)."""
    told = settings.description
    return Style(
        edition=told.edition,
        dashes=told.dashes,
        medium=told.medium,
        pages_after=told.pages_after,
        price=told.price,
    )


def describe_records(
    library: Library, identifiers: Sequence[str], form: str, style: Style
) -> Descriptions:
    """Return the records in ``form``, a name of ``FORMS``, in the order of ``identifiers``.

    Raises:
        UsageError: as ``workflow.record.show.record_id``.
    """
    setter = FORMS[form]
    stored = [
        records.get_record(library.store, record_id(library, identifier))
        for identifier in identifiers
    ]
    each = (DescribedRecord(one.id, form, style.edition, setter([one], style)) for one in stored)
    return Descriptions(tuple(each), setter(stored, style))


def _text(stored: Sequence[StoredRecord], style: Style) -> str:
    return to_text(describe(one.record, style, one.id) for one in stored)


def _html(stored: Sequence[StoredRecord], style: Style) -> str:
    return to_html(describe(one.record, style, one.id) for one in stored)


def _bibtex(stored: Sequence[StoredRecord], _style: Style) -> str:
    return to_bibtex(cited_work(one.record, one.id) for one in stored)


def _ris(stored: Sequence[StoredRecord], _style: Style) -> str:
    return to_ris(cited_work(one.record, one.id) for one in stored)


def _csl_json(stored: Sequence[StoredRecord], _style: Style) -> str:
    return to_csl_json(cited_work(one.record, one.id) for one in stored)


FORMS: Mapping[str, Setter] = {
    "text": _text,
    "html": _html,
    "bibtex": _bibtex,
    "ris": _ris,
    "csl-json": _csl_json,
}
"""What a description can become, by the name that the command line gives it."""
