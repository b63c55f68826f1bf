"""Contacts and whether one was enough: volume, contact rate, first-contact resolution, reopening, complaints, satisfaction."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from cx.analytics.estimate import Estimate, undefined
from cx.analytics.frame import as_table, checked, moment, numeric, text
from cx.analytics.interval import proportion, rate
from cx.analytics.measure import GRAINS, Measure, Scope, Statistics, Tables, answer, grouped, naive
from cx.analytics.service import known_by
from cx.errors import MeasureError

WINDOW_DAYS = 7
INTERVALS = {"day": {"days": 1}, "week": {"weeks": 1}, "month": {"months": 1}, "quarter": {"months": 3}, "year": {"years": 1}}


def _volume(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    table = scope.during(tables["tickets"], "created_at")
    return grouped(table, by, "created_at", n=table["created_at"].count())


TICKET_VOLUME = Measure("ticket_volume", {"tickets": ("created_at",)}, _volume, lambda row: rate(row.get("n") or 0, 1.0, "tickets"))


def ticket_volume(tickets: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Tickets created in the scope, with the exact Poisson interval of a count.

    >>> from datetime import datetime
    >>> ticket_volume({"created_at": [datetime(2026, 1, 5)] * 4}).value
    4.0
    """
    return answer(TICKET_VOLUME, {"tickets": as_table(tickets, needs=("created_at",))}, by, scope)


