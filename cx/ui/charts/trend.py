"""Values over time: the trend with its interval, several lines on one scale, stacked areas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import altair as vega
import pyarrow as pa

from cx.analytics.estimate import Estimate
from cx.ui import format as words
from cx.ui.charts.show import milliseconds, scaled, show
from cx.ui.charts.spec import compiled, haloed, named, readable, time, value_axis
from cx.ui.palette import Palette, palette


@dataclass(frozen=True)
class Point:
    """A period's start and its estimate; `partial` where the period has not ended."""

    start: date | datetime
    estimate: Estimate
    partial: bool = False


@dataclass(frozen=True, order=True)
class Event:
    """Something that happened and may explain a turn: an improvement action, an incident."""

    when: date | datetime
    name: str


@compiled
def _trend(colours: Palette, unit: str, band: bool, target: bool, events: bool, before: bool, zero: bool) -> vega.LayerChart:
    x = time()
    y = vega.Y("value:Q", axis=value_axis(unit), scale=vega.Scale(zero=zero, nice=True))
    tip = [vega.Tooltip("period:N", title="period"), vega.Tooltip("label:N", title="value"), vega.Tooltip("range:N", title="95 % interval"), vega.Tooltip("n:Q", title="n", format=",")]
    base = vega.Chart(named())
    layers: list[vega.Chart | vega.LayerChart] = []
    if band:
        layers.append(base.mark_area(color=colours.data, opacity=colours.band, interpolate="linear").encode(x=x, y=vega.Y("low:Q", axis=value_axis(unit), scale=vega.Scale(zero=zero, nice=True)), y2="high:Q"))
    if target:
        goal = vega.Chart(named("target"))
        layers.append(goal.mark_rule(color=colours.target, strokeDash=[5, 4], strokeWidth=1.2, opacity=0.8).encode(y="value:Q"))
        side = vega.ExprRef("datum.below ? 'top' : 'bottom'")
        layers.append(haloed(colours, goal, colour=colours.quiet, align="left", baseline=side, dx=2, dy=vega.ExprRef("datum.below ? 4 : -3")).encode(x=vega.value(0), y="value:Q", text="name:N"))
    if events:
        when = vega.Chart(named("events"))
        layers.append(when.mark_rule(color=colours.event, strokeWidth=1.2).encode(x="x:T"))
        layers.append(when.mark_text(color=colours.event_text, align="right", baseline="top", dx=-4, dy=2, lineBreak="\n").encode(x="x:T", y=vega.value(0), text="name:N").transform_filter("datum.side == 'left'"))
        layers.append(when.mark_text(color=colours.event_text, align="left", baseline="top", dx=4, dy=2, lineBreak="\n").encode(x="x:T", y=vega.value(0), text="name:N").transform_filter("datum.side == 'right'"))
    if before:
        layers.append(base.mark_line(color=colours.before, strokeWidth=1.3, strokeDash=[2, 2]).encode(x=x, y="previous:Q"))
    layers.append(base.transform_filter("!datum.partial").mark_line(color=colours.data, strokeWidth=2.2, point={"size": 28, "filled": True, "color": colours.data}).encode(x=x, y=y, tooltip=tip))
    layers.append(base.transform_filter("datum.bridge").mark_line(color=colours.data, strokeWidth=2, strokeDash=[3, 3]).encode(x=x, y="value:Q"))
    layers.append(base.transform_filter("datum.partial").mark_point(filled=False, fill=colours.ground, color=colours.data, size=44, strokeWidth=1.6).encode(x=x, y="value:Q", tooltip=tip))
    layers.append(base.transform_filter("datum.last").mark_text(align="left", baseline="middle", dx=8, fontWeight=600, color=colours.text).encode(x=x, y="value:Q", text="label:N"))
    return vega.layer(*layers).properties(padding={"left": 2, "right": 6, "top": 6, "bottom": 2})


