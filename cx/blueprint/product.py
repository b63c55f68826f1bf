"""Product and service development."""

from __future__ import annotations

from cx.blueprint.process import ProcessGroup, SubProcess

PRODUCT = ProcessGroup(
    key="product",
    number=6,
    title="Product",
    purpose="Turn proven needs into offers that people can use and go on using.",
    icon="lightbulb",
    section="Build and improve",
    headline="adoption",
    kpis=("adoption", "active_customers", "sus", "task_success", "findings_fixed", "nps"),
    steps=(
        SubProcess(
            "ideation",
            "Ideas",
            "Collect ideas where they arise, and tie each to a need somebody has.",
            "File ideas with their needs and comments, vote, and rank them by reach, impact, confidence and effort.",
            records=("idea", "need"),
            datasets=("responses", "mentions"),
        ),
        SubProcess(
            "concepts",
            "Concepts",
            "Think an idea through on a page before building it.",
            "Write concept sheets with value, risk and cost, and lay them out on a road map.",
            records=("concept", "idea"),
        ),
        SubProcess(
            "prototypes",
            "Prototypes",
            "Learn cheaply from something people can touch.",
            "Keep prototypes by version and fidelity with a picture or link, and the tests run on each.",
            records=("prototype", "concept"),
        ),
        SubProcess(
            "testing",
            "User tests",
            "Watch people use it before deciding that they can.",
            "Record sessions, and get task success, time on task and the usability score with honest small-sample intervals.",
            kpis=("sus", "task_success"),
            records=("user_test", "test_session", "prototype"),
        ),
        SubProcess(
            "iteration",
            "Iteration",
            "Make each version answer the findings of the one before.",
            "Keep findings by version and severity, see what was fixed and whether usability rose.",
            kpis=("findings_fixed",),
            records=("finding", "user_test"),
        ),
        SubProcess(
            "launch",
            "Launch",
            "Go out when everybody who meets the customer is ready.",
            "Run stage gates and a checklist with owners and dates, and see readiness at a glance.",
            records=("launch", "launch_item"),
        ),
        SubProcess(
            "evaluation",
            "Launch review",
            "Find out whether the launch did what it was for.",
            "Compare before and after with a control segment, and follow how many customers adopted it.",
            kpis=("adoption", "active_customers", "nps"),
            records=("launch",),
            datasets=("responses", "interactions"),
        ),
    ),
)
