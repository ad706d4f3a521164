"""MARCXML (namespace ``http://www.loc.gov/MARC21/slim``), in and out.

Links of RUSMARC and UNIMARC are written flat, as in ISO 2709: each embedded field begins with a
subfield ``1``. What comes in is untrusted and goes through the hardened parser of ``pages.xml``.
"""

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from lxml import etree

from catalog.marc.embedding import flatten, unflatten
from catalog.marc.reading import BadRecord, ReadRecord
from catalog.record import ControlField, DataField, Field, LinkField, Record, Subfield
from olketanu.errors import InputError
from pages.xml import parse

NAMESPACE = "http://www.loc.gov/MARC21/slim"
_LEADER = 24
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def looks_like(head: bytes) -> bool:
    """Tell whether a file that begins so is XML, in UTF-8 or UTF-16."""
    return head.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<")


def write(records: Iterable[Record]) -> Iterator[bytes]:
    """Yield the records as one MARCXML collection in UTF-8.

    InputError ``error.marcxml-control`` where data hold a character that XML 1.0 does not allow.
    """
    # The stubs of lxml know no default namespace; lxml itself does.
    root = etree.Element(_name("collection"), nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    for record in records:
        _record_out(root, record)
    body: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    yield body


def read(
    stream: BinaryIO, form: str = "rusmarc", charset: str = "utf-8"
) -> Iterator[ReadRecord | BadRecord]:
    """Yield every record of a MARCXML file, with or without the namespace, in its order.

    InputError (``error.xml-…``) when the file is no XML or declares a document type. A record that
    cannot be understood becomes a :class:`BadRecord` whose offset is its number in the file.
    """
    root = parse(stream.read())
    elements = [root] if _local(root) == "record" else root.iter("{*}record")
    for number, element in enumerate(elements, 1):
        raw = etree.tostring(element)
        try:
            yield ReadRecord(number, raw, _record_in(element, form), charset)
        except ValueError:
            yield BadRecord(number, "bad-record", raw)


def _name(local: str) -> str:
    return f"{{{NAMESPACE}}}{local}"


def _local(element: etree._Element) -> str:
    return str(etree.QName(element).localname)


def _record_out(root: etree._Element, record: Record) -> None:
    element = etree.SubElement(root, _name("record"))
    charset = "a" if record.format == "marc21" else " "
    leader = record.leader.ljust(_LEADER)
    etree.SubElement(element, _name("leader")).text = leader[:9] + charset + leader[10:]
    for field in record.fields:
        _field_out(element, field, record)


def _field_out(parent: etree._Element, field: Field, record: Record) -> None:
    if isinstance(field, ControlField):
        element = etree.SubElement(parent, _name("controlfield"), tag=field.tag)
        element.text = _clean(field.data, record, field.tag)
        return
    marks = {"tag": field.tag, "ind1": field.indicators[0], "ind2": field.indicators[1]}
    element = etree.SubElement(parent, _name("datafield"), marks)
    subfields = flatten(field) if isinstance(field, LinkField) else field.subfields
    for subfield in subfields:
        child = etree.SubElement(element, _name("subfield"), code=subfield.code)
        child.text = _clean(subfield.value, record, field.tag)


def _clean(text: str, record: Record, tag: str) -> str:
    if _NOT_XML.search(text):
        raise InputError("error.marcxml-control", record=record.control_number or "?", field=tag)
    return text


def _record_in(element: etree._Element, form: str) -> Record:
    leader = ""
    fields: list[Field] = []
    for child in element:
        kind = _local(child)
        if kind == "leader":
            leader = child.text or ""
        elif kind == "controlfield":
            fields.append(ControlField(child.get("tag", ""), child.text or ""))
        elif kind == "datafield":
            fields.append(_data_field(child, form))
    return Record(form, leader.ljust(_LEADER), tuple(fields))


def _data_field(element: etree._Element, form: str) -> Field:
    indicators = element.get("ind1", " ").ljust(1) + element.get("ind2", " ").ljust(1)
    subfields = tuple(
        Subfield(child.get("code", " "), child.text or "") for child in element.iter("{*}subfield")
    )
    return unflatten(DataField(element.get("tag", ""), indicators, subfields), form)
