"""When tickets arrive: the hours, weekday and kind of day of their creation, as columns to break numbers down by."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def clocked(tickets: ir.Table) -> ir.Table:
    """Tickets with the hours (two at a time, UTC), the weekday and whether it is one of work, by when they arrived."""
    hour = (tickets["created_at"].hour() // 2 * 2).cast("int64")
    day = tickets["created_at"].day_of_week.index()
    named = ibis.cases(*((hour == h, f"{h:02d}-{h + 2:02d} h") for h in range(0, 24, 2)), else_=None)
    return tickets.mutate(
        hour=named, weekday=ibis.cases(*((day == i, label) for i, label in enumerate(WEEKDAYS)), else_=None),
        days=ibis.cases((day < 5, "Monday to Friday"), (day >= 5, "weekend"), else_=None),
    )  # fmt: skip
