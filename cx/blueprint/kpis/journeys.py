"""KPIs of journeys: how easy it is to get something done with us."""

from __future__ import annotations

from cx.analytics.effort import CES, CES_AGREE, EASE, ces, ces_agree, ease
from cx.analytics.funnel import JOURNEY_CONVERSION, STEP_CONVERSION, TIME_TO_CONVERT, funnel
from cx.analytics.registers import ACTIONS_ON_TIME, actions_on_time
from cx.blueprint.kpi import Kpi, where

ONBOARDING = {"steps": ("Order placed", "First use"), "window_days": 60}
NAMED = "Follows the events called Order placed and First use; customers whose window is still open count neither way."

KPIS = (
    Kpi(
        key="ease",
        title="Ease (CES)",
        question="How easy do customers find it to get done what they came for?",
        measure=EASE,
        definition=ease,
        group="journeys",
        unit="points",
        better="higher",
        filter=where("responses", metric="ces"),
        target=75.0,
        caveats="All effort questions on one scale from 0 to 100; a survey that asks for effort is turned round by its stated polarity.",
        source="Dixon, Freeman, Toman, Harvard Business Review 7/2010.",
    ),
    Kpi(
        key="ces",
        title="Effort (own scale)",
        question="What do customers answer on the effort question, in its own scale?",
        measure=CES,
        definition=ces,
        group="journeys",
        unit="score",
        better="none",
        filter=where("responses", metric="ces"),
        caveats="Undefined where surveys of different scales or polarity come together; the unit of the value names scale and direction.",
        source="Dixon, Freeman, Toman, Harvard Business Review 7/2010.",
    ),
    Kpi(
        key="ces_agree",
        title="Made it easy",
        question="Which share of customers agrees that we made it easy?",
        measure=CES_AGREE,
        definition=ces_agree,
        group="journeys",
        unit="%",
        better="higher",
        filter=where("responses", metric="ces"),
        target=70.0,
        caveats="Only for effort questions with seven points on which higher is better.",
    ),
    Kpi(
        key="journey_conversion",
        title="Journey conversion",
        question="How many of those who order come to use what they ordered?",
        measure=JOURNEY_CONVERSION,
        definition=funnel,
        group="journeys",
        unit="%",
        better="higher",
        options=ONBOARDING,
        target=80.0,
        caveats=NAMED,
    ),
    Kpi(
        key="time_to_convert",
        title="Time to first use",
        question="How long does it take from the order to the first use?",
        measure=TIME_TO_CONVERT,
        definition=funnel,
        group="journeys",
        unit="hours",
        better="lower",
        options=ONBOARDING,
        caveats=NAMED,
    ),
    Kpi(
        key="step_conversion",
        title="Quote to order",
        question="How many of those who got a quote go on to order?",
        measure=STEP_CONVERSION,
        definition=funnel,
        group="journeys",
        unit="%",
        better="higher",
        options={"steps": ("Quote", "Order placed"), "window_days": 30, "step": 2},
        caveats="Follows the events called Quote and Order placed; customers whose window is still open count neither way.",
    ),
    Kpi(
        key="actions_on_time",
        title="Actions on time",
        question="Do the improvements we promised take effect when due?",
        measure=ACTIONS_ON_TIME,
        definition=actions_on_time,
        group="journeys",
        unit="%",
        better="higher",
        minimum=5,
        target=80.0,
        caveats="Actions without a due day and dropped ones are in neither part.",
    ),
)
