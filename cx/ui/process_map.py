"""A process drawn in swim lanes: a lane a role, steps from left to right, arrows as thick as they are often taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cx.ui.palette import palette
from cx.ui.picture import Drawing, letters, wrapped

WIDE, HIGH, GAP, LANE, MARGIN = 132.0, 66.0, 58.0, 110.0, 118.0


@dataclass(frozen=True)
class Node:
    """A step: its lane (role), its column, a second line (times, counts), its kind, and whether customers value it."""

    name: str
    lane: str
    column: int
    note: str = ""
    kind: str = "task"
    value_added: bool | None = None
    hot: bool = False


@dataclass(frozen=True)
class _Label:
    """What is written on an arrow, and the arrow itself: four points of a cubic curve."""

    words: str
    colour: str
    curve: tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]

    def at(self, t: float) -> tuple[float, float]:
        """The point of the curve at t from 0 to 1."""
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
        p = self.curve
        return a * p[0][0] + b * p[1][0] + c * p[2][0] + d * p[3][0], a * p[0][1] + b * p[1][1] + c * p[2][1] + d * p[3][1]

    @property
    def half(self) -> float:
        """Half of its width."""
        return 3.1 * len(self.words) + 3


@dataclass(frozen=True)
class Arrow:
    """From one step to another; `weight` from 0 to 1 sets how thick it is, `label` says how often or how long."""

    source: str
    target: str
    label: str = ""
    weight: float = 0.3


def process_map(nodes: Sequence[Node], arrows: Sequence[Arrow]) -> Drawing:
    """The map. Arrows that lead back are amber and dashed: rework. Steps that add value have a green foot, hot ones a red frame."""
    colours = palette()
    lanes = list(dict.fromkeys(n.lane for n in nodes))
    columns = max((n.column for n in nodes), default=0) + 1
    gap = max([GAP, *(6.2 * len(a.label) + 22 for a in arrows)])  # a number on the shortest arrow still stands between two boxes
    stacked: dict[tuple[str, int], int] = {}
    rank: dict[str, int] = {}
    for n in nodes:
        rank[n.name] = stacked.get((n.lane, n.column), 0)
        stacked[n.lane, n.column] = rank[n.name] + 1
    tall = {lane: LANE + (HIGH + 14) * (max((c for (name, _), c in stacked.items() if name == lane), default=1) - 1) for lane in lanes}
    above: dict[str, float] = {}
    y = 26.0
    for lane in lanes:
        above[lane] = y
        y += tall[lane]
    drawing = Drawing(MARGIN + columns * (WIDE + gap) - gap + 16, y + 34)
    for i, lane in enumerate(lanes):
        drawing.box(2, above[lane], drawing.width - 4, tall[lane] - 4, fill=colours.raised if i % 2 == 0 else colours.ground, stroke=colours.grid, radius=3)
        drawing.lines(12, above[lane] + tall[lane] / 2 + 2 - 7.5 * (len(wrapped(lane, letters(MARGIN - 18, 12, 650))) - 1), lane, chars=letters(MARGIN - 18, 12, 650), most=3, size=12, weight=650, colour=colours.quiet)
    at = {n.name: (MARGIN + n.column * (WIDE + gap), above[n.lane] + 20 + rank[n.name] * (HIGH + 14)) for n in nodes}
    order = {n.name: n.column for n in nodes}
    labels: list[_Label] = []
    for arrow in sorted(arrows, key=lambda a: a.weight):
        if arrow.source not in at or arrow.target not in at:
            continue
        _arrow(drawing, at, order, arrow, labels, y)
    for n in nodes:
        _box(drawing, n, *at[n.name])
    _labels(drawing, labels, list(at.values()))
    return drawing


def upright_map(nodes: Sequence[Node], arrows: Sequence[Arrow]) -> Drawing:
    """The same process with lanes side by side and steps from top to bottom: narrow enough to stand beside another."""
    colours = palette()
    lanes = list(dict.fromkeys(n.lane for n in nodes))
    wide, tall = WIDE + 34, HIGH + 40
    rows = max((n.column for n in nodes), default=0) + 1
    side = 64.0  # room for arrows that lead back or skip
    drawing = Drawing(side + wide * len(lanes) + side, 34 + tall * rows)
    for i, lane in enumerate(lanes):
        drawing.box(side + i * wide, 2, wide - 4, drawing.height - 4, fill=colours.raised if i % 2 == 0 else colours.ground, stroke=colours.grid, radius=3)
        drawing.lines(side + i * wide + wide / 2, 20, lane, chars=letters(wide - 12, 12, 650), most=1, size=12, weight=650, colour=colours.quiet, anchor="middle")
    at = {n.name: (side + lanes.index(n.lane) * wide + (wide - 4 - WIDE) / 2, 34 + n.column * tall) for n in nodes}
    order = {n.name: n.column for n in nodes}
    labels: list[_Label] = []
    for arrow in sorted(arrows, key=lambda a: a.weight):
        if arrow.source not in at or arrow.target not in at or arrow.source == arrow.target:
            continue
        (x1, y1), (x2, y2) = at[arrow.source], at[arrow.target]
        gap, width = order[arrow.target] - order[arrow.source], 1.0 + 4.5 * max(0.0, min(arrow.weight, 1.0))
        if gap == 1:
            a, b, c, d = x1 + WIDE / 2, y1 + HIGH, x2 + WIDE / 2, y2
            drawing.path(f"M {a:.1f} {b:.1f} C {a:.1f} {b + 24:.1f} {c:.1f} {d - 26:.1f} {c:.1f} {d - 5:.1f}", colour=colours.context, width=width, opacity=0.85)
            drawing.tip(c, d, 0, 1, colour=colours.context, size=8)
            labels.append(_Label(arrow.label, colours.quiet, ((a, b), (a, b + 24), (c, d - 26), (c, d - 5))))
            continue
        back = gap < 1
        a, c = (x1, x2) if back else (x1 + WIDE, x2 + WIDE)
        far = min(a, c) - 34 - 4 * abs(gap) if back else max(a, c) + 30 + 4 * gap
        far = max(far, 12.0) if back else min(far, drawing.width - 12)
        y, z, colour = y1 + HIGH / 2, y2 + HIGH / 2, colours.event if back else colours.context
        drawing.path(f"M {a:.1f} {y:.1f} C {far:.1f} {y:.1f} {far:.1f} {z:.1f} {c + (-6 if back else 6):.1f} {z:.1f}", colour=colour, width=width, dash="6 3" if back else "", opacity=0.9)
        drawing.tip(c, z, 1 if back else -1, 0, colour=colour, size=8)
        labels.append(_Label(arrow.label, colours.event_text if back else colours.quiet, ((a, y), (far, y), (far, z), (c, z))))
    for n in nodes:
        _box(drawing, n, *at[n.name])
    _labels(drawing, labels, list(at.values()))
    return drawing


def _box(drawing: Drawing, n: Node, x: float, top: float) -> None:
    colours = palette()
    ring = n.kind in ("start", "end")
    drawing.box(x, top, WIDE, HIGH, fill=colours.ground, stroke=colours.bad if n.hot else colours.data, radius=26 if ring else 5, dash="5 3" if n.kind == "wait" else "", width=2.2 if n.hot else 1.2)
    if n.kind == "decision":
        drawing.text(x + WIDE - 11, top + 11, "◆", size=9, colour=colours.event)
    if n.value_added:
        drawing.box(x + 1, top + HIGH - 4, WIDE - 2, 4, fill=colours.good, radius=2)
    notes = [part for part in n.note.split(" · ") if part][:2]
    name = wrapped(n.name, letters(WIDE - 8, 12, 600), 2)
    y = top + (HIGH - 4 - 14 * len(name) - 13 * len(notes)) / 2 + 12
    for line in name:
        drawing.text(x + WIDE / 2, y, line, size=12, anchor="middle", weight=600)
        y += 14
    for note in notes:
        drawing.lines(x + WIDE / 2, y, note, chars=letters(WIDE - 6, 10.5), most=1, size=10.5, anchor="middle", colour=colours.bad if n.hot else colours.quiet)
        y += 13


def _labels(drawing: Drawing, labels: Sequence[_Label], boxes: Sequence[tuple[float, float]]) -> None:
    """Each number on its arrow, as near to the middle as it covers no box and no other number."""
    taken = [(x - 2, y - 2, x + WIDE + 2, y + HIGH + 2) for x, y in boxes]
    for label in (one for one in labels if one.words):

        def covers(t: float, label: _Label = label) -> float:
            x, y = label.at(t)
            left, top, right, low = x - label.half, y - 7, x + label.half, y + 7
            return sum(max(0.0, min(right, r) - max(left, a)) * max(0.0, min(low, z) - max(top, b)) for a, b, r, z in taken)

        x, y = label.at(min((0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82), key=covers))
        taken.append((x - label.half, y - 7, x + label.half, y + 7))
        drawing.box(x - label.half, y - 6.5, 2 * label.half, 13, fill=palette().ground, radius=2)
        drawing.text(x, y + 3.5, label.words, size=10.5, anchor="middle", colour=label.colour)


def _arrow(drawing: Drawing, at: dict[str, tuple[float, float]], order: dict[str, int], arrow: Arrow, labels: list[_Label], floor: float) -> None:
    colours = palette()
    (x1, y1), (x2, y2) = at[arrow.source], at[arrow.target]
    width = 1.0 + 4.5 * max(0.0, min(arrow.weight, 1.0))
    back = order[arrow.target] <= order[arrow.source]
    if arrow.source == arrow.target:
        drawing.path(f"M {x1 + WIDE * 0.3:.1f} {y1:.1f} C {x1 + WIDE * 0.2:.1f} {y1 - 26:.1f} {x1 + WIDE * 0.8:.1f} {y1 - 26:.1f} {x1 + WIDE * 0.7:.1f} {y1 - 3:.1f}", colour=colours.event, width=width, dash="5 3")
        drawing.tip(x1 + WIDE * 0.7, y1, -0.3, 1, colour=colours.event, size=7)
        labels.append(_Label(arrow.label, colours.event_text, ((x1 + WIDE * 0.3, y1), (x1 + WIDE * 0.2, y1 - 26), (x1 + WIDE * 0.8, y1 - 26), (x1 + WIDE * 0.7, y1 - 3))))
    elif back:
        dip = max(y1, y2) + HIGH + 16 + 5 * (order[arrow.source] - order[arrow.target])
        dip = min(dip, floor + 24)
        a, b = x1 + WIDE * 0.4, x2 + WIDE * 0.6
        drawing.path(f"M {a:.1f} {y1 + HIGH:.1f} C {a:.1f} {dip + 8:.1f} {b:.1f} {dip + 8:.1f} {b:.1f} {y2 + HIGH + 4:.1f}", colour=colours.event, width=width, dash="6 3", opacity=0.9)
        drawing.tip(b, y2 + HIGH, 0, -1, colour=colours.event, size=8)
        labels.append(_Label(arrow.label, colours.event_text, ((a, y1 + HIGH), (a, dip + 8), (b, dip + 8), (b, y2 + HIGH + 4))))
    else:
        a, b, m1, m2 = x1 + WIDE, x2, y1 + HIGH / 2, y2 + HIGH / 2
        skip = order[arrow.target] - order[arrow.source] > 1 and abs(m1 - m2) < 1
        if skip:  # over the steps in between
            lift = min(y1, y2) - 14
            drawing.path(f"M {a - 20:.1f} {y1:.1f} C {a + 10:.1f} {lift - 6:.1f} {b - 10:.1f} {lift - 6:.1f} {b + 20:.1f} {y2 - 4:.1f}", colour=colours.context, width=width, opacity=0.85)
            drawing.tip(b + 20, y2, 0.4, 1, colour=colours.context, size=7)
            labels.append(_Label(arrow.label, colours.quiet, ((a - 20, y1), (a + 10, lift - 6), (b - 10, lift - 6), (b + 20, y2 - 4))))
            return
        bend = max((b - a) / 2, 20)
        drawing.path(f"M {a:.1f} {m1:.1f} C {a + bend:.1f} {m1:.1f} {b - bend:.1f} {m2:.1f} {b - 6:.1f} {m2:.1f}", colour=colours.context, width=width, opacity=0.85)
        drawing.tip(b, m2, 1, 0, colour=colours.context, size=8 if width < 3 else 10)
        labels.append(_Label(arrow.label, colours.quiet, ((a, m1), (a + bend, m1), (b - bend, m2), (b - 6, m2))))
