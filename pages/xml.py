"""The one XML parser of the program: no entities, no network, no DOCTYPE, no giant trees.

Files from outside (MARCXML, ALTO of other programs) and our own files are read by the same rules.
"""

from lxml import etree

from olketanu.errors import InputError


def parser() -> etree.XMLParser:
    """Return a new parser that resolves no entity, opens no address and refuses giant trees.

    A parser alone cannot refuse a DOCTYPE; :func:`parse` does.
    """
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def parse(data: bytes, name: str = "") -> etree._Element:
    """Return the root element of ``data``; ``name`` is the file as a person knows it.

    InputError ``error.xml-unreadable`` when the text is not well-formed, too deep or too large for
    libxml2's limits; ``error.xml-doctype`` when it declares a document type (entities, a DTD).
    """
    if b"<!DOCTYPE" in data[:4096]:
        raise InputError("error.xml-doctype", name=name)
    try:
        root = etree.fromstring(data, parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InputError("error.xml-unreadable", name=name, reason=str(error)) from error
    # UTF-16 hides the word from the search above.
    if root.getroottree().docinfo.internalDTD is not None:
        raise InputError("error.xml-doctype", name=name)
    return root
