"""Touches that lead to conversions: which events count, and what each rule of attribution credits to each channel."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cx.analytics.attribution import MODELS, attribution
from cx.analytics.measure import Scope
from cx.facts import engine
from cx.facts.filters import Filters
from cx.facts.history import Revision
from cx.ui.page import View
from cx.ui.remember import remembered

RULES = (*MODELS, "markov")
TITLES = {"first": "First touch", "last": "Last touch", "linear": "Linear", "position": "Position", "time_decay": "Time decay", "markov": "Markov"}
CONVERTING = ("order", "purchase", "checkout", "sign", "subscri", "convert", "buy")


def event_counts(view: View) -> list[dict[str, Any]]:
    """event, n, people, marketed (rows with a campaign or a session): the commonest first."""
    table = engine.tables()["interactions"]
    found = table.filter(table["event"].notnull()).group_by("event").aggregate(n=lambda t: t.count(), people=lambda t: t["customer_id"].nunique(), marketed=lambda t: (t["campaign"].notnull() | t["session_id"].notnull()).sum())
    return engine.rows(found.order_by(found["n"].desc(), "event"), now=view.now)


def conversion_of(events: list[str]) -> str:
    """The event that most likely is the conversion, by its name; else the last of the list."""
    ranked = [event for word in CONVERTING for event in events if word in event.lower() and "app" not in event.lower()]
    return (ranked or events)[0]


@remembered
def credits(now: Revision, filters: Filters, conversion: str, touches: tuple[str, ...], window: int) -> pd.DataFrame:
    """Conversions of the period credited to each channel, a column a rule."""
    tables, _ = Filters(only=filters.only).apply(engine.tables())
    table = tables["interactions"]
    kept = table.filter(table["event"].isin([conversion, *touches])).select("interaction_id", "customer_id", "channel", "event", "happened_at")
    rows = engine.fetch(kept, now=now)
    if not rows.num_rows:
        return pd.DataFrame(columns=["channel", *RULES])
    frame = attribution(rows, conversion, RULES, window_days=window, scope=Scope(filters.start, filters.end, filters.end))
    return frame.assign(_sum=frame[list(RULES)].sum(axis=1)).sort_values("_sum", ascending=False, ignore_index=True).drop(columns="_sum")


def disputed(frame: pd.DataFrame) -> pd.DataFrame:
    """Share of all conversions by channel under each rule in percent, with the rules that give least and most, and their gap."""
    total = frame[list(RULES)].sum()
    shares = 100 * frame[list(RULES)] / total.where(total > 0)
    return pd.DataFrame({"channel": frame["channel"], "least": shares.min(axis=1), "least_rule": shares.idxmin(axis=1), "most": shares.max(axis=1), "most_rule": shares.idxmax(axis=1),
                         "gap": shares.max(axis=1) - shares.min(axis=1)}).sort_values("gap", ascending=False, ignore_index=True)  # fmt: skip
