"""KPIs of marketing: reach, conversion, what a customer costs and what comes back, and how we are spoken of."""

from __future__ import annotations

from cx.analytics.campaigns import (
    CAC,
    CONVERSION_RATE,
    COST_PER_CLICK,
    COST_PER_LEAD,
    CTR,
    LEAD_RATE,
    MARKETING_SHARE,
    ROAS,
    TRAFFIC,
    cac,
    conversion_rate,
    cost_per_click,
    cost_per_lead,
    ctr,
    lead_rate,
    marketing_share,
    roas,
    traffic,
)
from cx.analytics.mentions import (
    MENTION_NEGATIVE,
    MENTION_RATING,
    MENTION_REPLY_TIME,
    MENTION_RESPONSE,
    MENTION_SENTIMENT,
    MENTION_VOLUME,
    mention_negative,
    mention_rating,
    mention_reply_time,
    mention_response,
    mention_sentiment,
    mention_volume,
)
from cx.blueprint.kpi import Kpi

KPIS = (
    Kpi("cac", "Customer cost (CAC)", "What does a new customer cost in paid media?", CAC, cac, "marketing", "currency", "lower",
        caveats="Paid media only: salaries, tools and agencies are not in it."),
    Kpi("roas", "Ad spend return (ROAS)", "How much revenue comes back for what is spent?", ROAS, roas, "marketing", "×", "higher", target=4.0,
        caveats="Revenue as the platforms claim it; several may claim the same sale."),
    Kpi("traffic", "Visits", "How many visits do campaigns bring?", TRAFFIC, traffic, "marketing", "visits", "higher", minimum=1),
    Kpi("ctr", "Click-through rate", "How many of those who see it click?", CTR, ctr, "marketing", "%", "higher",
        caveats="A broad audience lowers it without being wrong."),
    Kpi("conversion_rate", "Conversion of visits", "How many visits become customers?", CONVERSION_RATE, conversion_rate, "marketing", "%", "higher"),
    Kpi("lead_rate", "Leads per visit", "How many visits become leads?", LEAD_RATE, lead_rate, "marketing", "%", "higher"),
    Kpi("cost_per_lead", "Cost per lead", "What does a lead cost in paid media?", COST_PER_LEAD, cost_per_lead, "marketing", "currency", "lower"),
    Kpi("cost_per_click", "Cost per click", "What does a click cost?", COST_PER_CLICK, cost_per_click, "marketing", "currency", "lower"),
    Kpi("marketing_share", "Sourced by marketing", "How much of the revenue won came through a campaign?", MARKETING_SHARE, marketing_share, "marketing", "%", "higher",
        caveats="Counts deals that name a campaign, so it depends on how carefully they are filled in."),
    Kpi("mention_rating", "Public rating", "How many stars do people give us in public?", MENTION_RATING, mention_rating, "marketing", "of 5", "higher", target=4.0,
        caveats="Who writes a review is not chosen at random."),
    Kpi("mention_sentiment", "Tone of mentions", "How do people speak of us in public?", MENTION_SENTIMENT, mention_sentiment, "marketing", "-1 to 1", "higher"),
    Kpi("mention_negative", "Negative mentions", "How many mentions are negative?", MENTION_NEGATIVE, mention_negative, "marketing", "%", "lower"),
    Kpi("mention_volume", "Mentions", "How much is said about us in public?", MENTION_VOLUME, mention_volume, "marketing", "mentions", "none", minimum=1),
    Kpi("mention_response", "Mentions replied to", "How many mentions do we reply to?", MENTION_RESPONSE, mention_response, "marketing", "%", "higher"),
    Kpi("mention_reply_time", "Mention reply (median)", "How long does our reply to a mention take?", MENTION_REPLY_TIME, mention_reply_time, "marketing", "h", "lower",
        caveats="Mentions never replied to are not in it."),
)  # fmt: skip
