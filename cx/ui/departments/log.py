"""What passes from team to team: hand-offs in the event log with their waits, and the promises made about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis

from cx.analytics.estimate import Estimate, undefined
from cx.analytics.measure import Scope
from cx.facts import engine
from cx.facts.filters import Filters
from cx.facts.history import Revision
from cx.records.lookup import records
from cx.ui import handoffs
from cx.ui.page import View
from cx.ui.remember import remembered


@remembered
def moves(now: Revision, filters: Filters) -> list[dict[str, Any]]:
    """process, step, giver, receiver, n, median, p90, total (hours of waiting), again (cases in which the step had been done before).

    A case is handed over where a step is done by another role than the step before it in that case; it waits from the end
    of that step to the start of this one. Most waiting first.
    """
    tables, _ = filters.apply(engine.tables())
    runs = tables["step_runs"]
    runs = runs.filter(runs.case_id.notnull(), runs.role.notnull(), runs.started_at.notnull())
    order = [runs.started_at, runs.key]
    window = ibis.window(group_by=[runs.process, runs.case_id], order_by=order)
    runs = runs.mutate(_giver=runs.role.lag().over(window), _free=runs.ended_at.lag().over(window),
                       _nth=ibis.row_number().over(ibis.window(group_by=[runs.process, runs.case_id, runs.step], order_by=order)))  # fmt: skip
    runs = Scope(filters.start, filters.end).during(runs, "started_at")
    handed = runs.filter(runs["_giver"].notnull() & (runs["_giver"] != runs["role"]) & runs["_free"].notnull())
    hours = ibis.greatest(handed.started_at.truncate("s").delta(handed["_free"].truncate("s"), unit="second").cast("float64") / 3600, 0.0)
    handed = handed.mutate(_hours=hours)
    found = handed.group_by("process", "step", giver="_giver", receiver="role").aggregate(
        n=handed.count(), median=handed["_hours"].median(), p90=handed["_hours"].quantile(0.9), total=handed["_hours"].sum(), again=(handed["_nth"] > 0).sum().fill_null(0)
    )
    return sorted(engine.rows(found, now=now), key=lambda row: -(row["total"] or 0.0))


@remembered
def between(now: Revision, filters: Filters) -> list[dict[str, Any]]:
    """giver, receiver, n, median: the same for each pair of teams, over all steps."""
    tables, _ = filters.apply(engine.tables())
    runs = tables["step_runs"]
    runs = runs.filter(runs.case_id.notnull(), runs.role.notnull(), runs.started_at.notnull())
    window = ibis.window(group_by=[runs.process, runs.case_id], order_by=[runs.started_at, runs.key])
    runs = runs.mutate(_giver=runs.role.lag().over(window), _free=runs.ended_at.lag().over(window))
    runs = Scope(filters.start, filters.end).during(runs, "started_at")
    handed = runs.filter(runs["_giver"].notnull() & (runs["_giver"] != runs["role"]) & runs["_free"].notnull())
    hours = ibis.greatest(handed.started_at.truncate("s").delta(handed["_free"].truncate("s"), unit="second").cast("float64") / 3600, 0.0)
    handed = handed.mutate(_hours=hours)
    return engine.rows(handed.group_by(giver="_giver", receiver="role").aggregate(n=handed.count(), median=handed["_hours"].median()), now=now)


@dataclass(frozen=True)
class Promise:
    """A promise about a hand-off and how it was kept: hours waited, and the share in percent that waited no longer than promised."""

    record: Any
    median: float | None
    p90: float | None
    kept: Estimate


def promises(view: View) -> list[Promise]:
    """Every registered hand-off, the worst kept first; those without a time or not in the log come last, with the reason."""
    out = []
    for row in records("handoff"):
        if row.promise_hours is None or not row.process or not row.step:
            out.append(Promise(row, None, None, undefined("no time promised" if row.promise_hours is None else "not tied to a step of the event log", "%")))
            continue
        median, p90, late = handoffs.waits(view.now, view.filters, row.process, row.step, float(row.promise_hours))
        kept = late if late.value is None else Estimate(100 - late.value, None if late.high is None else 100 - late.high, None if late.low is None else 100 - late.low, late.n, "%", late.warning)
        out.append(Promise(row, median, p90, kept))
    return sorted(out, key=lambda one: (one.kept.value is None, one.kept.value or 0.0))
