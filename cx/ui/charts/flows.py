"""What came and what went: gains above the line and losses below it by period, and the way from one level to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import altair as vega
import pyarrow as pa

from cx.ui import format as words
from cx.ui.charts.show import milliseconds, show
from cx.ui.charts.spec import compiled, named, pick, value_axis
from cx.ui.palette import Palette, palette

# what a part means decides its colour; gains are deep where they are new, losses deep where they are for good
TONES = ("data", "before", "good", "event", "context", "bad")


def _colours(colours: Palette, tones: Sequence[str]) -> list[str]:
    every: dict[str, str] = {"data": colours.data, "before": colours.before, "good": colours.good, "event": colours.event, "context": colours.context, "bad": colours.bad}
    return [every[tone] for tone in tones]


@compiled
def _gains(colours: Palette, unit: str, names: tuple[str, ...], tones: tuple[str, ...], net: bool, clicks: bool) -> vega.LayerChart:
    x = vega.X("period:O", sort=None, axis=vega.Axis(title=None, labelAngle=0, labelOverlap="greedy", labelColor=colours.quiet))
    base = vega.Chart(named())
    colour = vega.Color("name:N", sort=list(names), scale=vega.Scale(domain=list(names), range=_colours(colours, tones)), legend=vega.Legend(columns=3))
    tip = [vega.Tooltip("period:N"), vega.Tooltip("name:N", title="part"), vega.Tooltip("label:N", title="value")]
    opacity: Any = vega.condition("datum.partial", vega.value(0.45), vega.value(1))
    bars = base.mark_bar(width={"band": 0.72}).encode(x=x, y=vega.Y("value:Q", stack="zero", axis=value_axis(unit)), color=colour, order=vega.Order("order:Q"), tooltip=tip, opacity=opacity)
    if clicks:
        bars = bars.add_params(pick("period"))
    layers = [bars, vega.Chart(named("zero")).mark_rule(color=colours.context).encode(y="value:Q")]
    if net:
        line = vega.Chart(named("net"))
        layers.append(line.mark_line(color=colours.text, strokeWidth=1.6).encode(x=x, y="value:Q"))
        layers.append(line.mark_circle(color=colours.text, size=30, opacity=1).encode(x=x, y="value:Q", tooltip=[vega.Tooltip("period:N"), vega.Tooltip("label:N", title="net")]))
    return vega.layer(*layers).properties(padding={"left": 2, "right": 6, "top": 4, "bottom": 2})


def gains(
    key: str, title: str, periods: Sequence[date | datetime], parts: Mapping[str, Sequence[float]], tones: Mapping[str, str], *, alt: str, unit: str = "", grain: str = "month",
    partial: Sequence[bool] = (), net: bool = True, clicks: bool = False, note: str = "", height: int = 280,
) -> int | None:  # fmt: skip
    """Parts by period as stacked bars, losses given as negative numbers; a line for the net. Returns the number of the clicked period where `clicks`.

    `tones` gives each part one of data, before, good, event, context, bad. Periods that are not over are pale.
    """
    labels = [words.period(when, grain) for when in periods]
    rows, totals = [], [0.0] * len(labels)
    for order, (name, values) in enumerate(parts.items()):
        for i, value in enumerate(values):
            totals[i] += value
            rows.append({"period": labels[i], "x": milliseconds(periods[i]), "name": name, "order": float(order), "value": float(value), "label": words.value(value, unit), "partial": bool(partial[i]) if i < len(partial) else False})
    tables = {"main": pa.Table.from_pylist(rows)} if rows else {}
    tables["zero"] = pa.table({"value": [0.0]})
    if net and rows:
        tables["net"] = pa.table({"period": labels, "value": totals, "label": [words.value(v, unit) for v in totals]})
    behind = [{"period": label, **{name: float(values[i]) for name, values in parts.items()}, "net": totals[i]} for i, label in enumerate(labels)]
    if words.is_money(unit):
        size = words.minor(unit)
        behind = [{name: cell / size if isinstance(cell, float) else cell for name, cell in row.items()} for row in behind]
    spec = _gains(palette().mode, unit=unit, names=tuple(parts), tones=tuple(tones[name] for name in parts), net=net, clicks=clicks)
    said = note or " · ".join(text for text, there in (("line: net", net), ("pale: not complete", any(partial))) if there)
    picked = show(key, title, spec, tables, alt=alt, behind=behind, note=said, height=height, pick=("period",) if clicks else ())
    return labels.index(str(picked["period"])) if picked and str(picked["period"]) in labels else None


@compiled
def _waterfall(colours: Palette, unit: str) -> vega.LayerChart:
    x = vega.X("name:N", sort=None, axis=vega.Axis(title=None, labelAngle=0, labelOverlap=False, labelColor=colours.text, labelLimit=110, labelExpr="split(datum.label, ' ')"))
    base = vega.Chart(named())
    tone = vega.Color("tone:N", legend=None, scale=vega.Scale(domain=["good", "bad", "context"], range=[colours.good, colours.bad, colours.context]))
    tip = [vega.Tooltip("name:N", title="part"), vega.Tooltip("label:N", title="value")]
    bars = base.mark_bar(width={"band": 0.66}).encode(x=x, y=vega.Y("low:Q", axis=value_axis(unit), scale=vega.Scale(zero=True, padding=22)), y2="high:Q", color=tone, tooltip=tip)
    steps = base.mark_text(baseline="bottom", dy=-4, color=colours.text).encode(x=x, y="high:Q", text="label:N")
    zero = vega.Chart(named("zero")).mark_rule(color=colours.context).encode(y="value:Q")
    return vega.layer(bars, zero, steps).properties(padding={"left": 2, "right": 6, "top": 10, "bottom": 2})


def waterfall(key: str, title: str, steps: Sequence[tuple[str, float]], *, alt: str, unit: str = "", total: str = "net", note: str = "", height: int = 260) -> None:
    """From nothing through gains and losses to their sum, each step where the one before ended.

    Changes are drawn from zero and not from the level they change, beside which they could not be seen.
    """
    at, rows = 0.0, []
    for name, value in steps:
        rows.append({"name": name, "low": min(at, at + value), "high": max(at, at + value), "value": float(value), "tone": "good" if value >= 0 else "bad", "label": _signed(value, unit)})
        at += value
    rows.append({"name": total, "low": min(0.0, at), "high": max(0.0, at), "value": at, "tone": "context", "label": _signed(at, unit)})
    tables = {"main": pa.Table.from_pylist(rows), "zero": pa.table({"value": [0.0]})} if steps else {}
    behind = [{"part": row["name"], "value": row["value"]} for row in rows]
    show(key, title, _waterfall(palette().mode, unit=unit), tables, alt=alt, behind=behind, unit=unit, note=note, height=height)


def _signed(value: float, unit: str) -> str:
    text = words.value(value, unit)
    return text if value < 0 or not value else f"+{text}"
