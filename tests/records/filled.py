"""Valid values for any register, made from its fields."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from cx.records.actor import OPEN
from cx.records.fields import Spec
from cx.records.registry import Register, register
from cx.records.writing import create

SPECIAL: dict[str, dict[str, Any]] = {
    "business_hours": dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), "09:00-12:30, 13:30-18:00")
    | {"holidays": ["2026-12-25"]},
    "report_schedule": {"recipients": ["ada@example.org"]},
    "session": {"enrolled": ["Ada"], "seats": 3},
    "quality_objective": {"lower": 1.0, "upper": 2.0},
    "project": {"verified_minor": None, "verified_by": None},
    "experiment": {"control_n": 10, "test_n": 10},
    "survey": {"scale_min": 0, "scale_max": 10},
    "alert_rule": {"zone": "Europe/Berlin"},
}


def value(spec: Spec, url: str, mark: str) -> Any:
    """A valid value; link targets are created, self links stay empty."""
    middle = (spec.low if spec.high is None else ((spec.low or 0) + spec.high) / 2) if spec.low is not None or spec.high is not None else 3
    plain: dict[str, Any] = {
        "text": "EUR" if spec.source == "currency" else "ada@example.org" if spec.pattern == "email" else f"{mark} {spec.title}"[: spec.longest], "long": f"{mark}\nsecond line", "number": float(middle or 0),
        "whole": int(middle or 0), "day": date(2026, 8, 1), "moment": datetime(2026, 8, 1, 9, 30, tzinfo=UTC), "money": 125_050, "yes": True,
        "several": list(spec.choices[:2]) or [mark, "two words"], "document": {"all": [{"column": "country", "is": "DE"}]},
        "choice": spec.choices[0] if spec.choices else "",
    }  # fmt: skip
    return plain[spec.kind]


def values(name: str | Register, url: str, mark: str = "one") -> dict[str, Any]:
    """Valid values for every field of a register that can be typed; what its links need is created first."""
    row = register(name)
    made = {}
    for field, spec in row.fields.items():
        if spec.computed:
            continue  # nobody types it
        if spec.kind != "link":
            made[field] = value(spec, url, mark)
        elif spec.required:
            made[field] = filled(spec.register, url, f"{mark} {row.name}").id
    return made | SPECIAL.get(row.name, {})


def filled(name: str | Register, url: str, mark: str = "one") -> Any:
    """A stored record of the register."""
    return create(name, values(name, url, mark), OPEN, url=url)
