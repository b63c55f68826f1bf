"""Two numbers of the same thing: a scatter with quadrants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as vega
import pyarrow as pa

from cx.ui import format as words
from cx.ui.charts.show import MOST_MARKS, show
from cx.ui.charts.spec import compiled, haloed, named, pick, value_axis
from cx.ui.palette import Palette, palette


@dataclass(frozen=True)
class Dot:
    """A named thing with two numbers and, if wanted, a size."""

    name: str
    x: float
    y: float
    size: float = 1.0


@compiled
def _scatter(colours: Palette, x_title: str, y_title: str, x_unit: str, y_unit: str, cross: bool, corners: bool, names: bool, sized: bool, clicks: bool) -> vega.LayerChart:
    base = vega.Chart(named())
    tip = [vega.Tooltip("name:N", title="name"), vega.Tooltip("x_text:N", title=x_title), vega.Tooltip("y_text:N", title=y_title)]
    x = vega.X("x:Q", axis=value_axis(x_unit, title=x_title, grid=not cross), scale=vega.Scale(zero=False, nice=True, padding=26))
    y = vega.Y("y:Q", axis=value_axis(y_unit, title=y_title, grid=not cross), scale=vega.Scale(zero=False, nice=True, padding=26))
    layers: list[vega.Chart | vega.LayerChart] = []
    if cross:
        lines = vega.Chart(named("cross"))
        layers += [lines.mark_rule(color=colours.context, strokeDash=[4, 3]).encode(x="x:Q"), lines.mark_rule(color=colours.context, strokeDash=[4, 3]).encode(y="y:Q")]
    if corners:
        for align, baseline, i, at_x, at_y, dx, dy in (
            ("left", "top", 0, 0, 0, 4, 2), ("right", "top", 1, "width", 0, -4, 2), ("left", "bottom", 2, 0, "height", 4, -4), ("right", "bottom", 3, "width", "height", -4, -4),
        ):  # fmt: skip
            layers.append(vega.Chart(named("corners")).transform_filter(f"datum.i == {i}").mark_text(align=align, baseline=baseline, dx=dx, dy=dy, color=colours.quiet, fontStyle="italic").encode(x=vega.value(at_x), y=vega.value(at_y), text="name:N"))
    dots = base.mark_circle(color=colours.data, opacity=0.8, stroke=colours.ground, strokeWidth=0.7).encode(x=x, y=y, tooltip=tip, size=vega.Size("size:Q", legend=None, scale=vega.Scale(range=[30, 420])) if sized else vega.value(70))
    if clicks:
        chosen = pick("name")
        dots = dots.encode(opacity=vega.condition(chosen, vega.value(0.85), vega.value(0.25))).add_params(chosen)
    layers.append(dots)
    if names:
        for align, dx in (("left", 11), ("right", -11)):
            at = base.transform_filter(f"datum.side == '{align}'")
            layers.append(haloed(colours, at, colour=colours.text, align=align, baseline="middle", dx=dx, dy={"expr": "datum.lift"}, fontSize=11).encode(x=x, y=y, text="name:N"))
    return vega.layer(*layers).properties(padding={"left": 2, "right": 6, "top": 4, "bottom": 2})


def scatter(
    key: str, title: str, dots: Sequence[Dot], *, alt: str, x_title: str, y_title: str, x_unit: str = "", y_unit: str = "",
    cross: tuple[float, float] | None = None, corners: tuple[str, str, str, str] | None = None, clicks: bool = False, note: str = "", height: int = 320,
) -> str | None:  # fmt: skip
    """Things by two numbers; `cross` draws the quadrants, `corners` names them (top left, top right, bottom left, bottom right).

    Up to 25 things carry their names; more are named on hover. Returns the clicked name where `clicks`.
    """
    rows = {
        "name": [d.name for d in dots], "x": [float(d.x) for d in dots], "y": [float(d.y) for d in dots], "size": [float(d.size) for d in dots],
        "x_text": [words.value(d.x, x_unit) for d in dots], "y_text": [words.value(d.y, y_unit) for d in dots],
    }  # fmt: skip
    sides, lifts = _placed(dots, height)
    tables = {"main": pa.table({**rows, "side": sides, "lift": lifts})} if dots else {}
    if cross:
        tables["cross"] = pa.table({"x": [float(cross[0])], "y": [float(cross[1])]})
    if corners:
        tables["corners"] = pa.table({"i": [0.0, 1.0, 2.0, 3.0], "name": list(corners)})
    spec = _scatter(palette().mode, x_title=x_title, y_title=y_title, x_unit=x_unit, y_unit=y_unit, cross=cross is not None, corners=corners is not None,
                    names=len(dots) <= 25, sized=len({d.size for d in dots}) > 1, clicks=clicks)  # fmt: skip
    behind = {"name": rows["name"], x_title: rows["x"], y_title: rows["y"]}
    picked = show(key, title, spec, tables, alt=alt, behind=behind, note=note, height=height, pick=("name",) if clicks else (), least=ROOM + 60 if 1 < len(dots) <= 25 else 0)
    return None if picked is None else str(picked["name"])


ROOM = 400.0  # pixels across in which names are laid out; a narrower screen scrolls


def _placed(dots: Sequence[Dot], height: int, width: float = ROOM) -> tuple[list[str], list[float]]:
    """On which side of its dot each name stands, and how far above or below, so that names neither meet, nor cover a dot, nor leave the chart.

    The drawn width is not known here: a narrow one is assumed, so that on a wider one there is only more room.
    """
    xs, ys = [d.x for d in dots], [d.y for d in dots]
    across, up = (max(xs) - min(xs)) or 1.0, (max(ys) - min(ys)) or 1.0
    spots = [((dot.x - min(xs)) / across * width, (max(ys) - dot.y) / up * (height - 90)) for dot in dots]
    taken: list[tuple[float, float, float]] = []  # start, end and height of each name so far
    sides, lifts = [], []
    for i, dot in enumerate(dots):
        (at, level), long = spots[i], 6.0 * len(dot.name) + 11
        others = [(x - 7, x + 7, y) for k, (x, y) in enumerate(spots) if k != i]
        first = "right" if at + long > width and at > width / 3 else "left"
        other = "left" if first == "right" else "right"
        places = [(side, lift) for lift in (0.0, -13.0, 13.0, -26.0, 26.0, -39.0, 39.0) for side in (first, other) if side == first or at - long > -40]
        spans = {side: (at, at + long) if side == "left" else (at - long, at) for side in ("left", "right")}

        def met(side: str, lift: float, spans: dict[str, tuple[float, float]] = spans, level: float = level, others: list[tuple[float, float, float]] = others) -> int:
            start, end = spans[side]
            return sum(not (end < a or b < start or abs(level + lift - c) > 11) for a, b, c in (*taken, *others))

        side, lift = min(places, key=lambda place: met(*place))
        taken.append((*spans[side], level + lift))
        sides.append(side)
        lifts.append(lift)
    return sides, lifts


__all__ = ["MOST_MARKS", "Dot", "scatter"]
