"""Pictures of our own as SVG: text that is measured and wrapped, boxes, lines. Nothing here knows what is drawn.

Text is set in Liberation Sans, Arial or Helvetica, whose letters are equally wide, and each line says how wide it is: where
none of them is installed the letters of another font are drawn as narrow as these, so that a picture breaks its lines in the
same places, and no word runs into its neighbour, in every browser, in PNG and in PDF.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from xml.sax.saxutils import escape as xml

from cx.ui.text import clean

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
_NARROW = {c: w for w, letters in ((222, "ijl'|\u2018\u2019\u0142\u0131"), (278, " !,./:;I[]\\ft\u00b7"), (333, "()-r`\u2013\u201c\u201d\u201e{}"), (350, "\u2022"), (389, "*\""), (500, "ckssvxyzJ"), (584, "+<=>~\u00d7\u2212"),
           (611, "FTZ\u00df\u00f8"), (667, "ABEKPSVXY&"), (722, "CDHNRUw"), (778, "GOQ\u00d8"), (833, "mM"), (889, "%\u00e6\u0153"), (944, "W"), (1000, "\u2026\u2014\u2192\u00c6\u0152"), (1015, "@")) for c in letters}  # fmt: skip


def width(text: str, size: float, bold: bool = False) -> float:
    """Pixels a line of text takes. Letters outside the Latin alphabet count as wide as an average capital."""
    units = sum(_units(c) or (1000 if ord(c) > 0x2E80 else 640) for c in text)
    return units * size / 1000 * (1.07 if bold else 1.0)


@lru_cache(maxsize=4096)
def _units(letter: str) -> int:
    """How wide a letter is in thousandths of the size, one with an accent as wide as without; 0 where it is not known."""
    plain = letter if letter in _NARROW else unicodedata.normalize("NFD", letter)[0]
    return _NARROW.get(plain, 556 if plain.isascii() or "\u00c0" <= plain <= "\u024f" else 0)


def _fitted(words: str, size: float, bold: bool) -> str:
    """The attribute that holds a line to its measured width, in whatever font it is drawn; nothing where a letter's is not known."""
    if len(words.strip()) < 4 or not all(map(_units, words)):
        return ""
    return f' textLength="{width(words, size, bold):.1f}" lengthAdjust="spacingAndGlyphs"'


def wrap(text: object, room: float, size: float, bold: bool = False, most: int = 0) -> list[str]:
    """The text broken into lines that fit `room`, at most `most` of them, the last then ending in an ellipsis.

    A word longer than a line is broken. Line feeds of the text stay.

    >>> " ".join(wrap("to be or not to be", 60, 12))
    'to be or not to be'
    """
    lines: list[str] = []
    for paragraph in clean(text).split("\n"):
        line = ""
        for word in paragraph.split():
            while width(word, size, bold) > room and len(word) > 1:
                fits = next((k for k in range(len(word) - 1, 1, -1) if width(word[:k] + "-", size, bold) <= room), 1)
                if line:
                    lines.append(line)
                line = ""
                lines.append(word[:fits] + "-")
                word = word[fits:]
            wider = f"{line} {word}".strip()
            if line and width(wider, size, bold) > room:
                lines.append(line)
                line = word
            else:
                line = wider
        if line:
            lines.append(line)
    if most and len(lines) > most:
        last = lines[most - 1]
        while last and width(last + "\u2026", size, bold) > room:
            last = last[:-1]
        lines = [*lines[: most - 1], last.rstrip() + "\u2026"]
    return lines


def text(x: float, y: float, words: object, size: float, fill: str, *, bold: bool = False, italic: bool = False, anchor: str = "start", halo: str = "") -> str:
    """One line of text whose baseline is at y; with `halo` it stands out from what lies below it by a rim of that colour."""
    style = (' font-weight="700"' if bold else "") + (' font-style="italic"' if italic else "") + (f' text-anchor="{anchor}"' if anchor != "start" else "")
    style += f' stroke="{halo}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"' if halo else ""
    said = _legal(words)
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{fill}"{style}{_fitted(said, size, bold)}>{xml(said)}</text>'


def lines(x: float, y: float, rows: Iterable[str], size: float, fill: str, leading: float, *, bold: bool = False, italic: bool = False) -> str:
    """Lines below each other, the first with its baseline at y."""
    return "".join(text(x, y + i * leading, row, size, fill, bold=bold, italic=italic) for i, row in enumerate(rows))


def box(x: float, y: float, w: float, h: float, fill: str, *, stroke: str = "none", radius: float = 0, wide: float = 1) -> str:
    """A rectangle."""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(w, 0):.1f}" height="{max(h, 0):.1f}" rx="{radius:g}" fill="{fill}" stroke="{stroke}" stroke-width="{wide:g}"/>'


def rule(x1: float, y1: float, x2: float, y2: float, stroke: str, wide: float = 1, dash: str = "") -> str:
    """A straight line."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{stroke}" stroke-width="{wide:g}"{dashed}/>'


def dot(x: float, y: float, radius: float, fill: str, stroke: str = "none", wide: float = 1) -> str:
    """A circle."""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="{fill}" stroke="{stroke}" stroke-width="{wide:g}"/>'


def smooth(points: Sequence[tuple[float, float]]) -> str:
    """A path through the points that leaves and enters each level, so that it never swings beyond them."""
    if not points:
        return ""
    out = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        half = (x1 - x0) / 2
        out += f"C{x0 + half:.1f} {y0:.1f} {x1 - half:.1f} {y1:.1f} {x1:.1f} {y1:.1f}"
    return out


def path(d: str, *, stroke: str = "none", fill: str = "none", wide: float = 1, dash: str = "", opacity: float = 1) -> str:
    """A path."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="{d}" fill="{fill}" stroke="{stroke}" stroke-width="{wide:g}" stroke-linecap="round"{dashed} opacity="{opacity:g}"/>'


def document(w: float, h: float, body: Iterable[str], ground: str, title: str, description: str = "") -> str:
    """The whole picture, with its title and description for those who cannot see it."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{w:.0f}" height="{h:.0f}" viewBox="0 0 {w:.0f} {h:.0f}" font-family="{FONT}" role="img">'
    said = f"<title>{xml(_legal(title))}</title>" + (f"<desc>{xml(_legal(description))}</desc>" if description else "")
    return head + said + box(0, 0, w, h, ground) + "".join(body) + "</svg>"


def _legal(words: object) -> str:
    """The words without what XML cannot hold."""
    return "".join(c for c in clean(words) if c in "\t\n" or (ord(c) >= 0x20 and not 0xD800 <= ord(c) <= 0xDFFF and c not in "\ufffe\uffff"))
