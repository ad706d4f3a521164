"""How far what follows the journal is behind it: what people did that not everybody sees yet."""

from dataclasses import dataclass

from store import changes
from store.sidecars.journal import CURSOR as SIDECARS
from workflow.checking.check import CURSOR as CHECKS
from workflow.checking.following import KINDS as CHECKED
from workflow.document.remake import open_remakes
from workflow.index import index_lag
from workflow.library import Library
from workflow.record.stages import CATALOGUE_STAGES


@dataclass(frozen=True, slots=True)
class Behind:
    """What is still to be done.

    ``catalogue`` and ``checks`` count events that the catalogue stages and the checks of records
    have not seen, ``sidecars`` all events that no sidecar tells of, ``index`` documents and records
    that a search does not find as they are (see ``index_lag``), ``documents`` those whose files are
    older than their text.
    """

    catalogue: int
    checks: int
    sidecars: int
    index: int
    documents: int

    def __bool__(self) -> bool:
        """Whether anything is to be done."""
        return any((self.catalogue, self.checks, self.sidecars, self.index, self.documents))

    @property
    def seen_late(self) -> int:
        """Documents and records that people do not see as they are."""
        return max(self.index, self.documents)

    def as_json(self, *, done: bool) -> dict[str, object]:
        """As one JSON line; ``done``: it has been brought up to date since."""
        return {
            "catalogue": self.catalogue,
            "checks": self.checks,
            "sidecars": self.sidecars,
            "index": self.index,
            "documents": self.documents,
            "done": done,
        }


def behind(library: Library) -> Behind:
    """Return what is still to be done; nothing is written."""
    store = library.store
    checks = changes.count_events(store, changes.get_cursor(store, CHECKS), CHECKED)
    return Behind(
        catalogue=sum(
            changes.count_events(store, changes.get_cursor(store, stage.name), stage.kinds)
            for stage in CATALOGUE_STAGES
        ),
        checks=checks if library.settings.checks.automatic else 0,
        sidecars=max(changes.last_seq(store) - changes.get_cursor(store, SIDECARS), 0),
        index=index_lag(library),
        documents=open_remakes(store),
    )
