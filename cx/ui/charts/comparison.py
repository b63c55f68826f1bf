"""Groups side by side: dots with intervals, bars, Pareto, funnel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import altair as vega
import pyarrow as pa

from cx.analytics.estimate import Estimate
from cx.ui import format as words
from cx.ui.charts.show import scaled, show
from cx.ui.charts.spec import compiled, named, pick, readable, row_height, row_names, value_axis
from cx.ui.palette import Palette, palette

LETTER = 5.8  # pixels an average letter beside a bar takes
SHORTEST = 90  # pixels that are left for the longest bar

ROW = 34  # pixels a group takes


@dataclass(frozen=True)
class Group:
    """A group's name, its estimate, and its value in the previous period. `hidden` where too few answered to show it."""

    name: str
    estimate: Estimate
    previous: float | None = None
    hidden: bool = False


def _names(colours: Palette) -> vega.Axis:
    return row_names(colours, labelPadding=9, grid=False)  # a dot at the edge stays clear of its name


@compiled
def _dots(colours: Palette, unit: str, target: bool, clicks: bool) -> vega.LayerChart:
    y = vega.Y("name:N", sort=None, axis=_names(colours))
    x = vega.X("value:Q", axis=value_axis(unit), scale=vega.Scale(zero=False, nice=True))
    base = vega.Chart(named())
    tip = [vega.Tooltip("name:N", title="group"), vega.Tooltip("label:N", title="value"), vega.Tooltip("range:N", title="95 % interval"), vega.Tooltip("n:Q", title="n", format=","), vega.Tooltip("before:N", title="previous period")]
    layers: list[vega.Chart] = []
    if target:
        layers.append(vega.Chart(named("target")).mark_rule(color=colours.target, strokeDash=[5, 4], opacity=0.8).encode(x="value:Q"))
    layers.append(base.mark_rule(color=colours.data, strokeWidth=2, opacity=0.55).encode(y=y, x=vega.X("low:Q", axis=value_axis(unit), scale=vega.Scale(zero=False, nice=True)), x2="high:Q", tooltip=tip))
    layers.append(base.mark_tick(color=colours.context, thickness=2, size=15).encode(y=y, x="previous:Q", tooltip=tip))
    dots = base.mark_circle(color=colours.data, size=90, opacity=1).encode(y=y, x=x, tooltip=tip)
    if clicks:
        chosen = pick("name")
        dots = dots.encode(opacity=vega.condition(chosen, vega.value(1), vega.value(0.35))).add_params(chosen)
    layers.append(dots)
    layers.append(base.mark_text(align="left", baseline="middle", color=colours.text, dx=10).encode(y=y, x=vega.value("width"), text="text:N"))
    layers.append(base.transform_filter("datum.reason != ''").mark_text(align="left", baseline="middle", color=colours.quiet, dx=4).encode(y=y, x=vega.value(0), text="reason:N"))
    return vega.layer(*layers).properties(padding={"left": 2, "right": 6, "top": 2, "bottom": 2})


def dots(
    key: str, title: str, groups: Sequence[Group], *, alt: str, unit: str = "", target: float | None = None, clicks: bool = False, note: str = "",
) -> str | None:  # fmt: skip
    """Groups on one scale: a dot with its interval, a tick for the previous period, value and n written beside it.

    Returns the name of the clicked group where `clicks`.
    """
    rows: list[dict[str, Any]] = []
    for group in groups:
        e = group.estimate
        seen = not group.hidden and e.value is not None
        rows.append({
            "name": group.name, "value": e.value if seen else None, "low": e.low if seen else None, "high": e.high if seen else None, "n": e.n,
            "previous": group.previous if seen else None, "label": words.value(e.value if seen else None, unit),
            "range": words.interval(e.low, e.high, unit) if seen else "", "before": words.value(group.previous, unit) if seen else words.MISSING,
            "text": words.value(e.value, unit) + (f" · n {words.number(e.n, 0)}" if e.n else "") if seen else "",  # a published figure has no n
            "reason": "" if seen else "hidden (n < 5)" if group.hidden else f"n/a: {e.warning or 'no value'}",
        })  # fmt: skip
    shown, factor = readable(unit, [v for row in rows for v in (row["value"], row["high"])])
    tables = {"main": scaled(pa.Table.from_pylist(rows, schema=_DOTS), factor, ("value", "low", "high", "previous"))}
    if target is not None:
        tables["target"] = pa.table({"value": [target * factor]})
    legend = note or "dot: value with 95 % interval" + (" · tick: previous period" if any(r["previous"] is not None for r in rows) else "")
    legend += f" · dashed: target {words.value(target, unit)}" if target is not None and "dashed" not in note else ""
    behind = [{name: row[name] for name in ("name", "value", "low", "high", "n", "previous")} for row in rows]
    spec = _dots(palette().mode, unit=shown, target=target is not None, clicks=clicks)
    picked = show(key, title, spec, tables, alt=alt, behind=behind, unit=unit, note=legend, height=ROW * max(len(rows), 1) + 34, pick=("name",) if clicks else ())
    return None if picked is None else str(picked["name"])


