"""The journey map: phases over steps, a lane each for what happens, and the curves of what is felt and what should be.

A map of many steps stands in bands below each other, as even as its steps allow, so that its letters stay readable and
nobody scrolls sideways.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cx.ui import drawing as d
from cx.ui.palette import Palette, ink

WIDE, LABELS, PAD = 1080.0, 92.0, 6.0
SIZE, LEADING = 11.5, 14.5
CURVE = 118.0
BAND = 8
LIMIT = 9  # lines a cell holds before it is cut


@dataclass(frozen=True)
class Mark:
    """A live number of a step: its name, its value, what stands behind it, and whether it is good or bad."""

    name: str
    value: str
    note: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Step:
    """One column. Feelings go from -5 to 5."""

    name: str
    phase: str = ""
    actions: str = ""
    touchpoint: str = ""
    channel: str = ""
    thoughts: str = ""
    feeling: int | None = None
    wanted: int | None = None
    emotion: str = ""
    pains: str = ""
    opportunities: str = ""
    owner: str = ""
    system: str = ""
    process: str = ""
    decision: str = ""
    branch: str = ""
    marks: tuple[Mark, ...] = ()
    lanes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Lane:
    """A row: its title and how a cell of it is drawn; `height` says what a cell needs."""

    title: str
    note: str
    height: Callable[[Step, float], float]
    draw: Callable[[Step, float, float, float], str]


def bands(steps: Sequence[Step], most: int = BAND) -> list[list[int]]:
    """The numbers of the steps, in rows of at most `most` and about equal length, broken where a phase ends if one ends near.

    >>> [len(b) for b in bands([Step(str(i)) for i in range(20)])]
    [7, 7, 6]
    """
    n, out, at = len(steps), [], 0
    while at < n:
        rows = math.ceil((n - at) / most)
        even = math.ceil((n - at) / rows)
        ends = [k for k in (even, even + 1, even - 1, even - 2) if 0 < k <= most and math.ceil((n - at - k) / most) < rows]
        cut = next((k for k in ends if at + k >= n or steps[at + k].phase != steps[at + k - 1].phase), even)
        out.append(list(range(at, min(at + cut, n))))
        at += cut
    return out


def svg(title: str, note: str, steps: Sequence[Step], colours: Palette, *, chosen: int | None = None, most: int = BAND) -> str:
    """The map as SVG in the colours of one theme; `chosen` is the number (from 0) of a step to frame."""
    rows = bands(steps, most)
    columns = max((len(row) for row in rows), default=1)
    room = WIDE if most >= BAND else LABELS + columns * 150.0
    w = (room - LABELS - 8) / columns
    w = min(w, 260.0)
    lanes = _lanes(colours, steps)
    body, y = _head(title, note, room, colours)
    for row in rows:
        made, y = _band(steps, row, lanes, w, y, colours, chosen)
        body += made
        y += 20
    return d.document(room, y, body, colours.ground, title, said(steps))


def said(steps: Sequence[Step]) -> str:
    """The map in a sentence: its length, and where what is felt lies furthest below what should be."""
    gaps = [(s.wanted - s.feeling, i) for i, s in enumerate(steps) if s.feeling is not None and s.wanted is not None]
    text = f"{len(steps)} steps from {steps[0].name} to {steps[-1].name}" if steps else "no steps yet"
    if gaps and max(gaps)[0] > 0:
        gap, i = max(gaps, key=lambda pair: (pair[0], -pair[1]))
        text += f"; the widest gap is at {steps[i].name}: felt {steps[i].feeling:+d}, wanted {steps[i].wanted:+d} (gap {gap})"
    return text


def _head(title: str, note: str, room: float, c: Palette) -> tuple[list[str], float]:
    """Title and note with the key to the curves beside them, or below them on a narrow map; and the height they take."""
    beside = room > 660
    free = room - 330 if beside else room - 8
    names = d.wrap(title, free, 17, True, most=1 if beside else 2)
    rows = d.wrap(note, free, 12, most=2 if beside else 3)
    y = 22.0 + 20 * max(len(names), 1)
    out = [d.lines(4, 22, names, 17, c.text, 20, bold=True), d.lines(4, y - 1, rows, 12, c.quiet, 15)]
    y += 15 * max(len(rows) - 1, 0)
    if beside:
        return [*out, *_key(room - 300, 20, c)], y + 13
    return [*out, *_key(4, y + 17, c)], y + 38


def _key(x: float, y: float, c: Palette) -> list[str]:
    return [
        d.path(d.smooth([(x, y), (x + 26, y)]), stroke=c.data, wide=2.4), d.dot(x + 13, y, 3.6, c.data), d.text(x + 33, y + 4, "felt today", 11.5, c.text),
        d.rule(x + 104, y, x + 130, y, c.target, 1.8, "5 4"), d.text(x + 137, y + 4, "wanted", 11.5, c.text),
        d.path(f"M{x + 205:.0f} {y - 8:.0f}V{y + 8:.0f}", stroke=c.event, wide=7, opacity=0.38), d.text(x + 223, y + 4, "falls short", 11.5, c.text),
    ]  # fmt: skip


def _lanes(c: Palette, steps: Sequence[Step]) -> list[Lane]:
    """The lanes that hold anything."""

    def worded(title: str, note: str, of: Callable[[Step], str], *, fill: str = "", italic: bool = False, sign: str = "", tone: str = "") -> Lane | None:
        if not any(of(s).strip() for s in steps):
            return None
        indent = 10.0 if sign else 0.0

        def rows(s: Step, w: float) -> list[tuple[bool, str]]:
            found = [(i == 0, line) for part in of(s).split("\n") if part.strip() for i, line in enumerate(d.wrap(part, w - 2 * PAD - indent, SIZE))]
            return [*found[:LIMIT - 1], (False, "…")] if len(found) > LIMIT else found

        def draw(s: Step, x: float, y: float, w: float) -> str:
            out = ""
            for i, (first, line) in enumerate(rows(s, w)):
                if sign and first:
                    out += d.text(x + PAD, y + LEADING * (i + 0.8), sign, SIZE, tone, bold=True)
                out += d.text(x + PAD + indent, y + LEADING * (i + 0.8), line, SIZE, fill or c.text, italic=italic)
            return out

        return Lane(title, note, lambda s, w: LEADING * len(rows(s, w)), draw)

    def place(s: Step) -> str:
        return "\n".join(part for part in (s.touchpoint, s.channel and f"({s.channel})") if part)

    extra = list(dict.fromkeys(name for s in steps for name, _ in s.lanes))
    found = [
        worded("Actions", "what they do", lambda s: s.actions),
        worded("Touchpoint", "where, channel", place),
        worded("Thoughts", "what they think", lambda s: f"\u201c{s.thoughts.strip()}\u201d" if s.thoughts.strip() else "", italic=True, fill=c.quiet),
        _curve(c, steps),
        worded("Pains", "what hurts", lambda s: s.pains, sign="\u2013", tone=c.bad),
        worded("Opportunities", "what would help", lambda s: s.opportunities, sign="+", tone=c.good),
        *(worded(name, "", lambda s, name=name: dict(s.lanes).get(name, "")) for name in extra),  # type: ignore[misc]
        _numbers(c, steps),
        worded("Decision", "and where else", lambda s: "\n".join(p for p in (s.decision, s.branch and f"\u2192 {s.branch}") if p)),
        worded("Owner", "who answers", lambda s: s.owner),
        worded("System", "behind it", lambda s: s.system, fill=c.quiet),
        worded("Process", "that serves it", lambda s: s.process, fill=c.quiet),
    ]
    return [lane for lane in found if lane]


def _curve(c: Palette, steps: Sequence[Step]) -> Lane | None:
    if not any(s.feeling is not None or s.wanted is not None for s in steps):
        return None
    return Lane("Emotion", "", lambda s, w: CURVE, lambda s, x, y, w: "")


def level(feeling: float, y: float) -> float:
    """Where a feeling stands in a curve lane that begins at y."""
    return y + 14 + (CURVE - 40) * (5 - feeling) / 10


def _numbers(c: Palette, steps: Sequence[Step]) -> Lane | None:
    most = max((len(s.marks) for s in steps), default=0)
    if not most:
        return None
    tones = {"good": c.good, "bad": c.bad}
    signs = {"good": "\u25b2 ", "bad": "\u25bc "}

    def draw(s: Step, x: float, y: float, w: float) -> str:
        out, top = "", y + 12
        for mark in s.marks:
            name = d.text(x + PAD, top, mark.name, 10.5, c.quiet)
            value = d.text(x + w - PAD, top, signs.get(mark.tone, "") + mark.value, 12.5, tones.get(mark.tone, c.text), bold=True, anchor="end")
            out += name + value + d.text(x + w - PAD, top + 13, mark.note, 10.5, c.quiet, anchor="end")
            top += _tall(mark)
        return out

    return Lane("Live", "score, n, volume", lambda s, w: sum(map(_tall, s.marks)), draw)


def _tall(mark: Mark) -> float:
    return 31.0 if mark.note else 18.0


def _band(
    steps: Sequence[Step], row: Sequence[int], lanes: Sequence[Lane], w: float, y: float, c: Palette, chosen: int | None
) -> tuple[list[str], float]:
    out: list[str] = []
    right = LABELS + w * len(row)
    at = 0
    while at < len(row):  # phases
        end = at
        while end < len(row) and steps[row[end]].phase == steps[row[at]].phase:
            end += 1
        phase, x = steps[row[at]].phase, LABELS + w * at
        if phase:
            out += [d.box(x + 1.5, y, w * (end - at) - 3, 22, c.data, radius=4), d.text(x + 10, y + 15, d.wrap(phase, w * (end - at) - 20, 12, True, 1)[0], 12, ink(c.data, c), bold=True)]
        at = end
    y += 28 if any(steps[i].phase for i in row) else 0
    top = y - 2
    heads = [d.wrap(steps[i].name, w - 2 * PAD - 22, 12.5, True, 3) for i in row]
    tall = 15.0 * max(len(h) for h in heads) + 10
    for k, (i, head) in enumerate(zip(row, heads, strict=True)):
        x = LABELS + w * k
        out.append(d.box(x + 1.5, y, w - 3, tall, c.raised, radius=3))
        out += [d.dot(x + PAD + 8, y + tall / 2, 8.5, c.ground, c.context), d.text(x + PAD + 8, y + tall / 2 + 3.8, i + 1, 10.5, c.text, bold=True, anchor="middle")]
        out.append(d.lines(x + PAD + 22, y + tall / 2 - 7.5 * len(head) + 11.5, head, 12.5, c.text, 15, bold=True))
    y += tall + 4
    for lane in lanes:
        height = max((lane.height(steps[i], w) for i in row), default=0.0)
        if not height:
            continue
        out.append(d.rule(0, y, right, y, c.grid))
        out.append(d.text(4, y + 17, lane.title, 11.5, c.text, bold=True))
        if lane.title == "Emotion":
            out += _feelings(steps, row, w, y, right, c)
        else:
            out.append(d.text(4, y + 31, lane.note, 10, c.quiet) if height >= LEADING * 1.5 else "")
        out += [lane.draw(steps[i], LABELS + w * k, y + 5, w) for k, i in enumerate(row)]
        y += height + 11
    out += [d.rule(LABELS + w * k, top + tall + 4, LABELS + w * k, y, c.grid) for k in range(len(row) + 1)]
    if chosen in row:
        x = LABELS + w * row.index(chosen)
        out.append(d.box(x + 0.5, top, w - 1, y - top, "none", stroke=c.event, radius=4, wide=2))
    return out, y


def _feelings(steps: Sequence[Step], row: Sequence[int], w: float, y: float, right: float, c: Palette) -> list[str]:
    """The two curves of one band, entering from the step before and leaving to the step after it."""
    out = [d.rule(LABELS, level(v, y), right, level(v, y), c.grid, 1, "" if v == 0 else "2 3") for v in (5, 0, -5)]
    out += [d.text(LABELS - 6, level(v, y) + 3.5, words, 9.5, c.quiet, anchor="end") for v, words in ((5, "+5"), (0, "0"), (-5, "-5"))]
    out.append(d.lines(4, y + 31, ("felt and", "wanted"), 10, c.quiet, 12))

    def points(of: Callable[[Step], int | None]) -> list[tuple[float, float]]:
        here = [(LABELS + w * (k + 0.5), level(float(value), y)) for k, i in enumerate(row) if (value := of(steps[i])) is not None]
        before, after = row[0] - 1, row[-1] + 1
        if here and before >= 0 and (value := of(steps[before])) is not None and of(steps[row[0]]) is not None:
            here = [(LABELS, (level(float(value), y) + here[0][1]) / 2), *here]
        if here and after < len(steps) and (value := of(steps[after])) is not None and of(steps[row[-1]]) is not None:
            here.append((right, (level(float(value), y) + here[-1][1]) / 2))
        return here

    for k, i in enumerate(row):
        felt, wanted = steps[i].feeling, steps[i].wanted
        if felt is not None and wanted is not None and felt < wanted:
            x = LABELS + w * (k + 0.5)
            out.append(d.path(f"M{x:.1f} {level(wanted, y):.1f}V{level(felt, y):.1f}", stroke=c.event, wide=7, opacity=0.38))
    out.append(d.path(d.smooth(points(lambda s: s.wanted)), stroke=c.target, wide=1.8, dash="5 4", opacity=0.85))
    out.append(d.path(d.smooth(points(lambda s: s.feeling)), stroke=c.data, wide=2.6))
    for k, i in enumerate(row):
        s, x = steps[i], LABELS + w * (k + 0.5)
        if s.wanted is not None:
            out.append(d.dot(x, level(s.wanted, y), 3.2, c.ground, c.target, 1.5))
        if s.feeling is None:
            continue
        at = level(s.feeling, y)
        out.append(d.dot(x, at, 4.6, c.data, c.ground, 1.5))
        words = f"{s.feeling:+d} {s.emotion}".strip() if s.feeling else f"0 {s.emotion}".strip()
        under = s.wanted is None or s.feeling <= s.wanted
        rows = d.wrap(words, w - 4, 10.5, True, 2)
        out += [d.text(x, at + (16 + 12 * j if under else -9 - 12 * (len(rows) - 1 - j)), line, 10.5, c.text, bold=True, anchor="middle") for j, line in enumerate(rows)]
    return out
