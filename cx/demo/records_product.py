"""What Brunoma keeps on product development: ideas, concepts, prototypes, user tests with their sessions, findings, launches.

A date is a `timedelta` to the end of the demo company's two years; a link is the label of the record it points at.
Ideas carry the words by which customers' comments on them are found.
"""

from __future__ import annotations

from typing import Any

from cx.demo.cast import CURRENCY
from cx.demo.records_quality import ago

OWNER, MAKER, RESEARCH = "Inés Calderón", "Arjun Mehta", "Julie Fontaine"
WINDOW, CHECKLIST, DESCALE = "Delivery windows", "Onboarding checklist", "Descaling reminder"
FIRST, SECOND = "Checkout with windows, round 1", "Checkout with windows, round 2"
TASKS = ("Choose a delivery window", "Change the window after ordering", "Find out when it arrives")

# participant, then per task: managed, seconds, errors; then the ten answers of the usability scale
ROUND_1 = (
    ("P1", (1, 48, 1), (0, 140, 4), (1, 30, 0), "4 2 4 2 3 2 4 2 4 2"), ("P2", (1, 62, 2), (0, 171, 5), (1, 41, 1), "3 3 3 2 3 3 3 3 3 3"), ("P3", (0, 155, 4), (0, 160, 3), (1, 36, 0), "2 4 2 4 3 3 3 4 2 3"),
    ("P4", (1, 55, 0), (1, 96, 2), (1, 28, 0), "4 2 4 1 4 2 4 2 4 2"), ("P5", (1, 71, 1), (0, 150, 3), (0, 120, 3), "3 3 3 3 3 3 4 3 3 3"), ("P6", (1, 44, 0), (1, 110, 1), (1, 33, 0), "4 2 4 2 4 2 4 1 4 2"),
    ("P7", (0, 133, 3), (0, 166, 4), (1, 45, 1), "2 4 3 3 3 4 3 4 2 4"), ("P8", (1, 59, 1), (0, 128, 2), (1, 31, 0), "4 2 3 2 3 2 4 2 3 2"),
)  # fmt: skip
ROUND_2 = (
    ("Q1", (1, 31, 0), (1, 58, 0), (1, 22, 0), "5 1 5 1 4 1 5 1 5 1"), ("Q2", (1, 36, 0), (1, 71, 1), (1, 25, 0), "4 2 4 1 4 2 5 2 4 1"), ("Q3", (1, 42, 1), (0, 120, 3), (1, 30, 0), "4 2 4 2 4 2 4 2 4 2"),
    ("Q4", (1, 28, 0), (1, 49, 0), (1, 19, 0), "5 1 5 1 5 1 5 1 5 1"), ("Q5", (1, 39, 0), (1, 66, 1), (1, 27, 0), "4 2 5 1 4 2 4 1 4 2"), ("Q6", (1, 33, 0), (1, 62, 0), (1, 24, 0), "5 1 4 1 4 1 5 2 5 1"),
    ("Q7", (1, 47, 1), (1, 88, 1), (1, 35, 1), "4 2 4 2 3 2 4 2 4 2"), ("Q8", (1, 30, 0), (1, 55, 0), (1, 21, 0), "5 2 5 1 5 1 5 1 5 1"), ("Q9", (1, 35, 0), (0, 110, 2), (1, 26, 0), "4 2 4 2 4 2 4 2 4 2"),
)  # fmt: skip
SEGMENTS = ("Consumer", "Small business", "Mid-market")


def _sessions(test: str, held: Any, people: tuple[Any, ...]) -> list[dict[str, Any]]:
    rows = []
    for i, (who, *tries, scale) in enumerate(people):
        for nth, (task, (managed, seconds, errors)) in enumerate(zip(TASKS, tries, strict=True)):
            rows.append({"test_id": test, "participant": who, "segment": SEGMENTS[i % 3], "held_on": held, "task": task, "success": bool(managed), "seconds": seconds, "errors": errors, "ease": 7 - min(errors, 5),
                         "sus": [f"q{q}={a}" for q, a in enumerate(scale.split(), 1)] if nth == 0 else [], "sus_score": _scored(scale) if nth == 0 else None,
                         "comment": "I looked for it in my account and it is in the mail." if not managed and nth == 1 else None})  # fmt: skip
    return rows


def _scored(scale: str) -> float:
    """Usability score of ten answers in order: odd items count the answer less 1, even ones 5 less the answer, times 2.5."""
    return 2.5 * sum(int(a) - 1 if i % 2 == 0 else 5 - int(a) for i, a in enumerate(scale.split()))


def _item(launch: str, gate: str, title: str, area: str, status: str, days: int, owner: str, must: bool = True) -> dict[str, Any]:
    return {"launch_id": launch, "gate": gate, "title": title, "area": area, "must": must, "status": status, "due_on": ago(days), "owner": owner}


