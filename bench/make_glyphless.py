"""Make ``digitize/output/pdf/glyphless.ttf``: the font of a PDF's invisible text (needs fontTools).

Two empty glyphs: .notdef, which PDF/A forbids to show, and one of half an em that stands for every
character. Run it again only to change the font: ``python bench/make_glyphless.py``.
"""

from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib.tables._g_l_y_f import Glyph

TARGET = Path(__file__).parents[1] / "digitize" / "output" / "pdf" / "glyphless.ttf"
EM, ADVANCE, ASCENT, DESCENT = 1000, 500, 800, -200
_KEPT = ("head", "hhea", "maxp", "hmtx", "loca", "glyf")  # ISO 32000-1 §9.9, CIDFontType2


def main() -> None:
    """Write the font; the same bytes every time."""
    builder = FontBuilder(EM, isTTF=True)
    builder.setupGlyphOrder([".notdef", "blank"])
    builder.setupCharacterMap({})
    builder.setupGlyf({".notdef": Glyph(), "blank": Glyph()})
    builder.setupHorizontalMetrics({".notdef": (ADVANCE, 0), "blank": (ADVANCE, 0)})
    builder.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
    builder.updateHead(created=0, modified=0)
    font = builder.font
    font.recalcTimestamp = False
    for tag in [tag for tag in font.keys() if tag not in (*_KEPT, "GlyphOrder")]:  # noqa: SIM118 - TTFont cannot be iterated
        del font[tag]
    font.save(TARGET)
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
