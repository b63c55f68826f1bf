"""Campaign results by day and channel."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from cx.demo.sheet import pick, sheet
from cx.demo.timeline import DAY, DAYS, Timeline, weekday

# Name, channel, audience, product, first and last day counted from the start, daily impressions, click rate, cost per click (cents), conversion of visits
CAMPAIGNS = (
    ("Search always-on", "Search", None, None, 0, DAYS, 5_200, 0.034, 95, 0.021),
    ("Display retargeting", "Display", None, None, 0, DAYS, 21_000, 0.0032, 62, 0.008),
    ("Coffee corner stories", "Social", "Consumer", "Brunoma One", 0, DAYS, 13_000, 0.0075, 48, 0.007),
    ("Newsletter", "E-mail", None, None, 0, DAYS, 2_400, 0.041, 9, 0.019),
    ("Partner programme", "Partner", "Mid-market", "Brunoma Office", 0, DAYS, 900, 0.052, 180, 0.034),
    ("Winter warmers", "Social", "Consumer", "Brunoma Duo", 15, 55, 26_000, 0.009, 45, 0.012),
    ("New year, new office", "Search", "Small business", "Brunoma Studio", 61, 105, 4_100, 0.036, 120, 0.024),
    ("Trade fair tour", "Event", "Enterprise", "Brunoma Pro", 130, 165, 1_400, 0.06, 420, 0.018),
    ("Summer iced", "Social", "Consumer", "Brunoma One", 215, 275, 24_000, 0.0085, 44, 0.009),
    ("Winter warmers II", "Social", "Consumer", "Brunoma Duo", 380, 420, 27_000, 0.009, 47, 0.012),
    ("Business trial month", "Search", "Small business", "Brunoma Studio", 430, 490, 4_500, 0.035, 118, 0.026),
    ("Trade fair tour II", "Event", "Enterprise", "Brunoma Pro", 495, 530, 1_500, 0.06, 430, 0.018),
    ("Summer iced II", "Social", "Consumer", "Brunoma One", 580, 640, 25_000, 0.0085, 46, 0.009),
)
VALUE = {"Consumer": 62_000, "Small business": 210_000, "Mid-market": 690_000, "Enterprise": 1_500_000}


def campaigns(rng: np.random.Generator, timeline: Timeline) -> pa.Table:
    """One row a campaign and day; business audiences rest at weekends."""
    which = np.concatenate([np.full(row[5] - row[4], i) for i, row in enumerate(CAMPAIGNS)])
    day_index = np.concatenate([np.arange(row[4], row[5]) for row in CAMPAIGNS])
    shown, rate, cost, conversion = (np.array([row[i] for row in CAMPAIGNS], dtype=float)[which] for i in (6, 7, 8, 9))
    day = timeline.start + day_index * DAY
    weekend = weekday(day) >= 5
    private = np.array([row[2] == "Consumer" for row in CAMPAIGNS])[which]
    level = 1.3 ** (day_index / DAYS) * timeline.season[day_index] * np.where(weekend, np.where(private, 1.15, 0.45), 1.0)
    impressions = rng.poisson(shown * level * np.exp(rng.normal(0, 0.12, len(which))))
    clicks = rng.binomial(impressions, rate)
    visits = rng.binomial(clicks, 0.91)
    leads = rng.binomial(visits, np.minimum(conversion * 2.4, 0.5))
    conversions = rng.binomial(leads, 1 / 2.4)
    value = np.array([VALUE.get(row[2] or "", 140_000) for row in CAMPAIGNS])[which]
    revenue = conversions * value * np.exp(rng.normal(0, 0.25, len(which)))
    return sheet("campaigns", {
        "campaign": pick([r[0] for r in CAMPAIGNS], which), "channel": pick([r[1] for r in CAMPAIGNS], which), "segment": pick([r[2] for r in CAMPAIGNS], which),
        "product": pick([r[3] for r in CAMPAIGNS], which), "day": day, "impressions": impressions, "clicks": clicks, "visits": visits, "leads": leads,
        "conversions": conversions, "spend_minor": (clicks * cost * np.exp(rng.normal(0, 0.08, len(which)))).astype(np.int64),
        "revenue_minor": revenue.astype(np.int64), "currency": "EUR",
    })  # fmt: skip
