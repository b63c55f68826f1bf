"""Coverage: which touchpoints are heard through which source, and which through none."""

from __future__ import annotations

import streamlit as st

from cx.analytics.estimate import Estimate
from cx.records import lookup
from cx.settings import settings
from cx.ui import charts, kept, touchpoints
from cx.ui.bench import headline
from cx.ui.charts import Cell
from cx.ui.page import View, page
from cx.ui.tables import table
from cx.ui.text import quiet


def show(view: View) -> None:
    """Draw the step."""
    seen = touchpoints.seen(view.now, view.filters)
    known = [t.name for t in lookup.records("touchpoint")]
    names = list(dict.fromkeys([*known, *sorted(seen)]))
    if not names:
        quiet("Neither the register nor the data names a touchpoint yet.")
        st.page_link(page("data"), label="Upload interactions, answers or tickets", icon=":material/upload_file:")
        kept.registers(view, "journeys-collection", "touchpoint")
        return
    few = settings().minimum_group
    silent = [n for n in names if n not in seen]
    unheard = [n for n in names if n in seen and seen[n].get("responses", touchpoints.Seen(0, 0, None)).customers < few]
    names.sort(key=lambda n: (sum(s.rows for k, s in seen.get(n, {}).items() if k == "responses"), sum(s.rows for s in seen.get(n, {}).values())))
    headline(sentence(names, silent, unheard, seen))
    left, right = st.columns([4, 5], gap="medium")
    with left:
        cells = [Cell(n, touchpoints.TITLES[s], Estimate(float(seen[n][s].rows) if s in seen.get(n, {}) else None, n=seen[n][s].rows if s in seen.get(n, {}) else 0)) for n in names for s in touchpoints.SOURCES]
        charts.heat("journeys-coverage", "Rows in the period by touchpoint and source, the least heard first", cells, alt=sentence(names, silent, unheard, seen), counts=False, note="n/a: never seen in this source, a blind spot")
    with right:
        rows = [{"touchpoint": n, "blind spot": "not seen at all" if n in silent else "never asked" if n in unheard else "", **{f"{touchpoints.TITLES[s].lower()}, last": last.date() if (last := seen.get(n, {}).get(s, touchpoints.Seen(0, 0, None)).last) else None for s in ("interactions", "responses", "tickets")},
                 "registered": "yes" if n in known else "no"} for n in names]  # fmt: skip
        table(rows, "journeys-coverage-rows")
    blind = [n for n in names if n in unheard]
    if blind:
        volume = {n: sum(s.rows for s in seen[n].values()) for n in blind}
        worst = max(blind, key=lambda n: volume[n])
        quiet(f"Begin with {worst}: {volume[worst]:,} rows a period and {seen[worst].get('responses', touchpoints.Seen(0, 0, None)).rows or 'no'} answers. Define a survey for it.")
        st.page_link(page("needs"), label="Define a survey", icon=":material/add_comment:", query_params={"step": "collection"})
    kept.registers(view, "journeys-collection", "touchpoint")


def sentence(names: list[str], silent: list[str], unheard: list[str], seen: dict[str, dict[str, touchpoints.Seen]]) -> str:
    """How many touchpoints nobody measures, and the busiest of them."""
    if not silent and not unheard:
        return f"All {len(names)} touchpoints are heard through a survey"
    parts = []
    if unheard:
        busy = max(unheard, key=lambda n: sum(s.rows for s in seen[n].values()))
        parts.append(f"{len(unheard)} of {len(names)} touchpoints are used but never asked about, the busiest is {busy}")
    if silent:
        parts.append(f"{len(silent)} {'leave' if len(silent) > 1 else 'leaves'} no trace in the data: {', '.join(silent[:3])}")
    return "; ".join(parts)
