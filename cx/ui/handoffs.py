"""Hand-offs between teams, held against the event log: how long the receiver let it wait, and how often longer than promised."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from cx.analytics.estimate import Estimate, undefined
from cx.analytics.interval import proportion
from cx.analytics.measure import Scope
from cx.facts import engine, prepared
from cx.facts.filters import Filters
from cx.facts.history import Revision
from cx.ui.remember import remembered


@remembered
def waits(now: Revision, filters: Filters, process: str, step: str, promise_hours: float) -> tuple[float | None, float | None, Estimate]:
    """(median, 90th percentile of the hours a case waited before a step, share that waited longer than promised).

    A case waits from the end of the step before to the start of this one; the first step of a case waits for nothing
    and does not count. Wilson's interval.
    """

    def build(dated: Filters) -> ir.Table:
        tables, _ = dated.apply(engine.tables())
        runs = tables["step_runs"]
        runs = runs.filter(runs.process == process, runs.started_at.notnull())
        window = ibis.window(group_by=runs.case_id, order_by=[runs.started_at, runs.key])
        runs = runs.mutate(_before=runs.ended_at.lag().over(window))
        runs = Scope(dated.start, dated.end).during(runs, "started_at")
        here = runs.filter(runs.step == step, runs["_before"].notnull())
        hours = ibis.greatest(here.started_at.truncate("s").delta(here["_before"].truncate("s"), unit="second").cast("float64") / 3600, 0.0)
        here = here.mutate(_hours=hours)
        return here.aggregate(n=here.count(), median=here["_hours"].median(), p90=here["_hours"].quantile(0.9), late=(here["_hours"] > promise_hours).sum().fill_null(0))

    (row,) = prepared.rows(("waits", process, step, promise_hours), filters, build, now)
    if not row["n"]:
        return None, None, undefined("not seen in the event log in this period", "%")
    return row["median"], row["p90"], proportion(row["late"], row["n"])