def trend(
    key: str, title: str, points: Sequence[Point], *, alt: str, unit: str = "", grain: str = "month", target: float | None = None,
    events: Iterable[Event] = (), previous: Sequence[float | None] = (), zero: bool = False, note: str = "", height: int = 260,
) -> None:  # fmt: skip
    """A measure over time: line, interval band, dashed target, named events in amber, previous period pale, last value written.

    Periods without a value leave a gap. A last period that has not ended is a hollow point on a dotted line. `previous`
    holds the value of the comparison period for each point.
    """
    rows: list[dict[str, Any]] = []
    values = [i for i, point in enumerate(points) if point.estimate.value is not None]
    partial = next((i for i in values if points[i].partial), None)
    joint = max((i for i in values if partial is not None and i < partial), default=None)
    for i, point in enumerate(points):
        e = point.estimate
        rows.append({
            "x": milliseconds(point.start), "period": words.period(point.start, grain) + (", not complete" if point.partial else ""),
            "value": e.value, "low": e.low, "high": e.high, "n": e.n, "label": words.value(e.value, unit), "range": words.interval(e.low, e.high, unit),
            "previous": previous[i] if i < len(previous) else None, "partial": point.partial,
            "bridge": partial is not None and i in (joint, partial), "last": bool(values) and i == values[-1],
        })  # fmt: skip
    shown, factor = readable(unit, [v for row in rows for v in (row["value"], row["high"])])
    tables = {"main": scaled(pa.Table.from_pylist(rows, schema=_TREND), factor, ("value", "low", "high", "previous"))}
    if target is not None:
        begun = [float(row["value"]) for row in rows[: max(len(rows) // 5, 2)] if row["value"] is not None]  # the name stands on the other side of the rule
        drawn = [float(v) for row in rows for v in (row["value"], row["low"], row["high"]) if v is not None]
        room = bool(drawn) and target - min(drawn) >= 0.1 * (max(drawn) - min(drawn))  # below the rule, and yet above the axis
        tables["target"] = pa.table({"value": [target * factor], "name": [f"target {words.value(target, unit)}"], "below": [room and bool(begun) and sum(begun) / len(begun) >= target]})
    happened, listed = _events(events, rows)
    if happened.num_rows:
        tables["events"] = happened
    spec = _trend(
        palette().mode, unit=shown, band=any(row["low"] is not None for row in rows), target=target is not None,
        events=happened.num_rows > 0, before=any(row["previous"] is not None for row in rows), zero=zero,
    )  # fmt: skip
    said = [text for text, there in (("band: 95 % interval", any(row["low"] is not None for row in rows)), ("dotted: period compared with", any(row["previous"] is not None for row in rows)), ("hollow: not complete", partial is not None)) if there]
    behind = [{"period": r["period"], "value": r["value"], "low": r["low"], "high": r["high"], "n": r["n"], "previous": r["previous"]} for r in rows]
    show(key, title, spec, tables, alt=alt, behind=behind, unit=unit, note=" · ".join([*([note] if note else said), *(["amber: " + "; ".join(listed)] if listed else [])]), height=height)


_TREND = pa.schema([
    ("x", pa.float64()), ("period", pa.string()), ("value", pa.float64()), ("low", pa.float64()), ("high", pa.float64()), ("n", pa.float64()),
    ("label", pa.string()), ("range", pa.string()), ("previous", pa.float64()), ("partial", pa.bool_()), ("bridge", pa.bool_()), ("last", pa.bool_()),
])  # fmt: skip


NAMED = 2  # so many events carry their names; more carry numbers, and the note below names them
LONG = 28  # letters; a longer name would run across the line


def _events(events: Iterable[Event], rows: list[dict[str, Any]]) -> tuple[pa.Table, list[str]]:
    """Events inside the drawn time only, and what the note says of them. Names stand on the side that has room, on two levels."""
    span = [row["x"] for row in rows if row["x"] is not None]
    found = sorted((milliseconds(event.when) or 0.0, event) for event in events) if span else []
    inside = [(x, event) for x, event in found if min(span) <= x <= max(span)]
    middle = (min(span) + max(span)) / 2 if span else 0.0
    numbered = len(inside) > NAMED or any(len(event.name) > LONG for _, event in inside)
    names = [str(i) if numbered else "\n" * (i % 2) + " ".join(event.name.split())[:40] for i, (_, event) in enumerate(inside, 1)]
    listed = [f"{i}\u00a0{' '.join(event.name.split())} ({words.day(event.when, year=False)})" for i, (_, event) in enumerate(inside, 1)] if numbered else []
    sides = ["right" if numbered or x <= middle else "left" for x, _ in inside]
    return pa.table({"x": pa.array([x for x, _ in inside], pa.float64()), "name": pa.array(names, pa.string()), "side": pa.array(sides, pa.string())}), listed
