"""KPIs of improvement: how long work takes and how much of that time is work."""

from __future__ import annotations

from cx.analytics.process import CYCLE_EFFICIENCY, LEAD_TIME, LEAD_TIME_P90, cycle_efficiency, lead_time
from cx.blueprint.kpi import Kpi

FINISHED = "Finished cases only, in the period in which they were finished."

KPIS = (
    Kpi("lead_time", "Lead time (median)", "How long does a typical case take from start to end?", LEAD_TIME, lead_time, "improvement", "days", "lower",
        caveats=FINISHED),
    Kpi("lead_time_p90", "Lead time (P90)", "How long do the slowest tenth of cases take at least?", LEAD_TIME_P90, lead_time, "improvement", "days", "lower",
        minimum=50, caveats=FINISHED),
    Kpi("cycle_efficiency", "Cycle efficiency", "How much of the time is work that customers would pay for?", CYCLE_EFFICIENCY, cycle_efficiency,
        "improvement", "%", "higher", target=25.0, caveats="Steps that run side by side count both."),
)  # fmt: skip
