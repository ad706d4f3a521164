"""The document job as the children do it: the files, and what each page looks like."""

from pathlib import Path
from typing import Any


def task(payload: dict[str, Any]) -> dict[str, Any]:
    """Assemble a document (``digitize.output.assemble.task``) and look at its pages.

    Adds ``likeness`` to the result: page key to 64 hexadecimal digits, or None.
    """
    from digitize.output.assemble import task as assemble

    result = assemble(payload)
    smallest = smallest_images(Path(payload["output"]) / "web")
    images = {page["key"]: smallest.get(page["key"], "") for page in result["pages"]}
    return {**result, **look({"images": images})}


def look(payload: dict[str, Any]) -> dict[str, Any]:
    """The task that looks at web images again: ``images`` maps page keys to paths."""
    from digitize.scan.likeness import likeness_of

    found = {key: likeness_of(Path(path)) for key, path in payload["images"].items()}
    return {"likeness": {k: None if v is None else f"{v:064x}" for k, v in found.items()}}


def smallest_images(web: Path) -> dict[str, str]:
    """Paths of the smallest web image of every page that has one, by page key."""
    images = sorted(web.glob("*.jpg"), key=lambda path: path.stat().st_size, reverse=True)
    return {path.stem.rpartition("-")[0]: str(path) for path in images}
