"""What the demo company's people have written down about journeys: touchpoints, systems, maps, intentions, hand-offs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from cx.demo.timeline import Timeline

MAP = "Office manager: from search to renewal"
STEP = ("phase", "name", "actions", "touchpoint_id", "channel", "thoughts", "feeling", "feeling_wanted", "emotion", "pains", "opportunities", "owner", "technology_id")

_SYSTEMS = (
    ("Web shop", "Catalogue, quotes, orders", "Shopline", "in_use", "Marta Lindner", 8_400_000, "Does not know the delivery date of the courier"),
    ("CRM", "Deals, quotes, accounts", "Pipewise", "in_use", "Siobhán Clarke", 6_100_000, "No link to tickets"),
    ("Help desk", "Tickets and replies", "Deskline", "in_use", "Leila Haddad", 4_900_000, ""),
    ("Transport desk", "Couriers, tracking", "Own", "replacing", "Roisin Murphy", 2_300_000, "Late parcels are seen a day later"),
    ("Billing", "Invoices, dunning", "Ledgerly", "in_use", "Greta Lindqvist", 3_700_000, ""),
    ("App", "Pairing, orders, log-ins", "Own", "in_use", "Bilal Demir", 7_800_000, ""),
    ("Customer data platform", "One customer, whole", "not chosen", "planned", "Marta Lindner", 9_000_000, ""),
)
_TOUCHPOINTS = (
    ("Website", "Awareness", "prospect", "Web", True, ["Marketing"], "Web shop", "interactions", 7),
    ("Sales consultation", "Consideration", "opportunity", "Phone", False, ["Sales DACH", "Sales Isles & Benelux"], "CRM", "interactions", 7),
    ("Order", "Purchase", "customer", "Web", True, ["Marketing", "Logistics desk"], "Web shop", "survey", 8),
    ("Delivery", "Purchase", "customer", "Courier", False, ["Logistics desk"], "Transport desk", "survey", 10),
    ("Onboarding call", "Retention", "customer", "Phone", False, ["Customer care"], "CRM", "survey", 8),
    ("First use", "Retention", "customer", "App", True, ["Technical support"], "App", "survey", 9),
    ("Support", "Retention", "customer", "E-mail", True, ["Customer care", "Technical support"], "Help desk", "survey", 9),
    ("Billing", "Retention", "customer", "E-mail", True, ["Billing desk"], "Billing", "survey", 6),
    ("Showroom", "Consideration", "prospect", "Showroom", False, ["Marketing"], None, "not measured", 5),
)  # Renewal is seen in the data but not yet registered
_STEPS: tuple[tuple[Any, ...], ...] = (
    ("Awareness", "The old machine breaks", "Colleagues complain\nLooks for a quick way out", None, None, "I have other things to do.", -2, -1, "annoyed", "No budget planned", "Short-term rental", "Marketing", None),
    ("Awareness", "Search for providers", "Searches, asks two other offices", "Website", "Search", "Who delivers to three sites?", 0, 2, "curious", "Price list hard to find", "Prices by office size", "Marketing", "Web shop"),
    ("Consideration", "Compare plans", "Reads product pages\nFills the quote form", "Website", "Web", "What is included?", 1, 3, "interested", "The form asks for too much", "Quote from five answers", "Marketing", "Web shop"),
    ("Consideration", "Talk to an adviser", "Describes rooms and people", "Sales consultation", "Phone", "They understand offices.", 3, 3, "confident", "", "Offer a visit", "Sales DACH", "CRM"),
    ("Purchase", "Order", "Gets the approval, orders", "Order", "Web", "Will it be here before the town hall?", 2, 3, "hopeful", "No delivery date in the shop", "Show the date before ordering", "Logistics desk", "Web shop"),
    ("Purchase", "Wait for the delivery", "Tracks the parcel\nKeeps a colleague at the door", "Delivery", "Courier", "It was promised for Monday.", -4, 3, "let down", "Days late, and nobody says so\nDriver does not ring", "Tell before they ask\nAnother courier for offices", "Logistics desk", "Transport desk"),
    ("Retention", "Set up with the adviser", "Joins the call, notes down steps", "Onboarding call", "Phone", "And what do I do after the call?", 1, 3, "unsure", "Too much in one call", "Checklist in writing", "Customer care", "CRM"),
    ("Retention", "Make the first coffee", "Pairs the app, tries it", "First use", "App", "That is good coffee.", 3, 4, "pleased", "Pairing fails in guest networks", "Works without the app", "Technical support", "App"),
    ("Retention", "Run it every day", "Orders beans, descales", "Order", "App", "It just runs.", 3, 4, "relaxed", "Second filter that does not fit", "Filters with the machine's number", "Logistics desk", "App"),
    ("Retention", "Ask for help", "Writes at noon, waits", "Support", "E-mail", "I wrote hours ago.", -2, 3, "ignored", "No answer over lunch\nExplains it three times", "Somebody at noon\nHistory at hand", "Customer care", "Help desk"),
    ("Retention", "Pay the invoice", "Forwards it to accounts", "Billing", "E-mail", "Accounts sends it back.", 0, 2, "indifferent", "No order number on it", "Order number on every invoice", "Billing desk", "Billing"),
    ("Advocacy", "Renew and recommend", "Looks back, asks for a better price", None, "Phone", "Would I do it again?", 1, 4, "weighing", "Only the invoice arrives", "A yearly review with numbers", "Sales DACH", "CRM"),
)  # fmt: skip
_BEFORE: dict[str, dict[str, Any]] = {"Wait for the delivery": {"feeling": 2, "emotion": "expectant", "pains": "No message on the day", "opportunities": "A message an hour before"},
           "Ask for help": {"feeling": 1, "emotion": "patient", "pains": "Explains it twice"},
           "Set up with the adviser": {"opportunities": "A second appointment"}}  # fmt: skip


def records(end: date = date(2026, 11, 1)) -> dict[str, list[dict[str, Any]]]:
    """The rows of each register, those first that others refer to; dates count back from the end of the demo's data."""
    timeline = Timeline(end)

    def ago(days: int) -> date:
        return timeline.before(days)

    steps: list[dict[str, Any]] = [dict(zip(STEP, row, strict=True)) for row in _STEPS]
    renewal: dict[str, Any] = {"decision": "Stay, leave or grow", "branch": "Corporate plan for all sites"}
    current = [{**s, "journey_id": MAP, "position": i, **(renewal if i == len(steps) else {})} for i, s in enumerate(steps, 1)]
    last_year = [{**s, **_BEFORE.get(s["name"], {}), "journey_id": f"{MAP}, last year", "position": i} for i, s in enumerate(steps[:-1], 1)]
    return {
        "technology": [
            {"name": n, "purpose": p, "vendor": v, "state": s, "owner": o, "cost_minor": c, "currency": "EUR", "gap": g or None, "planned_on": end + timedelta(days=120) if s == "planned" else None}
            for n, p, v, s, o, c, g in _SYSTEMS
        ],
        "touchpoint": [
            {"name": n, "phase": p, "audience": a, "channel": c, "online": on, "owners": ow, "technology_id": t, "measured_by": m, "importance": i}
            for n, p, a, c, on, ow, t, m, i in _TOUCHPOINTS
        ],
        "journey": [
            {"name": f"{MAP}, last year", "segment": "Mid-market", "goal": "Good coffee in the office without thinking about it", "edition": 1, "status": "retired", "owner": "Marta Lindner"},
            {"name": MAP, "segment": "Mid-market", "goal": "Good coffee in the office without thinking about it", "edition": 2, "status": "agreed", "owner": "Marta Lindner",
             "replaces_id": f"{MAP}, last year", "description": "Drawn with eleven office managers in spring, reviewed after the change of courier."},
        ],
        "journey_step": last_year + current,
        "desired_experience": [
            {"touchpoint_id": "Delivery", "segment": "Mid-market", "statement": "I know the day, and it comes on the day", "emotion": "safe", "metric": "csat", "desired": 90, "believed": 88,
             "believed_on": ago(60), "goal": "Late deliveries under 8 %", "due_on": end + timedelta(days=90), "owner": "Roisin Murphy"},
            {"touchpoint_id": "Support", "statement": "Somebody competent answers before I wonder", "emotion": "cared for", "metric": "csat", "desired": 88, "believed": 90, "believed_on": ago(60),
             "goal": "First reply within four working hours", "due_on": end + timedelta(days=60), "owner": "Leila Haddad"},
            {"touchpoint_id": "Onboarding call", "statement": "After the call I can go on alone", "emotion": "capable", "metric": "ces", "desired": 80, "believed": 70, "believed_on": ago(60), "owner": "Priya Raman"},
            {"touchpoint_id": "First use", "statement": "Coffee within ten minutes", "emotion": "proud", "metric": "csat", "desired": 90, "believed": 85, "believed_on": ago(60), "owner": "Stefan Krüger"},
            {"touchpoint_id": "Billing", "statement": "I forward it and hear nothing more", "emotion": "calm", "metric": "csat", "desired": 85, "believed": 80, "believed_on": ago(60), "owner": "Greta Lindqvist"},
        ],
        "handoff": [
            {"name": "Order to warehouse", "touchpoint_id": "Order", "giver": "Sales DACH", "receiver": "Logistics desk", "what": "Order with site, contact, wish date", "process": "order to delivery", "step": "Pick",
             "promise_hours": 8, "failures": "Contact on site is missing", "owner": "Roisin Murphy"},
            {"name": "Warehouse to courier", "touchpoint_id": "Delivery", "giver": "Logistics desk", "receiver": "Courier", "what": "Parcel with date and phone number", "process": "order to delivery", "step": "Transport",
             "promise_hours": 48, "failures": "Courier takes it a day later", "owner": "Roisin Murphy"},
            {"name": "Care to department", "touchpoint_id": "Support", "giver": "Customer care", "receiver": "Technical support", "what": "Complaint with photographs", "process": "complaint handling",
             "step": "Ask department", "promise_hours": 24, "failures": "Customer explains it again", "owner": "Leila Haddad"},
            {"name": "Decision to customer", "touchpoint_id": "Support", "giver": "Technical support", "receiver": "Customer care", "what": "Decision and its reason", "process": "complaint handling",
             "step": "Answer customer", "promise_hours": 8, "owner": "Leila Haddad"},
        ],
        "action": [
            {"title": "Checklist after the onboarding call", "group": "journeys", "step": "optimization", "touchpoint": "Onboarding call", "kpi": "ease", "expected_effect": 12.0, "status": "done", "priority": "high",
             "owner": "Priya Raman", "starts_on": ago(80), "due_on": ago(50), "done_on": ago(49), "origin": "One in four did not get from the call to the first use", "result": "More get to first use, and find it easier"},
            {"title": "Tell customers when a parcel is late", "group": "journeys", "step": "optimization", "touchpoint": "Delivery", "segment": "Mid-market", "kpi": "csat", "expected_effect": 8.0, "status": "in_progress",
             "priority": "high", "owner": "Roisin Murphy", "starts_on": ago(20), "due_on": end + timedelta(days=30), "origin": "Lived 73 against 90 wanted"},
            {"title": "New courier for most deliveries to offices", "group": "journeys", "step": "monitoring", "touchpoint": "Delivery", "segment": "Mid-market", "kpi": "csat", "expected_effect": 0.0, "status": "done",
             "owner": "Roisin Murphy", "starts_on": ago(120), "due_on": ago(92), "done_on": ago(92), "origin": "Lower freight cost"},
        ],
        "alert_rule": [
            {"name": "Delivery falls", "kpi": "csat", "touchpoint": "Delivery", "condition": "falls_below", "threshold": 80.0, "grain": "month", "minimum_n": 30, "recipients": ["Roisin Murphy"], "owner": "Roisin Murphy"},
            {"name": "Office customers turn away", "kpi": "nps", "segment": "Mid-market", "condition": "falls_below", "threshold": 20.0, "grain": "month", "minimum_n": 30, "recipients": ["Marta Lindner"], "owner": "Marta Lindner"},
            {"name": "Support gets harder", "kpi": "ease", "touchpoint": "Support", "condition": "changes_significantly", "grain": "month", "minimum_n": 20, "recipients": ["Leila Haddad"], "owner": "Leila Haddad"},
            {"name": "Onboarding misses its target", "kpi": "ease", "touchpoint": "Onboarding call", "condition": "misses_target", "grain": "month", "minimum_n": 10, "recipients": ["Priya Raman"], "owner": "Priya Raman"},
        ],
    }  # fmt: skip


RECORDS = records()
