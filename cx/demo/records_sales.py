"""What Brunoma keeps on sales: stages, quotas, profiles of customers, coaching, account reviews, policies.

A date is a `timedelta` to the end of the demo company's two years.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from cx.demo.cast import CURRENCY, SALES_TEAMS

Row = dict[str, Any]


def ago(days: float) -> timedelta:
    """So many days before the end; a negative number lies after it."""
    return timedelta(days=-days)


def _quota(team: str | None, first: int, days: int, amount: int) -> Row:
    """A quota that begins `first` days before the end and runs `days` days."""
    return {"team": team, "period": "quarter", "starts_on": ago(first), "ends_on": ago(first - days + 1), "amount_minor": amount, "currency": CURRENCY}


def _personal(name: str, amount: int) -> Row:
    return {"employee": name, "period": "quarter", "starts_on": ago(31), "ends_on": ago(-60), "amount_minor": amount, "currency": CURRENCY}


def _review(customer: str, name: str, held: float | None, due: float, owner: str, mood: int | None, risks: str) -> Row:
    return {"customer_id": customer, "customer": name, "kind": "business_review", "cadence_days": 90, "held_on": ago(held) if held is not None else None, "due_on": ago(due), "owner": owner,
            "status": "held" if held is not None and due > 0 else "planned", "mood": mood, "risks": risks}  # fmt: skip


RECORDS: dict[str, list[Row]] = {
    "sales_stage": [
        {"name": "Qualification", "position": 1, "probability": 10, "exit_criteria": "Number of cups a day, site and decision maker are known.", "actions": "Call within a day; ask for the site plan.", "stale_days": 21},
        {"name": "Discovery", "position": 2, "probability": 25, "exit_criteria": "Water point checked; budget named by the customer.", "actions": "Visit or video walk through the site.", "stale_days": 21},
        {"name": "Proposal", "position": 3, "probability": 50, "exit_criteria": "Proposal read with the customer, objections written down.", "actions": "Send, then talk it through within three days.", "stale_days": 28},
        {"name": "Negotiation", "position": 4, "probability": 75, "exit_criteria": "Contract signed by both.", "actions": "Agree on delivery day before the signature.", "stale_days": 21},
    ],
    "quota": [
        *(_quota(team, first, days, amount) for team, amounts in zip(SALES_TEAMS, ((34_000_000, 35_000_000), (20_000_000, 21_000_000), (20_000_000, 22_000_000)), strict=True)
          for (first, days), amount in zip(((123, 92), (31, 92)), amounts, strict=True)),
        *(_quota(team, -61, 90, amount) for team, amount in zip(SALES_TEAMS, (33_000_000, 20_000_000, 21_000_000), strict=True)),
        *(_quota(team, -151, 30, amount) for team, amount in zip(SALES_TEAMS, (11_000_000, 7_000_000, 7_000_000), strict=True)),
        *(_personal(name, amount) for name, amount in (("Siobhán Clarke", 4_000_000), ("Daan Smit", 3_600_000), ("Anna Schneider", 3_600_000), ("Deniz Kaya", 3_200_000), ("Antoine Mercier", 3_800_000), ("Lucía Navarro", 3_200_000))),
    ],
    "customer_profile": [
        {"name": "Growing office", "fit": "ideal", "segment": "Mid-market", "industries": ["Software", "Legal services", "Architecture"], "problem": "Staff leave the house for coffee.", "signals": "New site, 50 to 250 desks, no facility team.", "avoid": "Landlord runs the kitchen."},
        {"name": "Café and studio", "fit": "good", "segment": "Small business", "problem": "Coffee as good as in town without a barista.", "signals": "Guests wait on site."},
        {"name": "Corporate tender", "fit": "poor", "segment": "Enterprise", "industries": ["Manufacturing"], "problem": "Lowest price a cup.", "avoid": "Price alone decides; penalty for a late delivery."},
    ],
    "coaching_note": [
        {"employee": "Lotte Hendriks", "coach": "Siobhán Clarke", "held_on": ago(9), "kind": "call_review", "topic": "Asks for budget too late", "observation": "Three proposals without a budget.", "agreed": "Budget before the visit.", "next_on": ago(-5)},
        {"employee": "Lucía Navarro", "coach": "Antoine Mercier", "held_on": ago(16), "kind": "one_to_one", "topic": "Too many open proposals", "agreed": "Close or drop six by the end of the month.", "next_on": ago(2)},
        {"employee": "Tobias Lang", "coach": "Anna Schneider", "held_on": ago(34), "kind": "ride_along", "topic": "Site visit", "observation": "Strong on water, weak on service.", "done": True},
    ],
    "account_review": [
        _review("C11763", "Mid-market account, late orders", 48, -12, "Daan Smit", 2, "Asked for another courier"),
        _review("C13799", "Mid-market account, invoices", 62, -20, "Anna Schneider", 3, "Accounts department sends invoices back"),
        _review("C12414", "Enterprise account, lost parcel", 41, -30, "Rory Gallagher", 3, "No tracking"),
        _review("C13442", "Enterprise account, support", None, 6, "Clara Hofer", None, ""),
        _review("C10965", "Enterprise account, machine replaced", 101, 11, "Pablo Serrano", 4, ""),
    ],
    "policy": [
        {"title": "One new customer in three from a recommendation", "kind": "objective", "group": "sales", "step": "strategy", "kpi": "win_rate", "status": "in_force", "valid_from": ago(300), "review_on": ago(-60), "owner": "Siobhán Clarke"},
        {"title": "Delivery day before signature", "kind": "policy", "group": "sales", "step": "process", "text": "No contract leaves us without a delivery day the warehouse has confirmed.", "status": "in_force", "review_on": ago(14), "owner": "Anna Schneider"},
        {"title": "Discount above 10 % needs a reason in writing", "kind": "policy", "group": "sales", "step": "strategy", "status": "in_force", "review_on": ago(-90), "owner": "Antoine Mercier"},
    ],
    "target": [
        {"kpi": "win_rate", "value": 32, "reason": "Reached by the best team last year", "valid_from": ago(365), "owner": "Siobhán Clarke"},
        {"kpi": "sales_cycle", "value": 45, "valid_from": ago(365), "owner": "Siobhán Clarke"},
    ],
}  # fmt: skip
