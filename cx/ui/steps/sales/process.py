"""Pipeline: stages with their exit criteria, true conversion and time by stage, and the deals that stand still with the reason."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cx.analytics.estimate import Estimate
from cx.records.lookup import records
from cx.ui import charts, deals
from cx.ui import format as words
from cx.ui.bench import headline
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import escape, quiet


def show(view: View) -> None:
    """Draw the step."""
    if not view.now.rows("deals"):
        quiet("The pipeline is read from deals and their stage history; there are none yet. Upload an export of your CRM on the Data page. Stages can be defined already.")
        registers(view, "sales-process", "sales_stage")
        return
    waiting(view)
    kept = {row.name: row for row in records("sales_stage")}
    conversion, time = deals.through_stages(view, tuple(kept))
    if conversion.empty:
        quiet("No stage history has been loaded (process steps with the process “sales”), so conversion by stage cannot be told.")
    else:
        stages(view, conversion, time, kept)
    registers(view, "sales-process", "sales_stage")


def stages(view: View, conversion: Any, time: Any, kept: dict[str, Any]) -> None:
    """The cohort's way through the stages, and what each stage costs in time."""
    left, right = st.columns([4, 7], gap="small")
    judged = conversion[conversion["conversion"].notna()]
    worst = judged.loc[judged["conversion"].astype(float).idxmin()] if len(judged) else None
    title = "Nobody has left a stage yet" if worst is None else f"Most is lost in {worst['stage']}: {words.value(float(worst['conversion']), '%')} go on"
    with left.container(border=True, height="stretch"):
        groups = [charts.Group(row.stage, Estimate(row.conversion, row.low, row.high, row.went_on + row.lost, "%", row.warning)) for row in conversion.itertuples()]
        charts.dots("sales-process-conversion", title, groups, alt=title, unit="%", note=f"share that went on, of the deals begun in {view.period.text} that have left the stage; dot with 95 % interval")
    with right.container(border=True, height="stretch"):
        slow = time[time["median"].notna()]
        longest = slow.loc[slow["median"].astype(float).idxmax()] if len(slow) else None
        headline(f"Longest stay: {longest['stage']}, half of the deals {words.duration(float(longest['median']) * 86_400)} or more" if longest is not None else "Stages, conversion and time")
        clock = time.set_index("stage")
        data = {
            "Stage": list(conversion["stage"]), "Entered": list(conversion["entered"]), "Went on": list(conversion["went_on"]), "Lost": list(conversion["lost"]), "Still open": list(conversion["in_progress"]),
            "Conversion": [float(v) if v is not None else None for v in conversion["conversion"]],
            "95 % interval": [words.interval(row.low, row.high, "%") if row.low is not None else "" for row in conversion.itertuples()],
            "Median stay": [float(clock["median"][s]) if s in clock.index and clock["median"][s] is not None else None for s in conversion["stage"]],
            "Exit criteria": [getattr(kept.get(s), "exit_criteria", None) for s in conversion["stage"]],
        }  # fmt: skip
        table(data, "sales-process-stages", units={"Conversion": "%", "Median stay": "days"})
        quiet("Conversion: went on or won, of those no longer in the stage. Median stay counts deals still there for as long as they have been (Kaplan-Meier, all history).")


def waiting(view: View) -> None:
    """The deals that stand still."""
    found = deals.stale(view)
    with st.container(border=True):
        codes = {row["currency"] for row in found if row["amount_minor"] is not None}
        money = f" worth {words.money(sum(row['amount_minor'] or 0 for row in found), codes.copy().pop())}" if len(codes) == 1 else ""
        headline(f"{len(found):,} open deals stand still{money}" if found else "No open deal stands still")
        if not found:
            return
        owners = sorted({row["owner"] for row in found if row["owner"]})
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            owner = st.selectbox("Owner", [None, *owners], format_func=lambda o: "all owners" if o is None else o, key="sales-process-owner", label_visibility="collapsed", width=220)
            stage = st.selectbox("Stage", [None, *sorted({str(row["stage"]) for row in found})], format_func=lambda s: "all stages" if s is None else s, key="sales-process-stage", label_visibility="collapsed", width=180)
        mine = [row for row in found if owner in (None, row["owner"]) and stage in (None, str(row["stage"]))]
        code = next(iter(codes)) if len(codes) == 1 else ""
        data = {
            "Why": [r["why"] for r in mine], "Amount": [float(r["amount_minor"]) if r["amount_minor"] is not None else None for r in mine], "Deal": [r["name"] or r["deal_id"] for r in mine], "Stage": [r["stage"] for r in mine], "Owner": [r["owner"] for r in mine],
            "Days in stage": [round(r["days"]) if r["days"] is not None else None for r in mine], "Expected close": [r["expected_close_at"].date() if r["expected_close_at"] else None for r in mine], "Segment": [r["segment"] for r in mine], "Number": [r["deal_id"] for r in mine],
        }  # fmt: skip
        if not code:
            data["Currency"] = [r["currency"] for r in mine]
        picked = table(data, "sales-process-stale", units={"Amount": code} if code else {}, height=300, clicks=True, alt="Open deals that stand still, the largest first")
        if picked is not None:
            deal = mine[picked]
            rule = next((row for row in records("sales_stage") if row.name == deal["stage"]), None)
            st.markdown(f"**{escape(deal['name'] or deal['deal_id'])}**")
            quiet(deal["why"])
            for label, text in (("To do in this stage", getattr(rule, "actions", None)), ("It may move on when", getattr(rule, "exit_criteria", None))):
                if text:
                    quiet(f"{label}: {text}")
