"""What Brunoma keeps on service: hours, service levels, escalation, channels, staffing, cases of customers let down, policies.

A date or moment is a `timedelta` to the end of the demo company's two years; a link is the label of the record it points at.
The cases refer to answers of seed 7.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from cx.demo.cast import CURRENCY

Row = dict[str, Any]
HOURS = "Working days"


def ago(days: float) -> timedelta:
    """So many days before the end; a negative number lies after it."""
    return timedelta(days=-days)


def _level(name: str, priority: str, reply: int, solved: int, rank: int) -> Row:
    return {"name": name, "priority": priority, "first_response_minutes": reply, "resolution_minutes": solved, "hours_id": HOURS, "pauses": True, "goal": 90, "rank": rank}


# Case, reference, customer, segment, touchpoint, score, said, days ago it was answered, owner, contacted after, resolved after, cause, outcome
_CASES = (
    ("Parcel lost, three calls", "After delivery|R346845|nps", "C12414", "Enterprise", "Delivery", 4, "Not good: I had to call three times to find out where the parcel was.", 46, "Roisin Murphy", 1.2, 3,
     "No tracking from the new courier", "Called, explained, delivery fee refunded"),
    ("Late by four days", "After delivery|R343497|nps", "C11329", "Enterprise", "Delivery", 4, "No cumplieron el plazo. Además, el repartidor no llamó al timbre. Hay que mejorarlo.", 90, "Roisin Murphy", 2, 5,
     "Courier misses the window", "Apology and a voucher; customer asked for another courier"),
    ("Explained everything three times", "After support|R344628|csat", "C12432", "Enterprise", "Support", 2, "Enttäuschend, ich musste alles dreimal erklären.", 74, "Leila Haddad", 1, 2, "Hand-over without notes",
     "One contact named for the account"),
    ("Six days late", "After delivery|R341710|nps", "C10965", "Enterprise", "Delivery", 6, "El pedido llegó con 6 días de retraso; la máquina se estropea a menudo.", 115, "Roisin Murphy", 3, 9, "Courier misses the window",
     "Machine replaced, next order by express"),
    ("Window not kept", "After delivery|R348271|csat", "C11865", "Mid-market", "Delivery", 2, "Franchement, le créneau annoncé n'a pas été respecté.", 30, "Emre Aydın", 1, 4, "Courier misses the window", "Fixed delivery day agreed"),
    ("Noon mail answered next day", "Relationship|R341564|nps", "C10207", "Enterprise", None, 5, "Honestly, I wrote at noon and heard nothing until the next day.", 114, "Priya Raman", 2, 3, "Nobody on e-mail at noon", "Direct line given"),
    ("Delivered too late for a meeting", "After delivery|R345576|nps", "C10616", "Mid-market", "Delivery", 6, "Our meeting ran without coffee because the beans came too late.", 61, "Emre Aydın", 5, 8, "Courier misses the window", "Stock of two weeks placed on site"),
    ("Box in the rain", "After delivery|R342099|nps", "C12938", "Mid-market", "Delivery", 6, "I had to call three times; the box was left outside in the rain.", 109, "Carla Domínguez", 1, 6, "No tracking from the new courier", "Goods replaced"),
    ("Invoice without order number", "Relationship|R345182|nps", "C13799", "Mid-market", None, 4, "The invoice has no order number, our accounts department sends it back.", 67, "Greta Lindqvist", 1, 12, "Invoice template", "Template changed for all accounts"),
    ("Price raised without warning", "Relationship|R344240|nps", "C13699", "Mid-market", None, 3, "The price went up without any warning.", 75, "Conor Daly", 6, 20, "Price letter not sent", "Old price kept for a year"),
    ("Every order late since the courier changed", "After delivery|R346572|csat", "C11763", "Mid-market", "Delivery", 2, "Since you changed courier every order is late.", 50, "Roisin Murphy", 2, 11, "Courier misses the window", "Back to the old courier for this account"),
    ("Three days for a reply", "After support|R346823|csat", "C10616", "Mid-market", "Support", 2, "Again, took 3 days to get a proper reply. Please call me.", 47, "Leila Haddad", 1, 2, "Nobody on e-mail at noon", "Called back the same day"),
    ("Late again", "After delivery|R348920|csat", "C13856", "Mid-market", "Delivery", 2, "Decepcionante: Rapidroute llegó con 4 días de retraso.", 22, "Emre Aydın", 3, None, "Courier misses the window", None),
    ("Driver did not ring", "Relationship|R347633|nps", "C13157", "Mid-market", None, 5, "Again, Rapidroute says they rang, nobody did.", 38, "Carla Domínguez", 4, None, None, None),
    ("Defective filters, twice", "Relationship|R349433|nps", "C11058", "Enterprise", None, 5, "Second filter in a row that is defective, and the filter did not fit properly.", 15, "Stefan Krüger", 2, None, "Faulty filter lot", None),
    ("Thinking about leaving", "After delivery|R349919|csat", "C11626", "Mid-market", "Delivery", 2, "Disappointing, Rapidroute came 9 days late. We are thinking about leaving.", 11, "Roisin Murphy", None, None, None, None),
    ("Courier, eight days", "After delivery|R349619|nps", "C13509", "Mid-market", "Delivery", 5, "Encore une fois, la livraison est arrivée avec 8 jours de retard.", 14, "Emre Aydın", None, None, None, None),
    ("Nobody told us", "After delivery|R350710|nps", "C13074", "Mid-market", "Delivery", 5, "The delivery came 2 days late and nobody told us.", 1, "Carla Domínguez", None, None, None, None),
)


def _case(row: tuple[Any, ...]) -> Row:
    title, reference, customer, segment, touchpoint, score, said, answered, owner, contacted, resolved, cause, outcome = row
    status = "resolved" if resolved else "contacted" if contacted else "open"
    return {
        "title": title, "status": status, "source": "response", "reference": f"demo:{reference}", "customer_id": customer, "segment": segment, "touchpoint": touchpoint, "score": score, "comment": said,
        "priority": "high" if segment == "Enterprise" else "normal", "owner": owner, "due_on": ago(answered - 2), "contacted_at": ago(answered - contacted) if contacted else None,
        "resolved_at": ago(answered - resolved) if resolved else None, "cause": cause, "outcome": outcome,
    }  # fmt: skip


RECORDS: dict[str, list[Row]] = {
    "business_hours": [
        {"name": HOURS, "timezone": "UTC", "monday": "08:00-18:00", "tuesday": "08:00-18:00", "wednesday": "08:00-18:00", "thursday": "08:00-18:00", "friday": "08:00-18:00", "holidays": []},
        {"name": "Phone and chat", "timezone": "UTC", "monday": "08:00-12:30, 13:00-18:00", "tuesday": "08:00-12:30, 13:00-18:00", "wednesday": "08:00-12:30, 13:00-18:00",
         "thursday": "08:00-12:30, 13:00-18:00", "friday": "08:00-12:30, 13:00-17:00", "saturday": "09:00-13:00", "holidays": []},
    ],
    "sla_policy": [
        _level("Urgent", "urgent", 60, 600, 1), _level("High", "high", 120, 1200, 2), _level("Normal", "normal", 240, 2400, 3), _level("Low", "low", 480, 4800, 4),
    ],
    "escalation_rule": [
        {"name": "Three quarters gone", "percent": 75, "level": 1, "tell": "Team lead", "steps": "Assign to whoever is free in the team; write to the customer that we are on it."},
        {"name": "Promise broken", "percent": 100, "level": 2, "tell": "Leila Haddad, head of care", "steps": "Call the customer today; note the cause on the ticket."},
        {"name": "Twice the time", "percent": 200, "level": 3, "tell": "Managing director on duty", "steps": "Take it up in the morning meeting; open a follow-up."},
    ],
    "channel": [
        {"name": "E-mail", "purpose": "Matters with papers and pictures", "hours_id": HOURS, "team": "Customer care", "owner": "Leila Haddad", "contact": "help@brunoma.example", "cost_minor": 620, "currency": CURRENCY},
        {"name": "Phone", "purpose": "What cannot wait", "hours_id": "Phone and chat", "team": "Customer care", "owner": "Mateo Iglesias", "contact": "+353 1 555 0100", "cost_minor": 780, "currency": CURRENCY},
        {"name": "Chat", "purpose": "Short questions while ordering", "hours_id": "Phone and chat", "team": "Customer care", "owner": "Yuki Tanaka", "cost_minor": 540, "currency": CURRENCY},
        {"name": "Web", "purpose": "Forms: returns, set-up appointments", "hours_id": HOURS, "team": "Logistics desk", "owner": "Roisin Murphy", "cost_minor": 520, "currency": CURRENCY},
        {"name": "Social", "purpose": "Public questions and complaints", "hours_id": HOURS, "team": "Customer care", "owner": "Sofie de Vries", "cost_minor": 900, "currency": CURRENCY},
    ],
    "staffing_plan": [
        {"name": "Phone, working days", "channel": "Phone", "service_level": 80, "answer_seconds": 20, "handling_seconds": 420, "shrinkage": 32, "cost_minor": 3_100, "currency": CURRENCY},
        {"name": "Chat, working days", "channel": "Chat", "service_level": 85, "answer_seconds": 45, "handling_seconds": 540, "shrinkage": 30, "cost_minor": 2_900, "currency": CURRENCY},
        {"name": "E-mail at noon", "channel": "E-mail", "team": "Customer care", "service_level": 90, "answer_seconds": 3600, "handling_seconds": 780, "shrinkage": 28, "cost_minor": 2_900, "currency": CURRENCY},
    ],
    "follow_up": [_case(row) for row in _CASES],
    "policy": [
        {"title": "Settled at the first contact", "kind": "objective", "group": "service", "step": "strategy", "text": "Nine of ten customers do not have to come back on the same matter within a week.", "kpi": "first_contact_resolution",
         "status": "in_force", "valid_from": ago(300), "review_on": ago(-65), "owner": "Leila Haddad"},
        {"title": "Call within two days after a low score", "kind": "policy", "group": "service", "step": "feedback", "text": "Whoever gives 6 or less is called within two working days, by the team that served them.",
         "why": "Customers who were called score three points higher next time.", "status": "in_force", "valid_from": ago(200), "review_on": ago(20), "owner": "Leila Haddad"},
        {"title": "Refund first, ask later", "kind": "policy", "group": "service", "step": "strategy", "text": "Up to 50 euros an agent refunds without asking.", "status": "in_force", "valid_from": ago(420), "review_on": ago(-120), "owner": "Greta Lindqvist"},
        {"title": "No reply made of modules alone", "kind": "guideline", "group": "service", "step": "performance", "text": "Each reply names the customer's matter in our own words.", "status": "in_force", "review_on": ago(-30), "owner": "Priya Raman"},
    ],
    "target": [
        {"kpi": "sla_response", "value": 90, "reason": "Promised in the general terms", "valid_from": ago(365), "owner": "Leila Haddad"},
        {"kpi": "first_contact_resolution", "value": 90, "reason": "Reached in spring", "valid_from": ago(365), "owner": "Leila Haddad"},
        {"kpi": "service_satisfaction", "value": 85, "reason": "Level before the courier changed", "valid_from": ago(365), "owner": "Leila Haddad"},
    ],
}  # fmt: skip
