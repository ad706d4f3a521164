"""Records as XML elements, for MARCXML and MARCXchange alike, streamed both ways.

The file is fed to the hardened parser of ``pages.xml`` up to the end of each record, so that a
record that is no XML costs only itself: the parser begins anew behind it. Done records leave the
tree, so that memory does not grow with the file.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from lxml import etree

from catalog.marc.embedding import flat, flatten, unflatten
from catalog.marc.reading import BadRecord, ReadRecord
from catalog.marc.stream import cut
from catalog.record import ControlField, DataField, Field, LinkField, Record, Subfield
from olketanu.errors import InputError
from pages.xml import has_doctype, is_clean, pull_parser

_LEADER = 24
_TWO = 2
_RECORD = "{*}record"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_ROOT = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?<[^?!][^>]*>")
_START = re.compile(rb"<(?:[\w.-]{1,64}:)?record[\s/>]")
_END = re.compile(rb"</(?:[\w.-]{1,64}:)?record\s{0,64}>|(?=<(?:[\w.-]{1,64}:)?record[\s>])")
_CLOSED = re.compile(rb"</(?:[\w.-]{1,64}:)?record\s{0,64}>")
_CLOSING = re.compile(rb"(?:\s|</[\w.:-]+\s*>)*")
_PARTS = frozenset({"leader", "controlfield", "datafield"})


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a form of XML writes: ``root`` holds all records; ``nested`` keeps links as ``s1``.

    ``marks`` are attributes of every record by name, ``{format}`` in them the record's format.
    """

    namespace: str
    nested: bool = False
    marks: tuple[tuple[str, str], ...] = ()


def write(records: Iterable[Record], dialect: Dialect) -> Iterator[bytes]:
    """Yield one collection in UTF-8, a record a piece.

    InputError ``error.marcxml-control`` where data hold a character that XML 1.0 does not allow;
    ``error.link-nested`` unless the dialect nests.
    """
    # Every record is a tree of its own; its namespace is declared by the root already.
    declared = f' xmlns="{dialect.namespace}"'.encode()
    yield b"<?xml version='1.0' encoding='UTF-8'?>\n<collection" + declared + b">\n"
    for record in records:
        element = _record_out(record, dialect)
        etree.indent(element, level=1)
        data: bytes = etree.tostring(element, encoding="UTF-8", xml_declaration=False)
        yield b"  " + data.replace(declared, b"", 1) + b"\n"
    yield b"</collection>\n"


def read(stream: BinaryIO, form: str) -> Iterator[ReadRecord | BadRecord]:
    """Yield every record in its order, numbered from 1, with its element as canonical XML.

    With or without a namespace, alone or in any wrapper (OAI-PMH). Bad are records that are no XML
    (``bad-xml``), have no shape of MARC (``bad-record``) or no end (``torn``). InputError
    ``error.xml-unreadable`` where the file holds no record and is no XML, ``error.xml-doctype``
    where it declares a document type.
    """
    number = 0
    for found in _Pulled(stream):
        number += 1
        if isinstance(found, BadRecord):
            yield BadRecord(number, found.reason, found.raw)
            continue
        try:
            raw = etree.tostring(found, method="c14n", exclusive=True, with_tail=False)
        except etree.C14NError:  # a namespace that is no whole URI
            raw = etree.tostring(found, encoding="UTF-8", with_tail=False)
        try:
            yield ReadRecord(number, raw, record_in(found, form))
        except ValueError:
            yield BadRecord(number, "bad-record", raw)


def record_in(element: etree._Element, form: str) -> Record:
    """Return the record of an element; ValueError where it has no shape of MARC."""
    leader = ""
    fields: list[Field] = []
    for child in element:
        kind = _local(child)
        if kind == "leader":
            # UNISlim has an element for each position; what stands between them is layout.
            leader = "".join(part.text or "" for part in child) or child.text or ""
        elif kind == "controlfield":
            fields.append(ControlField(child.get("tag", ""), child.text or ""))
        elif kind == "datafield":
            fields.append(_field_in(child, form))
    return Record(form, leader.ljust(_LEADER), tuple(fields))


