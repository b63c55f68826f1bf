"""Actions over time: a Gantt chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import altair as vega
import pyarrow as pa

from cx.ui import format as words
from cx.ui.charts.show import milliseconds, show
from cx.ui.charts.spec import compiled, haloed, named, quarter_axis, row_height, row_names, time_axis
from cx.ui.palette import Palette, palette


@dataclass(frozen=True)
class Task:
    """Something with a start, an end, and a share done (0 to 1); `late` where it should have ended. `state` stands beside it instead of the share."""

    name: str
    start: date
    end: date
    done: float = 0.0
    late: bool = False
    owner: str = ""
    state: str = ""


@compiled
def _gantt(colours: Palette, today: bool, quarters: bool) -> vega.LayerChart:
    base = vega.Chart(named())
    y = vega.Y("name:N", sort=None, axis=row_names(colours))
    x = vega.X("start:T", scale=vega.Scale(type="utc", nice=False), axis=quarter_axis(colours) if quarters else time_axis())
    tip = [vega.Tooltip("name:N", title="action"), vega.Tooltip("when:N", title="when"), vega.Tooltip("text:N", title="stands at"), vega.Tooltip("owner:N", title="owner")]
    colour = vega.condition("datum.late", vega.value(colours.bad), vega.value(colours.data))
    whole = base.mark_bar(height={"band": 0.55}, opacity=0.3, cornerRadius=2).encode(y=y, x=x, x2="end:T", color=colour, tooltip=tip)
    part = base.mark_bar(height={"band": 0.55}, cornerRadius=2).encode(y=y, x="start:T", x2="reached:T", color=colour, tooltip=tip)
    text = haloed(colours, base, colour=colours.quiet, align="left", baseline="middle", dx=5).encode(y=y, x="end:T", text="text:N")
    layers = [whole, part]
    if today:
        line = vega.Chart(named("today"))
        layers += [line.mark_rule(color=colours.event, strokeWidth=1.2).encode(x="x:T"), line.mark_text(color=colours.event_text, baseline="bottom", dy=-2, fontSize=11).encode(x="x:T", y=vega.value(0), text="name:N")]
    return vega.layer(*layers, text).properties(padding={"left": 2, "right": 6, "top": 14, "bottom": 2})


def gantt(key: str, title: str, tasks: Sequence[Task], *, alt: str, as_of: date | None = None, note: str = "", quarters: bool = False) -> None:
    """Actions as bars from start to end, the done share solid; late ones vermilion and marked; `as_of` is a line; the axis by months or `quarters`."""
    rows = [
        {"name": t.name, "start": milliseconds(t.start), "end": milliseconds(t.end), "reached": (milliseconds(t.start) or 0.0) + t.done * ((milliseconds(t.end) or 0.0) - (milliseconds(t.start) or 0.0)),
         "late": t.late, "when": words.span(t.start, t.end), "text": (t.state or f"{100 * t.done:.0f} %") + (" · late" if t.late else ""), "owner": t.owner}
        for t in tasks
    ]  # fmt: skip
    tables = {"main": pa.Table.from_pylist(rows)} if rows else {}
    if as_of is not None:
        tables["today"] = pa.table({"x": [milliseconds(as_of)], "name": [words.day(as_of, year=False)]})
    behind = [{"action": t.name, "owner": t.owner, "start": t.start, "end": t.end, "done": t.state or t.done, "late": t.late} for t in tasks]
    show(key, title, _gantt(palette().mode, today=as_of is not None, quarters=quarters), tables, alt=alt, behind=behind, note=note, height=row_height(t.name for t in tasks) * max(len(rows), 1) + 40)
