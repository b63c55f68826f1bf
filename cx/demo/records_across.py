"""What Brunoma keeps for all groups together: maturity of its steps, strategy, actions, alert rules, assumptions.

A date is a `timedelta` to the end of the demo company's two years; a link is the label of the record it points at.
"""

from __future__ import annotations

from typing import Any

from cx.demo.cast import COURSE, CURRENCY, SLIPPING
from cx.demo.records_quality import ago

HEAD, CARE, MAKING, SELLING, VOICE = "Declan Walsh", "Leila Haddad", "Marta Kowalska", "Siobhán Clarke", "Marta Lindner"
OWNERS = {"needs": VOICE, "journeys": "Priya Raman", "service": CARE, "sales": SELLING, "marketing": "Sofie de Vries", "product": "Stefan Krüger", "quality": MAKING,
          "improvement": "Aoife Brennan", "training": "Jonas Becker", "reporting": "Arjun Mehta"}  # fmt: skip

# Group -> (step, level a year ago, half a year ago, now, level wanted, what shows the present level).
LEVELS: dict[str, tuple[tuple[str, int, int, int, int, str], ...]] = {
    "needs": (
        ("collection", 2, 3, 4, 4, "Nine surveys run by themselves; coverage is read monthly"), ("segmentation", 2, 2, 3, 4, "Four segments agreed with sales and finance"),
        ("personas", 1, 2, 3, 3, "Eight personas, two of them negative, reviewed in spring"), ("journey_analysis", 1, 2, 3, 4, "Heat map stands in the weekly meeting"),
        ("competitors", 0, 1, 1, 3, "One comparison, made for a tender"), ("prioritization", 1, 1, 2, 4, "Backlog kept, decided without scores"), ("validation", 0, 0, 1, 3, "First experiment under way"),
    ),
    "journeys": (
        ("touchpoints", 2, 3, 3, 4, "Register complete; owners named for eight of nine"), ("collection", 1, 2, 3, 4, "Every touchpoint but the website is measured"),
        ("map", 1, 2, 3, 4, "Purchase to first use is mapped twice"), ("analysis", 1, 2, 2, 4, "Funnel looked at when somebody asks"), ("personas", 0, 1, 2, 3, "Office manager against home barista"),
        ("optimization", 1, 1, 2, 4, "Checklist launched; delivery still open"), ("monitoring", 0, 1, 2, 4, "Four alerts; effects tested since summer"),
    ),
    "service": (
        ("strategy", 2, 3, 3, 4, "Targets agreed with the teams"), ("staffing", 1, 1, 1, 4, "Rota copied from last year; noon is short of people"), ("channels", 2, 3, 3, 4, "Hours and cost a contact known"),
        ("response", 2, 2, 2, 4, "Promises written down, missed at noon"), ("performance", 3, 3, 4, 4, "Board reviewed every Monday"), ("feedback", 1, 2, 3, 5, "Low scores are called within two days, mostly"),
        ("improvement", 1, 2, 2, 4, "Reasons counted, few removed"),
    ),
    "sales": (
        ("strategy", 2, 2, 3, 4, "Plan by region"), ("forecasting", 1, 2, 2, 4, "Forecast in a sheet"), ("leads", 2, 2, 3, 4, "Speed to lead is measured"), ("process", 2, 3, 3, 4, "Stages with exit criteria"),
        ("team", 2, 2, 2, 3, "Quotas set, coaching rare"), ("performance", 3, 3, 3, 4, "Monthly review"), ("relationships", 1, 1, 2, 4, "Reviews with enterprise customers only"),
    ),
    "marketing": (
        ("research", 1, 2, 2, 3, "Two studies a year"), ("brand", 1, 1, 2, 4, "Promises written, delivery promise broken"), ("strategy", 2, 2, 3, 3, "Yearly plan"), ("campaigns", 3, 3, 4, 4, "Calendar and results in one place"),
        ("nurturing", 1, 2, 2, 3, "Scores computed, not used"), ("performance", 2, 3, 3, 4, "Attribution compared"), ("targeting", 1, 1, 2, 3, "Audiences by segment"),
    ),
    "product": (
        ("ideation", 2, 2, 3, 3, "Ideas tied to needs"), ("concepts", 1, 2, 2, 3, "Sheets for half of them"), ("prototypes", 2, 2, 3, 3, "Versions kept"), ("testing", 1, 2, 3, 4, "Usability tests each quarter"),
        ("iteration", 1, 1, 2, 3, "Findings tracked"), ("launch", 2, 2, 3, 3, "Stage gates used"), ("evaluation", 0, 1, 2, 4, "Adoption looked at once"),
    ),
    "quality": (
        ("planning", 2, 3, 3, 4, "Tree from need to characteristic"), ("control", 2, 2, 3, 4, "Charts for all that is inspected"), ("assurance", 2, 3, 3, 4, "Audit programme kept"), ("improvement", 1, 2, 2, 4, "One project"),
        ("corrective", 2, 2, 3, 4, "Cases close only when proven"), ("measurement", 2, 3, 3, 4, "Capability known"), ("suppliers", 2, 2, 1, 4, f"{SLIPPING} slipped for months before anybody acted"),
    ),
    "improvement": (
        ("mapping", 1, 2, 3, 4, "Complaint handling mapped"), ("analysis", 1, 1, 3, 4, "Event log of two years"), ("redesign", 0, 1, 2, 3, "To-be version simulated"), ("implementation", 1, 1, 2, 3, "Roll-out plan under way"),
        ("monitoring", 0, 1, 2, 4, "Lead time charted"), ("continuous", 1, 2, 3, 4, "Five projects with gates"), ("standardization", 2, 2, 2, 3, "Procedures known, not all read"),
    ),
    "training": (
        ("assessment", 1, 2, 3, 4, "Matrix complete for care"), ("design", 2, 2, 3, 3, "Aims and tests for each course"), ("delivery", 2, 3, 3, 4, "Completion tracked"), ("evaluation", 0, 1, 4, 4, "Effect shown on satisfaction and speed"),
        ("coaching", 1, 1, 2, 3, "Notes for a third of the team"), ("performance", 1, 2, 2, 3, "Goals set"), ("career", 0, 0, 1, 2, "Two paths sketched"),
    ),
    "reporting": (
        ("collection", 1, 2, 4, 4, "Twelve sources, all fresh"), ("cleaning", 1, 1, 3, 4, "Doubles found and merged"), ("analysis", 1, 2, 3, 4, "Drivers known"), ("visualization", 2, 2, 3, 3, "Boards used by four teams"),
        ("interpretation", 0, 1, 2, 3, "Tests made by two people"), ("reports", 2, 3, 4, 4, "Monthly report goes out by itself"), ("improvement", 0, 0, 1, 3, "Nobody asks whether reports are read"),
    ),
}  # fmt: skip