LAUNCH, DONE, COURIER = "Delivery windows for everybody", "Onboarding checklist for all newcomers", "Rapidroute for Mid-market"

RECORDS: dict[str, list[dict[str, Any]]] = {
    "idea": [
        {"title": "Choose the delivery window at checkout", "description": "Customers pick two hours; the courier gets it with the order.", "need_id": "Know when my order will arrive", "theme": "deliver", "source": "customer", "reach": 4200, "impact": 2,
         "confidence": 80, "effort": 4, "votes": 31, "status": "concept", "owner": OWNER},
        {"title": "Tell customers at once when a parcel is late", "need_id": "Know when my order will arrive", "theme": "late", "source": "data", "reach": 2600, "impact": 2, "confidence": 90, "effort": 1.5, "votes": 44, "status": "considered", "owner": OWNER},
        {"title": "Checklist for the onboarding call", "need_id": "Go on alone after the onboarding call", "theme": "call", "source": "employee", "reach": 1900, "impact": 2, "confidence": 85, "effort": 1, "votes": 25, "status": "done", "owner": "Aoife Brennan"},
        {"title": "Invoice with the order number of the customer", "need_id": "An invoice accounts will accept", "theme": "invoice", "source": "customer", "reach": 900, "impact": 1, "confidence": 90, "effort": 1, "votes": 12, "status": "new", "owner": "Maud Lefèvre"},
        {"title": "Machine says when to descale", "need_id": "Filters that fit the first time", "theme": "filter", "source": "employee", "reach": 5200, "impact": 0.5, "confidence": 60, "effort": 6, "votes": 9, "status": "concept", "owner": MAKER},
        {"title": "Video call with the technician", "theme": "support", "source": "competitor", "reach": 1400, "impact": 1, "confidence": 50, "effort": 3, "votes": 7, "status": "new", "owner": MAKER},
    ],
    "concept": [
        {"name": WINDOW, "idea_id": "Choose the delivery window at checkout", "segment": "Mid-market", "problem": "Nobody is there when the parcel arrives; two in three arrive late.",
         "solution": "A window of two hours chosen at checkout and kept.", "benefit": "They can plan, and need not call.", "value_minor": 31_000_000, "cost_minor": 9_600_000, "currency": CURRENCY,
         "risks": "Couriers may not keep the window.", "risk": "high", "starts_on": ago(150), "ends_on": ago(-40), "status": "in_development", "owner": OWNER},
        {"name": CHECKLIST, "idea_id": "Checklist for the onboarding call", "problem": "One in four never gets to the first use.", "solution": "A list that ends with the first coffee.",
         "benefit": "The machine runs when the call ends.", "value_minor": 18_400_000, "cost_minor": 2_100_000, "currency": CURRENCY, "risk": "low", "starts_on": ago(160), "ends_on": ago(49),
         "status": "launched", "owner": "Aoife Brennan"},
        {"name": DESCALE, "idea_id": "Machine says when to descale", "segment": "Consumer", "problem": "Scale ruins machines before anybody sees it.", "solution": "A counter of litres and hardness.",
         "value_minor": 9_000_000, "cost_minor": 7_400_000, "currency": CURRENCY, "risk": "medium", "starts_on": ago(-20), "ends_on": ago(-200), "status": "approved", "after_id": WINDOW, "owner": MAKER},
        {"name": "Late parcel message", "idea_id": "Tell customers at once when a parcel is late", "segment": "Mid-market", "problem": "Customers learn of a delay when nobody comes.",
         "solution": "A message as soon as the courier reports it.", "value_minor": 14_500_000, "cost_minor": 1_800_000, "currency": CURRENCY, "risk": "low", "starts_on": ago(-5), "ends_on": ago(-70),
         "status": "approved", "owner": OWNER},
    ],
    "prototype": [
        {"name": "Windows, clickable", "concept_id": WINDOW, "edition": "1", "fidelity": "clickable", "question": "Do people find and change their window?", "learning": "Choosing works, changing does not: they look in the account.",
         "built_on": ago(110), "owner": RESEARCH},
        {"name": "Windows, in the shop", "concept_id": WINDOW, "edition": "2", "fidelity": "functional", "question": "Does the change in the account help?", "learning": "Yes: seven of nine manage it.", "built_on": ago(52),
         "owner": RESEARCH},
        {"name": "Checklist on paper", "concept_id": CHECKLIST, "edition": "1", "fidelity": "sketch", "question": "Does the call get longer?", "learning": "Four minutes longer, and nobody calls back.", "built_on": ago(140),
         "owner": "Aoife Brennan"},
        {"name": "Hardness counter", "concept_id": DESCALE, "edition": "1", "fidelity": "wireframe", "question": "Do people know their water?", "built_on": ago(15), "owner": MAKER},
    ],
    "user_test": [
        {"name": FIRST, "prototype_id": "Windows, clickable", "edition": "1", "method": "moderated", "tasks": list(TASKS), "held_on": ago(101), "goal": 78, "status": "done",
         "summary": "Changing a window fails.", "owner": RESEARCH},
        {"name": SECOND, "prototype_id": "Windows, in the shop", "edition": "2", "method": "moderated", "tasks": list(TASKS), "held_on": ago(44), "goal": 78, "status": "done",
         "summary": "The change is found now.", "owner": RESEARCH},
        {"name": "Descaling counter, first look", "prototype_id": "Hardness counter", "edition": "1", "method": "guerrilla", "tasks": ["Say when to descale"], "held_on": ago(-9), "status": "planned", "owner": RESEARCH},
    ],
    "test_session": [*_sessions(FIRST, ago(101), ROUND_1), *_sessions(SECOND, ago(44), ROUND_2)],
    "finding": [
        {"title": "Changing the window is not found", "test_id": FIRST, "edition": "1", "severity": "critical", "participants": 6, "recommendation": "A button in the account, beside the order", "status": "fixed", "fixed_in": "2", "owner": MAKER},
        {"title": "Windows are named by letters", "test_id": FIRST, "edition": "1", "severity": "major", "participants": 4, "recommendation": "Say the hours", "status": "fixed", "fixed_in": "2", "owner": MAKER},
        {"title": "The arrival is shown without a year", "test_id": FIRST, "edition": "1", "severity": "cosmetic", "participants": 1, "status": "declined", "owner": MAKER},
        {"title": "Price of the evening window comes late", "test_id": SECOND, "edition": "2", "severity": "major", "participants": 3, "recommendation": "Show it with the window", "status": "planned", "owner": MAKER},
        {"title": "No confirmation after a change", "test_id": SECOND, "edition": "2", "severity": "minor", "participants": 2, "recommendation": "A message, and a mail", "status": "open", "owner": OWNER},
        {"title": "Sunday is offered and never delivered", "test_id": FIRST, "edition": "1", "severity": "major", "participants": 3, "recommendation": "Take it out", "status": "fixed", "fixed_in": "2", "owner": MAKER},
        {"title": "The button is below the fold on phones", "test_id": SECOND, "edition": "2", "severity": "minor", "participants": 4, "recommendation": "Place it above the map", "status": "open", "owner": MAKER},
    ],
    "launch": [
        {"name": LAUNCH, "concept_id": WINDOW, "segment": "Mid-market", "control_segment": "Small business", "gate": "testing", "launch_on": ago(-33), "kpi": "nps", "goal": 30, "status": "planned", "owner": OWNER},
        {"name": DONE, "concept_id": CHECKLIST, "adoption_event": "First use", "gate": "review", "launch_on": ago(49), "kpi": "ease", "goal": 80, "status": "launched", "owner": "Aoife Brennan"},
        {"name": COURIER, "segment": "Mid-market", "control_segment": "Small business", "gate": "review", "launch_on": ago(92), "kpi": "nps", "goal": 30, "status": "launched", "owner": "Roisin Murphy",
         "learning": "A cheaper courier cost more than it saved: the next change is piloted with one region."},
    ],
    "launch_item": [
        _item(LAUNCH, "scoping", "Problem and customers named", "product", "done", 140, OWNER), _item(LAUNCH, "business_case", "Value and cost agreed", "product", "done", 120, OWNER),
        _item(LAUNCH, "development", "Windows in the shop", "product", "done", 55, MAKER), _item(LAUNCH, "development", "Courier takes windows by interface", "operations", "done", 50, "Emre Aydın"),
        _item(LAUNCH, "testing", "Task success of 78 % in every task", "product", "in_progress", 3, RESEARCH), _item(LAUNCH, "testing", "Windows kept in nine of ten pilots", "operations", "open", -8, "Emre Aydın"),
        _item(LAUNCH, "testing", "Readable by screen readers", "product", "done", 12, MAKER), _item(LAUNCH, "launch", "Help pages are written", "service", "in_progress", -15, "Leila Haddad"),
        _item(LAUNCH, "launch", "Care is trained", "training", "open", -20, "Aoife Brennan"), _item(LAUNCH, "launch", "Terms cover missed windows", "legal", "open", -10, "Sabine Huber"),
        _item(LAUNCH, "launch", "Story for the newsletter", "marketing", "open", -25, "Chiara Conti", must=False),
        _item(DONE, "launch", "Care is trained", "training", "done", 55, "Aoife Brennan"), _item(COURIER, "testing", "Pilot in one region", "operations", "not_needed", 100, "Roisin Murphy"),
    ],
}  # fmt: skip
