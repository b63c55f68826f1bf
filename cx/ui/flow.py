"""A Sankey picture of paths: columns of events, ribbons as wide as the number who went that way."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cx.analytics.paths import END, OTHER, START
from cx.ui import drawing as d
from cx.ui.palette import Palette

WIDE, HEIGHT, NODE, GAP = 1180.0, 420.0, 12.0, 14.0


@dataclass
class _Node:
    column: int
    name: str
    count: float = 0
    top: float = 0
    out: float = 0
    into: float = 0
    links: dict[str, float] = field(default_factory=dict)


def columns(rows: Sequence[Mapping[str, Any]], anchor: str, most: int = 7) -> list[dict[str, _Node]]:
    """The nodes of each column with the links to the next; beyond `most` names a column gathers the rest as "(other)"."""
    depth = sum(1 for name in (rows[0] if rows else {}) if str(name).startswith("step_"))
    totals: list[dict[str, float]] = [{} for _ in range(depth)]
    for row in rows:
        for k in range(depth):
            name = row[f"step_{k + 1}"]
            if name:
                totals[k][name] = totals[k].get(name, 0) + row["count"]
    kept = [set(sorted((n for n in t if n != OTHER), key=lambda n: -t[n])[:most]) for t in totals]
    out: list[dict[str, _Node]] = [{anchor: _Node(0, anchor)}] + [{} for _ in range(depth)]
    for row in rows:
        before = out[0][anchor]
        before.count += row["count"]
        for k in range(depth):
            name = row[f"step_{k + 1}"]
            if not name:
                break
            shown = name if name in kept[k] else OTHER
            node = out[k + 1].setdefault(shown, _Node(k + 1, shown))
            node.count += row["count"]
            before.links[shown] = before.links.get(shown, 0) + row["count"]
            before = node
    return out


def svg(rows: Sequence[Mapping[str, Any]], anchor: str, colours: Palette, *, backwards: bool = False, title: str = "") -> str:
    """The picture. Backwards, the anchor stands at the right and its causes to the left."""
    found = columns(rows, anchor)
    total = found[0][anchor].count or 1
    most = max(len(column) for column in found)
    scale = (HEIGHT - GAP * (most - 1)) / total
    body: list[str] = []
    for column in found:
        y = 30.0
        for node in sorted(column.values(), key=lambda n: (n.name in (END, START, OTHER), -n.count)):
            node.top = y
            y += max(node.count * scale, 2) + GAP
    step = (WIDE - 190) / max(len(found) - 1, 1)

    def left(column: int) -> float:
        x = 4 + step * column
        return WIDE - NODE - x if backwards else x

    for column, following in itertools.pairwise(found):
        for node in column.values():
            for name, count in sorted(node.links.items(), key=lambda pair: following[pair[0]].top):
                to, thick = following[name], max(count * scale, 0.8)
                y0, y1 = node.top + node.out + thick / 2, to.top + to.into + thick / 2
                node.out += count * scale
                to.into += count * scale
                x0, x1 = left(node.column) + (0 if backwards else NODE), left(to.column) + (NODE if backwards else 0)
                middle = (x0 + x1) / 2
                tone = colours.bad if name == END else colours.context if name in (OTHER, START) else colours.data
                body.append(d.path(f"M{x0:.1f} {y0:.1f}C{middle:.1f} {y0:.1f} {middle:.1f} {y1:.1f} {x1:.1f} {y1:.1f}", stroke=tone, wide=thick, opacity=0.26).replace('stroke-linecap="round"', ""))
    for column in found:
        for node in column.values():
            x, tall = left(node.column), max(node.count * scale, 2)
            tone = colours.bad if node.name == END else colours.context if node.name in (OTHER, START) else colours.data
            body.append(d.box(x, node.top, NODE, tall, tone, radius=1))
            words = f"{_called(node.name)} · {node.count:,.0f} · {100 * node.count / total:.0f} %"
            side, anchor_ = (x - 6, "end") if backwards else (x + NODE + 6, "start")
            room = min(step - NODE - 12, 176.0)
            for i, line in enumerate(d.wrap(words, room, 11.5, most=2 if tall > 24 else 1)):
                body.append(d.text(side, node.top + min(tall / 2, 60) + 4 + 13 * i, line, 11.5, colours.text, anchor=anchor_, bold=node.column == 0, halo=colours.ground))
    for k in range(len(found)):
        x = left(k)
        words = anchor if k == 0 else f"{'before' if backwards else 'after'} {k}"
        body.append(d.text(x + (NODE if backwards else 0), 16, "start" if k == 0 else words, 10.5, colours.quiet, anchor="end" if backwards else "start"))
    return d.document(WIDE, HEIGHT + 50, body, colours.ground, title or f"Paths {'before' if backwards else 'after'} {anchor}")


def _called(name: str) -> str:
    return {END: "nothing more", START: "first of all", OTHER: "other paths"}.get(name, name)
