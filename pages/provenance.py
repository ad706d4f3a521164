"""What was decided when a page was read, from the head of its ALTO alone."""

import json
from typing import Any

from olketanu.errors import InputError
from pages import xml

_END = b"</Description>"
_STEP = "{*}Processing"


def read_steps(head: bytes) -> dict[str, dict[str, Any]]:
    """Return the settings of every processing step (ALTO 4 Processing) by its description.

    ``head`` is a file of :func:`pages.alto.write_alto`, or its beginning with the whole
    ``Description``. Steps whose settings are no JSON object or list of pairs are left out.

    Raises:
        InputError: ``error.alto-foreign``: no whole ``Description``; those of the parser.
    """
    known, end, _ = head.partition(_END)
    if not end:
        raise InputError("error.alto-foreign", reason="Description")
    root = xml.parse(known + _END + b"</alto>")
    steps: dict[str, dict[str, Any]] = {}
    for step in root.iter(_STEP):
        try:
            found = json.loads(step.findtext("{*}processingStepSettings") or "")
            steps[step.findtext("{*}processingStepDescription") or ""] = dict(found)
        except (TypeError, ValueError):
            continue
    return steps
