"""What an experiment counts in the data: who is control, who is test, and what a success is, as the rule stored with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cx.errors import InputError
from cx.ui import experiments

DAY = "day"
SPLITS = {
    "responses": ("segment", "persona", "channel", "touchpoint", "survey", "country", "language", "product", "team", "agent"),
    "interactions": ("segment", "persona", "channel", "campaign", "device", "country", "product", "touchpoint"),
}
AMONG = {"responses": ("metric", "survey", "touchpoint"), "interactions": ("touchpoint", "channel")}
NUMBERS = {"responses": {"score": "score"}, "interactions": {"duration_seconds": "duration in seconds", "value_minor": "value in minor units"}}
SCALED = ("nps", "csat", "ces", "rating")


@dataclass(frozen=True)
class Asked:
    """What is compared: rows `among` which (column -> value), told apart by `column` (or by `DAY`), and what counts as a success."""

    among: tuple[tuple[str, str], ...] = ()
    column: str = DAY
    control: tuple[str, ...] = ()
    test: tuple[str, ...] = ()
    day: date | None = None
    events: tuple[str, ...] = ()
    least: float | None = None
    number: str = ""


def rule(dataset: str, kind: str, asked: Asked) -> dict[str, Any]:
    """The selection as it is stored with the experiment: `control` and `test`, and `success` or `value`. Raises InputError where it cannot be compared."""
    base: list[dict[str, Any]] = [{"column": column, "operator": "=", "value": value} for column, value in asked.among]
    if asked.column == DAY:
        if asked.day is None:
            raise InputError("a day must divide before and after", "none was chosen", "choose the day of the change")
        sides: list[dict[str, Any]] = [{"column": experiments.TIME[dataset], "operator": how, "value": asked.day.isoformat()} for how in ("<", ">=")]
    else:
        both = sorted(set(asked.control) & set(asked.test))
        if not asked.control or not asked.test:
            raise InputError(f"both groups need a {asked.column}", f"{'control' if not asked.control else 'test'} has none", "choose at least one for each")
        if both:
            raise InputError("control and test must be different groups", f"both hold {', '.join(both[:3])}", "take it out of one")
        sides = [{"column": asked.column, "operator": "in", "value": list(chosen)} for chosen in (asked.control, asked.test)]
    found: dict[str, Any] = {name: {"all": [*base, side]} for name, side in zip(("control", "test"), sides, strict=True)}
    if kind == "mean":
        return found | {"value": asked.number or next(iter(NUMBERS[dataset]))}
    if dataset == "responses":
        if asked.least is None:
            raise InputError("a share needs to know what counts as a success", "no score was given", "give the lowest score that counts")
        return found | {"success": {"all": [{"column": "score", "operator": ">=", "value": asked.least}]}}
    if not asked.events:
        raise InputError("a share needs to know what counts as a success", "no event was chosen", "choose the events that count")
    return found | {"success": {"all": [{"column": "event", "operator": "in", "value": list(asked.events)}]}}


def asked_of(stored: Any) -> Asked:
    """What a stored selection asks, to be changed; nothing where it was written in another form."""
    try:
        control, test = (list(stored[name]["all"]) for name in ("control", "test"))
        base = [c for c in control if c in test]
        (first,), (second,) = [c for c in control if c not in base], [c for c in test if c not in base]
        success = stored.get("success", {"all": [{}]})["all"][0]
        out = Asked(tuple((str(c["column"]), str(c["value"])) for c in base), number=str(stored.get("value") or ""))
        events, least = (tuple(_many(success["value"])), None) if success.get("column") == "event" else ((), success.get("value"))
        if first["operator"] == "<":
            return Asked(out.among, DAY, day=date.fromisoformat(first["value"]), events=events, least=least, number=out.number)
        return Asked(out.among, str(first["column"]), tuple(_many(first["value"])), tuple(_many(second["value"])), None, events, least, out.number)
    except (KeyError, TypeError, ValueError, IndexError):
        return Asked()


def _many(value: Any) -> list[str]:
    return [str(v) for v in value] if isinstance(value, Sequence) and not isinstance(value, str) else [str(value)]
