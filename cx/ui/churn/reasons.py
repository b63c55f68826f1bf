"""Why customers leave: the reasons they gave against those before, by segment and over time, what they said, what cases found."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import Any

import streamlit as st

from cx.analytics.estimate import Difference, Estimate, difference
from cx.analytics.interval import proportion
from cx.analytics.multiplicity import adjusted
from cx.records.lookup import records
from cx.settings import settings
from cx.ui import charts, customer_list, evidence, readings
from cx.ui import format as words
from cx.ui.bench import headline
from cx.ui.churn import facts, period, rates
from cx.ui.page import View
from cx.ui.text import outside, quiet

MOST = 10


def show(view: View, key: str) -> None:
    """Draw the part."""
    here, earlier = period.bounds(view), period.before(view)
    if not view.now.rows("customers") or here is None or earlier is None:
        quiet("Reasons for leaving are read from customers who left; there are none yet. Upload an export of your CRM with the day and the reason on the Data page.")
        return
    column = st.selectbox("Against", list(facts.SPLITS), format_func=lambda c: f"by {facts.SPLITS[c].lower()}", key="whyby", bind="query-params", label_visibility="collapsed", width=160)
    found = facts.reasons(view.now, view.filters, *here, column)
    past = facts.reasons(view.now, view.filters, *earlier, column)
    counts, were = counted(found), counted(past)
    given = {reason: n for reason, n in counts.items() if reason is not None}
    if not given:
        total = sum(counts.values())
        quiet(f"{total:,} customers left in {period.text(view)}; none of them with a reason. Record one when a contract ends, and import it as the reason for leaving." if total else f"Nobody left in {period.text(view)}.")
        return
    standing = compared(given, {reason: n for reason, n in were.items() if reason is not None})
    left, right = st.columns([6, 6], gap="small")
    with left.container(border=True, height="stretch"):
        title = said(standing)
        groups = [charts.Group(reason, share, was) for reason, share, was, _ in standing[:MOST]]
        picked = charts.dots("churn-reasons", title, groups, alt=f"Reasons for leaving: {title}", unit="%", clicks=True, note=f"share of {sum(given.values()):,} who left with a reason ({counts.get(None, 0):,} gave none) · tick: {words.until(*earlier)}")
    with right.container(border=True, height="stretch"):
        crossed(found, [reason for reason, *_ in standing[:MOST]], facts.SPLITS[column].lower())
    left, right = st.columns([6, 6], gap="small")
    with left.container(border=True, height="stretch"):
        over_time(view, [reason for reason, *_ in standing[:7]], here)
    with right.container(border=True, height="stretch"):
        told(view, here, picked or telling(standing)[0])
    cases(view, here)


def counted(rows: list[dict[str, Any]]) -> dict[str | None, int]:
    """Reason -> customers, the most frequent first."""
    out: Counter[str | None] = Counter()
    for row in rows:
        out[row["reason"]] += int(row["n"])
    return dict(out.most_common())


def compared(given: dict[str, int], were: dict[str, int]) -> list[tuple[str, Estimate, float | None, Difference | None]]:
    """(reason, share now, share before, change) of those who gave a reason, the most frequent first; p adjusted after Holm."""
    total, past = sum(given.values()), sum(were.values())
    out = []
    for reason, n in given.items():
        share = proportion(n, total)
        was = proportion(were.get(reason, 0), past) if past else None
        out.append((reason, share, was.value if was else None, difference(was, share) if was else None))
    tested = adjusted([change.p if change and change.p is not None else 1.0 for *_, change in out])
    return [(reason, share, was, replace(change, p=p) if change and change.p is not None else change) for (reason, share, was, change), p in zip(out, tested, strict=True)]


def said(standing: list[tuple[str, Estimate, float | None, Difference | None]]) -> str:
    """The reason that grew beyond chance, else the most frequent one."""
    reason, share, was, change = telling(standing)
    if change is not None and change.significant and (change.value or 0) > 0:
        p = change.p if change else None
        return f"“{reason}” rose from {words.value(was, '%')} to {words.value(share.value, '%')} of reasons (" + ("p < 0.001)" if p is not None and p < 0.001 else f"p = {p:.3f})")
    return f"Most often: “{reason}”, {words.value(share.value, '%')} of reasons" + ("; no reason grew beyond chance" if was is not None else "")


def telling(standing: list[tuple[str, Estimate, float | None, Difference | None]]) -> tuple[str, Estimate, float | None, Difference | None]:
    """The row to speak of: the reason that grew most beyond chance, else the most frequent one."""
    grown = [row for row in standing if row[3] is not None and row[3].significant and (row[3].value or 0) > 0]
    return max(grown, key=lambda row: row[3].value if row[3] and row[3].value else 0.0) if grown else standing[0]


def crossed(found: list[dict[str, Any]], order: list[str], by: str) -> None:
    """Each group's reasons as shares of that group."""
    sizes: Counter[str] = Counter()
    for row in found:
        if row["reason"] is not None:
            sizes[str(row["group"] or "unknown")] += int(row["n"])
    groups = [name for name, n in sizes.most_common(7) if n >= settings().minimum_group]
    if not groups:
        quiet(f"No {by} has {settings().minimum_group} who left with a reason.")
        return
    n_of = {(row["reason"], str(row["group"] or "unknown")): int(row["n"]) for row in found}
    cells = [charts.Cell(reason, group, proportion(n_of.get((reason, group), 0), sizes[group])) for reason in order for group in groups]
    top = max(cells, key=lambda cell: cell.estimate.value or 0)
    title = f"{top.column}: {words.value(top.estimate.value, '%')} leave for “{top.row}”"
    charts.heat("churn-reasons-by", title, cells, alt=f"Reasons by {by}: {title}", unit="%", counts=False, note="share of those of the group who gave a reason · " + " · ".join(f"{name} {words.count(sizes[name])}" for name in groups))


