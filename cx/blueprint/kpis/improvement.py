"""KPIs of improvement: how long work takes and how much of that time is work."""

from __future__ import annotations

from cx.analytics.process import CYCLE_EFFICIENCY, LEAD_TIME, LEAD_TIME_P90, REWORK_RATE, cycle_efficiency, lead_time, rework_rate
from cx.analytics.registers import VERIFIED_SAVINGS, verified_savings
from cx.blueprint.kpi import Kpi

FINISHED = "Finished cases only, in the period in which they were finished."

KPIS = (
    Kpi("lead_time", "Lead time (median)", "How long does a typical case take from start to end?", LEAD_TIME, lead_time, "improvement", "days", "lower",
        caveats=FINISHED),
    Kpi("lead_time_p90", "Lead time (P90)", "How long do the slowest tenth of cases take at least?", LEAD_TIME_P90, lead_time, "improvement", "days", "lower",
        minimum=50, caveats=FINISHED),
    Kpi("cycle_efficiency", "Cycle efficiency", "How much of the time is work that customers would pay for?", CYCLE_EFFICIENCY, cycle_efficiency,
        "improvement", "%", "higher", target=25.0, caveats="Steps that run side by side count both."),
    Kpi("rework_rate", "Rework", "How many cases go through a step more than once?", REWORK_RATE, rework_rate, "improvement", "%", "lower", target=10.0,
        caveats=FINISHED),
    Kpi("verified_savings", "Verified savings", "How much a year have improvements saved, as somebody outside them confirmed?", VERIFIED_SAVINGS, verified_savings,
        "improvement", "currency", "higher", minimum=1, caveats="Benefits expected but not verified are not in it."),
)  # fmt: skip
