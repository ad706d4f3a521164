"""The main job on one page: from a folder of scans to a search hit.

    intake     workflow/intake                 look at every file, keep it as a master
    page job   digitize/recognition/page_job   prepare, recognise, repair, name languages, ALTO
    document   digitize/output/assemble        amend, join split words, PDF, METS, web images
    extract    workflow/document/extract       what the sheet and the imprint give for sure
    match      workflow/record/match           compare with the catalogue, propose a likely record
    draft      workflow/record/draft           a record where none was found; 856 for a link
    classify   workflow/record/classify        a UDC number where the document prints none
    checks     workflow/checking/following     what is wrong with new and changed records
    sidecars   workflow/sidecars               what rebuilds the catalogue from files alone
    index      workflow/index                  pages and records become findable

Pages and documents are jobs of the ledger, done by child processes; the stages after them follow
the journal of the store. A second run finds nothing to do; a killed one is taken up where it was.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from digitize.work.limits import Limits
from digitize.work.planning import plan_document
from digitize.work.pool import WorkerPool
from digitize.work.runner import work
from digitize.work.workshop import DOCUMENT, Workshop
from olketanu.home import Home
from olketanu.progress import SILENT, Progress
from store import changes, jobs
from store.digitised import documents
from store.disk.owners import RunOwner, sweep_home
from workflow.batches import write_sheet
from workflow.checking.check import Checked
from workflow.checking.following import check_news
from workflow.checking.rules import library_rules
from workflow.document.remake import plan_remakes
from workflow.follow import follow
from workflow.index import update_index
from workflow.intake.inputs import Told, batches_of, is_known
from workflow.intake.take_in import take_in
from workflow.library import Library, open_library, require_writable
from workflow.record.stages import CATALOGUE_STAGES
from workflow.sidecars import SIDECAR
from workflow.summary import RunReport, run_report

INDEX_EVERY = 25
"""Documents between two updates of the index within one run."""

LOOK_EVERY = 1.0
"""Seconds between two looks at the journal while documents are made anew."""


@dataclass(frozen=True, slots=True)
class Job:
    """What to run; None means as in the settings.

    Without ``inputs`` a run finishes what is unfinished; ``documents`` narrows it to these.
    """

    inputs: tuple[Path, ...] = ()
    documents: tuple[str, ...] = ()
    workers: int | None = None
    rights: str | None = None
    profile: str | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """What a run would do with an input: ``action`` is take-in or known."""

    name: str
    action: str
    files: int


def plan(library: Library, job: Job) -> Iterator[Planned]:
    """Say what :func:`run_job` would take in; nothing is written."""
    for batch in batches_of(job.inputs):
        for found in batch.found:
            document = found.document
            action = "known" if is_known(library, batch, document) else "take-in"
            yield Planned(document.name, action, len(document.files))


def run_job(library: Library, job: Job, progress: Progress) -> RunReport:
    """Do the main job and report every document of the inputs (of the home where none is given)."""
    require_writable(library.home)
    library_rules(library)  # what is wrong in them is told before hours of work
    sweep_home(library.home)
    batches = batches_of(job.inputs)
    workers = job.workers or library.settings.run.worker_count
    limits = Limits(memory_mb=library.settings.ocr.memory, nice=library.settings.run.nice)
    with (
        RunOwner(library.home) as owner,
        WorkerPool(workers, limits, owner.scratch) as pool,
    ):
        told = Told(job.rights, job.profile)
        take_in(library, pool, batches, told, progress)
        shop = Workshop(library.store, owner, pool, library.settings)
        digitise(library, shop, job.documents, progress)
    catch_up(library, progress)
    for batch in batches:
        write_sheet(library, batch)
    return run_report(library, [batch.name for batch in batches])


@dataclass(frozen=True, slots=True)
class KeptUp:
    """``documents`` were made anew, ``records`` checked."""

    documents: int
    records: int


def keep_up(library: Library, progress: Progress = SILENT) -> KeptUp:
    """Let everything see what people changed: catalogue, index, sidecars, files of documents.

    Pages are not recognised, and batches that were stopped stay so. What has to be made anew takes
    longer than the rest, so the rest comes before it, and once more after it.
    """
    require_writable(library.home)
    checked = catch_up(library, progress).records
    plan_remakes(library)
    made = 0
    if jobs.list_jobs(library.store, kind=DOCUMENT, state="new"):
        made = _remake(library, progress)
        checked += catch_up(library, progress).records
    return KeptUp(made, checked)


def _remake(library: Library, progress: Progress) -> int:
    limits = Limits(memory_mb=library.settings.ocr.memory, nice=library.settings.run.nice)
    with (
        RunOwner(library.home) as owner,
        WorkerPool(1, limits, owner.scratch) as pool,
        _CatchingUp(library.home),
    ):
        shop = Workshop(library.store, owner, pool, library.settings)
        return sum(1 for _ in work(shop, progress, (DOCUMENT,)))


class _CatchingUp:
    """Lets everything follow what people do while a long book is made, until the block ends.

    From a thread with a connection of its own; what it raised is raised at the end of the block.
    """

    def __init__(self, home: Home) -> None:
        self._home = home
        self._stop = Event()
        self._failed: list[Exception] = []
        self._thread = Thread(target=self._follow, name="catching-up", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        if self._failed and kind is None:
            raise self._failed[0]

    def _follow(self) -> None:
        try:
            with open_library(self._home) as library:
                seen = changes.last_seq(library.store)
                while not self._stop.wait(LOOK_EVERY):
                    if changes.last_seq(library.store) != seen:
                        catch_up(library)
                        seen = changes.last_seq(library.store)
        except Exception as error:  # told at the end of the block
            self._failed.append(error)


def digitise(library: Library, shop: Workshop, only: tuple[str, ...], progress: Progress) -> None:
    """Do every open page and document job; the catalogue follows while the work goes on."""
    for document in documents.list_documents(library.store):
        if not only or document.id in only:
            plan_document(library.store, library.settings, document)
    for number, _ in enumerate(work(shop, progress), start=1):
        catalogue(library)
        if number % INDEX_EVERY == 0:
            update_index(library)


def catalogue(library: Library) -> None:
    """Let every catalogue stage catch up with the journal, until none has anything left to do."""
    _settle(library)
    follow(library, SIDECAR)


def catch_up(library: Library, progress: Progress = SILENT) -> Checked:
    """Bring everything that follows the journal up to date; return what the checks came to.

    Catalogue stages, checks of records, sidecars, index. SettingsError: the library's rules.
    """
    _settle(library)
    checked = check_news(library, progress)
    follow(library, SIDECAR)
    update_index(library, progress)
    return checked


def _settle(library: Library) -> None:
    while sum(follow(library, stage) for stage in CATALOGUE_STAGES):
        pass
