"""Touchpoints: the register, what the data shows of each, and those the data knows that nobody registered."""

from __future__ import annotations

import streamlit as st

from cx.records import lookup, writing
from cx.records.journeys import Touchpoint
from cx.ui import kept, touchpoints
from cx.ui.bench import actor, headline
from cx.ui.page import View
from cx.ui.saving import saved
from cx.ui.tables import table
from cx.ui.text import escape, quiet

PHASE = {phase: i for i, phase in enumerate(("Awareness", "Consideration", "Purchase", "Retention", "Advocacy"))}


def show(view: View) -> None:
    """Draw the step."""
    known: list[Touchpoint] = lookup.records("touchpoint")
    seen = touchpoints.seen(view.now, view.filters)
    new = sorted(set(seen) - {t.name for t in known}, key=lambda n: -sum(s.rows for s in seen[n].values()))
    unmeasured = [t.name for t in known if "responses" not in seen.get(t.name, {})]
    ownerless = [t.name for t in known if not t.owners]
    parts = [f"{len(known)} touchpoints registered"]
    parts += [f"{len(new)} seen in the data but not registered"] if new else []
    parts += [f"{len(unmeasured)} without a survey answer in the period: {', '.join(unmeasured[:3])}"] if unmeasured and known else []
    parts += [f"{len(ownerless)} without an owner"] if ownerless else []
    headline("; ".join(parts))
    if new:
        _discovered(view, new, seen)
    if known:
        _table(view, known, seen)
    elif not new:
        quiet("Nothing is registered and the data names no touchpoint: add the first one below, or upload interactions or answers with a touchpoint.")
    kept.registers(view, "journeys-touchpoints", "touchpoint", "technology")


def _discovered(view: View, new: list[str], seen: dict[str, dict[str, touchpoints.Seen]]) -> None:
    """One click adds what the data shows, with the channel and team it is mostly seen with."""
    with st.container(border=True):
        st.markdown("**Seen in the data, not in the register**")
        habits = touchpoints.habits(view.now)
        with st.container(horizontal=True, gap="small"):
            for name in new[:12]:
                rows = sum(s.rows for s in seen[name].values())
                if st.button(f"{escape(name)} ({rows:,})", icon=":material/add:", key=f"journeys-touchpoints-add-{name}") and _add(view, [name], habits):
                    st.rerun()
            if len(new) > 1 and st.button(f"Add all {len(new)}", type="primary", key="journeys-touchpoints-all") and _add(view, new, habits):
                st.rerun()


def _add(view: View, names: list[str], habits: dict[str, dict[str, str]]) -> bool:
    seen = touchpoints.seen(view.now, view.filters)

    def deed() -> bool:
        with writing.unit() as session:
            for name in names:
                habit, sources = habits.get(name, {}), seen.get(name, {})
                measured = "survey" if "responses" in sources else "tickets" if "tickets" in sources else "interactions"
                values = {"name": name, "channel": habit.get("channel"), "owners": [habit["team"]] if habit.get("team") else [], "measured_by": measured, "audience": "customer"}
                writing.create("touchpoint", values, actor(view), session=session)
        return True

    return bool(saved(deed, f"Added {', '.join(names[:3])}"))


def _table(view: View, known: list[Touchpoint], seen: dict[str, dict[str, touchpoints.Seen]]) -> None:
    scores = touchpoints.scores(view)
    systems = lookup.labels("technology")

    def value(name: str, key: str) -> float | None:
        reading = scores.get(name, {}).get(key)
        return reading.estimate.value if reading and not reading.hidden else None

    rows = []
    for t in sorted(known, key=lambda t: (PHASE.get(t.phase or "", 9), t.name)):
        facts = seen.get(t.name, {})
        rows.append({
            "phase": t.phase, "touchpoint": t.name, "channel": t.channel, "online": "online" if t.online else "offline", "volume": facts["interactions"].rows if "interactions" in facts else None,
            "answers": facts["responses"].rows if "responses" in facts else None, "tickets": facts["tickets"].rows if "tickets" in facts else None,
            "CSAT": value(t.name, "csat"), "ease": value(t.name, "ease"), "last seen": max((s.last.date() for s in facts.values() if s.last), default=None),
            "measured by": t.measured_by, "owners": ", ".join(t.owners or []), "audience": t.audience, "system": systems.get(t.technology_id or 0, ""),
        })  # fmt: skip
    table(rows, "journeys-touchpoints-table", units={"CSAT": "%", "ease": "points"}, alt="Touchpoints by phase with volume and scores")
