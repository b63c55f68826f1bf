"""KPIs of sales: how often, how big, how fast."""

from __future__ import annotations

from cx.analytics.pipeline import WEIGHTED_PIPELINE, weighted_pipeline
from cx.analytics.sales import (
    DEAL_SIZE,
    LEAD_VELOCITY,
    OPEN_PIPELINE,
    SALES_CYCLE,
    VELOCITY,
    WIN_RATE,
    WIN_RATE_VALUE,
    deal_size,
    lead_velocity,
    open_pipeline,
    sales_cycle,
    velocity,
    win_rate,
    win_rate_value,
)
from cx.analytics.sales_forecast import SALES_FORECAST, sales_forecast
from cx.blueprint.kpi import Kpi

ONE_CURRENCY = "Amounts in several currencies are never added: choose one."

KPIS = (
    Kpi("win_rate", "Win rate", "How many of the deals decided do we win?", WIN_RATE, win_rate, "sales", "%", "higher", target=30.0,
        caveats="Open deals are in neither part, so a slow quarter may look good until its losses are booked."),
    Kpi("win_rate_value", "Win rate by value", "How much of the money decided do we win?", WIN_RATE_VALUE, win_rate_value, "sales", "%", "higher",
        caveats=ONE_CURRENCY),
    Kpi("deal_size", "Deal size", "How much is a won deal worth?", DEAL_SIZE, deal_size, "sales", "currency", "higher", caveats=ONE_CURRENCY),
    Kpi("sales_cycle", "Sales cycle", "How long does it take to win a deal?", SALES_CYCLE, sales_cycle, "sales", "days", "lower", target=60.0,
        caveats="Won deals only; those still open may be the long ones."),
    Kpi("velocity", "Sales velocity", "How much money do sales bring in a day?", VELOCITY, velocity, "sales", "currency a day", "higher", caveats=ONE_CURRENCY),
    Kpi("open_pipeline", "Open pipeline", "How much is in play?", OPEN_PIPELINE, open_pipeline, "sales", "currency", "higher", minimum=1, caveats=ONE_CURRENCY),
    Kpi("weighted_pipeline", "Weighted pipeline", "How much of what is in play may we expect?", WEIGHTED_PIPELINE, weighted_pipeline, "sales", "currency", "higher",
        caveats=ONE_CURRENCY),
    Kpi("lead_velocity", "Lead growth", "Does the number of new deals grow?", LEAD_VELOCITY, lead_velocity, "sales", "%", "higher", months=3,
        caveats="Compares with the period right before, so seasons show."),
    Kpi("sales_forecast", "Forecast next month", "How much will the next month bring?", SALES_FORECAST, sales_forecast, "sales", "currency", "higher",
        caveats="Carries the past on; what is special about next month it cannot know. " + ONE_CURRENCY),
)  # fmt: skip
