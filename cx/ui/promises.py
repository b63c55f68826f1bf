"""Open tickets held against the service levels in force: what is overdue and what runs out next."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import ibis.expr.types as ir
import pandas as pd

from cx.analytics.business_hours import due
from cx.analytics.measure import Scope
from cx.analytics.sla import ENDS, sla_states
from cx.facts import engine, prepared
from cx.facts.filters import Filters
from cx.facts.history import Revision
from cx.records.promises import Promises
from cx.ui.page import View
from cx.ui.remember import remembered

QUEUE = ("ticket_id", "customer_id", "subject", "priority", "category", "channel", "team", "agent", "segment", "created_at")
MOST = 300


def moment(view: View) -> tuple[datetime, bool]:
    """The moment open tickets are looked at, and whether that is now: the clock runs only while the data does."""
    present = datetime.now(UTC)
    if view.last is None or view.last >= present:
        return present, True
    return view.last, False


def queue(view: View, kept: Promises, end: str, at: datetime) -> list[dict[str, Any]]:
    """Open tickets that are overdue or at risk at a moment, the most urgent first, at most 300.

    Each with state, at_risk, used (percent of the promised time), minutes_left in open time, promise (its place in the
    policy) and due_at (aware). Kept where the moment is the end of the data, which the period shown does not change.
    """
    ask = _queue if at == view.last else _waiting
    return ask(view.now, view.filters.between(None, at), kept, end)


def _waiting(now: Revision, filters: Filters, kept: Promises, end: str) -> list[dict[str, Any]]:
    def pressing(filters: Filters) -> ir.Table:
        tables, _ = filters.apply(engine.tables())
        tickets = tables["tickets"]
        waiting = tickets.filter(tickets[ENDS[end]].isnull() & tickets["resolved_at"].isnull() & tickets["created_at"].notnull())
        states = sla_states(waiting.select(*QUEUE, ENDS[end], "paused_minutes"), Scope(as_of=filters.end, options=kept.options()), end)
        states = states.filter(states["_at_risk"] | (states["_state"] == "breached"))
        return states.mutate(minutes_left=states["_promised"] - states["_minutes"]).order_by("minutes_left", "ticket_id")

    found = prepared.rows(("queue", kept, end), filters, pressing, now)
    # what is still to be saved comes first, the nearest first; then what was broken, the freshest first
    found.sort(key=lambda row: (row["minutes_left"] < 0, abs(row["minutes_left"])))
    shown = found[:MOST]
    due_at: dict[int, Any] = {}
    for number in {row["_promise"] for row in shown}:  # a policy has few promises, and one look at a calendar serves all tickets of one
        mine = [i for i, row in enumerate(shown) if row["_promise"] == number]
        moments = due(pd.Series([shown[i]["created_at"] for i in mine]), pd.Series([shown[i]["_promised"] for i in mine]), kept.policy[number].hours)
        due_at |= zip(mine, moments, strict=True)
    out = []
    for i, row in enumerate(shown):
        used = 100 * row["_minutes"] / row["_promised"] if row["_promised"] else None
        kept_columns = {name: row[name] for name in QUEUE}
        out.append({**kept_columns, "state": row["_state"], "at_risk": row["_at_risk"], "used": used, "minutes_left": row["minutes_left"],
                    "promise": row["_promise"], "due_at": pd.Timestamp(due_at[i]).to_pydatetime().replace(tzinfo=UTC)})  # fmt: skip
    return out


_queue = remembered(_waiting)
