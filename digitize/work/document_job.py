"""The document job as the children do it: the files, and what each page looks like."""

from pathlib import Path
from typing import Any


def task(payload: dict[str, Any]) -> dict[str, Any]:
    """Assemble a document (``digitize.output.assemble.task``) and look at its pages.

    Adds ``likeness`` to the result: page key to 64 hexadecimal digits, or None.
    """
    from digitize.output.assemble import task as assemble

    result = assemble(payload)
    web = Path(payload["output"]) / "web"
    images = {page["key"]: str(_smallest(web, page["key"])) for page in result["pages"]}
    return {**result, **look({"images": images})}


def look(payload: dict[str, Any]) -> dict[str, Any]:
    """The task that looks at web images again: ``images`` maps page keys to paths."""
    from digitize.scan.likeness import likeness_of

    found = {key: likeness_of(Path(path)) for key, path in payload["images"].items()}
    return {"likeness": {k: None if v is None else f"{v:064x}" for k, v in found.items()}}


def _smallest(web: Path, page: str) -> Path:
    """The smallest web image of a page; a path that is not there where it has none."""
    images = sorted(web.glob(f"{page}-*.jpg"), key=lambda path: path.stat().st_size)
    return images[0] if images else web / f"{page}.jpg"
