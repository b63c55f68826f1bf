"""Every piece of the kit on one page, with invented numbers. By hand: streamlit run tests/ui/gallery.py"""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import streamlit as st

from cx.analytics.estimate import Difference, Estimate, undefined
from cx.analytics.nps import nps_of_counts
from cx.ui import charts, tables
from cx.ui.cards import Card, wall
from cx.ui.text import outside

st.set_page_config(page_title="Gallery", layout="wide")
MONTHS = [date(2025 + (10 + i) // 12, (10 + i) % 12 + 1, 1) for i in range(13)]
NPS = [37, 38, 40, 39, 38, 39, 38, 37, 37, 34, 32, 28, 30]
SEGMENTS = ["Consumer", "Enterprise", "Small business", "Mid-market"]


def points(value: float, half: float, n: int, unit: str = "points") -> Estimate:
    return Estimate(value, value - half, value + half, n, unit)


st.title("Customer experience")
st.caption("1 Aug – 31 Oct 2026, against the quarter before · data through 19 Nov, 14:05")
clicked = wall(
    [
        Card("nps", "NPS", points(31, 4, 2184), Difference(-6, -9, -3, p=0.001), 40, spark=NPS[:12], help="Promoters minus detractors."),
        Card("ces", "Ease (CES)", points(71, 2, 1420), Difference(1.2, -1, 3, p=0.4), 75, spark=[66, 68, 70, 70, 69, 71, 70, 71]),
        Card("csat", "Satisfaction", Estimate(84.1, 82.1, 85.4, 3011, "%"), Difference(-2.1, -4, -0.2, p=0.03), 88, spark=[88, 87, 87, 86, 87, 86, 86, 84]),
        Card("churn", "Logo churn", Estimate(2.43, 2.0, 2.9, 4310, "%"), Difference(0.7, 0.2, 1.2, p=0.01), 1.8, better="lower", spark=[1.7, 1.7, 1.8, 1.7, 1.9, 1.8, 2.1, 2.4]),
        Card("reply", "First reply", Estimate(130, 121, 139, 5112, "minutes"), Difference(-14, -22, -6, p=0.002), 120, better="lower", spark=[150, 149, 151, 144, 143, 139, 136, 130]),
        Card("deal", "Average deal", Estimate(412_300, 380_000, 450_000, 624, "EUR"), Difference(0.0, -100, 100, p=0.9), spark=[4, 4, 4, 5, 4, 4, 5, 4]),
        Card("win", "Win rate", undefined("no deal was closed in this period", "%"), target=30),
        Card("ease", "Ease, returns channel", points(55, 20, 4), hidden=True),
    ],
    "wall", columns=7,
)  # fmt: skip
if clicked:
    st.caption(f"clicked: {clicked}")

left, right = st.columns([5, 4])
with left.container(border=True, height="stretch"):
    charts.trend(
        "trend", "NPS fell where deliveries were late", [charts.Point(m, points(v, 5.5, 170 + i), partial=i == 12) for i, (m, v) in enumerate(zip(MONTHS, NPS, strict=True))],
        alt="NPS fell from 37 in November to 28 in October, below its target of 40, after the courier changed in August", unit="points", target=40,
        events=[charts.Event(date(2026, 8, 3), "new courier, 3 Aug"), charts.Event(date(2026, 1, 20), "price change, 20 Jan")], previous=[35, 35, 36, 36, 36, 37, 37, 38, 38, 38, 37, 37],
    )  # fmt: skip
with right.container(border=True, height="stretch"):
    st.markdown("**What people wrote**")
    outside("Delivery was late **again** ![x](http://evil/p.png) <b>and nobody called</b>")
    outside("=HYPERLINK(\"http://evil\")")
    outside("Великолепно · 素晴らしい · ممتاز")
    tables.table(
        {"group": ["Needs", "Journeys", "Service"], "now": [78.2, 18.9, 91.0], "reply": [130.0, 95.5, None], "deal": [41_200_00, 1_250_000_00, 99_00], "answers": [1200, 24_000, 312]},
        "groups", titles={"group": "Group", "now": "Now", "reply": "First reply", "deal": "Deal", "answers": "Answers"}, units={"now": "%", "reply": "minutes", "deal": "EUR"},
    )  # fmt: skip

a, b, c = st.columns(3)
with a.container(border=True, height="stretch"):
    picked = charts.dots(
        "dots", "Mid-market is 20 points behind every other segment",
        [charts.Group("Consumer", points(39, 5, 1210), 38), charts.Group("Enterprise", points(36, 8, 410), 37), charts.Group("Small business", points(34, 5, 520), 36),
         charts.Group("Mid-market", points(14, 7, 312), 36), charts.Group("Public sector", points(20, 40, 3), hidden=True), charts.Group("Partner", undefined("nobody answered", "points"))],
        alt="Mid-market scores 14, all others 34 to 39", unit="points", target=40, clicks=True,
    )  # fmt: skip
    if picked:
        st.caption(f"picked: {picked}")
with b.container(border=True, height="stretch"):
    steps = ["Find", "Order", "Delivery", "Invoice", "Support", "Renewal"]
    ease = [[80, 84, 83, 76], [84, 85, 85, 67], [67, 70, 63, 45], [78, 82, 77, 69], [79, 83, 70, 76], [72, 84, 67, 75]]
    charts.heat(
        "heat", "Delivery is hardest, above all for the mid-market",
        [charts.Cell(step, segment, points(v, 4, 90 + v), hidden=step == "Renewal" and segment == "Consumer") for step, row in zip(steps, ease, strict=True) for segment, v in zip(SEGMENTS, row, strict=True)],
        alt="Ease by touchpoint and segment: lowest at delivery for mid-market, 45", unit="points", clicks=True,
    )  # fmt: skip
with c.container(border=True, height="stretch"):
    charts.heat(
        "heat-target", "Against the target of 75", [charts.Cell(step, segment, points(v, 4, 90)) for step, row in zip(steps, ease, strict=True) for segment, v in zip(SEGMENTS, row, strict=True)],
        alt="Delivery misses the target everywhere", unit="points", center=75, counts=False, note="green above, vermilion below target",
    )  # fmt: skip

a, b, c = st.columns(3)
with a.container(border=True, height="stretch"):
    counts = dict(zip(range(11), [40, 12, 18, 22, 30, 95, 88, 240, 410, 520, 709], strict=True))
    charts.nps_scale("nps-scale", "A third give the top mark", counts, alt="32 % answer 10; detractors are 14 %", clicks=True)
    st.caption(f"NPS {nps_of_counts(1229, 650, 305).value:.0f}")
with b.container(border=True, height="stretch"):
    charts.bars("bars", "Late delivery is named most", ["late delivery", "damaged parcel", "price", "friendly staff", "a very long reason that nobody would read to its end"], [312, 144, 90, 81, 12],
                alt="Late delivery is named 312 times, twice as often as the next", tones=["bad", "bad", "", "good", "context"], clicks=True)  # fmt: skip
with c.container(border=True, height="stretch"):
    charts.pareto("pareto", "Three causes make 80 % of complaints", ["Courier late", "Wrong item", "Damaged box", "No notice", "Rude driver", "Other"], [420, 260, 140, 80, 40, 60], alt="Three causes make 82 % of complaints")

rng = np.random.default_rng(7)
a, b = st.columns(2)
with a.container(border=True, height="stretch"):
    charts.histogram("histogram", "4 % of fills are under the lower limit", rng.normal(500, 4, 4000), alt="Fills around 500 ml, 4 % below 493", limits={"LSL": 493, "target": 500, "USL": 510})
with b.container(border=True, height="stretch"):
    charts.boxes("boxes", "Replies by e-mail take twice as long", {"Phone": rng.lognormal(3, 0.5, 300), "Chat": rng.lognormal(3.3, 0.6, 400), "E-mail": rng.lognormal(4.6, 0.6, 900)},
                 alt="Median reply by e-mail 1 h 40 min", unit="minutes")  # fmt: skip

a, b = st.columns(2)
series = {name: [(m, 30 + 8 * i + 5 * math.sin(k / 2 + i)) for k, m in enumerate(MONTHS)] for i, name in enumerate(SEGMENTS)}
with a.container(border=True, height="stretch"):
    charts.lines("lines", "Enterprise overtook consumer in spring", series, alt="Four segments, mid-market lowest", unit="%")
with b.container(border=True, height="stretch"):
    charts.stacked("stacked", "Chat takes over from phone", {"Phone": [(m, 60 - 3 * k) for k, m in enumerate(MONTHS)], "Chat": [(m, 10 + 4 * k) for k, m in enumerate(MONTHS)], "E-mail": [(m, 30) for m in MONTHS]},
                   alt="Chat grew from a tenth to half of contacts", shares=True)  # fmt: skip

a, b = st.columns(2)
with a.container(border=True, height="stretch"):
    charts.scatter("scatter", "Delivery matters most and does worst", [charts.Dot("Delivery", 0.62, 45, 300), charts.Dot("Price", 0.4, 60, 200), charts.Dot("Staff", 0.3, 88, 120), charts.Dot("Website", 0.15, 72, 400), charts.Dot("Invoice", 0.1, 80, 60)],
                   alt="Delivery: high importance, low satisfaction", x_title="importance", y_title="satisfaction", y_unit="%", cross=(0.35, 70), corners=("keep", "strengths", "watch", "fix first"), clicks=True)  # fmt: skip
with b.container(border=True, height="stretch"):
    values = [*rng.normal(20, 1.2, 16), 25.5, *rng.normal(23, 1.0, 8)]
    charts.control(
        "control", "Lead time left its limits in week 17",
        [charts.Sample(date.fromordinal(date(2026, 1, 5).toordinal() + 7 * i), float(v), 20 if i < 17 else 23, 16.4 if i < 17 else 20, 23.6 if i < 17 else 26, ("beyond limit",) if i == 16 else ("9 on one side",) if i in (9, 10) else (), "before" if i < 17 else "new courier") for i, v in enumerate(values)],
        alt="One point beyond the upper limit in week 17", unit="days",
    )  # fmt: skip

a, b = st.columns(2)
with a.container(border=True, height="stretch"):
    months = list(range(0, 25))
    charts.survival("survival", "A late first delivery costs a fifth of customers", [charts.Curve("on time", months, [0.99**m for m in months], [0.99**m - 0.02 for m in months], [min(1, 0.99**m + 0.02) for m in months], 3200), charts.Curve("late", months, [0.975**m for m in months], [0.975**m - 0.04 for m in months], [min(1, 0.975**m + 0.04) for m in months], 486)],
                    alt="After 24 months 79 % of customers with a timely first delivery remain, 54 % of the others")  # fmt: skip
with b.container(border=True, height="stretch"):
    charts.funnel("funnel", "Most are lost between offer and order", ["Visited", "Asked for an offer", "Got an offer", "Ordered", "Ordered again"], [12400, 3100, 2800, 620, 410], alt="Only 22 % of offers become orders")
    charts.gantt("gantt", "One of three actions is late", [charts.Task("Switch courier back", date(2026, 8, 10), date(2026, 10, 1), 0.6, True, "Ann"), charts.Task("Notify by SMS", date(2026, 9, 1), date(2026, 12, 1), 0.3, owner="Ben"), charts.Task("Train drivers", date(2026, 10, 15), date(2027, 2, 1), 0.0)], alt="Switching the courier back is late", as_of=date(2026, 11, 19))
with st.container(border=True):
    charts.multiples("multiples", "Only the mid-market fell", {**series, "Public": series["Consumer"], "Partner": series["Enterprise"]}, alt="Six segments, only mid-market fell", unit="%")
with st.container(border=True):
    charts.bars("empty", "An empty selection says so", [], [], alt="nothing to see")
