"""Continuous process improvement."""

from __future__ import annotations

from cx.blueprint.process import ProcessGroup, SubProcess

IMPROVEMENT = ProcessGroup(
    key="improvement",
    number=8,
    title="Improvement",
    purpose="Make the work behind the experience shorter, steadier and simpler, and prove that it is.",
    icon="autorenew",
    section="Build and improve",
    headline="lead_time",
    kpis=("lead_time", "lead_time_p90", "cycle_efficiency", "rework_rate", "verified_savings"),
    steps=(
        SubProcess(
            "mapping",
            "Process maps",
            "Draw the process that really runs next to the one on paper.",
            "Draw lanes, suppliers and value streams, and let the event log show its own map with frequencies and times.",
            kpis=("cycle_efficiency",),
            records=("process", "process_step"),
            datasets=("step_runs",),
        ),
        SubProcess(
            "analysis",
            "Bottlenecks",
            "Find where cases wait, turn back or take another way.",
            "See work and waiting by step, variants and rework loops, and dig for the root cause.",
            kpis=("lead_time", "rework_rate"),
            records=("process",),
            datasets=("step_runs",),
        ),
        SubProcess(
            "redesign",
            "Redesign",
            "Try a new process in the computer before trying it on customers.",
            "Hold the future version against the present one and simulate both, with intervals.",
            records=("process", "process_step"),
            datasets=("step_runs",),
        ),
        SubProcess(
            "implementation",
            "Roll-out",
            "Bring a change to everybody it concerns.",
            "Plan tasks, responsibilities, communication and training, and follow them to done.",
            records=("rollout_task",),
            datasets=("trainings",),
        ),
        SubProcess(
            "monitoring",
            "Process monitoring",
            "See whether the gain stays.",
            "Watch the measure on a staged control chart, with a test of each change.",
            kpis=("lead_time", "lead_time_p90"),
            records=("action", "alert_rule"),
            datasets=("step_runs",),
        ),
        SubProcess(
            "continuous",
            "Improvement board",
            "Finish what was started, and count only benefits that somebody verified.",
            "Lead projects through define, measure, analyse, improve and control, with baseline, target and actual.",
            kpis=("verified_savings",),
            records=("project",),
        ),
        SubProcess(
            "standardization",
            "Standards",
            "Make the best known way the usual way.",
            "Keep procedures with version, owner and review date, and see who has read and understood them.",
            records=("procedure", "acknowledgement"),
        ),
    ),
)
