"""A persona on one page: who it is, and the facts of the customers behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cx.ui import drawing as d
from cx.ui.palette import Palette, ink

WIDE, LEAST = 1120.0, 420.0
TEXTS = (("goals", "Goals"), ("challenges", "Hurdles"), ("needs", "Needs"), ("habits", "Habits"))


def svg(name: str, role: str, quote: str, texts: Mapping[str, str], channels: Sequence[str], devices: Sequence[str], facts: Sequence[tuple[str, str, str]],
        themes: Sequence[str], colours: Palette, *, negative: bool = False, segment: str = "") -> str:  # fmt: skip
    """The card. `facts` are (title, value, note): size, revenue share, NPS and so on, already hidden where groups are small."""
    c, left = colours, 330.0
    tone = c.context if negative else c.data
    body = [d.box(0, 0, WIDE, 74, tone)]
    body += [d.dot(46, 37, 26, c.ground), d.text(46, 45, "".join(part[0] for part in name.split()[:2]).upper(), 22, tone, bold=True, anchor="middle")]
    body += [d.text(88, 34, name, 22, ink(tone, c), bold=True)]
    body += [d.text(88, 56, " · ".join(p for p in (role, segment and f"segment {segment}", "negative persona: not whom we want" if negative else "") if p), 13, ink(tone, c))]
    y = 104.0
    for line in d.wrap(f"\u201c{quote}\u201d" if quote else "", left - 40, 15, most=6):
        body.append(d.text(22, y, line, 15, c.text, italic=True))
        y += 20
    y += 8 if quote else 0
    for title, names in (("Channels", channels), ("Devices", devices)):
        if names:
            body.append(d.text(22, y + 8, title, 11, c.quiet, bold=True))
            for i, line in enumerate(d.wrap(", ".join(names), left - 40, 12.5, most=3)):
                body.append(d.text(22, y + 26 + 16 * i, line, 12.5, c.text))
                y += 16
            y += 26
    if themes:
        body.append(d.text(22, y + 8, "Speak most about", 11, c.quiet, bold=True))
        y += 26
        for theme in themes:
            body += [d.text(22, y, line, 12.5, c.text) for line in d.wrap(theme, left - 40, 12.5, most=1)]
            y += 17
    low = _facts(body, facts, left, c)
    bottom = _texts(body, texts, left, low, c)
    height = max(y + 14, bottom, LEAST)
    return d.document(WIDE, height, body, c.ground, f"Persona {name}", f"{role}. {quote}")


def _facts(body: list[str], facts: Sequence[tuple[str, str, str]], left: float, c: Palette) -> float:
    """The facts in rows of four; returns where they end."""
    w = (WIDE - left - 22) / 4
    for i, (title, value, note) in enumerate(facts):
        x, y = left + w * (i % 4), 90 + 78.0 * (i // 4)
        body.append(d.box(x, y, w - 10, 68, c.raised, radius=5))
        body += [d.text(x + 12, y + 19, title, 11, c.quiet), d.text(x + 12, y + 42, d.wrap(value, w - 30, 18, True, 1)[0] if value else "", 18, c.text, bold=True)]
        body += [d.text(x + 12, y + 59, line, 10.5, c.quiet) for line in d.wrap(note, w - 30, 10.5, most=1)]
    return 90 + 78.0 * -(-len(facts) // 4)


def _texts(body: list[str], texts: Mapping[str, str], left: float, top: float, c: Palette) -> float:
    """Goals, hurdles, needs and habits, two beside each other; returns where they end."""
    w, ends = (WIDE - left - 22) / 2, [top + 16, top + 16]
    for i, (field, title) in enumerate((f, t) for f, t in TEXTS if texts.get(f, "").strip()):
        side = i % 2
        x, y = left + w * side, ends[side]
        body += [d.rule(x, y - 6, x + w - 16, y - 6, c.grid), d.text(x, y + 12, title, 12, c.data, bold=True)]
        rows = [("\u2022" if k == 0 else "", line) for part in texts[field].split("\n") if part.strip() for k, line in enumerate(d.wrap(part, w - 36, 12.5))][:9]
        for k, (sign, line) in enumerate(rows):
            body += [d.text(x, y + 32 + 16.5 * k, sign, 12.5, c.data), d.text(x + 13, y + 32 + 16.5 * k, line, 12.5, c.text)]
        ends[side] = y + 44 + 16.5 * len(rows)
    return max(ends) + 6
