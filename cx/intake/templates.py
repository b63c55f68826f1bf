"""A file to start from, for every dataset: its columns with two believable rows, and a small sample of related rows."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from datetime import datetime, timedelta

from cx.facts.datasets import DATASETS, dataset

ROWS = 30
START = datetime(2025, 1, 6, 9, 0)
SEGMENTS = ("Enterprise", "Consumer", "Small business")
CHANNELS = ("email", "phone", "chat", "web")
COUNTRIES = ("DE", "FR", "ES", "GB")
PRODUCTS = ("Basic", "Plus", "Pro")
TOUCHPOINTS = ("onboarding", "support", "delivery", "renewal")
AGENTS = ("A. Weber", "B. Silva", "C. Martin")
Row = dict[str, object]


def template(name: str) -> str:
    """CSV text of a dataset: all its columns and two example rows. Raises InputError for an unknown dataset."""
    return _text(name, 2)


def sample(name: str) -> str:
    """CSV text of thirty rows whose customers, products and agents are the same in every dataset; always the same text."""
    return _text(name, ROWS)


def _text(name: str, count: int) -> str:
    types = dataset(name).types
    out = io.StringIO()
    writer = csv.DictWriter(out, list(types), lineterminator="\n", restval="")
    writer.writeheader()
    chance = random.Random(f"samples of {name}")
    for i in range(count):
        row = MAKERS[name](i, chance)
        assert row.keys() <= types.keys(), row.keys() - types.keys()
        writer.writerow({key: _cell(value) for key, value in row.items()})
    return out.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat(" ") if isinstance(value, datetime) else value


def _day(i: int, hours: float = 0) -> datetime:
    return START + timedelta(days=5 * i, hours=hours)


def _customer(i: int) -> Row:
    return {"customer_id": f"C{1001 + i % 12}", "segment": SEGMENTS[i % 12 % 3]}


def _customers(i: int, r: random.Random) -> Row:
    names = ("Ana Costa", "Ben Vogel", "Chloé Roy", "Diego Ruiz", "Eva Lang", "Finn Holt")
    left = i in (5, 17)
    return {
        "customer_id": f"C{1001 + i}", "name": names[i % 6], "email": f"contact{1001 + i}@example.com", "company": f"Company {1 + i // 2}", "segment": SEGMENTS[i % 12 % 3],
        "persona": ("Planner", "Explorer")[i % 2], "industry": ("Retail", "Manufacturing", "Logistics")[i % 3], "country": COUNTRIES[i % 4], "region": ("North", "South")[i % 2],
        "size": ("1-49", "50-249", "250+")[i % 3], "plan": PRODUCTS[i % 3], "channel": ("search", "referral", "event")[i % 3], "owner": AGENTS[i % 3],
        "status": "left" if left else "active", "joined_at": _day(i), "left_at": _day(i + 60) if left else "", "leave_reason": "price" if left else "", "consent": i % 4 != 0,
    }  # fmt: skip


def _responses(i: int, r: random.Random) -> Row:
    metric, text, low, high = (
        ("nps", "How likely are you to recommend us?", 0, 10), ("ces", "They made it easy for me to handle my issue", 1, 7), ("csat", "How satisfied are you with the delivery?", 1, 5),
    )[i % 3]  # fmt: skip
    return {
        "response_id": f"R{5001 + i}", "survey": ("Relationship", "After support", "After delivery")[i % 3], "survey_kind": ("relationship", "transactional", "transactional")[i % 3],
        "question": metric, "question_text": text, "metric": metric, "score": r.randint(high // 2, high), "scale_min": low, "scale_max": high, "higher_is_better": True,
        "comment": ("Quick and friendly", "Took longer than promised", "")[i % 3], **_customer(i), "channel": CHANNELS[i % 4], "touchpoint": TOUCHPOINTS[i % 3], "product": PRODUCTS[i % 3],
        "team": "Service", "agent": AGENTS[i % 3], "language": "en", "country": COUNTRIES[i % 4], "invited_at": _day(i), "delivered": True, "answered_at": _day(i, 26),
    }  # fmt: skip


def _mentions(i: int, r: random.Random) -> Row:
    stars = r.randint(1, 5)
    return {
        "mention_id": f"M{301 + i}", "source": ("Trustpilot", "Google", "App Store")[i % 3], "author": f"reviewer{i + 1}", "text": ("Would buy again", "Parcel came late", "Support solved it at once")[i % 3],
        "url": f"https://example.com/reviews/{301 + i}", "rating": stars, "rating_max": 5, "product": PRODUCTS[i % 3], "touchpoint": TOUCHPOINTS[i % 4], "language": "en",
        "country": COUNTRIES[i % 4], "reach": r.randint(50, 5000), "posted_at": _day(i, 3), "replied_at": _day(i, 30) if i % 2 else "",
    }  # fmt: skip


def _interactions(i: int, r: random.Random) -> Row:
    return {
        "interaction_id": f"I{7001 + i}", **_customer(i), "event": ("visit", "sign-up", "first use", "purchase")[i % 4], "touchpoint": ("web site", "app", "onboarding", "shop")[i % 4],
        "channel": ("web", "app")[i % 2], "campaign": ("Spring", "")[i % 2], "session_id": f"S{i // 4 + 1}", "product": PRODUCTS[i % 3], "device": ("desktop", "phone")[i % 2],
        "country": COUNTRIES[i % 4], "value_minor": 4900 if i % 4 == 3 else "", "currency": "EUR" if i % 4 == 3 else "", "duration_seconds": r.randint(5, 600), "happened_at": _day(i // 4, i % 4),
    }  # fmt: skip


def _tickets(i: int, r: random.Random) -> Row:
    solved = i % 10 != 9
    return {
        "ticket_id": f"T{2001 + i}", **_customer(i), "subject": ("Invoice unclear", "Parcel missing", "Cannot sign in")[i % 3], "category": ("billing", "delivery", "access")[i % 3],
        "kind": ("question", "complaint", "incident")[i % 3], "channel": CHANNELS[i % 4], "priority": ("normal", "high", "low")[i % 3], "status": "solved" if solved else "open",
        "team": "Service", "agent": AGENTS[i % 3], "touchpoint": "support", "product": PRODUCTS[i % 3], "country": COUNTRIES[i % 4], "created_at": _day(i, 1),
        "first_response_at": _day(i, 1 + r.randint(1, 8)), "resolved_at": _day(i, 12 + r.randint(1, 60)) if solved else "", "paused_minutes": r.randint(0, 240), "reopens": int(i % 7 == 0),
        "replies": r.randint(1, 6), "satisfaction": r.randint(2, 5) if solved else "", "satisfaction_max": 5 if solved else "", "cost_minor": r.randint(400, 2500), "currency": "EUR",
    }  # fmt: skip


def _deals(i: int, r: random.Random) -> Row:
    status = ("won", "lost", "open")[i % 3]
    return {
        "deal_id": f"D{401 + i}", **_customer(i), "name": f"Rollout {i + 1}", "source": ("referral", "web", "event")[i % 3], "campaign": ("Spring", "")[i % 2], "channel": ("direct", "partner")[i % 2],
        "owner": AGENTS[i % 3], "team": "Sales", "product": PRODUCTS[i % 3], "country": COUNTRIES[i % 4], "stage": {"won": "closed won", "lost": "closed lost", "open": "proposal"}[status],
        "status": status, "probability": {"won": 1.0, "lost": 0.0, "open": 0.4}[status], "amount_minor": r.randint(20, 400) * 10000, "currency": "EUR", "created_at": _day(i),
        "stage_entered_at": _day(i, 200), "expected_close_at": _day(i + 8), "closed_at": "" if status == "open" else _day(i + 7), "lost_reason": "price" if status == "lost" else "",
    }  # fmt: skip


def _subscriptions(i: int, r: random.Random) -> Row:
    ended = i % 6 == 5
    return {
        "subscription_id": f"SUB{801 + i}", **_customer(i), "plan": PRODUCTS[i % 3], "product": PRODUCTS[i % 3], "channel": ("direct", "partner")[i % 2], "country": COUNTRIES[i % 4],
        "status": "ended" if ended else "active", "mrr_minor": (4900, 9900, 19900)[i % 3], "currency": "EUR", "started_at": _day(i), "ended_at": _day(i + 50) if ended else "",
        "renews_at": "" if ended else _day(i + 73), "cancel_reason": "too expensive" if ended else "",
    }  # fmt: skip


def _orders(i: int, r: random.Random) -> Row:
    late = r.choice((-10, 0, 30))
    return {
        "order_id": f"O{9001 + i // 2}", **_customer(i // 2), "product": PRODUCTS[i % 2], "category": ("software", "hardware")[i % 2], "channel": ("shop", "partner")[i // 2 % 2],
        "country": COUNTRIES[i // 2 % 4], "supplier": ("Swift Parcels", "Blue Freight")[i // 2 % 2], "quantity": r.randint(1, 4), "amount_minor": r.randint(10, 300) * 100, "currency": "EUR",
        "ordered_at": _day(i // 2), "promised_at": _day(i // 2, 72), "delivered_at": _day(i // 2, 72 + late), "returned": i % 11 == 10,
    }  # fmt: skip


def _campaigns(i: int, r: random.Random) -> Row:
    clicks = r.randint(80, 400)
    return {
        "campaign": ("Spring", "Renewal")[i % 2], "channel": ("search", "social", "email")[i // 2 % 3], "segment": SEGMENTS[i % 3], "product": PRODUCTS[i % 3], "country": COUNTRIES[i % 4],
        "day": START.replace(hour=0) + timedelta(days=i // 6), "impressions": clicks * 40, "clicks": clicks, "visits": clicks - 10, "leads": clicks // 12, "conversions": clicks // 50,
        "spend_minor": clicks * 55, "revenue_minor": clicks // 50 * 9900, "currency": "EUR",
    }  # fmt: skip


def _measurements(i: int, r: random.Random) -> Row:
    value = round(r.gauss(50, 1.5), 2)
    return {
        "measurement_id": f"Q{601 + i}", "process": "assembly", "characteristic": "width", "unit": "mm", "value": value, "subgroup": f"lot {i // 5 + 1}", "sample_size": 50,
        "defectives": r.randint(0, 3), "defects": r.randint(0, 5), "opportunities": 4, "lower_limit": 45, "upper_limit": 55, "target": 50, "passed": 45 <= value <= 55, "product": PRODUCTS[i % 3],
        "supplier": ("Swift Parts", "Blue Metal")[i % 2], "operator": ("machine 1", "machine 2")[i % 2], "segment": SEGMENTS[i % 3], "touchpoint": "delivery", "measured_at": _day(i // 5, i % 5),
    }  # fmt: skip


def _step_runs(i: int, r: random.Random) -> Row:
    case, step = divmod(i, 3)
    start = _day(case, step * 8)
    return {
        "process": "order to cash", "case_id": f"O{9001 + case}", "step": ("check order", "pack", "ship")[step], "role": ("sales", "warehouse", "courier")[step], "worker": AGENTS[step],
        **_customer(case), "touchpoint": ("order", "order", "delivery")[step], "outcome": "done", "value_added": step > 0, "started_at": start, "ended_at": start + timedelta(minutes=r.randint(10, 400)),
    }  # fmt: skip


def _trainings(i: int, r: random.Random) -> Row:
    done = i % 5 != 4
    return {
        "training_id": f"L{101 + i}", "employee_id": f"E{1 + i % 10}", "employee": AGENTS[i % 3], "role": "agent", "team": "Service", "course": ("Listening", "Product knowledge")[i % 2],
        "session": f"2025-{1 + i % 6:02d}", "status": "completed" if done else "missed", "enrolled_at": _day(i), "completed_at": _day(i, 50) if done else "", "expires_at": _day(i + 146) if done else "",
        "pre_score": r.randint(30, 60), "post_score": r.randint(60, 95) if done else "", "max_score": 100, "reaction": r.randint(3, 5) if done else "", "behaviour": r.randint(2, 5) if done else "",
        "cost_minor": 12000, "currency": "EUR",
    }  # fmt: skip


MAKERS: dict[str, Callable[[int, random.Random], Row]] = {
    "customers": _customers, "responses": _responses, "mentions": _mentions, "interactions": _interactions, "tickets": _tickets, "deals": _deals, "subscriptions": _subscriptions,
    "orders": _orders, "campaigns": _campaigns, "measurements": _measurements, "step_runs": _step_runs, "trainings": _trainings,
}  # fmt: skip
assert MAKERS.keys() == DATASETS.keys()
