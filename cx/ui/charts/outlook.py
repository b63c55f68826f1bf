"""What was, what is expected and what was planned: history solid, forecast dashed with its band, plan as an outline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import altair as vega
import pyarrow as pa

from cx.ui import format as words
from cx.ui.charts.show import milliseconds, show
from cx.ui.charts.spec import compiled, named, time, value_axis
from cx.ui.palette import Palette, palette


@dataclass(frozen=True)
class Expected:
    """A period: what came of it (None ahead), what is forecast with its interval, what the pipeline holds, what was planned."""

    start: date | datetime
    actual: float | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    pipeline: float | None = None
    plan: float | None = None


@compiled
def _outlook(colours: Palette, unit: str, plan: bool, pipeline: bool) -> vega.LayerChart:
    base = vega.Chart(named())
    x = time()
    scale = vega.Scale(zero=True, nice=True)
    y = vega.Y("actual:Q", axis=value_axis(unit), scale=scale)
    tip = [vega.Tooltip("period:N"), vega.Tooltip("text:N", title="value"), vega.Tooltip("range:N", title="95 % prediction"), vega.Tooltip("held:N", title="weighted pipeline"), vega.Tooltip("planned:N", title="plan")]
    layers = [base.mark_area(color=colours.data, opacity=colours.band).encode(x=x, y=vega.Y("low:Q", axis=value_axis(unit), scale=scale), y2="high:Q")]
    if plan:
        layers.append(base.mark_tick(color=colours.target, thickness=2, width=22).encode(x=x, y="plan:Q", tooltip=tip))
    if pipeline:
        layers.append(base.mark_point(color=colours.event, filled=False, shape="diamond", size=70, strokeWidth=2).encode(x=x, y="pipeline:Q", tooltip=tip))
    layers.append(base.mark_line(color=colours.data, strokeDash=[5, 4]).encode(x=x, y="value:Q"))
    layers.append(base.mark_circle(color=colours.ground, stroke=colours.data, size=46, opacity=1, strokeWidth=1.6).encode(x=x, y="value:Q", tooltip=tip))
    layers.append(base.mark_line(color=colours.data, strokeWidth=2).encode(x=x, y=y))
    layers.append(base.mark_circle(color=colours.data, size=34, opacity=1).encode(x=x, y=y, tooltip=tip))
    return vega.layer(*layers).properties(padding={"left": 4, "right": 8, "top": 6, "bottom": 2})


def outlook(key: str, title: str, periods: Sequence[Expected], *, alt: str, unit: str = "", grain: str = "month", note: str = "", height: int = 300) -> None:
    """History, forecast with its 95 % prediction interval, weighted pipeline and plan by period, in the unit given (money in minor units)."""
    rows: list[dict[str, Any]] = []
    last = max((i for i, p in enumerate(periods) if p.actual is not None), default=None)
    for i, p in enumerate(periods):
        joint = i == last  # the dashed line starts where the solid one ends
        value = p.actual if joint and p.value is None else p.value
        shown = p.actual if p.actual is not None else p.value
        rows.append({
            "x": milliseconds(p.start), "period": words.period(p.start, grain) + ("" if p.actual is not None else ", forecast"), "actual": p.actual, "value": value, "low": p.actual if joint else p.low,
            "high": p.actual if joint else p.high, "pipeline": p.pipeline, "plan": p.plan, "text": words.value(shown, unit), "range": words.interval(p.low, p.high, unit), "held": words.value(p.pipeline, unit), "planned": words.value(p.plan, unit),
        })  # fmt: skip
    plan, pipeline = any(p.plan is not None for p in periods), any(p.pipeline is not None for p in periods)
    parts = ["solid: actual", "dashed: forecast with 95 % prediction interval", *(["diamond: weighted pipeline by expected close"] if pipeline else []), *(["bar: quota"] if plan else [])]
    behind = [{"period": r["period"], "actual": r["actual"], "value": p.value, "low": p.low, "high": p.high, "pipeline": r["pipeline"], "plan": r["plan"]} for r, p in zip(rows, periods, strict=True)]
    show(key, title, _outlook(palette().mode, unit=unit, plan=plan, pipeline=pipeline), {"main": pa.Table.from_pylist(rows, schema=_OUTLOOK)} if rows else {}, alt=alt, behind=behind, unit=unit, note=note or " · ".join(parts), height=height)


_OUTLOOK = pa.schema([
    ("x", pa.float64()), ("period", pa.string()), *((name, pa.float64()) for name in ("actual", "value", "low", "high", "pipeline", "plan")),
    *((name, pa.string()) for name in ("text", "range", "held", "planned")),
])  # fmt: skip
