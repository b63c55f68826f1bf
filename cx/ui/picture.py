"""Our own drawings: SVG built here, shown as an image, so that nothing in it can run and no text of it is read as markup."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

import streamlit as st

from cx.ui import breadth
from cx.ui.palette import palette
from cx.ui.text import clean

FONT = "Source Sans, Source Sans Pro, Helvetica, Arial, sans-serif"


@dataclass
class Drawing:
    """An SVG in the making, `width` by `height`; every text is escaped on the way in."""

    width: float
    height: float
    parts: list[str] = field(default_factory=list)

    def text(
        self, x: float, y: float, words: str, *, size: float = 12, colour: str = "", anchor: str = "start", weight: int = 400, italic: bool = False
    ) -> None:
        """One line of text; `y` is its baseline."""
        style = ' font-style="italic"' if italic else ""
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" text-anchor="{anchor}" font-weight="{weight}" fill={quoteattr(colour or palette().text)}{style}>'
            f"{escape(clean(words))}</text>"
        )

    def lines(self, x: float, y: float, words: str, *, chars: int, most: int = 3, size: float = 12, colour: str = "", anchor: str = "start", weight: int = 400) -> float:
        """Text wrapped to so many characters a line; returns the y below the last line."""
        found = wrapped(words, chars, most)
        for i, line in enumerate(found):
            self.text(x, y + i * size * 1.25, line, size=size, colour=colour, anchor=anchor, weight=weight)
        return y + len(found) * size * 1.25

    def box(self, x: float, y: float, w: float, h: float, *, fill: str, stroke: str = "none", radius: float = 4, dash: str = "", width: float = 1) -> None:
        """A rectangle."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" rx="{radius:g}" fill={quoteattr(fill)} stroke={quoteattr(stroke)} stroke-width="{width:g}"{dashed}/>'
        )

    def line(self, x1: float, y1: float, x2: float, y2: float, *, colour: str, width: float = 1.2, dash: str = "") -> None:
        """A straight line."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke={quoteattr(colour)} stroke-width="{width:.2f}"{dashed}/>')

    def path(self, d: str, *, colour: str, width: float = 1.2, dash: str = "", opacity: float = 1) -> None:
        """A curve, without a fill."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(f'<path d={quoteattr(d)} fill="none" stroke={quoteattr(colour)} stroke-width="{width:.2f}" opacity="{opacity:g}"{dashed}/>')

    def tip(self, x: float, y: float, dx: float, dy: float, *, colour: str, size: float = 6) -> None:
        """An arrow head at (x, y) that points along (dx, dy)."""
        length = (dx * dx + dy * dy) ** 0.5 or 1.0
        ux, uy = dx / length, dy / length
        a, b = (x - size * ux - size * 0.5 * uy, y - size * uy + size * 0.5 * ux), (x - size * ux + size * 0.5 * uy, y - size * uy - size * 0.5 * ux)
        self.parts.append(f'<polygon points="{x:.1f},{y:.1f} {a[0]:.1f},{a[1]:.1f} {b[0]:.1f},{b[1]:.1f}" fill={quoteattr(colour)}/>')

    def svg(self) -> str:
        """The finished file, on the ground of the present theme so that a saved copy reads alone."""
        ground = f'<rect width="100%" height="100%" fill={quoteattr(palette().ground)}/>'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width:.0f}" height="{self.height:.0f}" viewBox="0 0 {self.width:.0f} {self.height:.0f}" '
            f"font-family={quoteattr(FONT)}>{ground}{''.join(self.parts)}</svg>"
        )


def letters(width: float, size: float, weight: int = 400) -> int:
    """How many letters stand in a width, in the broadest of the fonts that a browser may take for a drawing.

    >>> letters(110, 12, 600), letters(110, 12)
    (13, 15)
    """
    return int(width / (size * (0.68 if weight >= 600 else 0.6)))


def wrapped(words: str, chars: int, most: int = 3) -> list[str]:
    """Lines of at most so many characters; what does not fit ends in an ellipsis."""
    found = textwrap.wrap(clean(words), max(chars, 4)) or [""]
    if len(found) > most:
        found = [*found[: most - 1], found[most - 1][: max(chars - 1, 1)].rstrip() + "…"]
    return found


def show(drawing: Drawing, key: str, alt: str, *, width: str | int = "stretch") -> None:
    """Show a drawing as an image, with a button to keep it as a file."""
    svg = drawing.svg()
    with breadth.at_least(breadth.drawn(svg)):
        st.image(svg, alt=clean(alt), width=width)  # type: ignore[arg-type]
    st.download_button("SVG", svg, f"{key}.svg", "image/svg+xml", key=f"{key}-svg", icon=":material/download:", type="tertiary", on_click="ignore")
