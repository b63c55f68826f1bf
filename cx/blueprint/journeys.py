"""Customer journey mapping."""

from __future__ import annotations

from cx.blueprint.process import ProcessGroup, SubProcess

JOURNEYS = ProcessGroup(
    key="journeys",
    number=2,
    title="Journeys",
    purpose="See the company as the customer walks through it, and remove the effort that gets in the way.",
    icon="route",
    section="Understand",
    headline="ease",
    kpis=("ease", "journey_conversion", "step_conversion", "time_to_convert", "ces_agree", "ces", "nps", "actions_on_time"),
    steps=(
        SubProcess(
            "touchpoints",
            "Touchpoints",
            "Know every place where customer and company meet, and who answers for it.",
            "Keep the register with phase, audience, channel, owners and system, and adopt those that the data already shows.",
            records=("touchpoint", "technology"),
            datasets=("interactions", "responses"),
        ),
        SubProcess(
            "collection",
            "Coverage",
            "Find the touchpoints that nobody measures.",
            "Read a matrix of touchpoints and sources with counts and dates, blind spots marked.",
            kpis=("response_rate",),
            records=("touchpoint",),
            datasets=("interactions", "responses", "tickets"),
        ),
        SubProcess(
            "map",
            "Journey map",
            "Share one picture of the whole experience, from first hearing of us to recommending us.",
            "Draw phases and steps with actions, feelings, pains, owners and live scores, edit it and export the picture.",
            kpis=("ease",),
            records=("journey", "journey_step", "touchpoint", "persona"),
            datasets=("responses", "interactions"),
        ),
        SubProcess(
            "analysis",
            "Funnels and paths",
            "Learn where people leave, how long they take and which way they really go.",
            "Build funnels with a conversion window, follow paths before and after a step, and compare drop-off with effort.",
            kpis=("journey_conversion", "step_conversion", "time_to_convert", "ease"),
            datasets=("interactions", "responses"),
        ),
        SubProcess(
            "personas",
            "Persona comparison",
            "Notice when one journey serves one kind of customer and fails another.",
            "Set two personas or segments side by side on the same journey, each difference tested.",
            kpis=("ease",),
            records=("persona", "segment"),
            datasets=("responses", "interactions"),
        ),
        SubProcess(
            "optimization",
            "Optimization",
            "Close the distance between the experience intended, believed and lived.",
            "Set the intended experience, hold it against scores and staff belief, watch hand-offs and turn gaps into actions.",
            kpis=("ease", "ces_agree", "ces", "actions_on_time"),
            records=("desired_experience", "handoff", "action", "touchpoint"),
            datasets=("responses", "step_runs"),
        ),
        SubProcess(
            "monitoring",
            "Monitoring",
            "Tell whether a change helped, and hear of a fall before customers leave.",
            "See each change on the chart of its KPI with a test of before and after, compare map versions and set alerts.",
            kpis=("ease",),
            records=("action", "alert_rule", "journey"),
            datasets=("responses", "interactions"),
        ),
    ),
)
