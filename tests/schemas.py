"""Official XML schemas that tests check our files against; none is kept in the project.

METS and XLink come with ``ocrd-validators`` (Apache-2.0; the schemas are free of rights), installed
without what it depends on, since only its data are read: ``pip install --no-deps
ocrd-validators==2.67.1``. Else ``OLKETANU_METS_XSD`` names the file, ``OLKETANU_ALTO_XSD`` that of
ALTO; ``xlink.xsd`` lies beside it.
"""

import os
from importlib.util import find_spec
from pathlib import Path

from lxml import etree

_PACKAGE = "ocrd_validators"
_XLINK = "xlink.xsd"
_IMPORT = "{http://www.w3.org/2001/XMLSchema}import"


def packaged(name: str) -> Path | None:
    """A schema of the package, found without importing it."""
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / name
    return path if path.is_file() else None


def official(standard: str) -> etree.XMLSchema | None:
    """The schema of ``mets`` or ``alto``; None where this machine has none."""
    named = os.environ.get(f"OLKETANU_{standard.upper()}_XSD")
    path = Path(named) if named else packaged(f"{standard}.xsd")
    if path is None:
        return None
    tree = etree.parse(path)
    for imported in tree.iter(_IMPORT):
        # The standards name an address on the network; the file is here.
        if str(imported.get("schemaLocation")).endswith(_XLINK):
            beside = path.parent / _XLINK
            place = beside if beside.is_file() else packaged(_XLINK)
            imported.set("schemaLocation", place.as_uri() if place else _XLINK)
    return etree.XMLSchema(tree)