class _Pulled:
    """Elements of records as they end, and BadRecords (offset 0) for what the parser refuses."""

    def __init__(self, stream: BinaryIO) -> None:
        self._pieces = cut(stream, _END)
        self._parser: etree.XMLPullParser | None = pull_parser(_RECORD)
        self._before = b""  # what stands before the first record: the wrapper's start
        self._held = bytearray()  # since the last record ended
        self._waiting = False  # … and a record has ended in it that the parser has not seen end
        self._mended = False

    def __iter__(self) -> Iterator[etree._Element | BadRecord]:
        first = next(self._pieces, b"")
        self._before = _wrapper(first)
        yield from self._fed(first)
        for piece in self._pieces:
            yield from self._fed(piece)
        yield from self._closed()

    def _fed(self, piece: bytes) -> Iterator[etree._Element | BadRecord]:
        # A quotation mark that does not close lets the parser wait for ever.
        waiting, start = self._waiting, _START.search(piece)
        self._held += piece
        self._waiting = waiting or _CLOSED.search(piece) is not None
        if waiting and start:
            yield from self._failed()
            return
        if self._parser is None:
            if start is None:
                return
            piece = self._begin(piece[start.start() :])
        failed = self._feed(piece)
        yield from self._ended()
        if failed:
            yield from self._failed()

    def _begin(self, piece: bytes) -> bytes:
        """Take a new parser; behind a bad record the wrapper is open again, as at first."""
        self._parser, self._mended = pull_parser(_RECORD), True
        return self._before + piece

    def _feed(self, piece: bytes) -> bool:
        try:
            if self._parser is not None:
                self._parser.feed(piece)
        except etree.XMLSyntaxError:
            return True
        return False

    def _ended(self) -> Iterator[etree._Element | BadRecord]:
        events: Iterator[tuple[str, Any]] = self._parser.read_events() if self._parser else iter(())
        for _, element in events:
            self._hold(b"")
            if has_doctype(element):
                raise InputError("error.xml-doctype", name="")
            outer = element.getparent()
            if outer is not None and _is_marc(outer):
                self._mended = True
                yield BadRecord(0, "torn", _taken_apart(outer, element))
            if _is_marc(element) or not len(element):
                yield element
            elif element.find(".//{*}record") is None and element.find("{*}header") is None:
                yield BadRecord(0, "bad-record", etree.tostring(element, with_tail=False))
            _leave(element)

    def _failed(self) -> Iterator[etree._Element | BadRecord]:
        held = bytes(self._held)
        *_, last = [0, *(found.start() for found in _START.finditer(held))]
        front, rest = held[:last], held[last:]
        # Where one record has lost its end, or something stands between two, the next is whole.
        if front.strip() and not self._feed_anew(rest):
            self._hold(rest)
            yield BadRecord(0, "bad-xml", front)
            yield from self._ended()
            return
        # Behind a record that was bad the wrapper does not close as it should; nothing is lost.
        if not self._mended or not _CLOSING.fullmatch(held):
            yield BadRecord(0, "bad-xml", held)
        self._parser, self._mended = None, True
        self._hold(b"")

    def _hold(self, piece: bytes) -> None:
        self._held = bytearray(piece)
        self._waiting = _CLOSED.search(piece) is not None

    def _feed_anew(self, piece: bytes) -> bool:
        return self._feed(self._begin(piece))

    def _closed(self) -> Iterator[etree._Element | BadRecord]:
        try:
            if self._parser is not None:
                self._parser.close()
        except etree.XMLSyntaxError:
            if not self._mended or not _CLOSING.fullmatch(self._held):
                yield BadRecord(0, "torn", bytes(self._held))
            return
        yield from self._ended()
        if self._parser is None and not _CLOSING.fullmatch(self._held):
            yield BadRecord(0, "bad-xml", bytes(self._held))


def _wrapper(first: bytes) -> bytes:
    """Return what stands before the first record; InputError where the file cannot be taken."""
    start = _START.search(first)
    before = first[: start.start()] if start else first
    if b"<!DOCTYPE" in before:
        raise InputError("error.xml-doctype", name="")
    root = _ROOT.match(before)
    if root is None and start is None and not before.startswith(_UTF16):
        raise InputError("error.xml-unreadable", name="", reason="no element")
    return root[0] if root and not start else before


