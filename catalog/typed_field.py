r"""A field as a person types it: tag, indicators, text; what is written so is read back the same.

    200   1#   $aТитул $fАвтор
    001        RU\NLR\bibl\5996
    463   #0   200 1# $aТитул $v№ 40
               210 ## $d1998

An embedded field stands in a line of its own. ``#`` is a blank indicator; blanks between subfields
do not count, those that do are ``␣``. What the form uses itself stands as a mnemonic: ``{dollar}``,
or the number of the character (``{0A}``).
"""

import re
from dataclasses import dataclass

from catalog.marc.embedding import unflatten
from catalog.record import ControlField, DataField, Field, LinkField, Subfield

BLANK = "\N{OPEN BOX}"
_NO_INDICATOR = "#"
_TAG = re.compile(r"[0-9A-Za-z]{3,}")
_MNEMONIC = r"\{(?:dollar|[0-9A-F]{2,6})\}"
_KNOWN = re.compile(_MNEMONIC)
_OWN = re.compile(rf"[\x00-\x1f$]|{BLANK}|\{{(?={_MNEMONIC[2:]})")
_ENDS = re.compile(r"^ +| +$| {2,}")
_OUTER = " \t\n"
_INDICATOR = re.compile(rf"{_MNEMONIC}|.", re.DOTALL)
_EMBEDDED = re.compile(rf"(\d{{3}}) ((?:{_MNEMONIC}|[^$\s]){{2}})\s*(\$.*)?")
_EMBEDDED_CONTROL = re.compile(r"(00\d)(?: (.*))?")
_LAST = 0x10FFFF
_TWO = 2


class TypedError(ValueError):
    """A text that is no field. ``code``: tag, indicators, subfields, code or embedded."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class TypedField:
    """``indicators`` is empty for a control field; ``text`` has a line for each embedded field."""

    tag: str
    indicators: str
    text: str


def typed(field: Field) -> TypedField:
    """Return the field as it is typed."""
    if isinstance(field, ControlField):
        return TypedField(field.tag, "", blanks_out(field.data))
    head = _indicators_out(field.indicators)
    if isinstance(field, DataField):
        return TypedField(field.tag, head, _subfields_out(field))
    return TypedField(field.tag, head, "\n".join(map(_embedded_out, field.fields)))


def field_of(given: TypedField, form: str) -> Field:
    """Return the field that was typed, of a record in ``form``; TypedError where it is none.

    Embedded fields are understood also as files hold them (``$12001 $a…``).
    """
    tag, text = given.tag.strip(), given.text.replace("\r\n", "\n").strip(_OUTER)
    if not _TAG.fullmatch(tag):
        raise TypedError("tag")
    if text.startswith("$"):
        data = DataField(tag, _indicators_in(given.indicators), _subfields_in(text))
        return unflatten(data, form)
    if not given.indicators.strip() and (tag.startswith("00") or form == "irbis"):
        return ControlField(tag, _meant(text))
    embedded = [line for line in text.split("\n") if line.strip()]
    if not embedded or not embedded[0][:_TWO].isdecimal():
        raise TypedError("subfields")
    made = LinkField(tag, _indicators_in(given.indicators), tuple(map(_embedded_in, embedded)))
    if form not in ("rusmarc", "unimarc") or not (tag[0] == "4" or tag == "604"):
        raise TypedError("embedded")
    return made


def blanks_out(data: str) -> str:
    """Return a leader or the data of a control field: positions count, so every blank is seen."""
    return _escaped(data).replace(" ", BLANK)


def blanks_in(text: str) -> str:
    """Return the text of :func:`blanks_out`."""
    return _meant(text.strip(_OUTER))


def _subfields_out(field: DataField) -> str:
    return " ".join("$" + _seen(_escaped(s.code + s.value)) for s in field.subfields)


def _subfields_in(text: str) -> tuple[Subfield, ...]:
    pieces = [_meant(piece.strip(_OUTER)) for piece in text.split("$")[1:]]
    if not all(pieces):
        raise TypedError("code")
    return tuple(Subfield(piece[0], piece[1:]) for piece in pieces)


def _embedded_out(field: ControlField | DataField) -> str:
    if isinstance(field, ControlField):
        return f"{field.tag} {blanks_out(field.data)}"
    return f"{field.tag} {_indicators_out(field.indicators)} {_subfields_out(field)}".rstrip(" ")


def _embedded_in(line: str) -> ControlField | DataField:
    bare = line.strip(_OUTER)
    if control := _EMBEDDED_CONTROL.fullmatch(bare):
        return ControlField(control[1], _meant(control[2] or ""))
    found = _EMBEDDED.fullmatch(bare)
    if found is None:
        raise TypedError("embedded")
    return DataField(found[1], _indicators_in(found[2]), _subfields_in(found[3] or ""))


def _indicators_out(indicators: str) -> str:
    """``#`` is a blank, so the sign itself needs its number."""
    signs = {" ": _NO_INDICATOR, _NO_INDICATOR: "{23}"}
    return "".join(signs.get(sign) or _escaped(sign) for sign in indicators)


def _indicators_in(text: str) -> str:
    signs = [" " if sign == _NO_INDICATOR else _meant(sign) for sign in _INDICATOR.findall(text)]
    if len(signs) > _TWO:
        raise TypedError("indicators")
    return "".join(signs).ljust(_TWO)


def _seen(text: str) -> str:
    """The code, then the value with the blanks shown that would not be seen or not be kept."""
    return _ENDS.sub(lambda blanks: BLANK * len(blanks[0]), text)


def _escaped(text: str) -> str:
    return _OWN.sub(_mnemonic, text)


def _mnemonic(found: re.Match[str]) -> str:
    return "{dollar}" if found[0] == "$" else f"{{{ord(found[0]):02X}}}"


def _meant(text: str) -> str:
    return _KNOWN.sub(_sign, text.replace(BLANK, " "))


def _sign(found: re.Match[str]) -> str:
    name = found[0][1:-1]
    if name == "dollar":
        return "$"
    number = int(name, 16)
    return chr(number) if number <= _LAST and not 0xD800 <= number < 0xE000 else found[0]
