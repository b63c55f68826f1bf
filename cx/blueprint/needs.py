"""Customer needs identification."""

from __future__ import annotations

from cx.blueprint.process import ProcessGroup, SubProcess

NEEDS = ProcessGroup(
    key="needs",
    number=1,
    title="Customer needs",
    purpose="Know who our customers are, what they try to get done and which unmet need is worth solving first.",
    icon="hearing",
    section="Understand",
    headline="nps",
    kpis=("nps", "voice_coverage", "response_rate", "nps_transactional", "top_opportunity", "needs_validated"),
    steps=(
        SubProcess(
            "collection",
            "Voice of the customer",
            "Hear every customer group through enough sources, so that silence is never mistaken for contentment.",
            "See what each source brings in, when it last did and which segments stay unheard, and open the next survey or upload.",
            kpis=("response_rate", "voice_coverage"),
            records=("survey",),
            datasets=("responses", "mentions", "customers"),
        ),
        SubProcess(
            "segmentation",
            "Segmentation",
            "Treat customers who differ differently, by what they need and do rather than by what we sell them.",
            "Build segments by rules or clustering, save them, filter the whole app by them and compare their scores and worth.",
            kpis=("nps",),
            records=("segment",),
            datasets=("customers", "orders", "responses"),
        ),
        SubProcess(
            "personas",
            "Personas",
            "Give each segment a face that teams remember, backed by facts instead of folklore.",
            "Describe goals, hurdles and habits, negative personas included, and read the live facts of the segment on the same card.",
            kpis=("nps",),
            records=("persona", "segment"),
            datasets=("customers", "orders", "responses"),
        ),
        SubProcess(
            "journey_analysis",
            "Pain by touchpoint",
            "Locate where which customers suffer before arguing about why.",
            "Read scores by touchpoint and segment on one map, open the comments behind a cell and go on to the journey.",
            kpis=("nps", "ease"),
            datasets=("responses",),
        ),
        SubProcess(
            "competitors",
            "Competitors",
            "Know where others serve the same need better, and where we do.",
            "Rate rivals and ourselves on what matters to buyers, weigh it, and see gaps, strengths and benchmark scores.",
            records=("competitor", "competitor_rating"),
        ),
        SubProcess(
            "prioritization",
            "Prioritization",
            "Spend effort on needs that matter much and are served badly.",
            "Keep a backlog of needs with their evidence, score opportunity, impact and effort, and rank them on a quadrant.",
            kpis=("top_opportunity",),
            records=("need", "need_evidence"),
            datasets=("responses", "mentions"),
        ),
        SubProcess(
            "validation",
            "Validation",
            "Believe a need only once a test could have shown it wrong.",
            "State a hypothesis and a measure, size the sample, take in the result and get a tested verdict.",
            kpis=("needs_validated",),
            records=("experiment", "need"),
            datasets=("responses", "interactions"),
        ),
    ),
)
