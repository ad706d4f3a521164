"""What a run works with, and the two kinds of its jobs."""

from dataclasses import dataclass

from digitize.work.pool import WorkerPool
from olketanu.settings import Settings
from store.database import Store
from store.disk.owners import RunOwner

PAGE, DOCUMENT = "page", "document"


@dataclass(frozen=True, slots=True)
class Workshop:
    """What a run works with: the store, who owns the run, the children, the settings in force."""

    store: Store
    owner: RunOwner
    pool: WorkerPool
    settings: Settings
