"""The link from a record to its digital copy, field 856, and the class number of a record.

The meaning of indicator 2 differs: RUSMARC 856 has the link text in $2; MARC 21 856 41 says
"version of the resource" and has the text in $3. The digest (SHA-256) goes to $x, a note that is
not shown.
"""

from dataclasses import replace

from catalog.record import DataField, Field, Record, Subfield

_DIGEST = "sha256:"
_CLASS_TAGS = {"rusmarc": "675", "unimarc": "675", "marc21": "080"}


def copies(record: Record) -> list[str]:
    """Return the addresses of the digital copies of the record (856 $u), in order."""
    return [url for field in record.data("856") for url in field.all("u")]


def with_copy(
    record: Record, url: str, *, label: str | None = None, digest: str | None = None
) -> Record:
    """Return the record with one 856 for ``url``; the same again changes nothing.

    ``label`` is the text of the link, ``digest`` the SHA-256 of the file. An 856 of the same
    address is replaced where it stands; other links are not touched.
    """
    wanted = _link(record.format, url, label, digest)
    if any(field == wanted for field in record.fields):
        return record
    if url in copies(record):
        fields = tuple(wanted if _leads_to(f, url) else f for f in record.fields)
        return replace(record, fields=fields)
    return record.with_field(wanted)


def without_copy(record: Record, url: str) -> Record:
    """Return the record without its links to ``url``; other links are not touched."""
    fields = tuple(field for field in record.fields if not _leads_to(field, url))
    return record if len(fields) == len(record.fields) else replace(record, fields=fields)


def with_class(record: Record, number: str) -> Record:
    """Return the record with this UDC number (RUSMARC 675, MARC 21 080), unless it is there."""
    tag = _CLASS_TAGS.get(record.format, "675")
    if number in (value for field in record.data(tag) for value in field.all("a")):
        return record
    return record.with_field(DataField(tag, "  ", (Subfield("a", number),)))


def _link(form: str, url: str, label: str | None, digest: str | None) -> DataField:
    marc21 = form == "marc21"
    subfields = [Subfield("u", url)]
    if digest:
        subfields.append(Subfield("x", _DIGEST + digest))
    if label and marc21:
        subfields.insert(0, Subfield("3", label))
    elif label:
        subfields.append(Subfield("2", label))
    return DataField("856", "41" if marc21 else "4 ", tuple(subfields))


def _leads_to(field: Field, url: str) -> bool:
    return isinstance(field, DataField) and field.tag == "856" and url in field.all("u")
