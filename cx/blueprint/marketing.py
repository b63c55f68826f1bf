"""Marketing management."""

from __future__ import annotations

from cx.blueprint.process import ProcessGroup, SubProcess

MARKETING = ProcessGroup(
    key="marketing",
    number=5,
    title="Marketing",
    purpose="Promise what we deliver, reach those it helps and know what each new customer cost.",
    icon="campaign",
    section="Serve and sell",
    headline="nps",
    kpis=("nps",),
    steps=(
        SubProcess(
            "research",
            "Market research",
            "Ask the market before telling it.",
            "Keep studies, cross-tabulate answers with tests on every cell and size the market with stated assumptions.",
            records=("study",),
            datasets=("responses",),
        ),
        SubProcess(
            "brand",
            "Brand promise",
            "Keep what the brand says and what customers live through together.",
            "Keep promises, values and guidelines, and hold each against scores and the tone of mentions.",
            kpis=("nps",),
            records=("brand_promise", "touchpoint"),
            datasets=("mentions", "responses"),
        ),
        SubProcess(
            "strategy",
            "Marketing strategy",
            "Choose product, price, promotion and place on purpose.",
            "Write plans with goals tied to KPIs, and see how far each has come.",
            records=("marketing_plan", "target"),
        ),
        SubProcess(
            "campaigns",
            "Campaigns",
            "Run campaigns that can be stopped because their effect is known.",
            "Plan the calendar, and see spend and results by campaign and channel.",
            records=("campaign",),
            datasets=("campaigns",),
        ),
        SubProcess(
            "nurturing",
            "Nurturing",
            "Accompany interest until it is ready, without pestering.",
            "Follow visitors on their way to customers stage by stage, and rank leads by a score that explains itself.",
            datasets=("interactions", "deals"),
        ),
        SubProcess(
            "performance",
            "Marketing performance",
            "Give credit where it is due, and say which rule gave it.",
            "Follow reach, engagement, conversion, cost per customer and return, under several attribution rules at once.",
            records=("target",),
            datasets=("campaigns", "interactions", "orders"),
        ),
        SubProcess(
            "targeting",
            "Targeting",
            "Address only those who may care and have agreed to hear from us.",
            "Build an audience from segments, see its size and worth, and export those who consented.",
            records=("segment",),
            datasets=("customers", "orders", "interactions"),
        ),
    ),
)
