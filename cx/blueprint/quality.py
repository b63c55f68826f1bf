"""Quality management."""

from __future__ import annotations

from cx.blueprint.process import ProcessGroup, SubProcess

QUALITY = ProcessGroup(
    key="quality",
    number=7,
    title="Quality",
    purpose="Deliver what was promised every time, and find the cause when we did not.",
    icon="verified",
    section="Build and improve",
    headline="fpy",
    kpis=("fpy", "rty", "dpmo", "sigma_level", "cpk", "ppk", "supplier_ppm", "on_time_delivery"),
    steps=(
        SubProcess(
            "planning",
            "Quality planning",
            "Translate what customers call good into characteristics that can be measured.",
            "Keep objectives, break them down to critical characteristics and set targets and policies.",
            records=("quality_objective", "target", "policy"),
        ),
        SubProcess(
            "control",
            "Control charts",
            "React to signals, and leave noise alone.",
            "Choose the chart that fits the data, a named rule set and staged limits, and enter inspections.",
            datasets=("measurements",),
        ),
        SubProcess(
            "assurance",
            "Audits",
            "Check that the agreed way of working is the lived one.",
            "Run the audit programme with checklists and findings, and keep documents under control.",
            records=("audit", "audit_finding", "procedure"),
        ),
        SubProcess(
            "improvement",
            "Quality projects",
            "Raise the level instead of fighting single defects.",
            "Run quality projects from problem statement to proven gain.",
            records=("project",),
            datasets=("measurements",),
        ),
        SubProcess(
            "corrective",
            "Corrective actions",
            "Remove causes so that a failure does not return.",
            "Lead each case from report over root cause and plan to verified effect, and see ageing and recurrence.",
            records=("capa", "capa_action"),
        ),
        SubProcess(
            "measurement",
            "Capability and cost",
            "Know how well processes can do, and what poor quality costs.",
            "Read Pareto, capability with intervals, defects per million, yields and the cost of quality.",
            kpis=("fpy", "rty", "dpmo", "sigma_level", "cpk", "ppk"),
            datasets=("measurements",),
        ),
        SubProcess(
            "suppliers",
            "Suppliers",
            "Hold partners to the quality that customers blame us for.",
            "Score suppliers on defects, punctuality, audits and response, and see who slips.",
            kpis=("supplier_ppm", "on_time_delivery"),
            records=("supplier", "audit"),
            datasets=("measurements", "orders"),
        ),
    ),
)
