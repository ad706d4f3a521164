"""The correction sheet as one HTML file for paper: own style, no script, nothing from outside."""

from collections.abc import Iterator
from html import escape

from catalog.comparison.contrast import Part, contrast
from olketanu.messages.translate import language, translate
from workflow.delta.sheet import Entry, Line, Sheet, columns

_STYLE = (
    "@page{size:A4 landscape;margin:12mm 12mm 14mm}"
    "body{font:10.5pt/1.35 'Noto Sans','DejaVu Sans',Arial,sans-serif;color:#111;background:#fff;"
    "max-width:273mm;margin:1rem auto;padding:0 1rem}h1{font-size:15pt;margin:0 0 .2rem}"
    "p{margin:.2rem 0}.s{color:#444}table{border-collapse:collapse;width:100%;margin:.6rem 0;"
    "table-layout:fixed}th,td{border:.4pt solid #777;padding:1.2mm 1.6mm;vertical-align:top;"
    "text-align:left;overflow-wrap:anywhere;white-space:pre-line}thead th{background:#eee;"
    "font-size:9pt}thead{display:table-header-group}tr,tbody{break-inside:avoid}"
    "tbody th{background:#f6f6f6;font-weight:normal;break-after:avoid}tbody th b{margin-right:3mm}"
    ".t{text-align:center;font-size:15pt;line-height:1}.c{font:8pt monospace;color:#666}"
    "ins{font-weight:bold;text-decoration:underline}del{text-decoration:underline dotted}"
    ".e{display:flex;gap:12mm;margin-top:8mm}.e span{flex:1;border-top:.4pt solid #111}"
    "@media print{body{margin:0;padding:0;max-width:none}"
    "thead th,tbody th{print-color-adjust:exact}}"
)
_WIDTHS = {
    **{"field": 6, "action": 10, "was": 21, "now": 21},
    **{"done": 10, "cannot": 10, "note": 13, "code": 9},
}
_BOX = '<td class="t">\N{BALLOT BOX}</td>'


def html_sheet(sheet: Sheet) -> bytes:
    """Return the whole file: a head row a record, under it a row a correction."""
    head = f"<h1>{_text(sheet.heading)}</h1><p>{_text(sheet.subject)}</p>"
    body = "\n".join(_record(entry) for entry in sheet.entries)
    shown = [column for column in columns() if column.code not in ("number", "title")]
    widths = "".join(f'<col style="width:{_WIDTHS[one.code]}%">' for one in shown)
    headings = "".join(f"<th>{_text(one.heading)}</th>" for one in shown)
    table = f"<table><colgroup>{widths}</colgroup><thead><tr>{headings}</tr></thead>\n{body}\n"
    legend = f'</table>\n<p class="s">{_text(sheet.legend)}</p>'
    signed = "".join(f"<span>{_text(translate(f'delta.{key}'))}</span>" for key in ("by", "on"))
    style = f'<meta charset="utf-8"><title>{_text(sheet.heading)}</title><style>{_STYLE}</style>'
    text = (
        f'<!DOCTYPE html>\n<html lang="{language()}"><head>{style}</head><body>\n'
        f'{head}\n{table}{legend}\n<div class="e">{signed}</div>\n</body></html>\n'
    )
    return text.encode()


def _record(entry: Entry) -> str:
    number = _text(entry.number or translate("delta.no-number"))
    head = f'<tr><th colspan="8"><b>{number}</b>{_text(entry.title)}</th></tr>'
    return f"<tbody>{head}{''.join(_row(line) for line in entry.lines)}</tbody>"


def _row(line: Line) -> str:
    was, now = contrast(line.was, line.now)
    told = f"<td>{_text(line.field)}</td><td>{_text(line.action)}</td>"
    texts = f"<td>{_marked(was, 'del')}</td><td>{_marked(now, 'ins')}</td>"
    end = f'<td>{_text(line.note)}</td><td class="c">{_text(line.code)}</td>'
    return f"<tr>{told}{texts}{_BOX}{_BOX}{end}</tr>"


def _marked(parts: tuple[Part, ...], tag: str) -> str:
    return "".join(_part(part, tag) for part in parts)


def _part(part: Part, tag: str) -> str:
    return f"<{tag}>{_text(part.text)}</{tag}>" if part.changed else _text(part.text)


def _text(text: str) -> str:
    return escape("".join(_printable(text)))


def _printable(text: str) -> Iterator[str]:
    return (sign if sign.isprintable() or sign in "\n\t" else "\ufffd" for sign in text)
