"""Alerts: what nobody has settled, the history, the rules, and what a rule would have raised in the last twelve months."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import streamlit as st

from cx import alerts
from cx.blueprint.catalogue import KPIS
from cx.records.lookup import records
from cx.records.writing import update
from cx.ui import bench, charts, kpi_link
from cx.ui import format as words
from cx.ui.fields import Fields
from cx.ui.kept import registers
from cx.ui.page import View, page
from cx.ui.tables import table
from cx.ui.text import escape, outside, quiet

PARTS = {"open": "Open", "history": "History", "test": "Test run", "rules": "Rules"}


def show(view: View) -> None:
    """Draw the page."""
    st.title("Alerts", anchor=False)
    rules, at = records("alert_rule"), datetime.now(UTC)
    standing, silent = alerts.standing(at), alerts.silent(at)
    if not rules:
        bench.headline("No rule watches a number yet")
        quiet("A rule names a KPI, where to look, and when to speak up: below a threshold, off target, a significant change, or a control-chart rule broken. Add the first one.")
        registers(view, "alerts", "alert_rule")
        return
    new = sum(f.status == "open" for f in standing)
    bench.headline(f"{new} of {len(standing)} open alerts wait for somebody: {standing[0].name}" if new else f"Nothing waits; {len(rules)} rules watch")
    looked = records("alert_look")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if st.button("Look now", icon=":material/refresh:", key="alerts-look", disabled=not view.member.may("contributor")):
            bench.saved(lambda: alerts.look(datetime.now(UTC), view.now), "The rules were looked at")
        quiet((f"Last looked {words.moment(looked[0].looked_at)}" if looked else "Not looked at yet") + (", data came since then" if alerts.due(view.now) and looked else "") + (f" · {len(silent)} kept silent in quiet hours" if silent else ""))
    part = st.segmented_control("Part", list(PARTS), format_func=PARTS.__getitem__, default="open", key="alertpart", bind="query-params", required=True, label_visibility="collapsed") or "open"
    if part == "open":
        _open(view, standing)
    elif part == "history":
        _history()
    elif part == "test":
        _tried(view, rules)
    else:
        _mute(view, rules)
        registers(view, "alerts", "alert_rule")


def _open(view: View, standing: list[Any]) -> None:
    if not standing:
        quiet("No alert is open. Rules are looked at after each import; Look now does so at once.")
    for f in standing:
        with st.container(border=True):
            st.markdown(f"**{escape(f.name)}** · {'waits for somebody' if f.status == 'open' else f.status}")
            outside(f.sentence)
            quiet(" · ".join(p for p in (f"since the period from {words.day(f.starts_on)}", words.plural(f.periods, "period"), f"acknowledged by {f.acknowledged_by}" if f.acknowledged_by else "", f.note or "") if p))
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                kpi_link.link(f.kpi)
                kpi_link.control(f.kpi)
                st.page_link(page("actions"), label="File an action", icon=":material/add_task:", query_params={"new": "1", "kpi": f.kpi})
                if view.member.may("contributor"):
                    box = st.popover("Answer it", icon=":material/check:", type="tertiary", key=f"alert-answer-{f.id}", on_change="rerun")
                    if box.open:
                        with box:
                            _answer(view, f)


def _answer(view: View, f: Any) -> None:
    form = Fields()
    with st.form(f"alert-{f.id}-{f.version}", border=False):
        note = form("note").text_input("Note", f.note or "", key=f"alert-note-{f.id}-{f.version}")
        with st.container(horizontal=True, gap="small"):
            seen = st.form_submit_button("Acknowledge", disabled=f.status != "open")
            done = st.form_submit_button("Resolve")
    now, who = datetime.now(UTC), view.member.name
    if seen:
        values = {"status": "acknowledged", "acknowledged_by": who, "acknowledged_at": now, "note": note or None}
        bench.saved(lambda: update("alert_firing", f.id, values, f.version, bench.actor(view)), "Acknowledged", form)
    if done:
        values = {"status": "resolved", "resolved_by": who, "resolved_at": now, "note": note or None}
        bench.saved(lambda: update("alert_firing", f.id, values, f.version, bench.actor(view)), "Resolved", form)


def _history() -> None:
    found = records("alert_firing")
    if not found:
        quiet("Nothing has fired yet.")
        return
    table([{"fired": f.fired_at, "alert": f.name, "where": f.place or "everywhere", "from": f.starts_on, "to": f.latest_on, "what was seen": f.sentence, "status": f.status, "acknowledged by": f.acknowledged_by, "resolved by": f.resolved_by, "note": f.note} for f in found], "alerts-history")  # fmt: skip


def _tried(view: View, rules: list[Any]) -> None:
    rule = bench.choose("Rule", rules, "tried", lambda r: r.name)
    if rule.kpi not in KPIS:
        quiet("Its KPI is not in the catalogue.")
        return
    seen = alerts.replay(rule, view.now)
    judged, fired = [s for s in seen if not s.reason], [s for s in seen if s.fires]
    chance = alerts.by_chance(rule, seen)
    said = f"{rule.name} would have fired in {len(fired)} of {len(judged)} {rule.grain}s of the last 12 months"
    unit = KPIS[rule.kpi].unit
    samples = [charts.Sample(s.start, float(s.estimate.value or 0), s.center if s.center is not None else float(s.estimate.value or 0), s.low, s.high, (s.signals or (rule.condition.replace("_", " "),)) if s.fires else ()) for s in judged]
    charts.control("alerts-tried", said, samples, alt=said, unit="" if unit.startswith("currency") else unit, height=260)
    if chance is not None:
        quiet(f"Were nothing but chance at work it would have fired about {chance:.1f} times.")
    if fired:
        table([{"from": s.start.date(), "what it would have said": s.sentence} for s in fired], "alerts-tried-table")
    unjudged = {s.reason for s in seen if s.reason}
    if unjudged:
        quiet(f"{len(seen) - len(judged)} {rule.grain}s could not be judged: {'; '.join(sorted(unjudged)[:3])}")


def _mute(view: View, rules: list[Any]) -> None:
    form = Fields()
    with st.form("alerts-mute"), st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        name = st.selectbox("Mute", [r.name for r in rules])
        until = form("muted_until").date_input("until, or empty to speak again", None)
        if st.form_submit_button("Save", disabled=not view.member.may("manager")):
            rule = next(r for r in rules if r.name == name)
            bench.saved(lambda: update("alert_rule", rule.id, {"muted_until": until}, rule.version, bench.actor(view)), "Muted" if until else "Speaks again", form)
