"""What the demo company's people have written down about needs: segments, personas, rivals, needs with evidence, tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from cx.demo.surveys import SURVEYS
from cx.demo.timeline import Timeline

_PERSONAS = (
    ("Home barista", "Consumer", "Makes coffee at home and reads about it", "I want to know the farm, not just the brand.", "A better cup than in town\nFresh beans without thinking", "Descaling\nBeans run out at the weekend",
     "A reminder before the beans run out", ["Web shop", "App"], ["phone"], "Trusts other baristas more than adverts", False),
    ("Café owner", "Small business", "Owner of a café with eight tables", "If the machine stands, I lose the morning.", "No standstill between seven and ten\nPredictable cost", "Defective filters\nInvoices without order number",
     "A spare part the same day", ["E-mail", "Phone"], ["phone", "tablet"], "Decides alone, quickly, on the phone", False),
    ("Office manager", "Mid-market", "Runs an office of 120 people", "It was promised for Monday, and on Monday nobody came.", "Coffee that nobody complains about\nOne contact for everything",
     "Deliveries come late without a word\nMails at noon stay unanswered", "The delivery date, and a message when it changes", ["E-mail", "Web shop"], ["desktop"], "Asks two other office managers before buying", False),
    ("Procurement lead", "Enterprise", "Buys for 14 sites", "Show me the numbers for all sites on one page.", "One contract, one invoice\nService levels that are kept", "Reports by site do not exist", "A yearly review with figures",
     ["Partner", "E-mail"], ["desktop"], "Compares three offers, involves legal", False),
    ("Coupon hunter", None, "Buys only what is reduced", "Is there a code?", "The lowest price today", "Shipping cost", None, ["Social"], ["phone"], "Leaves after the first box", True),
)  # fmt: skip
_RIVALS = {"Brunoma": (8, 5, 6, 8, 7, 6), "Kaffeno": (7, 8, 7, 6, 6, 7), "Beanworks": (8, 7, 5, 7, 5, 5), "Quick Cup": (5, 9, 8, 4, 4, 9)}
_ATTRIBUTES = (("Taste", 9), ("Delivery on the day promised", 9), ("Reply to questions", 7), ("Quality of machines", 8), ("Advice before buying", 5), ("Price", 7))
_NEEDS = (
    ("Know when my order will arrive", "functional", "Mid-market", "Office manager", "Delivery", 9, 3, 9, 4, "confirmed", "Roisin Murphy"),
    ("Get an answer while the problem is fresh", "functional", None, None, "Support", 8, 5, 7, 5, "testing", "Leila Haddad"),
    ("Go on alone after the onboarding call", "functional", None, None, "Onboarding call", 8, 6, 6, 2, "confirmed", "Priya Raman"),
    ("Filters that fit the first time", "functional", "Small business", "Café owner", "First use", 7, 4, 5, 6, "untested", "Stefan Krüger"),
    ("An invoice accounts will accept", "functional", "Mid-market", "Office manager", "Billing", 6, 5, 4, 2, "untested", "Greta Lindqvist"),
    ("See all sites on one page", "functional", "Enterprise", "Procurement lead", "Renewal", 7, 3, 6, 8, "new", "Siobhán Clarke"),
    ("Feel that somebody cares about my coffee", "emotional", "Consumer", "Home barista", "Support", 5, 7, 3, 5, "new", None),
    ("Never run out of beans", "functional", "Consumer", "Home barista", "Order", 7, 7, 5, 3, "solved", "Bilal Demir"),
)
_EVIDENCE = (
    ("Know when my order will arrive", "It was promised for Monday. On Wednesday I called, and nobody knew where it was.", "interview", "Mid-market", 40),
    ("Know when my order will arrive", "Our town hall ran without coffee.", "interview", "Mid-market", 33),
    ("Know when my order will arrive", "I would forgive the delay, but tell me.", "interview", "Mid-market", 21),
    ("Get an answer while the problem is fresh", "I wrote at noon and heard nothing until the next day.", "interview", "Small business", 55),
    ("Go on alone after the onboarding call", "After the call I had eleven notes and no idea of the order.", "interview", "Small business", 90),
    ("Filters that fit the first time", "Second filter in a row that leaks.", "tickets", "Small business", 28),
)
_AFTER = {"After delivery": "order delivered", "After support": "ticket closed"}


def records(end: date = date(2026, 11, 1)) -> dict[str, list[dict[str, Any]]]:
    """The rows of each register, those first that others refer to; dates count back from the end of the demo's data."""
    timeline = Timeline(end)
    segments: list[dict[str, Any]] = [
        {"name": name, "method": "list", "description": f"{name} as it stands in the data", "needs": need, "owner": "Marta Lindner"}
        for name, need in (("Consumer", "Good coffee without effort"), ("Small business", "No standstill"), ("Mid-market", "Reliable deliveries, one contact"), ("Enterprise", "One contract, figures for all sites"))
    ]  # fmt: skip
    rules = {"all": [{"column": "frequency", "operator": ">=", "value": 4}, {"column": "tickets", "operator": ">=", "value": 3}]}
    segments.append({"name": "Good customers with trouble", "method": "rules", "rules": rules, "description": "frequency is at least 4 and tickets is at least 3", "needs": "To be taken seriously", "owner": "Leila Haddad"})
    start, checklist = timeline.before(140), timeline.before(49)
    return {
        "segment": segments,
        "persona": [
            {"name": n, "segment_id": s, "role": r, "quote": q, "goals": g, "challenges": c, "needs": ne, "channels": ch, "devices": d, "habits": h, "negative": neg, "owner": "Marta Lindner"}
            for n, s, r, q, g, c, ne, ch, d, h, neg in _PERSONAS
        ],
        "competitor": [
            {"name": "Brunoma", "ours": True, "strategy": "Coffee as a service, one contact for everything"},
            {"name": "Kaffeno", "strategy": "Fast delivery in cities", "nps": 41.0, "nps_source": "own annual report 2025", "strengths": "Delivers next day, says when", "weaknesses": "Machines age quickly"},
            {"name": "Beanworks", "strategy": "Single-origin beans", "nps": 48.0, "nps_source": "survey among 400 offices, spring 2026", "strengths": "Taste", "weaknesses": "Service only by mail"},
            {"name": "Quick Cup", "strategy": "The lowest price", "nps": 12.0, "nps_source": "survey among 400 offices, spring 2026", "strengths": "Price, delivery", "weaknesses": "Advice, quality"},
        ],
        "competitor_rating": [
            {"competitor_id": rival, "attribute": attribute, "importance": importance, "rating": values[i], "source": "panel of 60 buyers", "rated_on": timeline.before(70)}
            for rival, values in _RIVALS.items() for i, (attribute, importance) in enumerate(_ATTRIBUTES)
        ],
        "need": [
            {"title": t, "kind": k, "segment": s, "persona_id": p, "touchpoint": tp, "importance": i, "satisfaction": sa, "impact": im, "effort": e, "status": st, "owner": o}
            for t, k, s, p, tp, i, sa, im, e, st, o in _NEEDS
        ],
        "need_evidence": [{"need_id": n, "quote": q, "dataset": d, "segment": s, "seen_on": timeline.before(ago)} for n, q, d, s, ago in _EVIDENCE],
        "survey": [
            {"name": survey.name, "kind": "periodic" if survey.kind == "relationship" else "event", "metric": survey.questions[0].metric, "question": survey.questions[0].text, "scale_min": int(survey.questions[0].low),
             "scale_max": int(survey.questions[0].high), "follow_up": "What is the most important reason for your score?", "language": "en", "touchpoint": survey.touchpoint, "trigger": "on_event" if survey.name in _AFTER else "by_hand",
             "event": _AFTER.get(survey.name), "status": "closed" if "first form" in survey.name else "live", "owner": "Marta Lindner"} for survey in SURVEYS
        ],
        "experiment": [
            {"need_id": "Go on alone after the onboarding call", "hypothesis": "If the adviser sends a checklist after the call, more customers get to the first use", "method": "data", "metric": "share who get to first use",
             "kind": "proportion", "baseline": 75.0, "effect": 10.0, "sample": 248, "control_n": 296, "control_value": 222, "test_n": 142, "test_value": 132, "status": "confirmed", "dataset": "entered",
             "learning": "The checklist works; it now goes out after every call.", "owner": "Priya Raman", "starts_on": start, "ends_on": timeline.before(1)},
            {"need_id": "Know when my order will arrive", "hypothesis": "If we announce a delay before the promised day, fewer customers call", "method": "A/B test", "metric": "share who call", "kind": "proportion", "baseline": 24.0,
             "effect": -8.0, "sample": 400, "control_n": 212, "control_value": 53, "test_n": 205, "test_value": 38, "status": "testing", "dataset": "entered", "owner": "Roisin Murphy", "starts_on": timeline.before(45)},
            {"need_id": "Get an answer while the problem is fresh", "hypothesis": "If requests are answered by a person at noon, satisfaction after support rises", "method": "data", "metric": "share satisfied (4 and 5 of 5)",
             "kind": "proportion", "baseline": 78.0, "effect": 8.0, "sample": 390, "status": "testing", "dataset": "responses", "owner": "Leila Haddad", "starts_on": timeline.before(200), "ends_on": timeline.before(1),
             "rule": {"control": {"all": [{"column": "touchpoint", "operator": "=", "value": "Support"}, {"column": "metric", "operator": "=", "value": "csat"}, {"column": "channel", "operator": "=", "value": "E-mail"}]},
                      "test": {"all": [{"column": "touchpoint", "operator": "=", "value": "Support"}, {"column": "metric", "operator": "=", "value": "csat"}, {"column": "channel", "operator": "=", "value": "Phone"}]},
                      "success": {"all": [{"column": "score", "operator": ">=", "value": 4}]}}},
            {"need_id": "An invoice accounts will accept", "hypothesis": "If the order number stands on the invoice, satisfaction with invoices rises", "method": "survey", "metric": "satisfaction 1 to 5", "kind": "mean",
             "baseline": 3.9, "effect": 0.3, "control_spread": 0.9, "status": "untested", "owner": "Greta Lindqvist", "starts_on": checklist},
        ],
    }  # fmt: skip


RECORDS = records()
