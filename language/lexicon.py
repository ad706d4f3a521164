"""Reader of the word lists in ``corpora/lexicon``."""

from olketanu import APP_ROOT

LEXICON = APP_ROOT / "corpora" / "lexicon"
"""Folder of the lists; what they hold and where from is in its README."""


def read_list(name: str) -> tuple[str, ...]:
    """Return the entries of the list ``name``, remarks and empty lines left out."""
    lines = (LEXICON / name).read_text(encoding="utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))
