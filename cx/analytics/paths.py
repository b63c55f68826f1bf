"""Paths: what customers do after what, and what came before, from the log alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from cx.analytics.frame import as_table
from cx.analytics.funnel import seconds_between
from cx.analytics.measure import Scope
from cx.analytics.retention import moments
from cx.errors import MeasureError

END, START, OTHER = "(end)", "(start)", "(other)"
DIRECTIONS = ("after", "before")


def _log(data: Any, unit: str, event: str, time: str, start: datetime | None, end: datetime | None) -> ir.Table:
    """unit, event, time in order; simultaneous events go by name (then by key), so that every engine reads one order."""
    table = moments(as_table(data, needs=(unit, event, time)), time)
    table = Scope(start, end).during(table, time)
    known = table.filter(table[unit].notnull(), table[event].notnull(), table[time].notnull())
    return known.select(unit=known[unit], event=known[event].cast("string"), at=known[time])


def _window(log: ir.Table, backwards: bool = False) -> Any:
    order = [log["at"].desc(), log["event"].desc()] if backwards else [log["at"], log["event"]]
    return ibis.window(group_by=log["unit"], order_by=order)


def directly_follows(data: Any, *, unit: str = "customer_id", event: str = "event", time: str = "happened_at",
                     start: datetime | None = None, end: datetime | None = None) -> pd.DataFrame:  # fmt: skip
    """The directly-follows graph: one row per pair of events of which one came right after the other.

    Columns: source, target, count, customers, mean_hours, median_hours (between the two), share (% of what follows the
    source). The first event of each unit follows "(start)", and "(end)" follows the last; these have no time. Raises
    MeasureError where a column is missing. Source: van der Aalst, Process Mining (2016), section 6.

    >>> log = {"customer_id": ["a", "a", "b"], "event": ["see", "buy", "see"], "happened_at": [datetime(2025, 1, d) for d in (1, 2, 1)]}
    >>> directly_follows(log)[["source", "target", "count"]].values.tolist()
    [['(start)', 'see', 2], ['buy', '(end)', 1], ['see', '(end)', 1], ['see', 'buy', 1]]
    """
    log = _log(data, unit, event, time, start, end)
    w = _window(log)
    steps = log.mutate(target=log["event"].lead().over(w), then=log["at"].lead().over(w), first=ibis.row_number().over(w) == 0)
    seconds = seconds_between(steps["at"], steps["then"])
    edges = steps.group_by(source="event", target=steps["target"].fill_null(END)).aggregate(
        count=steps.count(), customers=steps["unit"].nunique(), mean_hours=seconds.mean() / 3600, median_hours=seconds.median() / 3600
    )
    opening = steps.filter(steps["first"])
    opening = opening.group_by(target="event").aggregate(count=opening.count())
    frame = edges.to_pandas()
    starts = opening.to_pandas().assign(source=START)
    starts["customers"] = starts["count"]
    columns = ["source", "target", "count", "customers", "mean_hours", "median_hours"]
    joined = pd.DataFrame([*starts.to_dict("records"), *frame.to_dict("records")], columns=columns)
    joined["share"] = 100 * joined["count"] / joined.groupby("source")["count"].transform("sum")
    return joined.sort_values(["source", "target"], ignore_index=True)


def paths(data: Any, anchor: str, *, direction: str = "after", steps: int = 3, limit: int = 10, collapse: bool = True, unit: str = "customer_id",
          event: str = "event", time: str = "happened_at", start: datetime | None = None, end: datetime | None = None) -> pd.DataFrame:  # fmt: skip
    """What happens in the `steps` events after (or before) the event `anchor`: one row a path, the most frequent first.

    Every occurrence of the anchor counts. Columns: step_1 ... step_n (empty after the end of the log), count, customers, share (% of all
    occurrences). Beyond `limit` paths the rest is one row "(other)", so that counts add up. `collapse` reads an event
    that repeats itself at once as one. Raises MeasureError where a column is missing or an argument makes no sense.

    >>> log = {"customer_id": list("aaabb"), "event": ["see", "ask", "buy", "see", "buy"], "happened_at": [datetime(2025, 1, d) for d in (1, 2, 3, 1, 2)]}
    >>> paths(log, "see", steps=2)[["step_1", "step_2", "count"]].values.tolist()
    [['ask', 'buy', 1], ['buy', '(end)', 1]]
    """
    if direction not in DIRECTIONS or steps < 1 or limit < 1:
        raise MeasureError("paths go after or before an event, 1 step or more, 1 path or more", f"found {direction}, {steps}, {limit}", "correct it")
    log = _log(data, unit, event, time, start, end)
    if collapse:
        previous = log.mutate(_before=log["event"].lag().over(_window(log)))
        log = previous.filter(previous["_before"].isnull() | (previous["_before"] != previous["event"])).drop("_before")
    back = direction == "before"
    w = _window(log, back)
    names = [f"step_{k}" for k in range(1, steps + 1)]
    table = log.mutate(**{name: log["event"].lead(k).over(w) for k, name in enumerate(names, 1)})
    table = table.filter(table["event"] == anchor)
    edge = START if back else END
    filled: dict[str, ir.Value] = {}
    for k, name in enumerate(names):
        earlier = ibis.literal(True) if k == 0 else table[names[k - 1]].notnull()
        filled[name] = table[name].fill_null(earlier.ifelse(edge, ""))
    table = table.mutate(**filled)
    found = table.group_by(names).aggregate(count=table.count(), customers=table["unit"].nunique())
    total = table.count().to_pyarrow().as_py()
    frame = found.order_by(found["count"].desc(), *names).limit(limit).to_pandas()
    if (rest := total - int(frame["count"].sum())) > 0:
        other = dict.fromkeys(names, "") | {"step_1": OTHER, "count": rest, "customers": None}
        frame = pd.DataFrame([*frame.to_dict("records"), other], columns=frame.columns)
    frame["customers"] = frame["customers"].astype("Int64")
    frame["share"] = 100 * frame["count"] / total if total else pd.Series(dtype=float)
    return frame


def next_steps(data: Any, anchor: str, **options: Any) -> pd.DataFrame:
    """What happens right after the event `anchor`, "(end)" being the drop-off: `paths` of one step.

    >>> log = {"customer_id": list("aab"), "event": ["see", "buy", "see"], "happened_at": [datetime(2025, 1, d) for d in (1, 2, 1)]}
    >>> next_steps(log, "see")[["step_1", "share"]].values.tolist()
    [['(end)', 50.0], ['buy', 50.0]]
    """
    return paths(data, anchor, **{"steps": 1} | options)
