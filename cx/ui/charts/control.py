"""The control chart: points against centre and limits, by stage, with marked violations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import altair as vega
import pyarrow as pa

from cx.ui import format as words
from cx.ui.charts.show import milliseconds, scaled, show
from cx.ui.charts.spec import compiled, haloed, named, pick, readable, time, value_axis
from cx.ui.palette import Palette, palette


@dataclass(frozen=True)
class Sample:
    """A point with the limits that hold for it; `rules` name the signals it gives; limits change where `stage` does."""

    when: date | datetime | int
    value: float
    center: float
    low: float | None
    high: float | None
    rules: tuple[str, ...] = ()
    stage: str = ""


@compiled
def _control(colours: Palette, unit: str, dated: bool, low: bool, clicks: bool) -> vega.LayerChart:
    base = vega.Chart(named())
    x = time() if dated else vega.X("x:Q", axis=vega.Axis(title=None, grid=False, tickMinStep=1), scale=vega.Scale(zero=False, nice=False, padding=8))
    scale = vega.Scale(zero=False, nice=True)
    axis = value_axis(unit)
    tip = [vega.Tooltip("when:N", title="when"), vega.Tooltip("label:N", title="value"), vega.Tooltip("limits:N", title="limits"), vega.Tooltip("rules:N", title="signal")]
    detail = vega.Detail("stage:N")
    lines = [base.mark_line(color=colours.context, strokeWidth=1.2, interpolate="step").encode(x=x, y=vega.Y("center:Q", axis=axis, scale=scale), detail=detail)]
    for side in ("high", "low") if low else ("high",):
        lines.append(base.mark_line(color=colours.event, strokeWidth=1.2, strokeDash=[5, 3], interpolate="step").encode(x=x, y=f"{side}:Q", detail=detail))
    path = base.mark_line(color=colours.data, strokeWidth=1.2, opacity=0.7).encode(x=x, y="value:Q", detail=detail)
    calm = base.transform_filter("datum.rules == ''").mark_circle(color=colours.data, size=30, opacity=1).encode(x=x, y="value:Q", tooltip=tip)
    signal = base.transform_filter("datum.rules != ''").mark_point(shape="diamond", filled=True, color=colours.bad, size=95, opacity=1).encode(x=x, y="value:Q", tooltip=tip)
    said = haloed(colours, base.transform_filter("datum.said != ''"), colour=colours.bad, baseline="bottom", dy=-9, fontSize=11, align=vega.ExprRef("datum.side")).encode(x=x, y="value:Q", text="said:N")
    ends = [base.transform_filter("datum.last").mark_text(color=colours.quiet, align="left", dx=8, fontSize=11).encode(x=x, y=f"{name}:Q", text=f"{name}_text:N") for name in ("center", "high", *(("low",) if low else ()))]
    stages = base.transform_filter("datum.first && datum.stage != ''").mark_text(color=colours.quiet, align="left", baseline="bottom", dy=-3, dx=2, fontSize=11).encode(x=x, y=vega.value(0), text="stage:N")
    # a wide invisible mark takes the click, so that points small and large are picked alike
    target = [base.mark_point(size=170, opacity=0, filled=True).encode(x=x, y="value:Q", tooltip=tip).add_params(pick("i"))] if clicks else []
    return vega.layer(*lines, path, calm, signal, said, stages, *ends, *target).properties(padding={"left": 2, "right": 6, "top": 14, "bottom": 2})


def control(key: str, title: str, samples: Sequence[Sample], *, alt: str, unit: str = "", note: str = "", height: int = 260, clicks: bool = False) -> int | None:
    """Points in time against centre and limits. A point that breaks a rule is a vermilion diamond; the first of each rule is named, and the note counts them.

    Returns the place of the clicked point where `clicks`.
    """
    dated = not (samples and isinstance(samples[0].when, int))
    rows: list[dict[str, Any]] = []
    named_already: set[str] = set()
    for i, s in enumerate(samples):
        fresh = next((rule for rule in s.rules if rule not in named_already), "")
        crowded = any(row["said"] for row in rows[-max(len(samples) // 4, 1):])
        if fresh and not crowded:
            named_already.add(fresh)
        last = i == len(samples) - 1
        when = words.day(s.when) if not isinstance(s.when, int) else str(s.when)
        rows.append({
            "i": float(i), "x": float(s.when) if isinstance(s.when, int) else milliseconds(s.when), "when": when, "value": float(s.value), "center": float(s.center),
            "low": s.low, "high": s.high, "stage": s.stage, "rules": ", ".join(s.rules), "said": "" if crowded else fresh, "side": "left" if i < len(samples) / 8 else "right" if i > len(samples) * 7 / 8 else "center",
            "label": words.value(s.value, unit), "limits": words.interval(s.low, s.high, unit), "last": last, "first": i == 0 or samples[i - 1].stage != s.stage,
            "center_text": f"mean {words.value(s.center, unit)}", "high_text": f"upper {words.value(s.high, unit)}", "low_text": f"lower {words.value(s.low, unit)}",
        })  # fmt: skip
    shown, factor = readable(unit, [s.value for s in samples])
    spec = _control(palette().mode, unit=shown, dated=dated, low=any(s.low is not None for s in samples), clicks=clicks)
    behind = [{name: row[name] for name in ("when", "value", "center", "low", "high", "stage", "rules")} for row in rows]
    picked = show(key, title, spec, {"main": scaled(pa.Table.from_pylist(rows, schema=_SCHEMA), factor, ("value", "center", "low", "high"))}, alt=alt, behind=behind, unit=unit, note=" · ".join(part for part in (note, _signals(samples)) if part), height=height, pick=("i",) if clicks else ())
    return None if picked is None else int(picked["i"])


def _signals(samples: Sequence[Sample]) -> str:
    """How many points break which rule, the most frequent first: what the diamonds stand for."""
    counted = Counter(rule for s in samples for rule in s.rules)
    return "◆ " + ", ".join(f"{rule} ({n})" for rule, n in counted.most_common()) if counted else ""


_SCHEMA = pa.schema(
    [("i", pa.float64()), ("x", pa.float64()), ("when", pa.string()), ("value", pa.float64()), ("center", pa.float64()), ("low", pa.float64()), ("high", pa.float64())]
    + [(name, pa.string()) for name in ("stage", "rules", "said", "side", "label", "limits", "center_text", "high_text", "low_text")]
    + [("last", pa.bool_()), ("first", pa.bool_())]
)
