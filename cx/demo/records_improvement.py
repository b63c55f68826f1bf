"""What Brunoma keeps on its processes: complaint handling as it is and as it is to be, projects with gates, a roll-out.

A date is a `timedelta` to the end of the demo company's two years; a link is the label of the record it points at.
"""

from __future__ import annotations

from typing import Any

from cx.demo.cast import CURRENCY
from cx.demo.records_quality import ago

NOW, THEN = "complaint handling", "complaint handling (to be)"
CARE, EXPERT, LEAD = "Customer care", "Specialist", "Team lead"
BILLING, RUNNER, HEAD = "Greta Lindqvist", "Aoife Brennan", "Declan Walsh"


def _step(process: str, position: int, name: str, role: str, wait: float, work: float, staff: int, worth: bool, *following: str, spread: float = 0.5) -> dict[str, Any]:
    return {"process_id": process, "position": position, "name": name, "role": role, "wait_minutes": wait, "work_minutes": work, "variation": spread, "staff": staff, "value_added": worth,
            "next_steps": list(following)}  # fmt: skip


ONBOARDING = "Onboarding that reaches the first cup"
REPLY = "Answer e-mail at lunch time"
SHORT = "Half the time of a complaint"
FILTERS = "Sound filters again"

RECORDS: dict[str, list[dict[str, Any]]] = {
    "process": [
        {"name": NOW, "kind": "as_is", "edition": 2, "group": "service", "purpose": "A complaint is answered once, rightly and soon.", "suppliers": ["Customer", "Courier", "Billing"],
         "inputs": ["Complaint", "Order", "Photos"], "outputs": ["Decision", "Refund or replacement", "Cause recorded"], "customers": ["Customer", "Quality", "Suppliers"],
         "starts_with": "A complaint arrives", "ends_with": "The customer has the answer", "arrivals_per_day": 16, "target_hours": 10, "status": "agreed", "owner": RUNNER},
        {"name": THEN, "kind": "to_be", "edition": 1, "as_is_id": NOW, "group": "service", "purpose": "Most complaints are decided by the one who takes them.", "arrivals_per_day": 16,
         "target_hours": 10, "status": "draft", "owner": RUNNER},
    ],
    "process_step": [
        _step(NOW, 1, "Register", CARE, 25, 6, 3, False),
        _step(NOW, 2, "Assess", CARE, 60, 18, 3, True),
        _step(NOW, 3, "Ask department", EXPERT, 200, 25, 2, True),
        _step(NOW, 4, "Decide", LEAD, 120, 12, 1, False, "Assess: 18%", "Answer customer"),
        _step(NOW, 5, "Answer customer", CARE, 45, 15, 3, True),
        _step(NOW, 6, "Close", CARE, 30, 4, 3, False),
        _step(THEN, 1, "Register and assess", CARE, 25, 20, 3, True, "Decide: 65%", "Ask department"),
        _step(THEN, 2, "Ask department", EXPERT, 120, 25, 2, True),
        _step(THEN, 3, "Decide", CARE, 5, 12, 3, False, "Register and assess: 7%", "Answer customer"),
        _step(THEN, 4, "Answer customer", CARE, 10, 15, 3, True),
    ],
    "project": [
        {"name": ONBOARDING, "kind": "customer experience", "group": "journeys", "phase": "control", "kpi": "ease", "problem": "One in four newcomers never gets from the onboarding call to the first use.",
         "scope": "From delivery to the first use, all segments.", "baseline": 71, "target": 80, "expected_minor": 18_400_000, "currency": CURRENCY,
         "causes": ["The call ends before the machine runs", "Nobody checks the water connection"], "solution": "A checklist that ends with the first coffee.",
         "control_plan": "Weekly ease of onboarding on a control chart; the team lead listens to five calls a week.", "in_effect_on": ago(49), "starts_on": ago(190), "due_on": ago(-30),
         "sponsor": HEAD, "owner": RUNNER},
        {"name": REPLY, "kind": "process", "group": "service", "phase": "analyse", "kpi": "sla_response", "problem": "From 12 to 14 h half of the e-mails miss their promised reply.",
         "baseline": 70, "target": 90, "causes": ["Rota gives everybody the same lunch break"], "expected_minor": 6_200_000, "currency": CURRENCY, "starts_on": ago(60), "due_on": ago(-60),
         "sponsor": HEAD, "owner": "Priya Raman"},
        {"name": SHORT, "kind": "process", "group": "service", "phase": "improve", "kpi": "lead_time", "process": NOW, "problem": "A complaint takes days of which minutes are work.", "baseline": 1.9, "target": 0.9,
         "causes": ["Every case asks the department", "One person decides"], "solution": "Care decides up to EUR 200.", "expected_minor": 9_500_000, "currency": CURRENCY, "starts_on": ago(120), "due_on": ago(8),
         "sponsor": HEAD, "owner": RUNNER},
        {"name": FILTERS, "kind": "quality", "group": "quality", "phase": "measure", "kpi": "supplier_ppm", "problem": "Defective filters rose to four times what they were after the supplier moved.",
         "baseline": 9_000, "target": 5_000, "expected_minor": 7_800_000, "currency": CURRENCY, "starts_on": ago(45), "due_on": ago(-90), "sponsor": "Stefan Krüger", "owner": "Marta Kowalska"},
        {"name": "Fewer machines fail final inspection", "kind": "quality", "group": "quality", "phase": "define", "kpi": "fpy", "problem": "Two in a hundred machines fail their final test.",
         "target": 99.2, "starts_on": ago(10), "due_on": ago(-150), "owner": "Stefan Krüger"},
    ],
    "tollgate": [
        {"project_id": ONBOARDING, "phase": phase, "evidence": evidence, "decided_by": HEAD, "decided_on": ago(days)}
        for phase, evidence, days in (
            ("define", "Charter signed; 312 comments name the first use", 180), ("measure", "Funnel: 74 % from call to first use, ease 71 (n 1,900)", 150),
            ("analyse", "40 recorded calls: 29 end before the machine runs", 110), ("improve", "Pilot with 60 newcomers: 93 % reach the first use", 52),
        )
    ] + [
        {"project_id": REPLY, "phase": "define", "evidence": "Charter; attainment by hour", "decided_by": HEAD, "decided_on": ago(55)},
        {"project_id": REPLY, "phase": "measure", "evidence": "Attainment 49 % from 12 to 14 h, 89 % else (n 4,100)", "decided_by": HEAD, "decided_on": ago(30)},
        {"project_id": SHORT, "phase": "define", "evidence": "Charter", "decided_by": HEAD, "decided_on": ago(115)},
        {"project_id": SHORT, "phase": "measure", "evidence": "Event log of two years", "decided_by": HEAD, "decided_on": ago(95)},
        {"project_id": SHORT, "phase": "analyse", "evidence": "Waiting is nine tenths of the time; simulation of the new version", "decided_by": HEAD, "decided_on": ago(50)},
        {"project_id": FILTERS, "phase": "define", "evidence": "Charter; incoming inspection since May", "decided_by": "Stefan Krüger", "decided_on": ago(40)},
    ],
    "rollout_task": [
        {"title": "Write the limit of EUR 200 into the policy", "project_id": SHORT, "process_id": THEN, "kind": "decision", "responsible": RUNNER, "accountable": HEAD, "consulted": [BILLING], "starts_on": ago(40),
         "due_on": ago(25), "status": "done", "progress": 100},
        {"title": "Tell all teams what changes", "project_id": SHORT, "process_id": THEN, "kind": "communication", "responsible": "Leila Haddad", "accountable": RUNNER, "informed": [BILLING, HEAD],
         "starts_on": ago(24), "due_on": ago(6), "status": "in_progress", "progress": 60},
        {"title": "Train the early shift", "project_id": SHORT, "process_id": THEN, "kind": "training", "responsible": "Jonas Becker", "accountable": RUNNER, "starts_on": ago(14), "due_on": ago(-6),
         "after_id": "Write the limit of EUR 200 into the policy", "status": "in_progress", "progress": 40},
        {"title": "Train the late shift", "project_id": SHORT, "process_id": THEN, "kind": "training", "responsible": "Priya Raman", "accountable": RUNNER, "starts_on": ago(-4), "due_on": ago(-20),
         "after_id": "Train the early shift", "status": "open", "progress": 0},
        {"title": "Switch the help desk over", "project_id": SHORT, "process_id": THEN, "kind": "task", "responsible": "Arjun Mehta", "accountable": RUNNER, "consulted": ["Leila Haddad"], "starts_on": ago(-18),
         "due_on": ago(-28), "after_id": "Train the late shift", "status": "open", "progress": 0},
        {"title": "Checklist in every onboarding call", "project_id": ONBOARDING, "kind": "task", "responsible": RUNNER, "accountable": HEAD, "starts_on": ago(60), "due_on": ago(49), "status": "done", "progress": 100},
    ],
    "acknowledgement": [
        {"procedure_id": title, "edition": edition, "employee": person, "read_on": ago(days), "understood": question is None, "question": question}
        for title, edition, person, days, question in (
            ("How to handle a complaint", "3", RUNNER, 100, None), ("How to handle a complaint", "3", "Mateo Iglesias", 98, None), ("How to handle a complaint", "2", "Leila Haddad", 300, None),
            ("How to handle a complaint", "3", "Jonas Becker", 90, "Who decides on a weekend?"), ("Onboarding call", "2", RUNNER, 47, None), ("Onboarding call", "2", "Priya Raman", 45, None),
            ("Onboarding call", "1", "Sofie de Vries", 400, None), ("Incoming inspection of filters", "2", "Felix Hartmann", 66, None),
        )
    ],
}  # fmt: skip
