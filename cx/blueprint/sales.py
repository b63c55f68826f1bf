"""Sales management."""

from __future__ import annotations

from cx.blueprint.process import ProcessGroup, SubProcess

SALES = ProcessGroup(
    key="sales",
    number=4,
    title="Sales",
    purpose="Win the customers we can serve well, foresee what will close and keep the promise made in the sale.",
    icon="handshake",
    section="Serve and sell",
    headline="win_rate",
    kpis=("win_rate", "win_rate_value", "deal_size", "sales_cycle", "velocity", "open_pipeline", "weighted_pipeline", "lead_velocity"),
    steps=(
        SubProcess(
            "strategy",
            "Sales strategy",
            "Agree on what to sell to whom, and how much of it.",
            "Set quotas by period, team and segment, and keep policies and the profile of the ideal customer.",
            records=("target", "policy"),
        ),
        SubProcess(
            "forecasting",
            "Forecast",
            "Plan on a forecast that has been tested against its own past.",
            "Forecast months with intervals from history and from the weighted pipeline, and see the gap to target.",
            kpis=("weighted_pipeline", "open_pipeline"),
            records=("target",),
            datasets=("deals", "step_runs"),
        ),
        SubProcess(
            "leads",
            "Leads",
            "Spend on the sources whose leads turn into customers.",
            "Compare sources by volume, cost, conversion and speed.",
            kpis=("lead_velocity",),
            datasets=("deals", "campaigns"),
        ),
        SubProcess(
            "process",
            "Pipeline",
            "Let every deal move on or be let go.",
            "Define stages with exit criteria, follow cohorts through them and act on deals that stand still.",
            kpis=("open_pipeline", "sales_cycle"),
            records=("sales_stage",),
            datasets=("deals", "step_runs"),
        ),
        SubProcess(
            "team",
            "Sales team",
            "Coach by evidence, with the luck of small numbers taken into account.",
            "Compare quota attainment, win rate with its interval and cycle by person, and keep coaching notes.",
            kpis=("win_rate", "sales_cycle"),
            records=("employee", "coaching_note", "target"),
            datasets=("deals",),
        ),
        SubProcess(
            "performance",
            "Sales performance",
            "Understand what moves revenue: more deals, bigger, faster or oftener won.",
            "Follow win rate by count and value, deal size, cycle, velocity and reasons for loss over time.",
            kpis=("win_rate", "win_rate_value", "deal_size", "sales_cycle", "velocity"),
            records=("target",),
            datasets=("deals",),
        ),
        SubProcess(
            "relationships",
            "Relationships",
            "Grow with customers who are well, and reach those who are not before the renewal does.",
            "Review accounts in a cadence, see health with its parts, and find what else a customer could use.",
            kpis=("nps",),
            records=("account_review",),
            datasets=("customers", "orders", "subscriptions", "responses", "tickets"),
        ),
    ),
)
