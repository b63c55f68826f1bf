"""One life in one strip: scores over time on the scale from worst to best, and below them what happened, a lane a kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import altair as vega
import pyarrow as pa

from cx.ui import format as words
from cx.ui.charts.show import milliseconds, show
from cx.ui.charts.spec import compiled, named, time
from cx.ui.palette import Palette, palette

LANE = 17.0


@dataclass(frozen=True)
class Score:
    """A score: when, of which series, its place on the scale (0 worst, 100 best) and how it reads."""

    when: date | datetime
    series: str
    place: float
    label: str


@dataclass(frozen=True)
class Mark:
    """Something that happened: when, in which lane, how it reads; `bad` where it was bad news."""

    when: date | datetime
    lane: str
    label: str
    bad: bool = False


@compiled
def _strip(colours: Palette, lanes: tuple[str, ...], series: tuple[str, ...]) -> vega.LayerChart:
    places = {lane: -LANE * (i + 1) for i, lane in enumerate(lanes)}
    said = " : ".join([f"datum.value == {place} ? '{lane}'" for lane, place in places.items()] + ["datum.value == 0 ? 'worst' : datum.value == 100 ? 'best' : ''"])
    axis = vega.Axis(title=None, values=[0, 50, 100, *places.values()], labelExpr=said, labelOverlap=False, grid=True)
    y = vega.Y("y:Q", axis=axis, scale=vega.Scale(domain=[-LANE * len(lanes) - LANE / 2, 106], nice=False))
    x = time()
    colour = vega.Color("series:N", sort=None, scale=vega.Scale(domain=list(series), range=list(colours.series)[: len(series)]), legend=vega.Legend(columns=3) if len(series) > 1 else None)
    tip = [vega.Tooltip("day:N", title="when"), vega.Tooltip("label:N", title="what")]
    scores, marks = vega.Chart(named()), vega.Chart(named("marks"))
    bad = vega.condition("datum.bad", vega.value(colours.bad), vega.value(colours.context))
    layers = [
        marks.mark_tick(orient="vertical", size=11, thickness=2, opacity=0.9).encode(x=x, y=y, color=bad, tooltip=tip),
        scores.mark_line(strokeWidth=1.2, opacity=0.5).encode(x=x, y=y, color=colour),
        scores.mark_circle(size=52, opacity=1).encode(x=x, y=y, color=colour, tooltip=tip),
    ]
    return vega.layer(*layers).properties(padding={"left": 2, "right": 6, "top": 4, "bottom": 2})


def strip(key: str, title: str, scores: Sequence[Score], marks: Sequence[Mark], *, alt: str, note: str = "", height: int = 0) -> None:
    """Scores as dots joined by thin lines, a colour a series, worst to best; every lane of marks below on the same time. Bad news is vermilion."""
    lanes = tuple(dict.fromkeys(mark.lane for mark in marks))
    series = tuple(dict.fromkeys(score.series for score in scores))
    rows = [{"x": milliseconds(s.when), "y": s.place, "series": s.series, "day": words.day(s.when), "label": f"{s.series} {s.label}"} for s in scores]
    below = [{"x": milliseconds(m.when), "y": -LANE * (lanes.index(m.lane) + 1), "bad": m.bad, "day": words.day(m.when), "label": m.label} for m in marks]
    tables = {"main": pa.Table.from_pylist(rows, schema=_SCORES), "marks": pa.Table.from_pylist(below, schema=_MARKS)}
    behind = [{"when": s.when, "what": s.series, "reads": s.label} for s in scores] + [{"when": m.when, "what": m.lane, "reads": m.label} for m in marks]
    if not rows and below:  # the marks alone still tell something: they are drawn on an empty scale
        tables["main"] = pa.Table.from_pylist([{"x": below[0]["x"], "y": None, "series": "", "day": "", "label": ""}], schema=_SCORES)
    show(key, title, _strip(palette().mode, lanes=lanes, series=series or ("",)), tables, alt=alt, behind=sorted(behind, key=lambda r: str(r["when"]), reverse=True), note=note, height=height or 150 + 22 * len(lanes))


_SCORES = pa.schema([("x", pa.float64()), ("y", pa.float64()), ("series", pa.string()), ("day", pa.string()), ("label", pa.string())])
_MARKS = pa.schema([("x", pa.float64()), ("y", pa.float64()), ("bad", pa.bool_()), ("day", pa.string()), ("label", pa.string())])