_DOTS = pa.schema([
    ("name", pa.string()), ("value", pa.float64()), ("low", pa.float64()), ("high", pa.float64()), ("n", pa.float64()), ("previous", pa.float64()),
    ("label", pa.string()), ("range", pa.string()), ("before", pa.string()), ("text", pa.string()), ("reason", pa.string()),
])  # fmt: skip


@compiled
def _bars(colours: Palette, unit: str, clicks: bool, tones: bool, top: float) -> vega.LayerChart:
    y = vega.Y("name:N", sort=None, axis=_names(colours))
    base = vega.Chart(named())
    tip = [vega.Tooltip("name:N", title="group"), vega.Tooltip("label:N", title="value")]
    reach = vega.Scale(domain=[0, top]) if top else vega.Scale(zero=True)
    x = vega.X("value:Q", axis=None, scale=reach)
    colour: Any = vega.Color("tone:N", legend=None, scale=vega.Scale(domain=["", "good", "bad", "context"], range=[colours.data, colours.good, colours.bad, colours.context])) if tones else vega.value(colours.data)
    bars = base.mark_bar(height={"band": 0.62}).encode(y=y, x=x, color=colour, tooltip=tip)
    if clicks:
        chosen = pick("name")
        bars = bars.encode(opacity=vega.condition(chosen, vega.value(1), vega.value(0.4))).add_params(chosen)
    text = base.mark_text(align="left", baseline="middle", dx=5, color=colours.text).encode(y=y, x=vega.X("end:Q", axis=None, scale=reach), text="label:N")
    return vega.layer(bars, text).properties(padding={"left": 2, "right": 6, "top": 2, "bottom": 2})


def bars(
    key: str, title: str, names: Sequence[str], values: Sequence[float | None], *, alt: str, unit: str = "", tones: Sequence[str] = (),
    texts: Sequence[str] = (), clicks: bool = False, note: str = "", top: float = 0.0,
) -> str | None:  # fmt: skip
    """Horizontal bars from zero, in the order given, each with its value (or your text). `tones`: "", good, bad, context.

    `top` is the value a full bar stands for, else the longest. Returns the name of the clicked bar where `clicks`.
    """
    written = list(texts) or [words.value(v, unit) for v in values]
    main = pa.table({
        "name": pa.array(map(str, names), pa.string()), "value": pa.array(values, pa.float64()), "label": pa.array(written, pa.string()),
        "end": pa.array([None if v is None else max(v, 0.0) for v in values], pa.float64()), "tone": pa.array(list(tones) or [""] * len(written), pa.string()),
    })  # fmt: skip
    spec = _bars(palette().mode, unit=unit, clicks=clicks, tones=bool(tones), top=top)
    behind = {"name": list(map(str, names)), "value": list(values), "label": written}
    picked = show(key, title, spec, {"main": main}, alt=alt, behind=behind, unit=unit, note=note, height=row_height(map(str, names)) * max(len(written), 1) + 8, pick=("name",) if clicks else (), least=_beside(list(map(str, names)), written))
    return None if picked is None else str(picked["name"])


def _beside(names: Sequence[str], texts: Sequence[str]) -> float:
    """The width at which names, texts and a bar between them stand beside one another."""
    return LETTER * (min(max(map(len, names), default=0), 28) + max(map(len, texts), default=0)) + SHORTEST


