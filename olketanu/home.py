"""The layout of a library home: one folder that holds a whole library.

``objects/``, ``index/`` and ``exports/`` can be rebuilt from ``masters/`` and the catalogue, the
catalogue from ``masters/`` and the sidecars. Only this module knows the names.
"""

from dataclasses import dataclass
from pathlib import Path

from olketanu.errors import UsageError

SETTINGS_NAME = "olketanu.toml"


@dataclass(frozen=True, slots=True)
class Home:
    """Paths of one library home; nothing is created or read here. ``root`` is absolute."""

    root: Path

    @property
    def settings(self) -> Path:
        """``olketanu.toml``; its presence makes a folder a home."""
        return self.root / SETTINGS_NAME

    @property
    def database(self) -> Path:
        """The catalogue."""
        return self.root / "catalog.sqlite3"

    @property
    def masters(self) -> Path:
        """Masters by content hash: ``ab/cd/<sha256>``, immutable."""
        return self.root / "masters"

    @property
    def objects(self) -> Path:
        """One folder a document."""
        return self.root / "objects"

    @property
    def index(self) -> Path:
        """Generations of the search index and the pointer to the one in use."""
        return self.root / "index"

    @property
    def quarantine(self) -> Path:
        """Copies of refused files, each with the reason beside it."""
        return self.root / "quarantine"

    @property
    def exports(self) -> Path:
        """Where exported records go unless told otherwise."""
        return self.root / "exports"

    @property
    def lists(self) -> Path:
        """Saved bibliographic lists, a file each; no row knows them."""
        return self.root / "lists"

    @property
    def sidecars(self) -> Path:
        """What rebuilds the catalogue and belongs to no single document."""
        return self.root / "sidecars"

    @property
    def replaced(self) -> Path:
        """What a repair or a rebuild took out of its place; never deleted by the program."""
        return self.root / "replaced"

    @property
    def runs(self) -> Path:
        """Lock and scratch folder of every run in progress."""
        return self.root / "runs"

    @property
    def form_key(self) -> Path:
        """The key that signs the forms of the portal; a lost one is made anew."""
        return self.root / "form.key"

    def master(self, sha256: str) -> Path:
        """Path of the master with this hash (64 hexadecimal digits)."""
        return self.masters / sha256[:2] / sha256[2:4] / sha256

    def document(self, document_id: str) -> Path:
        """Folder of a document's derivatives and sidecar."""
        return self.objects / document_id

    def recognised(self, document_id: str, page: str, key: str) -> Path:
        """ALTO as the engine read it, immutable per stage key (``key``: hexadecimal)."""
        return self.document(document_id) / "alto" / f"{page}-{key[:16]}.xml"

    def words(self, document_id: str, page: str) -> Path:
        """Compact projection of a page's current text."""
        return self.document(document_id) / "words" / f"{page}.json"

    def pdf(self, document_id: str) -> Path:
        """The searchable PDF."""
        return self.document(document_id) / "document.pdf"

    def mets(self, document_id: str) -> Path:
        """The structural map."""
        return self.document(document_id) / "mets.xml"

    def saved_list(self, name: str) -> Path:
        """The saved list of this name."""
        return self.lists / f"{name}.toml"

    def web_image(self, document_id: str, page: str, width: int) -> Path:
        """A page's image for the web, ``width`` pixels wide."""
        return self.document(document_id) / "web" / f"{page}-{width}.jpg"

    def record_sidecar(self, bucket: str) -> Path:
        """The records whose ids begin with the two signs ``bucket``, a line each."""
        return self.sidecars / "records" / f"{bucket}.jsonl"

    def batch_sidecar(self, short_id: str) -> Path:
        """A batch and its input files; ``short_id`` is made of the batch's name."""
        return self.sidecars / "batches" / f"{short_id}.json"

    def import_sidecar(self, import_id: str) -> Path:
        """An imported file, and the records in it that could not be read, a line each."""
        return self.sidecars / "imports" / f"{import_id}.jsonl"

    def journal_segment(self, number: int) -> Path:
        """A portion of the journal, counted from 1, an event a line."""
        return self.sidecars / "journal" / f"{number:06d}.jsonl"

    @property
    def journal_head(self) -> Path:
        """How far the journal goes, and how far each stage has followed it."""
        return self.sidecars / "journal" / "head.json"

    @property
    def loose_findings(self) -> Path:
        """The findings that belong to no document and no record."""
        return self.sidecars / "findings.json"

    @property
    def staff_sidecar(self) -> Path:
        """The members of staff with the hashes of their passwords; private."""
        return self.sidecars / "staff.json"

    def sidecar(self, document_id: str) -> Path:
        """What restores the document's rows without the catalogue."""
        return self.document(document_id) / "document.json"


def open_home(folder: Path) -> Home:
    """Return the home at ``folder``; UsageError when the folder is not a library home."""
    home = Home(folder.resolve())
    if not home.settings.is_file():
        raise UsageError("error.no-home", folder=str(folder))
    return home
