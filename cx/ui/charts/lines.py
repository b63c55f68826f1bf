"""Several lines on one scale: series over time, stacked areas, survival curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

import altair as vega
import pyarrow as pa
import streamlit as st

from cx.errors import InputError
from cx.ui import format as words
from cx.ui.charts.show import heading, milliseconds, nothing, scaled, show
from cx.ui.charts.spec import compiled, named, readable, time, value_axis
from cx.ui.palette import Palette, palette
from cx.ui.text import quiet

Moment = date | datetime
MOST_SERIES = 8
LONGEST = 24  # letters of a name that stand beside the end of its line


def _checked(series: Mapping[str, Any]) -> None:
    if len(series) > MOST_SERIES:
        raise InputError(f"at most {MOST_SERIES} series can be told apart", f"got {len(series)}", "group the small ones or draw multiples")


def _colour(colours: Palette, legend: bool) -> vega.Color:
    return vega.Color("name:N", sort=None, scale=vega.Scale(range=list(colours.series)), legend=vega.Legend() if legend else None)


def _long(series: Mapping[str, Sequence[tuple[Moment, float | None]]], unit: str, grain: str) -> list[dict[str, Any]]:
    rows = []
    for order, (name, points) in enumerate(series.items()):
        last = max((i for i, (_, v) in enumerate(points) if v is not None), default=-1)
        rows += [
            {"name": name, "order": float(order), "x": milliseconds(when), "period": words.period(when, grain), "value": value, "label": words.value(value, unit), "end": name if i == last else ""}
            for i, (when, value) in enumerate(points)
        ]
    return rows


_LONG = pa.schema([("name", pa.string()), ("order", pa.float64()), ("x", pa.float64()), ("period", pa.string()), ("value", pa.float64()), ("label", pa.string()), ("end", pa.string())])
_NAMED = _LONG.append(pa.field("beside", pa.float64()))


@compiled
def _lines(colours: Palette, unit: str, direct: bool) -> vega.LayerChart:
    base = vega.Chart(named())
    y = vega.Y("value:Q", axis=value_axis(unit), scale=vega.Scale(zero=False, nice=True))
    tip = [vega.Tooltip("name:N", title="group"), vega.Tooltip("period:N", title="period"), vega.Tooltip("label:N", title="value")]
    line = base.mark_line(strokeWidth=2).encode(x=time(), y=y, color=_colour(colours, not direct).legend(None if direct else vega.Legend(columns=2)))
    dots = base.mark_circle(size=26, opacity=1).encode(x=time(), y=y, color=_colour(colours, not direct).legend(None if direct else vega.Legend(columns=2)), tooltip=tip)
    layers = [line, dots]
    if direct:
        beside = vega.Y("beside:Q", axis=value_axis(unit), scale=vega.Scale(zero=False, nice=True))
        layers.append(base.transform_filter("datum.end != ''").mark_text(align="left", dx=7, fontSize=12).encode(x=time(), y=beside, text="end:N", color=_colour(colours, False)))
    return vega.layer(*layers).properties(padding={"left": 2, "right": 6, "top": 4, "bottom": 2})


def lines(key: str, title: str, series: Mapping[str, Sequence[tuple[Moment, float | None]]], *, alt: str, unit: str = "", grain: str = "month", note: str = "", height: int = 260) -> None:
    """Up to eight series over time on one scale, each named at its end; in a legend where a name is too long to stand there."""
    _checked(series)
    rows = _long(series, unit, grain)
    behind = [{"group": r["name"], "period": r["period"], "value": r["value"]} for r in rows]
    shown, factor = readable(unit, [r["value"] for r in rows])
    direct = all(len(name) <= LONGEST for name in series)
    ends, reach = [r for r in rows if r["end"]], [r["value"] for r in rows if r["value"] is not None]
    for row, at in zip(ends, _spread([r["value"] for r in ends], 0.075 * (max(reach) - min(reach)), max(reach)) if ends else (), strict=True):
        row["beside"] = at
    table = scaled(pa.Table.from_pylist(rows, schema=_NAMED), factor, ("value", "beside"))
    show(key, title, _lines(palette().mode, unit=shown, direct=direct), {"main": table}, alt=alt, behind=behind, unit=unit, note=note, height=height)


@compiled
def _small(colours: Palette, unit: str) -> vega.LayerChart:
    axis, scale = value_axis(unit, ticks=3), vega.Scale(zero=False, nice=True)
    tip = [vega.Tooltip("period:N", title="period"), vega.Tooltip("label:N", title="value")]
    base = vega.Chart(named())
    reach = vega.Chart(named("reach")).mark_point(opacity=0).encode(y=vega.Y("value:Q", axis=axis, scale=scale))
    line = base.mark_line(color=colours.data, strokeWidth=1.8).encode(x=time(ticks=4), y="value:Q")
    dot = base.mark_circle(color=colours.data, size=30, opacity=1).encode(x=time(ticks=4), y="value:Q", tooltip=tip, opacity=vega.condition("datum.end != ''", vega.value(1), vega.value(0)))
    text = base.transform_filter("datum.end != ''").mark_text(align="left", dx=6, color=colours.text).encode(x=time(ticks=4), y="value:Q", text="label:N")
    return vega.layer(reach, line, dot, text).properties(padding={"left": 2, "right": 6, "top": 6, "bottom": 2})


def multiples(key: str, title: str, series: Mapping[str, Sequence[tuple[Moment, float | None]]], *, alt: str, unit: str = "", grain: str = "month", note: str = "", height: int = 120) -> None:
    """The same small line for each group, all on one scale, up to 24 of them, as many abreast as there is room for."""
    if len(series) > 24:
        raise InputError("at most 24 small multiples are readable", f"got {len(series)}", "choose the largest groups")
    rows = _long(series, unit, grain)
    heading(title, key, [{"group": r["name"], "period": r["period"], "value": r["value"]} for r in rows])
    shown, factor = readable(unit, [r["value"] for r in rows])
    values = [r["value"] * factor for r in rows if r["value"] is not None]
    if not values:
        nothing()
        return
    reach = pa.table({"value": [float(min(values)), float(max(values))]})
    spec = _small(palette().mode, unit=shown)
    grid = st.grid("auto", min_column_width=165, gap="xsmall", key=f"{key}-grid")
    for i, name in enumerate(series):
        mine = scaled(pa.Table.from_pylist([r for r in rows if r["name"] == name], schema=_LONG), factor)
        with grid.cell():
            quiet(name)
            st.vega_lite_chart(spec={**spec, "data": {"name": "main"}, "datasets": {"main": mine, "reach": reach}, "height": height}, alt=f"{name}: {alt}", key=f"{key}-{i}")
    if note:
        quiet(note)


@compiled
def _stacked(colours: Palette, unit: str, shares: bool) -> vega.Chart:
    stack: Any = "normalize" if shares else "zero"
    axis = vega.Axis(title=None, labelExpr="round(datum.value * 100) + ' %'", tickCount=4) if shares else value_axis(unit)
    tip = [vega.Tooltip("name:N", title="part"), vega.Tooltip("period:N", title="period"), vega.Tooltip("label:N", title="value")]
    return vega.Chart(named()).mark_area(opacity=0.85, line={"strokeWidth": 0.5}).encode(
        x=time(), y=vega.Y("value:Q", stack=stack, axis=axis), color=_colour(colours, True).legend(vega.Legend(columns=3)), order=vega.Order("order:Q", sort="descending"), tooltip=tip,
    ).properties(padding={"left": 2, "right": 6, "top": 4, "bottom": 2})  # fmt: skip


def stacked(key: str, title: str, series: Mapping[str, Sequence[tuple[Moment, float | None]]], *, alt: str, unit: str = "", grain: str = "month", shares: bool = False, note: str = "", height: int = 260) -> None:
    """Parts of a whole over time, the first series on top; `shares` shows percent of the whole."""
    _checked(series)
    rows = _long(series, unit, grain)
    behind = [{"part": r["name"], "period": r["period"], "value": r["value"]} for r in rows]
    shown, factor = readable(unit, [r["value"] for r in rows])
    show(key, title, _stacked(palette().mode, unit=shown, shares=shares), {"main": scaled(pa.Table.from_pylist(rows, schema=_LONG), factor)}, alt=alt, behind=behind, unit=unit, note=note, height=height)


@dataclass(frozen=True)
class Curve:
    """A survival curve: times, the share still there (0 to 1), its interval, and how many were observed."""

    name: str
    times: Sequence[float]
    share: Sequence[float]
    low: Sequence[float] = ()
    high: Sequence[float] = ()
    n: int = 0


@compiled
def _survival(colours: Palette, title: str, band: bool) -> vega.LayerChart:
    base = vega.Chart(named())
    x = vega.X("x:Q", axis=vega.Axis(title=title, grid=False), scale=vega.Scale(nice=False))
    axis = vega.Axis(title=None, labelExpr="format(datum.value, ',~f') + ' %'", tickCount=5)
    y = vega.Y("share:Q", axis=axis, scale=vega.Scale(domain=[0, 100]))
    colour = _colour(colours, False)
    tip = [vega.Tooltip("name:N", title="group"), vega.Tooltip("x:Q", title=title, format=",~f"), vega.Tooltip("label:N", title="still there"), vega.Tooltip("range:N", title="95 % interval")]
    layers = []
    if band:
        layers.append(base.mark_area(interpolate="step-after", opacity=colours.band).encode(x=x, y=vega.Y("low:Q", axis=axis, scale=vega.Scale(domain=[0, 100])), y2="high:Q", color=colour))
    layers.append(base.mark_line(interpolate="step-after", strokeWidth=2).encode(x=x, y=y, color=colour))
    layers.append(base.mark_circle(size=60, opacity=0).encode(x=x, y=y, color=colour, tooltip=tip))
    layers.append(base.transform_filter("datum.end != ''").mark_text(align="left", dx=6).encode(x=x, y=vega.Y("beside:Q", axis=axis, scale=vega.Scale(domain=[0, 100])), text="end:N", color=colour))
    return vega.layer(*layers).properties(padding={"left": 2, "right": 6, "top": 4, "bottom": 2})


def _spread(ends: Sequence[float], apart: float = 7.0, top: float = 100.0) -> list[float]:
    """The heights at which labels stand so that none covers another: as near their own as can be, at least `apart` from each other."""
    order = sorted(range(len(ends)), key=lambda i: ends[i])
    out = [float(end) for end in ends]
    for lower, upper in pairwise(order):
        out[upper] = max(out[upper], out[lower] + apart)
    # pushed above the scale: take them down again, the highest first
    for i in reversed(order):
        out[i] = min(out[i], top)
        top = out[i] - apart
    return out


def survival(key: str, title: str, curves: Sequence[Curve], *, alt: str, time_title: str = "months", note: str = "", height: int = 280) -> None:
    """The share still there after each time, as steps with bands; each curve is named at its end with its share and n."""
    _checked({curve.name: curve for curve in curves})
    rows = []
    beside = dict(zip([curve.name for curve in curves], _spread([100 * curve.share[-1] if len(curve.share) else 0.0 for curve in curves]), strict=True))
    for curve in curves:
        for i, (when, share) in enumerate(zip(curve.times, curve.share, strict=True)):
            low = 100 * curve.low[i] if i < len(curve.low) else None
            high = 100 * curve.high[i] if i < len(curve.high) else None
            end = f"{curve.name} {100 * share:.0f} %" if i == len(curve.times) - 1 else ""
            rows.append({"name": curve.name, "x": float(when), "share": 100 * float(share), "low": low, "high": high, "beside": beside[curve.name], "end": end, "label": words.value(100 * share, "%"), "range": words.interval(low, high, "%")})
    schema = pa.schema([("name", pa.string()), *((c, pa.float64()) for c in ("x", "share", "low", "high", "beside")), *((c, pa.string()) for c in ("end", "label", "range"))])
    behind = [{"group": r["name"], time_title: r["x"], "share": r["share"], "low": r["low"], "high": r["high"]} for r in rows]
    spec = _survival(palette().mode, title=time_title, band=any(r["low"] is not None for r in rows))
    said = note or " · ".join(f"{curve.name} n {curve.n:,}" for curve in curves if curve.n)
    show(key, title, spec, {"main": pa.Table.from_pylist(rows, schema=schema)}, alt=alt, behind=behind, note=said, height=height)