def _repeats(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    days = float(scope.options.get("window_days", WINDOW_DAYS))
    if days <= 0:
        raise MeasureError("the window must be longer than no days", f"found {days:g}", "choose a number of days such as 7")
    table = tables["tickets"]
    created = moment(table, "created_at")
    table = table.mutate(created_at=created).filter(created.notnull())
    if scope.as_of is not None:
        table = table.filter(table["created_at"] <= ibis.literal(naive(scope.as_of), "timestamp(6)"))
        now: ir.TimestampValue = ibis.literal(naive(scope.as_of), "timestamp(6)")
    else:
        now = table.aggregate(_m=table["created_at"].max()).as_scalar()
    tie = [table[name] for name in ("ticket_id",) if name in table.columns]
    window = ibis.window(group_by=[table["customer_id"], text(table, "category").fill_null("")], order_by=[table["created_at"], *tie])
    table = table.mutate(_next=table["created_at"].lead().over(window), _before=table["created_at"].lag().over(window), _now=now)
    reach = ibis.interval(seconds=round(days * 86_400))
    table = scope.during(table, "created_at")
    repeated = (table["_next"] <= table["created_at"] + reach).fill_null(False)
    opens = ~(table["_before"] >= table["created_at"] - reach).fill_null(False)
    known = table["customer_id"].notnull()
    if scope.options.get("unit", "contact") == "case":
        known = known & opens
    over = table["created_at"] + reach <= table["_now"]
    return grouped(
        table, by, "created_at",
        resolved=(known & over & ~repeated).sum().fill_null(0), n=(known & over).sum().fill_null(0),
        open=(known & ~over).sum().fill_null(0), anonymous=table["customer_id"].isnull().sum().fill_null(0),
    )  # fmt: skip


def _fcr(row: Statistics) -> Estimate:
    notes = [f"{int(row['open'])} contacts whose window is still open are not in it"] if row.get("open") else []
    notes += [f"{int(row['anonymous'])} contacts without a customer are not in it"] if row.get("anonymous") else []
    n = row.get("n") or 0
    if not n:
        return undefined("; ".join(["no contact whose window is over", *notes]), "%")
    found = proportion(row["resolved"], n)
    return found.warned("; ".join(notes)) if notes else found


FIRST_CONTACT_RESOLUTION = Measure("first_contact_resolution", {"tickets": ("customer_id", "category", "created_at")}, _repeats, _fcr)


def first_contact_resolution(tickets: Any, by: str | tuple[str, ...] = (), *, window_days: float = WINDOW_DAYS, unit: str = "contact", scope: Scope | None = None) -> Any:
    """Share of contacts that no further contact of the same customer on the same category followed within `window_days`.

    Looks past the end of the scope for the repeat; contacts whose window is not over at `as_of` (else at the latest
    contact) are left out and counted, as are those without a customer. `unit="case"` judges only contacts that open a
    case (none on the category in the window before). A missing category is a category of its own. Wilson's interval.

    >>> from datetime import datetime
    >>> days = [datetime(2026, 3, d) for d in (1, 4, 1, 20)]
    >>> first_contact_resolution({"customer_id": ["a", "a", "b", "c"], "category": ["bill"] * 4, "created_at": days}).n
    3
    """
    given = scope or Scope()
    options = {**given.options, "window_days": window_days, "unit": unit}
    table = as_table(tickets, needs=("customer_id", "category", "created_at"))
    return answer(FIRST_CONTACT_RESOLUTION, {"tickets": table}, by, Scope(given.start, given.end, given.as_of, options=options))


def _reopened(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    table = scope.during(tables["tickets"].mutate(resolved_at=known_by(moment(tables["tickets"], "resolved_at"), scope)), "resolved_at")
    table = table.filter(table["resolved_at"].notnull())
    reopens = numeric(table, "reopens")
    return grouped(table, by, "resolved_at", reopened=(reopens > 0).sum().fill_null(0), n=reopens.count(), unknown=reopens.isnull().sum().fill_null(0))


def _share(part: str, nothing: str, missing: str = "unknown", note: str = "") -> Any:
    def estimate(row: Statistics) -> Estimate:
        n, left = row.get("n") or 0, int(row.get(missing) or 0)
        found = proportion(row[part], n) if n else undefined(nothing, "%")
        return found.warned(f"{left} {note}") if left and note else found

    return estimate


REOPEN_RATE = Measure(
    "reopen_rate", {"tickets": ("resolved_at", "reopens")}, _reopened,
    _share("reopened", "no resolved ticket says whether it was reopened", note="resolved tickets do not say whether they were reopened"),
)  # fmt: skip


def reopen_rate(tickets: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Share of the tickets resolved in the scope that were reopened at least once; Wilson's interval.

    Resolved tickets whose `reopens` is empty are left out and counted. A grain refers to `resolved_at`.

    >>> from datetime import datetime
    >>> reopen_rate({"resolved_at": [datetime(2026, 1, 5)] * 4 + [None], "reopens": [0, 2, 0, 0, 1]}).value
    25.0
    """
    return answer(REOPEN_RATE, {"tickets": as_table(tickets, needs=("resolved_at", "reopens"))}, by, scope)


def _complaints(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    table = scope.during(tables["tickets"], "created_at")
    table = table.filter(text(table, "kind").lower() == scope.options.get("kind", "complaint"))
    resolved = known_by(moment(table, "resolved_at"), scope).notnull()
    return grouped(table, by, "created_at", resolved=resolved.sum().fill_null(0), n=table.count(), unknown=(~resolved).sum().fill_null(0))


COMPLAINT_RESOLUTION = Measure(
    "complaint_resolution", {"tickets": ("kind", "created_at", "resolved_at")}, _complaints,
    _share("resolved", "no complaints", note="complaints are not resolved yet, young ones among them"),
)  # fmt: skip


def complaint_resolution(tickets: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Share of the complaints received in the scope that are resolved (at `as_of`); Wilson's interval.

    Complaints are tickets whose `kind` is complaint. Those still open count as not resolved, however young.

    >>> from datetime import datetime
    >>> day = datetime(2026, 1, 5)
    >>> complaint_resolution({"kind": ["complaint", "Complaint", "question"], "created_at": [day] * 3, "resolved_at": [day, None, None]}).value
    50.0
    """
    return answer(COMPLAINT_RESOLUTION, {"tickets": as_table(tickets, needs=("kind", "created_at", "resolved_at"))}, by, scope)


def _satisfaction(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    table = scope.during(tables["tickets"], scope.options.get("time", "created_at"))
    score, top = numeric(table, "satisfaction"), numeric(table, "satisfaction_max")
    judged = score.notnull() & top.notnull()
    happy = judged & (score >= ibis.ifelse(top >= 4, top - 1, top))
    return grouped(
        table, by, scope.options.get("time", "created_at"), satisfied=happy.sum().fill_null(0), n=judged.sum().fill_null(0),
        unknown=(score.notnull() & top.isnull()).sum().fill_null(0),
    )  # fmt: skip


SERVICE_SATISFACTION = Measure(
    "service_satisfaction", {"tickets": ("created_at", "satisfaction", "satisfaction_max")}, _satisfaction,
    _share("satisfied", "no rated tickets", note="ratings without a scale were left out"),
)  # fmt: skip


def service_satisfaction(tickets: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Share of rated tickets whose rating is in the top two boxes of a scale up to 4 or more, else in the top one.

    So 4 and 5 of 5, and 1 of 1 (good or bad). Ratings without `satisfaction_max` are left out and counted; Wilson's
    interval. Unrated tickets are in neither part of the fraction.

    >>> from datetime import datetime
    >>> data = {"created_at": [datetime(2026, 1, 5)] * 5, "satisfaction": [5, 4, 3, 1, 0], "satisfaction_max": [5, 5, 5, 1, 1]}
    >>> service_satisfaction(data).value
    60.0
    """
    return answer(SERVICE_SATISFACTION, {"tickets": as_table(tickets, needs=("created_at", "satisfaction", "satisfaction_max"))}, by, scope)


def _contact_rate(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    tickets, customers = tables["tickets"], tables["customers"]
    grains = [name for name in by if name not in tickets.columns and name in GRAINS]
    columns = [name for name in by if name not in grains]
    checked(customers, tuple(columns))
    if len(grains) > 1:
        raise MeasureError("the contact rate takes one time grain", f"found {', '.join(grains)}", "choose one")
    during = scope.during(tickets, "created_at")
    contacts = grouped(during, by, "created_at", contacts=during.count())
    joined, left = moment(customers, "joined_at"), moment(customers, "left_at")
    people = customers.mutate(_joined=joined, _left=left).select(*columns, "_joined", "_left", "customer_id")
    people = people.filter(people["customer_id"].notnull())
    if not grains:
        if scope.end is not None:
            people = people.filter((people["_joined"] < ibis.literal(naive(scope.end), "timestamp(6)")) | people["_joined"].isnull())
        if scope.start is not None:
            people = people.filter((people["_left"] >= ibis.literal(naive(scope.start), "timestamp(6)")) | people["_left"].isnull())
        served = people.group_by(columns).aggregate(customers=people["customer_id"].nunique()) if columns else people.aggregate(customers=people["customer_id"].nunique())
        if not columns:
            return contacts.cross_join(served)
        return contacts.join(served, [contacts[c].identical_to(served[c]) for c in columns], how="left").select(*by, "contacts", "customers")
    grain = grains[0]
    periods = contacts.select(grain).distinct().filter(lambda t: t[grain].notnull())
    pairs = periods.cross_join(people)
    end = pairs[grain] + ibis.interval(**INTERVALS[grain])
    here = pairs.filter(((pairs["_joined"] < end) | pairs["_joined"].isnull()) & ((pairs["_left"] >= pairs[grain]) | pairs["_left"].isnull()))
    served = here.group_by([grain, *columns]).aggregate(customers=here["customer_id"].nunique())
    return contacts.join(served, [contacts[c].identical_to(served[c]) for c in by], how="left").select(*by, "contacts", "customers")


def _per_hundred(row: Statistics) -> Estimate:
    if not row.get("customers"):
        return undefined("no customers", "per 100 customers", int(row.get("contacts") or 0))
    return rate(row["contacts"] or 0, row["customers"], "per 100 customers", 100)


CONTACT_RATE = Measure("contact_rate", {"tickets": ("created_at",), "customers": ("customer_id", "joined_at", "left_at")}, _contact_rate, _per_hundred)


def contact_rate(tickets: Any, customers: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Contacts per 100 customers: 100 tickets created / customers active at any time in the scope (or period of a grain).

    Poisson interval (exact). `by` names columns that both tables have, and at most one grain. A customer without
    joined_at counts as always there.

    >>> from datetime import datetime
    >>> when = [datetime(2026, 3, 1)] * 2
    >>> contact_rate({"created_at": when}, {"customer_id": ["a", "b", "c", "d"], "joined_at": when * 2, "left_at": [None] * 4}).value
    50.0
    """
    tables = {"tickets": as_table(tickets), "customers": as_table(customers)}
    return answer(CONTACT_RATE, tables, by, scope)
