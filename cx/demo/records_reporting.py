"""What Brunoma keeps on its data and reports: who owns which dataset, charts on boards, schedules, what readers say."""

from __future__ import annotations

from typing import Any

from cx.demo.records_quality import ago

HEAD, ANALYST, OPS = "Marta Kowalska", "Julie Fontaine", "Stefan Krüger"


def _chart(title: str, board: str, position: int, dataset: str, kind: str, x: str, *, y: str = "", split: str = "", aggregate: str = "count", grain: str = "month", note: str | None = None) -> dict[str, Any]:
    chart = {"dataset": dataset, "kind": kind, "x": x, "y": y, "split": split, "aggregate": aggregate, "grain": grain, "only": {}}
    return {"title": title, "dataset": dataset, "kind": kind, "chart": chart, "board": board, "position": position, "note": note, "owner": ANALYST}


RECORDS: dict[str, list[dict[str, Any]]] = {
    "data_owner": [
        {"dataset": "customers", "owner": ANALYST, "source": "CRM, nightly export", "fresh_days": 14, "refresh": "daily"}, {"dataset": "responses", "owner": ANALYST, "source": "Survey tool, weekly export", "fresh_days": 10, "refresh": "weekly"},
        {"dataset": "tickets", "owner": OPS, "source": "Help desk, daily export", "fresh_days": 3, "refresh": "daily"}, {"dataset": "orders", "owner": OPS, "source": "Shop and warehouse", "fresh_days": 3, "refresh": "daily"},
        {"dataset": "interactions", "owner": ANALYST, "source": "Web analytics", "fresh_days": 7, "refresh": "by_interface"}, {"dataset": "trainings", "owner": HEAD, "source": "Learning platform, by hand", "fresh_days": 90, "refresh": "by_hand"},
        {"dataset": "measurements", "owner": OPS, "source": "Inspection sheets", "fresh_days": 7, "refresh": "daily"},
    ],
    "saved_chart": [
        _chart("Days to delivery by courier", "Delivery", 1, "orders", "box", "supplier", y="delivery_days", note="One courier is slower and less even than the others."),
        _chart("Orders a month by channel", "Delivery", 2, "orders", "line", "ordered_at", split="channel"),
        _chart("Ease by touchpoint and segment", "Delivery", 3, "responses", "heat_map", "touchpoint", y="score_ces", split="segment", aggregate="mean"),
        _chart("Days late, all orders", "Delivery", 4, "orders", "histogram", "late_days"),
        _chart("Why customers write", "Service", 1, "tickets", "bar", "category"), _chart("Reply time and satisfaction by agent", "Service", 2, "tickets", "scatter", "reply_hours", y="satisfaction", split="agent"),
    ],
    "report_schedule": [
        {"title": "Monday scorecard", "content": "scorecard", "form": "pdf", "rhythm": "weekly", "weekday": "monday", "hour": 6, "recipients": ["leadership@brunoma.example"], "active": True, "owner": HEAD},
        {"title": "Service month", "content": "scorecard", "group": "service", "form": "xlsx", "rhythm": "monthly", "hour": 7, "recipients": ["service@brunoma.example", "ops@brunoma.example"], "active": True, "owner": OPS},
    ],
    "report_feedback": [
        {"subject": "Monday scorecard", "useful": 5, "comment": "One page is enough; the interval stopped us from chasing noise.", "decision": "Courier put on notice", "given_on": ago(14), "status": "done"},
        {"subject": "Monday scorecard", "useful": 4, "comment": "Please add on-time delivery by courier.", "given_on": ago(9), "status": "new"},
        {"subject": "Service month", "useful": 3, "comment": "Too many tables, I read two.", "given_on": ago(30), "status": "planned"},
    ],
}  # fmt: skip
