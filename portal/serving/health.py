"""Whether the server can do its work: for whoever watches over it."""

from importlib.metadata import PackageNotFoundError, version

from flask import Blueprint, Response, jsonify

from olketanu.errors import OlketanuError
from portal.visitor import library
from search.index.generations import IndexState, inspect_index
from store import changes
from store.disk.space import space_of

ROOM = Blueprint("health", __name__)

_MEGABYTE = 1 << 20


@ROOM.get("/health")
def health() -> tuple[Response, int]:
    """Answer 200 while catalogue, index and disk are well, else 503 and what is not."""
    try:
        held = library()
        seq = changes.last_seq(held.store)
        index = inspect_index(held.home.index).state
        free = space_of(held.home.root).free // _MEGABYTE
        enough = free >= held.settings.run.min_free_mb
    except (OlketanuError, OSError) as error:
        told = getattr(error, "key", type(error).__name__)
        return _answer(well=False, store=told)
    well = enough and index is IndexState.CURRENT
    return _answer(well=well, store="ok", events=seq, index=str(index), free_mb=free)


def _answer(*, well: bool, **facts: object) -> tuple[Response, int]:
    response = jsonify({"ok": well, "version": _version(), **facts})
    response.headers["Cache-Control"] = "no-store"
    return response, 200 if well else 503


def _version() -> str:
    try:
        return version("olketanu")
    except PackageNotFoundError:  # from a checkout
        return ""
