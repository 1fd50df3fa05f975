"""Turns a BDF bitmap font into the glyph table that result pages are drawn with.

Usage: python3 bdf_to_glyphs.py 10x20.bdf > ../main/resources/walnut/server/results/fixed-10x20.txt

The font is "Fixed" 10x20 for ISO 8859-1 from the X.Org package font-misc-misc (file 10x20.bdf, or its PCF through
pcf2bdf). Its notice reads: "Public domain font.  Share and enjoy." A line of the table is a code point and one
hexadecimal number for each row from the top, the leftmost pixel its highest bit of `width` bits.
"""
import sys


def glyphs(lines):
    width = height = descent = 0
    code = box = rows = None
    for line in lines:
        words = line.split()
        if not words:
            continue
        if words[0] == "FONTBOUNDINGBOX":
            width, height, _, descent = (int(word) for word in words[1:5])
            yield f"# Fixed {width}x{height}, public domain (X.Org font-misc-misc); made by bdf_to_glyphs.py"
            yield f"{width} {height}"
        elif words[0] == "ENCODING":
            code = int(words[1])
        elif words[0] == "BBX":
            box = [int(word) for word in words[1:5]]
        elif words[0] == "BITMAP":
            rows = []
        elif words[0] == "ENDCHAR":
            box_width, box_height, left, bottom = box
            padded = 8 * ((box_width + 7) // 8)
            above = height + descent - (box_height + bottom)
            cell = [0] * above + [(row >> (padded - box_width)) << (width - box_width - left) for row in rows]
            cell += [0] * (height - len(cell))
            if code >= 0x20:
                yield f"{code:x} " + " ".join(f"{row:x}" for row in cell)
            rows = None
        elif rows is not None:
            rows.append(int(words[0], 16))


print("\n".join(glyphs(open(sys.argv[1], encoding="latin-1"))))
