"""KPIs of product development: whether people can use it, and whether they do."""

from __future__ import annotations

from cx.analytics.adoption import ADOPTION, adoption
from cx.analytics.lifecycle import ACTIVE_CUSTOMERS, active_customers
from cx.analytics.registers import FINDINGS_FIXED, SUS, TASK_SUCCESS, findings_fixed, sus_mean, tasks_done
from cx.blueprint.kpi import Kpi

KPIS = (
    Kpi("adoption", "Adoption", "How many of the active customers use the app to order?", ADOPTION, adoption, "product", "%", "higher",
        options={"event": "App order"}, caveats="Of all who did anything with us in the period, visitors with an identifier included, not of all who have an account. Follows the event called App order. Grows with the length of the period: compare periods of equal length."),
    Kpi("active_customers", "Active customers", "How many customers did anything with us?", ACTIVE_CUSTOMERS, active_customers, "product", "customers", "higher",
        minimum=1, caveats="Visitors with an identifier count too; the longer the period, the more there are."),
    Kpi("sus", "Usability (SUS)", "How usable do people find what we build?", SUS, sus_mean, "product", "points", "higher", target=68.0, minimum=5,
        caveats="A score and no percentage; 68 is about average.", source="Brooke, SUS: a quick and dirty usability scale, 1996."),
    Kpi("task_success", "Task success", "How many manage what they set out to do?", TASK_SUCCESS, tasks_done, "product", "%", "higher", target=78.0, minimum=5,
        caveats="Tasks of one person are taken as independent of each other."),
    Kpi("findings_fixed", "Findings fixed", "How much of what user tests found has been mended?", FINDINGS_FIXED, findings_fixed, "product", "%", "higher", target=70.0,
        minimum=5, caveats="All severities count alike."),
)  # fmt: skip
