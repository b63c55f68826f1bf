"""Segments as rules a person can read and an engine can run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir

from cx.analytics.frame import as_table, checked
from cx.analytics.measure import naive
from cx.errors import MeasureError

ORDERED = {"<": "is below", "<=": "is at most", ">": "is above", ">=": "is at least", "between": "is between"}
EQUAL = {"=": "is", "!=": "is not", "in": "is one of", "not in": "is none of"}
TEXT = {"contains": "contains", "starts": "starts with", "ends": "ends with"}
EMPTY = {"missing": "is missing", "present": "is present"}
TIME = {"within days": "lies within the last days", "older than days": "lies further back than days"}
OPERATORS = EQUAL | ORDERED | TEXT | EMPTY | TIME


@dataclass(frozen=True)
class Condition:
    """One comparison of a column: an operator of `OPERATORS` and a value (a pair for between, several for in)."""

    column: str
    operator: str
    value: Any = None


@dataclass(frozen=True)
class Rules:
    """Conditions and groups of them joined by `all` or `any`; with `negated` the opposite. No parts: everybody."""

    join: str = "all"
    parts: tuple[Condition | Rules, ...] = ()
    negated: bool = False


def parse(data: Any) -> Rules:
    """Rules from plain data, as they are stored: {"all": [{"column", "operator", "value"}, {"any": [...]}], "not": true}.

    Raises MeasureError saying which part is wrong.

    >>> describe(parse({"all": [{"column": "plan", "operator": "=", "value": "Pro"}, {"column": "orders", "operator": ">", "value": 3}]}))
    'plan is Pro and orders is above 3'
    """
    if not isinstance(data, Mapping):
        raise MeasureError("a rule must be a group or a condition", f"found {type(data).__name__}", "correct the segment")
    joins = [name for name in ("all", "any") if name in data]
    if len(joins) != 1 or set(data) - {"all", "any", "not"} or not isinstance(data[joins[0]], Sequence) or isinstance(data[joins[0]], str):
        raise MeasureError(
            "a group must hold either all or any with a list", f"found {', '.join(map(str, data)) or 'nothing'}", "correct the segment"
        )
    parts: list[Condition | Rules] = []
    for part in data[joins[0]]:
        if isinstance(part, Mapping) and "column" in part:
            condition = Condition(str(part["column"]), str(part.get("operator", "=")), part.get("value"))
            parts.append(_valid(condition))
        else:
            parts.append(parse(part))
    return Rules(joins[0], tuple(parts), bool(data.get("not", False)))


def plain(rules: Rules) -> dict[str, Any]:
    """The rules as plain data, which `parse` reads."""
    parts = [plain(p) if isinstance(p, Rules) else {"column": p.column, "operator": p.operator, "value": p.value} for p in rules.parts]
    return {rules.join: parts} | ({"not": True} if rules.negated else {})


def _valid(condition: Condition) -> Condition:
    operator, value = condition.operator, condition.value
    several = isinstance(value, Sequence) and not isinstance(value, str)
    if operator not in OPERATORS:
        raise MeasureError(f"expected one of the operators {', '.join(OPERATORS)}", f"found {operator!r}", "choose one")
    if operator == "between" and not (several and len(value) == 2):
        raise MeasureError(f"between needs two values for {condition.column}", f"found {value!r}", "give both")
    if operator in ("in", "not in") and not several:
        raise MeasureError(f"{operator} needs a list of values for {condition.column}", f"found {value!r}", "give a list")
    if operator in TIME and not (isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0):
        raise MeasureError(f"{operator} needs a number of days for {condition.column}", f"found {value!r}", "give one")
    if operator not in EMPTY and not several and value is None:
        raise MeasureError(f"{condition.column} {OPERATORS[operator]} needs a value", "found none", "give one, or use missing")
    return condition


def describe(rules: Rules) -> str:
    """The rules as a sentence."""
    if not rules.parts:
        return "nobody" if rules.negated else "everybody"
    words = [
        f"({describe(p)})" if isinstance(p, Rules) and len(p.parts) > 1 else describe(p) if isinstance(p, Rules) else _phrase(p) for p in rules.parts
    ]
    text = (" and " if rules.join == "all" else " or ").join(words)
    return f"not ({text})" if rules.negated else text


def _phrase(c: Condition) -> str:
    if c.operator in EMPTY:
        return f"{c.column} {OPERATORS[c.operator]}"
    if c.operator == "within days":
        return f"{c.column} lies within the last {c.value} days"
    if c.operator == "older than days":
        return f"{c.column} lies more than {c.value} days back"
    value = (
        " and ".join(map(str, c.value)) if c.operator == "between" else ", ".join(map(str, c.value)) if c.operator in ("in", "not in") else c.value
    )
    return f"{c.column} {OPERATORS[c.operator]} {value}"


def predicate(rules: Rules, table: ir.Table, as_of: datetime | None = None) -> ir.BooleanValue:
    """The rules as one Ibis expression over `table`, true or false for every row and never null.

    A missing value meets no condition but "missing" (and, being unequal, not even "is not" unless said so). Words are compared
    without regard to case. Days are counted back from `as_of`. Raises MeasureError for an unknown column or a value of the wrong type.
    """
    if not rules.parts:
        return ibis.literal(not rules.negated)
    parts = [predicate(p, table, as_of) if isinstance(p, Rules) else _condition(p, table, as_of).fill_null(False) for p in rules.parts]
    found = parts[0]
    for part in parts[1:]:
        found = (found & part) if rules.join == "all" else (found | part)
    return ~found if rules.negated else found


def _condition(c: Condition, table: ir.Table, as_of: datetime | None) -> ir.BooleanValue:
    _valid(c)
    checked(table, (c.column,))
    column = table[c.column]
    kind = column.type()
    if c.operator in EMPTY:
        return column.isnull() if c.operator == "missing" else column.notnull()
    if c.operator in TIME:
        if as_of is None:
            raise MeasureError(f"{c.operator} needs the date to count back from", "none was given", "give as_of")
        if not kind.is_temporal():
            raise MeasureError(f"{c.column} must hold dates", f"it holds {kind}", "choose another column")
        end, start = naive(as_of), naive(as_of) - timedelta(days=c.value)
        edge, last = ibis.literal(start, "timestamp(6)"), ibis.literal(end, "timestamp(6)")
        return (column >= edge) & (column <= last) if c.operator == "within days" else column < edge
    if c.operator in TEXT:
        if not kind.is_string():
            raise MeasureError(f"{c.column} must hold words", f"it holds {kind}", "choose another column")
        word, text = str(c.value).lower(), column.lower()
        return {"contains": text.contains, "starts": text.startswith, "ends": text.endswith}[c.operator](word)
    if kind.is_string():
        column = column.lower()
    values = [_typed(v, kind, c.column) for v in (c.value if c.operator in ("in", "not in", "between") else [c.value])]
    if c.operator in ("in", "not in"):
        if not values:
            return ibis.literal(c.operator == "not in")
        return column.isin(values) if c.operator == "in" else column.notin(values)
    first = values[0]
    if c.operator == "between":
        return (column >= first) & (column <= values[1])
    return {"=": column == first, "!=": column != first, "<": column < first, "<=": column <= first, ">": column > first, ">=": column >= first}[
        c.operator
    ]


def _typed(value: Any, kind: Any, name: str) -> Any:
    """`value` as the column holds it. Raises MeasureError where it cannot be."""
    try:
        return _converted(value, kind)
    except (ValueError, TypeError):
        raise MeasureError(f"{name} holds {kind}", f"the rule compares it with {value!r}", "correct the value") from None


def _converted(value: Any, kind: Any) -> Any:
    if kind.is_string():
        return str(value).lower()
    if kind.is_boolean() and (isinstance(value, bool) or str(value).lower() in ("true", "false")):
        return str(value).lower() == "true"
    if kind.is_numeric() and not isinstance(value, bool):
        return float(value)
    if kind.is_temporal():
        whole = datetime(value.year, value.month, value.day) if isinstance(value, date) and not isinstance(value, datetime) else value
        return ibis.literal(naive(whole if isinstance(whole, datetime) else datetime.fromisoformat(str(whole))), "timestamp(6)")
    raise TypeError(kind)


def members(data: Any, rules: Rules, as_of: datetime | None = None) -> ir.Table:
    """The rows of a table that meet the rules, still an expression.

    >>> members({"plan": ["Pro", "Free"], "orders": [5, 9]}, parse({"all": [{"column": "plan", "operator": "=", "value": "pro"}]})).count().to_pyarrow().as_py()
    1
    """
    table = as_table(data)
    return table.filter(predicate(rules, table, as_of))
