"""Structure: a record against the schema of its format."""

from collections.abc import Iterator

from catalog.place import LEADER, Place
from catalog.quality.finding import Hit
from catalog.quality.rule import Rule
from catalog.quality.schema import FieldSchema, Schema, TextSchema, schema_of
from catalog.quality.selector import Selector, selector_of
from catalog.quality.subject import Subject
from catalog.record import ControlField, DataField, Field, LinkField

KINDS = (
    *("unknown-field", "field-repeated", "field-kind", "indicator"),
    *("unknown-subfield", "subfield-repeated", "length", "position", "shape"),
)
_Found = tuple[str, Hit]


def structure(subject: Subject, rule: Rule) -> Iterator[Hit]:
    """What the schema does not allow, of the ``kind`` that the rule names (one of ``KINDS``)."""
    found = subject.once("structure", _of_record)
    return (hit for kind, hit in found if kind == rule.params["kind"])


def _of_record(subject: Subject) -> tuple[_Found, ...]:
    """Every departure from the schema: looked for once, though many rules ask."""
    return tuple(_departures(subject, schema_of(subject.form)))


def _departures(subject: Subject, schema: Schema) -> Iterator[_Found]:
    yield from _text(Place(LEADER), subject.record.leader, schema.fields[LEADER].text)
    seen: dict[str, int] = {}
    for field in subject.record.fields:
        n = seen[field.tag] = seen.get(field.tag, 0) + 1
        yield from _field(subject, schema, field, Place(field.tag, n))


def _field(subject: Subject, schema: Schema, field: Field, place: Place) -> Iterator[_Found]:
    known = schema.fields.get(field.tag)
    if known is None:
        if place.n == 1 and not (schema.is_local(field.tag) or _is_own(subject, field, place)):
            yield "unknown-field", Hit(place, {"tag": field.tag})
        return
    if place.n > 1 and not known.repeatable:
        yield "field-repeated", Hit(place, {"tag": field.tag})
    if isinstance(field, ControlField):
        yield from _text(place, field.data, known.text) if not known.subfields else _kind(place)
    elif not known.subfields:
        yield from _kind(place)
    else:
        yield from _indicators(place, field, known)
        if isinstance(field, LinkField):
            yield from _embedded(subject, schema, field, place)
        else:
            yield from _subfields(subject, place, field, known)


def _local(subject: Subject) -> Selector:
    """Fields and subfields that the library calls its own."""
    return selector_of(subject.around.local, subject.form)


def _is_own(subject: Subject, field: Field, place: Place) -> bool:
    """Whether the field is the library's own, or any subfield of it is."""
    own = _local(subject)
    codes = [one.code for one in field.subfields] if isinstance(field, DataField) else []
    return any(own.means(place.host, field.tag, code) for code in ("", *codes))


def _kind(place: Place) -> Iterator[_Found]:
    yield "field-kind", Hit(place, {"tag": place.tag})


def _indicators(place: Place, field: DataField | LinkField, known: FieldSchema) -> Iterator[_Found]:
    for number, (sign, allowed) in enumerate(
        zip(field.indicators, known.indicators, strict=True), 1
    ):
        if sign not in allowed:
            facts = {"number": str(number), "value": sign.replace(" ", "␣"), "allowed": allowed}
            yield "indicator", Hit(place, facts)


def _embedded(subject: Subject, schema: Schema, field: LinkField, place: Place) -> Iterator[_Found]:
    """Embedded fields by the schema of their own tags; indicators are often left out there."""
    seen: dict[str, int] = {}
    for one in field.fields:
        n = seen[one.tag] = seen.get(one.tag, 0) + 1
        where = Place(one.tag, n, host=place.tag, host_n=place.n)
        for kind, hit in _field(subject, schema, one, where):
            if kind not in ("indicator", "field-repeated"):
                yield kind, hit


def _subfields(
    subject: Subject, place: Place, field: DataField, known: FieldSchema
) -> Iterator[_Found]:
    if known.embedded:  # links in the plain technique: $t $v $d … instead of $1
        return
    seen: dict[str, int] = {}
    for subfield in field.subfields:
        code = subfield.code
        n = seen[code] = seen.get(code, 0) + 1
        allowed = known.subfields.get(code)
        where = Place(place.tag, place.n, code, n, place.host, place.host_n)
        if allowed is None:
            # $9 is a library's own, as fields with a 9 are.
            if code != "9" and not _local(subject).means(place.host, place.tag, code):
                yield "unknown-subfield", Hit(where, {"code": code})
            continue
        if n == 2 and not allowed.repeatable:
            yield "subfield-repeated", Hit(where, {"code": code})
        if not allowed.free:
            yield from _text(where, subfield.value, allowed)


def _text(place: Place, text: str, allowed: TextSchema) -> Iterator[_Found]:
    if allowed.length and len(text) != allowed.length:
        facts = {"value": str(len(text)), "meant": str(allowed.length)}
        yield "length", Hit(place, facts)
        return
    if allowed.pattern is not None and not allowed.pattern.fullmatch(text):
        yield "shape", Hit(place, {"value": text})
    for position in allowed.positions:
        if not position.allows(text):
            part = text[position.start : position.end].replace(" ", "␣")
            yield "position", Hit(place, {"value": part, "position": str(position.start)})
