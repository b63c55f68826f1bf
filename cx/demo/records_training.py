"""What Brunoma keeps on its people: who they are, which skills a role needs and who has them, courses, sessions, goals, next steps."""

from __future__ import annotations

from typing import Any

from cx.demo.cast import AGENTS, COURSE, CURRENCY, REPS, SALES_TEAMS, TEAMS, TRAINED
from cx.demo.records_quality import ago

HEAD, COACH = "Marta Kowalska", "Aoife Brennan"
LEADS = tuple(next(name for name, team in AGENTS if team == i) for i in range(len(TEAMS)))
SKILLS = (
    ("Listening", "service", 9, "nps"), ("Settling at once", "service", 10, "first_contact_resolution"), ("Writing clearly", "service", 6, "csat"),
    ("Product knowledge", "product", 7, "resolution_median"), ("Handling complaints", "service", 8, "complaint_resolution"),
)  # fmt: skip
# Who has to take a course; the others are offered to who wants or needs them.
MUST = {"Data protection": ("Agent", "Senior agent", "Sales representative"), "Product basics": ("Agent", "Senior agent"), "Handling complaints": ("Senior agent",)}
NEEDED = {"Agent": (4, 4, 3, 3, 3), "Senior agent": (5, 5, 4, 4, 4)}
COURSES = (
    (COURSE, "Settling at once", 16.0, 24, 32_000, "People settle a request in one contact and leave customers feeling heard."), ("Handling complaints", "Handling complaints", 8.0, 24, 26_000, "Complaints end with a solution and an apology that is meant."),
    ("Product basics", "Product knowledge", 6.0, None, 9_000, "Everybody can explain each machine without looking it up."), ("Data protection", None, 2.0, 12, 4_500, "Nobody shares a customer's data by mistake."),
    ("Writing clearly", "Writing clearly", 4.0, None, 18_000, "Replies answer the question in the first sentence."), ("Consultative selling", None, 16.0, None, 48_000, "Reps ask before they offer."),
)  # fmt: skip


def _role(i: int) -> str:
    return "Senior agent" if i % 6 == 0 else "Agent"


def _held(i: int, skill: int) -> int:
    """A level that follows from who was trained, and otherwise varies from person to person."""
    base = 2 + (i * 7 + skill * 5) % 3
    return min(5, base + (1 if i in TRAINED and skill in (0, 1) else 0) + (1 if i % 6 == 0 and skill == 3 else 0))


