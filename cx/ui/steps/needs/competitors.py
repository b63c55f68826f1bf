"""Competitors: rated on what buyers compare, ourselves beside them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from cx import scorecard
from cx.analytics.estimate import Estimate
from cx.blueprint.catalogue import KPIS
from cx.records import lookup
from cx.ui import charts, kept
from cx.ui import format as words
from cx.ui.bench import headline
from cx.ui.charts import Cell
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import quiet


def show(view: View) -> None:
    """Draw the step."""
    rivals, ratings = lookup.records("competitor"), lookup.frame("competitor_rating")
    if not rivals or ratings.empty:
        with st.container(border=True):
            st.markdown("**Nobody is rated yet**")
            quiet("Add competitors and your own company (mark the row as ours) below, then rate each on what buyers compare, from 1 to 10, with its importance.")
        kept.registers(view, "needs-competitors", "competitor", "competitor_rating")
        return
    ours = next((c.name for c in rivals if c.ours), None)
    grid = compared(ratings, ours)
    headline(sentence(grid, ours))
    left, right = st.columns([5, 4], gap="medium")
    names = [c for c in grid.columns if c not in ("importance", "gap", "best")]
    with left:
        cells = [Cell(str(a), n, Estimate(float(grid.loc[a, n]) if pd.notna(grid.loc[a, n]) else None, n=1)) for a in grid.index for n in names]
        charts.heat("needs-competitors-heat", "Ratings from 1 to 10, the most important first", cells, alt=sentence(grid, ours), counts=False)
    with right:
        if ours:
            known = grid.dropna(subset=["gap"])
            charts.bars("needs-competitors-gap", f"{ours} against the best of the others", [str(a) for a in known.index], [float(v) for v in known["gap"]],
                        tones=["good" if v > 0 else "bad" if v < 0 else "context" for v in known["gap"]], texts=[f"{words.change(v, 'points')} · importance {i:.0f}" for v, i in zip(known["gap"], known["importance"], strict=True)],
                        alt=sentence(grid, ours), note="points ahead (+) or behind (-)")  # fmt: skip
        else:
            quiet("Mark one competitor as our own company to see gaps.")
    _benchmark(view, rivals)
    table(grid.reset_index(), "needs-competitors-table", titles={"best": "best other"})
    kept.registers(view, "needs-competitors", "competitor", "competitor_rating")


def compared(ratings: pd.DataFrame, ours: str | None) -> pd.DataFrame:
    """Attribute x competitor of mean ratings, with importance, the best of the others and our distance to it."""
    grid = ratings.astype({"rating": float, "importance": float}).pivot_table(index="attribute", columns="competitor_label", values="rating", aggfunc="mean")
    grid["importance"] = ratings.astype({"importance": float}).groupby("attribute")["importance"].mean()
    others = [c for c in grid.columns if c not in (ours, "importance")]
    grid["best"] = grid[others].max(axis=1) if others else float("nan")
    grid["gap"] = grid[ours] - grid["best"] if ours in grid.columns else float("nan")
    first = [ours] if ours in grid.columns else []
    return grid.sort_values("importance", ascending=False)[[*first, *others, "importance", "best", "gap"]]


def sentence(grid: pd.DataFrame, ours: str | None) -> str:
    """Where we lead and where the costliest gap lies: distance weighed by importance."""
    known = grid.dropna(subset=["gap"])
    if not ours or known.empty:
        return f"{len(grid)} attributes rated"
    gaps = {str(a): float(g) for a, g in zip(known.index, known["gap"], strict=True)}
    weighed = known["gap"] * known["importance"]
    worst, best = str(weighed.idxmin()), str(weighed.idxmax())
    lead = f"{ours} stands out at {best} ({words.change(gaps[best], 'points')})" if gaps[best] > 0 else f"{ours} leads nowhere"
    return f"{lead}; the costliest gap is {worst} ({words.change(gaps[worst], 'points')})" if gaps[worst] < 0 else lead


def _benchmark(view: View, rivals: list[object]) -> None:
    """Our NPS, measured, beside what is published of others."""
    own = scorecard.read("nps", view.filters, now=view.now)[0]
    groups = [charts.Group("Ours, measured", own.estimate, None, own.hidden)] if own.estimate.n else []
    groups += [charts.Group(str(c.name), Estimate(float(c.nps), unit="points")) for c in rivals if c.nps is not None and not c.ours]  # type: ignore[attr-defined]
    if len(groups) > 1:
        groups.sort(key=lambda g: -(g.estimate.value or 0))
        charts.dots("needs-competitors-nps", "NPS beside published benchmarks", groups, alt="NPS of ours and of competitors", unit="points", target=KPIS["nps"].target)
        sources = [f"{c.name}: {c.nps_source}" for c in rivals if c.nps is not None and c.nps_source]  # type: ignore[attr-defined]
        quiet("Published figures carry no interval. " + " · ".join(sources) if sources else f"Ours: {words.estimate(own.estimate)}")
