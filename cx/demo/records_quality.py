"""What Brunoma keeps on quality: objectives, suppliers, audits, procedures, corrective cases, costs.

A date is a `timedelta` to the end of the demo company's two years; a link is the label of the record it points at.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from cx.demo.cast import CURRENCY, SUPPLIERS


def ago(days: int) -> timedelta:
    """So many days before the end; a negative number lies after it."""
    return timedelta(days=-days)


OWNER, LEAD, BUYER, CHECKER = "Marta Kowalska", "Stefan Krüger", "Felix Hartmann", "Sabine Huber"
FILTERS = SUPPLIERS[0]


def _supplier(i: int, provides: str, weight: str, status: str, audit: float, response: float, ppm: float) -> dict[str, Any]:
    return {"name": SUPPLIERS[i], "provides": provides, "criticality": weight, "status": status, "audit_score": audit, "response_score": response, "ppm_target": ppm,
            "on_time_target": 95, "next_review_on": ago(-30 - 20 * i), "owner": BUYER}  # fmt: skip


def _costs() -> list[dict[str, Any]]:
    """A year of quality costs: checks and prevention steady, failures rising since the filter supplier slipped."""
    rows = []
    for back in range(12, 0, -1):
        worse = max(0, 7 - back)
        for kind, item, amount in (
            ("prevention", "Training and process reviews", 6_200), ("appraisal", "Incoming and final inspection", 11_400 + 120 * worse),
            ("internal_failure", "Rework and scrap", 8_300 + 450 * worse), ("external_failure", "Replacements, credits and visits", 14_900 + 2_350 * worse),
        ):  # fmt: skip
            rows.append({"month": timedelta(days=-30 * back), "kind": kind, "item": item, "amount_minor": amount * 100, "currency": CURRENCY})
    return rows


RECORDS: dict[str, list[dict[str, Any]]] = {
    "supplier": [
        _supplier(0, "Water filters for all machines", "high", "on_watch", 68, 55, 8000),
        _supplier(1, "Pumps", "high", "approved", 88, 84, 6000),
        _supplier(2, "Roasted beans", "medium", "approved", 92, 90, 5000),
        _supplier(3, "Boxes and inserts", "low", "approved", 81, 78, 7000),
        _supplier(4, "Control boards", "high", "approved", 90, 86, 6000),
    ],
    "quality_objective": [
        {"name": "Coffee tastes the same every time", "level": "need", "owner": OWNER},
        {"name": "Water is at the right temperature", "parent_id": "Coffee tastes the same every time", "level": "driver", "owner": OWNER},
        {"name": "Brew temperature within 90 to 94 °C", "parent_id": "Water is at the right temperature", "level": "characteristic", "characteristic": "Brew temperature", "unit": "°C",
         "lower": 90, "target": 92, "upper": 94, "method": "Five machines a shift", "frequency": "Twice a day", "reaction": "Stop the line, recalibrate, measure five more", "owner": LEAD},
        {"name": "Boxes hold what they promise", "parent_id": "Coffee tastes the same every time", "level": "driver", "owner": OWNER},
        {"name": "Bean box weighs 988 to 1 012 g", "parent_id": "Boxes hold what they promise", "level": "characteristic", "characteristic": "Bean box weight", "unit": "g",
         "lower": 988, "target": 1000, "upper": 1012, "method": "Scale after filling", "frequency": "Twice a day", "owner": LEAD},
        {"name": "Machines run when they arrive", "level": "need", "owner": OWNER},
        {"name": "Parts from partners are sound", "parent_id": "Machines run when they arrive", "level": "driver", "owner": BUYER},
        {"name": "At most 0.8 % defective at incoming inspection", "parent_id": "Parts from partners are sound", "level": "characteristic", "characteristic": "Incoming inspection", "unit": "%",
         "target": 0.4, "upper": 0.8, "method": "Sample of each lot", "frequency": "Each lot", "reaction": "Hold the lot, open a case with the supplier", "owner": BUYER},
        {"name": "At most 2 % fail final inspection", "parent_id": "Machines run when they arrive", "level": "characteristic", "characteristic": "Machines failing final inspection",
         "unit": "%", "target": 1.5, "upper": 2, "method": "Full test", "frequency": "Every machine", "owner": LEAD},
    ],
    "audit": [
        {"title": "Filter plant after its move", "kind": "supplier", "supplier_id": FILTERS, "criteria": "Supply agreement, annex 4", "auditor": CHECKER, "audited": FILTERS,
         "planned_on": ago(95), "held_on": ago(88), "score": 68, "status": "reported", "checklist": ["Is the leak test calibrated?", "Are lots traceable?", "Who releases a lot?"],
         "summary": "The leak test was not recalibrated after the move."},
        {"title": "Packing line", "kind": "internal", "criteria": "Packing procedure", "auditor": "Hassan Karimi", "audited": "Logistics desk", "planned_on": ago(40), "held_on": ago(40),
         "score": 91, "status": "closed"},
        {"title": "Returns desk", "kind": "internal", "criteria": "Returns procedure", "auditor": CHECKER, "audited": "Customer care", "planned_on": ago(-12), "status": "planned",
         "checklist": ["Is each return inspected within a day?", "Is the reason recorded?", "Does the customer hear back?"]},
        {"title": "Complaint handling", "kind": "internal", "criteria": "Complaint procedure", "auditor": "Hassan Karimi", "audited": "Customer care", "planned_on": ago(10), "status": "planned",
         "checklist": ["Is every complaint registered on the day?", "Is the customer told who decides?", "Is the cause recorded?"]},
    ],
    "procedure": [
        {"title": "How to handle a complaint", "code": "SOP-07", "edition": "3", "group": "service", "summary": "Register at once, answer within a day, ask once, decide, tell the customer.",
         "audience": ["Customer care"], "status": "in_force", "valid_from": ago(120), "review_on": ago(-60), "owner": "Greta Lindqvist"},
        {"title": "Incoming inspection of filters", "code": "SOP-12", "edition": "2", "group": "quality", "summary": "Fifty of each lot, leak test at 6 bar, hold the lot at two failures.",
         "audience": ["Logistics desk", "Technical support"], "status": "in_force", "valid_from": ago(70), "review_on": ago(-110), "owner": BUYER},
        {"title": "Packing of glass carafes", "code": "SOP-15", "edition": "1", "group": "quality", "audience": ["Logistics desk"], "status": "in_force", "valid_from": ago(400),
         "review_on": ago(35), "owner": "Carla Domínguez"},
        {"title": "Onboarding call", "code": "SOP-21", "edition": "2", "group": "journeys", "summary": "Follow the checklist, stay until the first coffee runs.", "audience": ["Customer care"],
         "status": "in_force", "valid_from": ago(49), "review_on": ago(-130), "owner": "Aoife Brennan"},
    ],
    "capa": [
        {"title": "Filters leak after the supplier's move", "kind": "corrective", "source": "supplier", "reference": f"Incoming inspection · {FILTERS}", "product": "Filter set",
         "supplier_id": FILTERS, "severity": "high", "status": "plan", "raised_on": ago(160), "due_on": ago(20), "owner": OWNER,
         "problem": "Since early May one filter in forty leaks at incoming inspection; before it was one in a hundred and sixty. Returns of filter sets tripled.",
         "containment": "Every lot is tested in full before it is stocked.",
         "whys": ["Seals do not close at 6 bar", "The welding head runs 12 °C too cold", "Its sensor was not recalibrated after the move", "Moves are not in the calibration plan"],
         "causes": ["Method: calibration plan knows no moves", "Method: no first-lot release", "Machine: welding head too cold", "People: new shift not trained", "Material: seal ring from a second source",
                    "Measurement: leak test drifts", "Environment: hall at 14 °C in the morning"],
         "root_cause": "Calibration plan knows no moves", "plan": "Supplier recalibrates and adds moves to its plan; we ask for a first-lot release after any change."},
        {"title": "Bean boxes underfilled on Mondays", "kind": "corrective", "source": "measurement", "product": "Bean box", "severity": "medium", "status": "closed", "raised_on": ago(300),
         "due_on": ago(240), "done_on": ago(255), "verified_on": ago(215), "verified_by": CHECKER, "effective": "yes", "closed_on": ago(214), "owner": LEAD,
         "problem": "The first boxes after a weekend weighed 15 g too little.", "whys": ["The auger is empty at the start", "Nobody primes it", "Start-up has no checklist"],
         "causes": ["Method: no start-up checklist", "Machine: auger empties over the weekend"], "root_cause": "No start-up checklist", "plan": "Checklist at the line, first five boxes weighed.",
         "measure": "Mean weight of Monday's first subgroup, eight weeks"},
        {"title": "Wrong plug shipped to Ireland", "kind": "corrective", "source": "complaint", "severity": "high", "status": "done", "raised_on": ago(75), "due_on": ago(5), "done_on": ago(12),
         "owner": "Carla Domínguez", "problem": "Eleven machines for Ireland left with a continental plug.", "whys": ["The label does not show the plug", "One stock place holds both"],
         "causes": ["Method: both plugs in one place", "Measurement: no check at packing"], "root_cause": "Both plugs in one place", "plan": "Separate places, scan at packing.",
         "measure": "Wrong plugs per 1 000 machines, from scans"},
        {"title": "Invoices without order number", "kind": "corrective", "source": "complaint", "severity": "low", "status": "root_cause", "raised_on": ago(25), "due_on": ago(-20), "owner": "Maud Lefèvre",
         "problem": "Business customers cannot book invoices that lack their order number.", "whys": ["The field is lost between shop and billing"]},
        {"title": "Courier leaves parcels outside", "kind": "corrective", "source": "complaint", "severity": "medium", "status": "raised", "raised_on": ago(6), "due_on": ago(-40), "owner": "Roisin Murphy"},
        {"title": "Filters leak again in lot 0093", "kind": "corrective", "source": "measurement", "product": "Filter set", "supplier_id": FILTERS, "severity": "high", "status": "raised",
         "recurs_id": "Filters leak after the supplier's move", "raised_on": ago(14), "due_on": ago(-30), "owner": OWNER, "problem": "Lot 0093 failed with 19 of 512 after the recalibration."},
        {"title": "Scale check before each shift", "kind": "preventive", "source": "employee", "severity": "low", "status": "closed", "raised_on": ago(200), "due_on": ago(150), "done_on": ago(165),
         "verified_on": ago(120), "verified_by": CHECKER, "effective": "yes", "closed_on": ago(118), "owner": LEAD, "problem": "A drifting scale would stay unseen for a shift.",
         "root_cause": "Checks only once a month", "plan": "Reference weight at the start of each shift.", "measure": "Drift found at shift start instead of by customers"},
    ],
    "capa_action": [
        {"capa_id": "Filters leak after the supplier's move", "title": "Test every lot in full", "kind": "containment", "status": "done", "due_on": ago(150), "done_on": ago(151), "owner": BUYER},
        {"capa_id": "Filters leak after the supplier's move", "title": "Recalibrate the welding head", "kind": "corrective", "status": "in_progress", "due_on": ago(18), "owner": FILTERS},
        {"capa_id": "Filters leak after the supplier's move", "title": "Agree first-lot release", "kind": "preventive", "status": "open", "due_on": ago(-10), "owner": BUYER},
        {"capa_id": "Wrong plug shipped to Ireland", "title": "Two stock places", "kind": "corrective", "status": "done", "due_on": ago(20), "done_on": ago(15), "owner": "Carla Domínguez"},
    ],
    "audit_finding": [
        {"audit_id": "Filter plant after its move", "title": "Leak test not recalibrated after the move", "grade": "major", "requirement": "Annex 4.2", "capa_id": "Filters leak after the supplier's move",
         "status": "open", "due_on": ago(25), "owner": BUYER},
        {"audit_id": "Filter plant after its move", "title": "Lots are traceable to the hour", "grade": "strength", "status": "closed", "owner": BUYER},
        {"audit_id": "Filter plant after its move", "title": "No stand-in for the release of lots", "grade": "minor", "status": "answered", "due_on": ago(-15), "owner": BUYER},
        {"audit_id": "Packing line", "title": "Two of thirty cartons without a fragile label", "grade": "minor", "status": "closed", "owner": "Carla Domínguez"},
    ],
    "quality_cost": _costs(),
}  # fmt: skip