def over_time(view: View, order: list[str], here: tuple[datetime, datetime]) -> None:
    """How many left for each reason, month by month."""
    start, end = months_shown(view, here)
    rows = facts.monthly(view.now, view.filters, start, end)
    months = sorted({row["month"] for row in rows})
    n_of = {(row["month"], row["reason"]): int(row["n"]) for row in rows}
    series = {reason: [(month, float(n_of.get((month, reason), 0))) for month in months] for reason in order}
    latest = max(order, key=lambda reason: n_of.get((months[-1], reason), 0)) if months else ""
    title = f"In {words.period(months[-1])} most left for “{latest}”: {n_of.get((months[-1], latest), 0)}" if months else "Nobody left"
    charts.stacked("churn-reasons-month", title, series, alt=f"Customers who left by reason and month. {title}", note="customers who left a month, by reason")


def months_shown(view: View, here: tuple[datetime, datetime]) -> tuple[datetime, datetime]:
    """At least twelve whole months up to the end of the period."""
    start, end = readings.horizon(view, 12)
    return start or here[0], end or here[1]


def told(view: View, here: tuple[datetime, datetime], reason: str) -> None:
    """What those who left for a reason said in the half year before."""
    n, people, rows = facts.last_words(view.now, view.filters, *here, reason)
    headline(f"What they said before leaving for “{reason}”: {n:,} comments of {people:,} customers")
    if not n:
        quiet("Those who left for this reason wrote no comment in the half year before." if view.now.rows("responses") else "Comments come from surveys; there are none yet.")
        return
    if people < settings().minimum_group:
        quiet(f"Hidden, since fewer than {settings().minimum_group} respondents could be told apart.")
        return
    for i, row in enumerate(rows[:4]):
        with st.container(border=True, gap=None):
            outside(row["comment"])
            with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
                score = f"{row['score']:g}/{row['scale_max']:g}" if row["score"] is not None and row["scale_max"] is not None else ""
                quiet(" · ".join(str(f) for f in (score, words.day(row["answered_at"]), row["survey"], row["segment"], row["touchpoint"]) if f))
                evidence.offer(view, f"churn-said-{i}", row)


def cases(view: View, here: tuple[datetime, datetime]) -> None:
    """The root causes that follow-ups of these customers had found before they left, and the customers themselves."""
    gone = facts.leavers(view.now, view.filters, *here, ())
    left = {row["customer_id"]: row for row in gone}
    mine = [case for case in records("follow_up") if case.customer_id in left]
    with st.container(border=True):
        found = Counter(case.cause.strip() for case in mine if case.cause)
        text = f"{len({case.customer_id for case in mine})} of {len(gone):,} who left had a follow-up before" if mine else f"None of the {len(gone):,} who left had a follow-up before"
        headline(text + (f"; most often found: {found.most_common(1)[0][0]}" if found else ""))
        if not mine:
            quiet("Follow-ups are opened from low scores in Customer service, and from accounts at risk on this page.")
            return
        rows = [left[case.customer_id] for case in mine]
        data = rates.leavers(rows)
        shown = {name: data[name] for name in ("Customer", "Left", "Reason", "Segment")} | {"Case": [c.title for c in mine], "State": [c.status for c in mine], "Cause found": [c.cause for c in mine], "Owner": [c.owner for c in mine]}
        customer_list.listed(shown, "churn-cases")