RECORDS: dict[str, list[dict[str, Any]]] = {
    "employee": [
        {"name": name, "employee_id": f"E{101 + i:04d}", "role": _role(i), "team": TEAMS[team], "manager": HEAD, "mentor": LEADS[team] if name != LEADS[team] and i % 3 == 1 else None, "joined_on": ago(900 + 37 * i % 1500)}
        for i, (name, team) in enumerate(AGENTS)
    ] + [{"name": name, "employee_id": f"E{101 + len(AGENTS) + i:04d}", "role": "Sales representative", "team": SALES_TEAMS[team], "manager": HEAD, "joined_on": ago(700 + 41 * i % 1200)} for i, (name, team) in enumerate(REPS)],
    "competency": [{"name": name, "area": area, "weight": weight, "kpi": kpi, "levels": "0 none, 1 knows of it, 2 with help, 3 alone, 4 in hard cases, 5 teaches it"} for name, area, weight, kpi in SKILLS],
    "requirement": [{"role": role, "competency_id": SKILLS[i][0], "level": level, "must": i in (0, 1)} for role, levels in NEEDED.items() for i, level in enumerate(levels)],
    "assessment": [
        {"employee_id": name, "competency_id": SKILLS[k][0], "level": _held(i, k), "assessed_on": ago(40 + (i * 3 + k) % 60), "method": "manager" if k % 2 else "observation", "assessor": LEADS[team]}
        for i, (name, team) in enumerate(AGENTS) for k in range(len(SKILLS)) if (i + k) % 11
    ],
    "course": [
        {"name": name, "objectives": objective, "competency_id": skill, "method": "blended" if hours > 6 else "online", "hours": hours, "valid_months": months, "cost_minor": cost, "currency": CURRENCY, "status": "offered",
         "evaluation": "Rating at the end, test before and after, behaviour by the lead after 60 days, CSAT and reply time of those trained against those not" if hours > 6 else None, "trainer": COACH, "owner": HEAD,
         "pass_score": 70, "audience": list(MUST.get(name, ()))}
        for name, skill, hours, months, cost, objective in COURSES
    ],
    "session": [
        {"course_id": COURSE, "name": "Winter group", "starts_at": ago(-24), "ends_at": ago(-25), "place": "Dublin, room 2 and online", "trainer": COACH, "seats": 10, "enrolled": [AGENTS[i][0] for i in (1, 3, 7, 9, 13)], "status": "planned"},
        {"course_id": "Data protection", "name": "Yearly refresher", "starts_at": ago(-10), "ends_at": ago(-10), "place": "Online", "trainer": HEAD, "seats": 40, "enrolled": [name for name, _ in AGENTS[:18]], "status": "planned"},
        {"course_id": "Writing clearly", "name": "Autumn group", "starts_at": ago(20), "ends_at": ago(20), "place": "Online", "trainer": COACH, "seats": 8, "enrolled": [AGENTS[i][0] for i in (2, 4, 6, 8, 10, 12)], "attended": [AGENTS[i][0] for i in (2, 4, 6, 8, 10)], "status": "held"},
    ],
    "development_goal": [
        {"employee_id": AGENTS[i][0], "title": title, "competency_id": skill, "kpi": kpi, "baseline": base, "target": target, "actual": actual, "progress": progress, "status": status, "due_on": ago(due), "reviewed_on": ago(30 + 9 * n), "mentor": LEADS[AGENTS[i][1]] if AGENTS[i][0] != LEADS[AGENTS[i][1]] else None}
        for n, (i, title, skill, kpi, base, target, actual, progress, status, due) in enumerate((
            (1, "Settle two in three requests at once", "Settling at once", "first_contact_resolution", 58, 67, 63, 55, "on_track", -60), (3, "Reply within four hours on ordinary days", None, "first_response_median", 5.2, 4, 4.9, 25, "at_risk", -30),
            (5, "Lift satisfaction of own tickets", "Listening", "csat", 80, 86, 87, 100, "reached", 15), (9, "Close complaints without a second contact", "Handling complaints", "complaint_resolution", 88, 95, 89, 10, "open", 12),
            (12, "Teach the writing course once", "Writing clearly", None, 0, 1, 0, 40, "on_track", -90),
        ))
    ],
    "coaching_note": [
        {"employee": AGENTS[i][0], "coach": LEADS[AGENTS[i][1]], "held_on": ago(day), "kind": kind, "topic": topic, "observation": saw, "agreed": agreed, "next_on": ago(after), "done": day > 60}
        for i, day, kind, topic, saw, agreed, after in (
            (1, 12, "call_review", "Two calls listened to", "Asks well, offers a solution late", "Summarise after two minutes", -9), (3, 26, "one_to_one", "Reply times at noon", "Alone on the mail queue from 12 to 14 h", "Ask for cover on Tuesdays", 4),
            (5, 40, "mentoring", "Listening under pressure", "Lets customers finish", "Sit in with Priya once a week", -20), (9, 75, "review", "Complaints that come back", "Closes before the refund is booked", "Wait for the booking", 20),
        )
    ],
    "career_step": [
        {"employee_id": AGENTS[i][0], "kind": kind, "role_from": _role(i), "role_to": to, "readiness": ready, "wanted_on": ago(-wanted), "actions": what, "status": status, "sponsor": HEAD}
        for i, kind, to, ready, wanted, what, status in (
            (2, "promotion", "Senior agent", "now", 60, "Lead one complaint review a week", "agreed"), (4, "promotion", "Senior agent", "one_year", 300, "Level 4 in product knowledge", "under_way"),
            (8, "rotation", "Logistics agent", "now", 30, "Four weeks at the courier's dispatch", "under_way"), (14, "specialist_path", "Quality specialist", "two_years", 500, "Six Sigma yellow belt", "idea"),
            (16, "stretch_task", "Trainer", "one_year", 150, "Co-teach the winter group", "agreed"),
        )
    ],
}  # fmt: skip