def _assessments() -> list[dict[str, Any]]:
    rows = []
    for i, (group, steps) in enumerate(LEVELS.items()):
        for j, (step, *levels, wanted, evidence) in enumerate(steps):
            for level, days in zip(levels, (370, 190, 12 + (7 * i + 3 * j) % 60), strict=True):
                latest = days < 100
                rows.append({"group": group, "step": step, "level": level, "goal": wanted, "evidence": evidence if latest else None, "owner": OWNERS[group] if (i + j) % 9 else None,
                             "assessed_on": ago(days), "review_on": ago(days - (60 if (i * 7 + j) % 11 == 4 and latest and days > 45 else 182))})  # fmt: skip
    return rows


EASY, KEEP, SOUND, LISTEN = "The easiest coffee company to be a customer of", "Nobody leaves over something we could have told them", "What arrives works", "Every customer is heard within two days"
NOON, ONBOARDING, FILTERS = "Answer e-mail at lunch time", "Onboarding that reaches the first cup", "Sound filters again"

RECORDS: dict[str, list[dict[str, Any]]] = {
    "maturity": _assessments(),
    "objective": [
        {"title": EASY, "horizon": "long_term", "kpi": "nps", "baseline": 33, "target": 45, "status": "at_risk", "owner": HEAD, "due_on": ago(-420), "description": "Customers recommend us because being one takes no effort."},
        {"title": "The first cup without a call", "parent_id": EASY, "horizon": "year", "kpi": "ease", "baseline": 66, "target": 80, "status": "on_track", "owner": "Priya Raman", "due_on": ago(-180)},
        {"title": KEEP, "parent_id": EASY, "horizon": "year", "kpi": "logo_churn", "baseline": 16, "target": 12, "status": "at_risk", "owner": SELLING, "due_on": ago(-180)},
        {"title": LISTEN, "parent_id": EASY, "horizon": "year", "kpi": "sla_response", "baseline": 84, "target": 92, "status": "at_risk", "owner": CARE, "due_on": ago(-90)},
        {"title": SOUND, "parent_id": EASY, "horizon": "year", "kpi": "return_rate", "baseline": 4.2, "target": 2.5, "status": "at_risk", "owner": MAKING, "due_on": ago(-150)},
        {"title": "Grow with those we have", "parent_id": KEEP, "horizon": "year", "kpi": "nrr", "baseline": 97, "target": 104, "status": "draft", "owner": SELLING, "due_on": ago(-240)},
    ],
    "milestone": [
        {"title": "Checklist in every onboarding call", "objective_id": "The first cup without a call", "team": "Customer care", "starts_on": ago(110), "due_on": ago(49), "progress": 100, "status": "done", "owner": "Priya Raman"},
        {"title": "Set-up film in six languages", "objective_id": "The first cup without a call", "team": "Technical support", "starts_on": ago(40), "due_on": ago(-35), "progress": 45, "status": "under_way", "owner": "Arjun Mehta"},
        {"title": "Late parcels announced by message", "objective_id": KEEP, "team": "Logistics desk", "starts_on": ago(20), "due_on": ago(-30), "progress": 30, "status": "under_way", "owner": "Roisin Murphy"},
        {"title": "Courier contract decided anew", "objective_id": KEEP, "team": "Logistics desk", "starts_on": ago(30), "due_on": ago(5), "progress": 60, "status": "late", "owner": "Roisin Murphy"},
        {"title": "Lunch rota in two shifts", "objective_id": LISTEN, "team": "Customer care", "starts_on": ago(10), "due_on": ago(-20), "progress": 20, "status": "under_way", "owner": CARE},
        {"title": "Filters from a second supplier", "objective_id": SOUND, "team": "Technical support", "starts_on": ago(60), "due_on": ago(-75), "progress": 35, "status": "under_way", "owner": "Felix Hartmann"},
        {"title": "Review with every mid-market customer", "objective_id": "Grow with those we have", "team": "Sales Isles & Benelux", "starts_on": ago(-15), "due_on": ago(-140), "progress": 0, "status": "planned", "owner": SELLING},
        {"title": "One number for experience in every bonus", "objective_id": EASY, "starts_on": ago(-60), "due_on": ago(-200), "progress": 0, "status": "planned", "owner": HEAD},
    ],
    "communication": [
        {"subject": "What customers told us in summer", "audience": "everybody", "medium": "meeting", "sent_on": ago(58), "objective_id": EASY, "content": "Delivery to offices fell; onboarding is the second pain.", "reaction": "Logistics asked for the comments, 120 read them.", "status": "sent", "owner": HEAD},
        {"subject": "Why the checklist exists", "audience": "teams", "medium": "workshop", "sent_on": ago(52), "objective_id": "The first cup without a call", "content": "Recorded calls, the drop, the list.", "reaction": "Two points added by the agents.", "status": "sent", "owner": "Priya Raman"},
        {"subject": "Parcels were late: what we do about it", "audience": "customers", "medium": "mail", "sent_on": ago(18), "objective_id": KEEP, "content": "An apology, a credit, and a message when a parcel is late.", "reaction": "41 % opened it, 63 answers, most of them friendly.", "status": "sent", "owner": "Sofie de Vries"},
        {"subject": "Filters: letter to the supplier", "audience": "partners", "medium": "letter", "sent_on": ago(25), "objective_id": SOUND, "status": "sent", "owner": "Felix Hartmann"},
        {"subject": "Half a year of strategy", "audience": "leadership", "medium": "meeting", "sent_on": ago(-12), "objective_id": EASY, "status": "planned", "owner": HEAD},
        {"subject": "New lunch rota", "audience": "teams", "medium": "intranet", "sent_on": ago(-6), "objective_id": LISTEN, "status": "planned", "owner": CARE},
    ],
    "role": [
        {"name": "Head of customer experience", "holder": HEAD, "duties": "Answers for the strategy, leads the monthly review", "hours_week": 24, "budget_minor": 18_000_000, "currency": CURRENCY},
        {"name": "Voice of the customer", "holder": VOICE, "team": "Customer care", "duties": "Surveys, themes, the loop to the teams", "hours_week": 32, "budget_minor": 6_500_000, "currency": CURRENCY, "group": "needs"},
        {"name": "Journey owner: order to first use", "holder": "Priya Raman", "team": "Customer care", "duties": "Map, measures and improvements of that journey", "hours_week": 12, "budget_minor": 3_000_000, "currency": CURRENCY, "group": "journeys"},
        {"name": "Journey owner: delivery", "holder": "Roisin Murphy", "team": "Logistics desk", "duties": "Couriers, promises, late parcels", "hours_week": 8, "budget_minor": 2_000_000, "currency": CURRENCY, "group": "journeys"},
        {"name": "Head of care", "holder": CARE, "team": "Customer care", "duties": "Service levels, rota, closed loop", "hours_week": 10, "group": "service"},
        {"name": "Analyst", "holder": "Arjun Mehta", "team": "Technical support", "duties": "Data, reports, tests", "hours_week": 20, "budget_minor": 2_400_000, "currency": CURRENCY, "group": "reporting"},
        {"name": "Journey owner: leaving and returning", "duties": "Reasons for leaving, offers, exit talks", "hours_week": 8, "group": "sales"},
    ],
    "action": [
        {"title": f"Course “{COURSE}” for half of care", "group": "training", "step": "evaluation", "kpi": "service_satisfaction", "team": "Customer care", "expected_effect": 4.0, "status": "done", "owner": "Jonas Becker",
         "starts_on": ago(260), "due_on": ago(210), "done_on": ago(212), "cost_minor": 2_150_000, "currency": CURRENCY, "origin": "Care is the team customers rate most often"},
        {"title": "Second break at noon for the e-mail team", "group": "service", "step": "staffing", "kpi": "sla_response", "expected_effect": 5.0, "status": "in_progress", "priority": "high", "owner": CARE, "project_id": NOON,
         "starts_on": ago(25), "due_on": ago(4), "origin": "From 12 to 14 h half of the promises are missed"},
        {"title": "Fifty of each lot of filters, not twenty", "group": "quality", "step": "suppliers", "kpi": "return_rate", "expected_effect": -1.0, "status": "done", "owner": "Felix Hartmann", "project_id": FILTERS,
         "capa_id": "Filters leak after the supplier's move", "starts_on": ago(80), "due_on": ago(70), "done_on": ago(66), "cost_minor": 640_000, "currency": CURRENCY},
        {"title": "Exit talk with every office that leaves", "group": "sales", "step": "relationships", "kpi": "logo_churn", "segment": "Mid-market", "expected_effect": -1.0, "status": "open", "priority": "high", "owner": SELLING, "due_on": ago(11)},
        {"title": "Credit note in the same mail as the apology", "group": "service", "step": "feedback", "kpi": "csat", "touchpoint": "Delivery", "expected_effect": 3.0, "status": "open", "owner": "Greta Lindqvist", "due_on": ago(-9)},
        {"title": "Names of couriers in the delivery data", "group": "reporting", "step": "collection", "status": "done", "owner": "Arjun Mehta", "starts_on": ago(90), "due_on": ago(60), "done_on": ago(61)},
        {"title": "Reply to every mention within a day", "group": "marketing", "step": "brand", "kpi": "mention_reply_time", "expected_effect": -10.0, "status": "open", "owner": "Sofie de Vries", "due_on": ago(-25)},
        {"title": "Set-up film before the onboarding call", "group": "journeys", "step": "optimization", "kpi": "ease", "touchpoint": "Onboarding call", "expected_effect": 4.0, "status": "in_progress", "owner": "Arjun Mehta", "due_on": ago(-35),
         "project_id": ONBOARDING},
    ],
    "alert_rule": [
        {"name": "Promised replies slip", "kpi": "sla_response", "condition": "breaks_control_rule", "grain": "week", "minimum_n": 30, "recipients": [CARE], "owner": CARE, "quiet_from": 19, "quiet_to": 7, "zone": "Europe/Dublin"},
        {"name": "Parcels late", "kpi": "on_time_delivery", "condition": "misses_target", "grain": "month", "minimum_n": 50, "recipients": ["Roisin Murphy"], "owner": "Roisin Murphy"},
        {"name": "Filters come back", "kpi": "return_rate", "condition": "rises_above", "threshold": 4.0, "grain": "month", "minimum_n": 50, "recipients": ["Felix Hartmann"], "owner": MAKING},
        {"name": "Recommendation moves", "kpi": "nps", "condition": "changes_significantly", "grain": "month", "minimum_n": 50, "recipients": [HEAD], "owner": VOICE},
    ],
    "assumption": [
        {"key": "kept", "low": 0.5, "base": 1.5, "high": 2.5, "reason": "Those who left after a late delivery are about a tenth of all who leave; half of it may be avoided", "owner": HEAD},
        {"key": "added", "low": 0.2, "base": 0.8, "high": 1.5, "reason": "Promoters order more often than others; not all of it will follow", "owner": SELLING},
        {"key": "credit", "low": 25.0, "base": 50.0, "high": 75.0, "reason": "Prices, season and rivals move revenue too; agreed with finance", "owner": HEAD},
        {"key": "margin", "low": 38.0, "base": 45.0, "high": 50.0, "reason": "Gross margin of subscriptions, from finance", "owner": "Greta Lindqvist"},
        {"key": "ramp", "low": 0.5, "base": 1.0, "high": 2.0, "reason": "The checklist worked within weeks, a courier takes a year", "owner": HEAD},
    ],
}  # fmt: skip
