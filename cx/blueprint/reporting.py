"""Data analysis and reporting."""

from __future__ import annotations

from cx.blueprint.process import ProcessGroup, SubProcess

EVERY = (
    "customers", "responses", "mentions", "interactions", "tickets", "deals",
    "subscriptions", "orders", "campaigns", "measurements", "step_runs", "trainings",
)  # fmt: skip

REPORTING = ProcessGroup(
    key="reporting",
    number=10,
    title="Analysis and reports",
    purpose="Trust the numbers, understand what drives them and bring them to those who decide.",
    icon="monitoring",
    section="Report",
    headline="data_quality",
    kpis=("data_quality", "freshness", "maturity", "nps"),
    steps=(
        SubProcess(
            "collection",
            "Data catalogue",
            "Know which data there is, how fresh it is and who answers for it.",
            "See each dataset with owner, freshness and imports, trace a number to its file and undo an import.",
            kpis=("freshness",),
            datasets=EVERY,
        ),
        SubProcess(
            "cleaning",
            "Data quality",
            "Repair data at its source rather than explain it away.",
            "Read a quality score with the rows behind it, merge duplicate customers and find gaps and outliers.",
            kpis=("data_quality",),
            datasets=EVERY,
        ),
        SubProcess(
            "analysis",
            "Drivers and models",
            "Learn what goes along with loyalty and loss, without calling it cause.",
            "Describe any dataset, fit regressions with diagnostics, rank drivers and predict churn with a checked model.",
            kpis=("nps",),
            datasets=EVERY,
        ),
        SubProcess(
            "visualization",
            "Chart builder",
            "Answer one's own question without waiting for an analyst.",
            "Build a chart on any dataset and save it to a board.",
            records=("saved_chart",),
            datasets=EVERY,
        ),
        SubProcess(
            "interpretation",
            "Ask and test",
            "Tell a finding from a coincidence.",
            "Name two variables, and get the fitting test, effect size, interval, power and a sentence.",
            datasets=EVERY,
        ),
        SubProcess(
            "reports",
            "Reports",
            "Put the same honest numbers in front of everybody who decides.",
            "Make scorecards and summaries as PDF, workbook or page, schedule them by mail and share them by link.",
            kpis=("nps",),
            records=("report_schedule",),
            datasets=EVERY,
        ),
        SubProcess(
            "improvement",
            "Report review",
            "Drop the reports nobody reads, and mend the KPIs nobody trusts.",
            "See which reports are opened, gather feedback on them and find KPIs without fresh data.",
            records=("report_feedback",),
        ),
    ),
)