@compiled
def _pareto(colours: Palette, unit: str) -> vega.LayerChart:
    x = vega.X("name:N", sort=None, axis=vega.Axis(title=None, labelAngle=0, labelOverlap=False, labelLimit=90, labelColor=colours.text, labelExpr="split(datum.label, ' ')"))
    base = vega.Chart(named())
    tip = [vega.Tooltip("name:N", title="cause"), vega.Tooltip("label:N", title="value"), vega.Tooltip("share:N", title="cumulative")]
    bars_ = base.mark_bar(width={"band": 0.7}).encode(x=x, y=vega.Y("value:Q", axis=value_axis(unit), scale=vega.Scale(zero=True)), tooltip=tip,
                     color=vega.condition("datum.vital", vega.value(colours.data), vega.value(colours.before)))  # fmt: skip
    text = base.mark_text(baseline="bottom", dy=-3, color=colours.text).encode(x=x, y="value:Q", text="label:N")
    right = vega.Axis(title=None, orient="right", labelExpr="datum.value + ' %'", values=[0, 20, 40, 60, 80, 100], grid=False)
    y = vega.Y("cumulative:Q", axis=right, scale=vega.Scale(domain=[0, 100]))
    line = base.mark_line(color=colours.event, strokeWidth=1.6, point={"color": colours.event, "size": 22}).encode(x=x, y=y, tooltip=tip)
    eighty = base.mark_rule(color=colours.context, strokeDash=[3, 3]).encode(y=vega.Y("eighty:Q", axis=right, scale=vega.Scale(domain=[0, 100])))
    return vega.layer(vega.layer(bars_, text), vega.layer(eighty, line)).resolve_scale(y="independent").properties(padding={"left": 4, "right": 6, "top": 4, "bottom": 4})


def pareto(key: str, title: str, names: Sequence[str], values: Sequence[float], *, alt: str, unit: str = "", note: str = "", height: int = 260) -> None:
    """Causes from most to least with their cumulative share; the vital few, which reach 80 %, are dark."""
    ranked = sorted(zip(map(str, names), map(float, values), strict=True), key=lambda pair: -pair[1])
    total = sum(v for _, v in ranked) or 1.0
    running, rows = 0.0, []
    for name, v in ranked:
        vital = running < 80.0
        running += 100 * v / total
        rows.append({"name": name, "value": v, "label": words.value(v, unit), "cumulative": min(running, 100.0), "share": f"{running:.0f} %", "vital": vital, "eighty": 80.0})
    behind = [{"name": r["name"], "value": r["value"], "cumulative %": r["cumulative"]} for r in rows]
    show(key, title, _pareto(palette().mode, unit=unit), {"main": pa.Table.from_pylist(rows)}, alt=alt, behind=behind, unit=unit, note=note or "line: cumulative share", height=height,
         least=90 + sum(max(LETTER * max(map(len, name.split()), default=1) + 8, 30) for name, _ in ranked))


@compiled
def _funnel(colours: Palette) -> vega.LayerChart:
    y = vega.Y("name:N", sort=None, axis=_names(colours))
    base = vega.Chart(named())
    tip = [vega.Tooltip("name:N", title="step"), vega.Tooltip("text:N", title="reached"), vega.Tooltip("kept:N", title="of the step before")]
    x = vega.X("value:Q", axis=None, scale=vega.Scale(zero=True))
    entered = vega.X("entered:Q", axis=None, scale=vega.Scale(zero=True))
    full = base.mark_bar(color=colours.grid, height={"band": 0.66}).encode(y=y, x=entered)
    reached = base.mark_bar(height={"band": 0.66}).encode(y=y, x=x, tooltip=tip, color=vega.condition("datum.worst", vega.value(colours.bad), vega.value(colours.data)))
    # beside the whole bar, where no length of the inner one can run into it
    text = base.mark_text(align="left", baseline="middle", dx=8, color=colours.text).encode(y=y, x=entered, text="label:N")
    return vega.layer(full, reached, text).properties(padding={"left": 2, "right": 6, "top": 2, "bottom": 2})


def funnel(key: str, title: str, steps: Sequence[str], reached: Sequence[int], *, alt: str, note: str = "") -> None:
    """How many reach each step, of those who entered; beside it, the share of those who reached the step before; the largest loss is marked."""
    entered = reached[0] if len(reached) else 0
    kept = [1.0] + [b / a if a else 0.0 for a, b in pairwise(reached)]
    worst = min(range(1, len(kept)), key=lambda i: kept[i]) if len(kept) > 1 else -1
    rows = [
        {"name": str(step), "value": float(n), "entered": float(entered), "worst": i == worst, "text": f"{n:,} · {100 * n / entered if entered else 0:.0f} %",
         "kept": "" if i == 0 else f"{100 * kept[i]:.0f} %"}
        for i, (step, n) in enumerate(zip(steps, reached, strict=True))
    ]  # fmt: skip
    for i, r in enumerate(rows):
        r["label"] = f"{r['value']:,.0f}" if i == 0 else f"{r['text']} of all, {r['kept']} of those before"
    behind = [{"step": r["name"], "reached": r["value"], "kept from before": None if i == 0 else kept[i]} for i, r in enumerate(rows)]
    show(key, title, _funnel(palette().mode), {"main": pa.Table.from_pylist(rows)}, alt=alt, behind=behind, note=note, height=36 * max(len(rows), 1) + 8,
         least=_beside([str(r["name"]) for r in rows], [str(r["label"]) for r in rows]))  # fmt: skip
