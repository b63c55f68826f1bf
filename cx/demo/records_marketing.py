"""What Brunoma keeps on marketing: studies, markets, promises, plans, campaigns, audiences.

A date is a `timedelta` to the end of the demo company's two years; a link is the label of the record it points at.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from cx.demo.campaigns import CAMPAIGNS
from cx.demo.cast import CURRENCY
from cx.demo.timeline import DAYS

Row = dict[str, Any]
OFFICE = "Offices of 50 to 250"


def ago(days: float) -> timedelta:
    """So many days before the end; a negative number lies after it."""
    return timedelta(days=-days)


def _campaign(row: tuple[Any, ...]) -> Row:
    name, channel, segment, _, first, last, shown, rate, cost, _ = row
    budget = round(shown * rate * cost * (last - first) * 1.25 / 10_000) * 10_000
    always = last == DAYS
    return {"name": name, "segment": segment, "channels": [channel], "starts_on": ago(DAYS - first), "ends_on": ago(DAYS - last + 1) if not always else ago(-60), "budget_minor": budget, "currency": CURRENCY,
            "status": "running" if always else "done", "stop_rule": "Cost per customer above 60 euros for three weeks", "owner": "Marta Lindner"}  # fmt: skip


RECORDS: dict[str, list[Row]] = {
    "study": [
        {"title": "Why offices change their coffee supplier", "question": "What makes an office manager look for another supplier?", "method": "interviews", "status": "done", "sample": 24, "starts_on": ago(210), "ends_on": ago(160),
         "cost_minor": 1_450_000, "currency": CURRENCY, "findings": "Late deliveries and invoices nobody understands; the taste comes fourth.", "owner": "Marta Lindner"},
        {"title": "Price letter of January", "question": "How was the price change taken?", "method": "survey", "status": "done", "survey": "Relationship", "sample": 1_800, "starts_on": ago(280), "ends_on": ago(250), "owner": "Marta Lindner"},
        {"title": "Water points in clinics", "question": "Would clinics rent water points with their machines?", "method": "desk", "status": "running", "starts_on": ago(20), "ends_on": ago(-30), "owner": "Marta Lindner"},
    ],
    "market_size": [
        {"name": OFFICE, "customers": 41_000, "yearly_minor": 690_000, "currency": CURRENCY, "reachable": 45, "winnable": 8, "year": 2026, "assumptions": "Business registers of six countries; our own mean contract; share with a kitchen of their own."},
        {"name": "Cafés and studios", "customers": 120_000, "yearly_minor": 150_000, "currency": CURRENCY, "reachable": 30, "winnable": 4, "year": 2026, "assumptions": "Trade associations; half buy machines outright."},
        {"name": "Clinics, water points", "customers": 9_500, "yearly_minor": 210_000, "currency": CURRENCY, "reachable": 60, "winnable": 5, "year": 2026, "assumptions": "First estimate, to be replaced by the study."},
    ],
    "brand_promise": [
        {"promise": "On the day we say", "kind": "promise", "touchpoint": "Delivery", "emotion": "safe", "proof": "A delivery day in every order confirmation.", "words": ["late", "courier", "window", "spät", "retard", "retraso"], "kpi": "csat", "target": 85, "owner": "Roisin Murphy"},
        {"promise": "Somebody who knows answers", "kind": "promise", "touchpoint": "Support", "emotion": "cared for", "proof": "Named contact, trained in first-contact resolution.", "words": ["reply", "support", "explain", "Antwort"], "kpi": "csat", "target": 85, "owner": "Leila Haddad"},
        {"promise": "Good coffee within ten minutes of unpacking", "kind": "promise", "touchpoint": "First use", "emotion": "proud", "proof": "Checklist and call.", "words": ["set up", "first cup", "start"], "kpi": "csat", "target": 80, "owner": "Stefan Krüger"},
        {"promise": "An invoice you can pass on", "kind": "promise", "touchpoint": "Billing", "emotion": "calm", "words": ["invoice", "charged", "Rechnung", "facture"], "kpi": "csat", "target": 80, "owner": "Greta Lindqvist"},
        {"promise": "Candour", "kind": "value", "proof": "We say what went wrong before we are asked."},
        {"promise": "No superlatives in our texts", "kind": "guideline", "owner": "Marta Lindner"},
    ],
    "marketing_plan": [
        {"name": "Offices, autumn", "segment": "Mid-market", "product": "Brunoma Office with water point, service included", "price": "From 390 euros a month, 36 months, first month free", "promotion": "Search, partner programme, two trade fairs",
         "place": "Field sales and partners", "positioning": "The office that keeps its people in the house.", "kpi": "roas", "baseline": 100, "goal": 130, "starts_on": ago(90), "ends_on": ago(-30), "budget_minor": 4_000_000, "currency": CURRENCY, "status": "running", "owner": "Marta Lindner"},
        {"name": "Home, winter", "segment": "Consumer", "product": "Brunoma Duo with bean box", "price": "29 euros a month", "promotion": "Social stories, newsletter", "place": "Web shop", "positioning": "Coffee like in town, at home.", "kpi": "cac", "baseline": 120, "goal": 90,
         "starts_on": ago(60), "ends_on": ago(-60), "budget_minor": 2_500_000, "currency": CURRENCY, "status": "running", "owner": "Marta Lindner"},
    ],
    "campaign": [_campaign(row) for row in CAMPAIGNS] + [
        {"name": "Winter warmers III", "goal": "Win back those who stopped", "segment": "Consumer", "channels": ["Social"], "starts_on": ago(-14), "ends_on": ago(-54), "budget_minor": 1_500_000, "currency": CURRENCY, "status": "planned", "plan_id": "Home, winter", "owner": "Marta Lindner"},
    ],
    "audience": [
        {"name": "Offices, quiet for 90 days", "segments": ["Mid-market"], "rules": {"all": [{"column": "segment", "operator": "in", "value": ["Mid-market"]}, {"column": "quiet_days", "operator": ">=", "value": 90}]}, "owner": "Marta Lindner"},
        {"name": "Fans who buy often", "segments": [], "rules": {"all": [{"column": "nps", "operator": ">=", "value": 9}, {"column": "orders", "operator": ">=", "value": 3}]}, "owner": "Marta Lindner"},
    ],
    "policy": [
        {"title": "A promise is measured before it is printed", "kind": "policy", "group": "marketing", "step": "brand", "status": "in_force", "review_on": ago(-45), "owner": "Marta Lindner"},
        {"title": "Nobody without consent", "kind": "policy", "group": "marketing", "step": "targeting", "text": "Lists leave the house for a named campaign only, and only with those who agreed.", "status": "in_force", "review_on": ago(5), "owner": "Greta Lindqvist"},
    ],
    "target": [
        {"kpi": "roas", "value": 50, "valid_from": ago(365), "owner": "Marta Lindner"}, {"kpi": "cac", "value": 45, "valid_from": ago(365), "owner": "Marta Lindner"},
    ],
}  # fmt: skip