def _is_marc(element: etree._Element) -> bool:
    return _local(element) == "record" and any(_local(child) in _PARTS for child in element)


def _taken_apart(outer: etree._Element, inner: etree._Element) -> bytes:
    """Return what a record without an end holds before the next; it is emptied but for that."""
    held = [child for child in outer if child is not inner]
    raw = b"".join(etree.tostring(child, with_tail=False) for child in held)
    for child in held:
        outer.remove(child)
    return raw


def _leave(element: etree._Element) -> None:
    """Take a done record, and what stands before it, out of the tree."""
    element.clear()
    outer = element.getparent()
    while outer is not None and element.getprevious() is not None:
        del outer[0]


def _local(element: etree._Element) -> str:
    return str(etree.QName(element).localname)


def _field_in(element: etree._Element, form: str) -> Field:
    tag = element.get("tag", "")
    indicators = element.get("ind1", " ").ljust(1) + element.get("ind2", " ").ljust(1)
    linked = [_embedded_in(child) for child in element.iterfind("{*}s1")]
    if linked and all(_local(child) == "s1" for child in element):
        return LinkField(tag, indicators, tuple(f for part in linked for f in part))
    subfields: list[Subfield] = []
    for child in element:
        if _local(child) == "subfield":
            subfields.append(_subfield_in(child))
        elif _local(child) == "s1":
            subfields += flatten(LinkField(tag, indicators, tuple(_embedded_in(child))))
    return unflatten(DataField(tag, indicators, tuple(subfields)), form)


def _embedded_in(element: etree._Element) -> list[ControlField | DataField]:
    """The fields of an ``s1``; a link within a link stands flat, for a record has one depth."""
    found: list[ControlField | DataField] = []
    for child in element:
        if _local(child) == "controlfield":
            found.append(ControlField(child.get("tag", ""), child.text or ""))
        elif _local(child) == "datafield":
            field = _field_in(child, "")
            if isinstance(field, LinkField):
                field = DataField(field.tag, field.indicators, flatten(field))
            found.append(field)
    return found


def _subfield_in(element: etree._Element) -> Subfield:
    code = element.get("code", " ")
    if len(code) != 1:
        raise ValueError(code)
    return Subfield(code, element.text or "")


def _record_out(record: Record, dialect: Dialect) -> etree._Element:
    space = dialect.namespace
    # The stubs of lxml know no default namespace; lxml itself does.
    root = etree.Element(f"{{{space}}}record", nsmap={None: space})  # type: ignore[dict-item]
    for name, value in dialect.marks:
        root.set(name, value.format(format=record.format.upper()))
    charset = "a" if record.format == "marc21" else " "
    leader = record.leader.ljust(_LEADER)
    text = _clean(leader[:9] + charset + leader[10:], record, "leader")
    etree.SubElement(root, f"{{{space}}}leader").text = text
    for field in record.fields:
        nests = dialect.nested and isinstance(field, LinkField) and field.fields
        _field_out(root, field if nests else flat(field, record), record)
    return root


def _field_out(parent: etree._Element, field: Field, record: Record) -> None:
    space = etree.QName(parent).namespace
    tag = _clean(field.tag, record, field.tag)
    if isinstance(field, ControlField):
        element = etree.SubElement(parent, f"{{{space}}}controlfield", tag=tag)
        element.text = _clean(field.data, record, tag)
        return
    both = _clean(field.indicators, record, tag)
    marks = {"tag": tag, "ind1": both[0], "ind2": both[1]}
    element = etree.SubElement(parent, f"{{{space}}}datafield", marks)
    if isinstance(field, LinkField):
        for inner in field.fields:
            _field_out(etree.SubElement(element, f"{{{space}}}s1"), inner, record)
        return
    for subfield in field.subfields:
        code = _clean(subfield.code, record, tag)
        child = etree.SubElement(element, f"{{{space}}}subfield", code=code)
        child.text = _clean(subfield.value, record, tag)


def _clean(text: str, record: Record, tag: str) -> str:
    if not is_clean(text):
        raise InputError("error.marcxml-control", record=record.control_number or "?", field=tag)
    return text
