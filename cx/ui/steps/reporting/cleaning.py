"""Data quality: a score by dimension that opens the failing rows, customers who stand twice, gaps and outliers."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cx.analytics.data_quality import DIMENSIONS, Outcome
from cx.analytics.estimate import Estimate, undefined
from cx.facts import engine
from cx.facts.datasets import DATASETS
from cx.facts.filters import Filters
from cx.facts.history import Revision
from cx.ui import bench, charts, data_quality, duplicates, variables
from cx.ui import format as words
from cx.ui.empty import nothing_yet
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.remember import remembered
from cx.ui.tables import table
from cx.ui.text import quiet

PARTS = {"score": "Score and rows", "duplicates": "Customers twice", "gaps": "Gaps and outliers"}


def show(view: View) -> None:
    """Draw the step."""
    if not variables.usable(view):
        nothing_yet("data quality")
        registers(view, "reporting-cleaning", "customer_merge")
        return
    part = st.segmented_control("Part", PARTS, format_func=PARTS.__getitem__, default="score", key="clean", bind="query-params", required=True, label_visibility="collapsed") or "score"
    {"score": score, "duplicates": twice, "gaps": gaps}[part](view)
    registers(view, "reporting-cleaning", "customer_merge")


def score(view: View) -> None:
    """The score, dataset by dimension, and the rules with the rows behind."""
    found = data_quality.outcomes(view)
    scores = data_quality.scores(view, found)
    whole = {d: [s[d] for s in scores.values() if s[d] is not None] for d in (*DIMENSIONS, "overall")}
    mean = {d: sum(v) / len(v) if v else None for d, v in whole.items()}  # type: ignore[arg-type]
    broken = sorted((o for o in found if o.failed), key=lambda o: -o.failed)
    failed = sum(o.failed for o in broken)
    overall = words.value(mean["overall"], "%", 1)
    bench.headline(f"Data quality is {overall}; {len(broken)} of {len(found)} rules are broken, most often of {DATASETS[broken[0].dataset].title.lower()}: {broken[0].title} ({broken[0].failed:,} rows fail)" if broken else f"Data quality is {overall}; every rule is kept")
    bench.tiles("reporting-cleaning-tiles", [("Overall", overall, f"{failed:,} findings"), *((d.capitalize(), words.value(mean[d], "%", 1), f"{sum(o.failed for o in found if o.dimension == d):,} findings" if d != "timeliness" else "age against what is asked") for d in DIMENSIONS)])
    rows = {n: sum(o.judged for o in found if o.dataset == n) for n in scores}
    cells = [charts.Cell(DATASETS[n].title, d.capitalize(), Estimate(s[d], n=rows[n], unit="%") if s[d] is not None else undefined("no rule", "%")) for n, s in scores.items() for d in (*DIMENSIONS, "overall")]
    low = min(((s[d], n, d) for n, s in scores.items() for d in DIMENSIONS if s[d] is not None), default=None)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        picked = charts.heat("reporting-cleaning-heat", f"Weakest: {low[2]} of {DATASETS[low[1]].title.lower()}, {words.value(low[0], '%')}" if low else "Score by dataset", cells, alt="Data quality by dataset and dimension", unit="%", center=95, counts=False, clicks=True,
                             note="share of rows that keep the rules of a dimension, rules weighing alike; timeliness is 100 % while the latest row is as fresh as its owner asks")  # fmt: skip
    with right:
        chosen = [o for o in broken if not picked or (DATASETS[o.dataset].title == picked[0] and (o.dimension == picked[1].lower() or picked[1] == "Overall"))]
        rules(view, chosen)


def rules(view: View, broken: list[Outcome]) -> None:
    """The broken rules; choosing one opens the rows."""
    if not broken:
        quiet("No row breaks a rule here.")
        return
    picked = table({"dataset": [DATASETS[o.dataset].title for o in broken], "rule": [o.title for o in broken], "failing": [o.failed for o in broken], "of": [o.judged for o in broken]},
                   "reporting-cleaning-rules", clicks=True, height=360, alt="Rules that rows break")  # fmt: skip
    if picked is None or picked >= len(broken):
        quiet("Choose a rule to open the rows that break it; a cell of the map narrows the list.")
        return
    chosen = broken[picked]
    found = data_quality.behind(view, chosen)
    bench.headline(f"{chosen.failed:,} rows of {DATASETS[chosen.dataset].title.lower()} break: {chosen.title}")
    table(found, "reporting-cleaning-rows", height=320)
    quiet("batch_id and line name the import and the line of its file: mend it at the source and upload it again; the mended rows replace these.")


def twice(view: View) -> None:
    """Customers who stand twice."""
    if not view.now.rows("customers"):
        quiet("Duplicates are looked for among the customers; there are none yet.")
        return
    duplicates.show(view, "reporting-cleaning-twice")


def gaps(view: View) -> None:
    """What is missing in a dataset, and numbers far from all others."""
    name = st.selectbox("Dataset", variables.usable(view), format_func=lambda n: DATASETS[n].title, key="cleanset", bind="query-params", width=260)
    total, missing, far = _gaps(view.now, view.filters, name)
    if not total:
        quiet("No rows in this period and selection.")
        return
    left, right = st.columns(2, gap="medium")
    with left:
        ranked = sorted(missing.items(), key=lambda p: -p[1])
        some = [(n, m) for n, m in ranked if 0 < m < total][:14]
        never = [n for n, m in ranked if m == total]
        charts.bars("reporting-cleaning-missing", f"Most often empty: {some[0][0]}, {100 * some[0][1] / total:.0f} % of {total:,} rows" if some else "No column has gaps", [n for n, _ in some], [100 * m / total for _, m in some], unit="%", alt="Share of rows without a value by column", texts=[f"{100 * m / total:.1f} % · {m:,}" for _, m in some], note=f"never filled: {', '.join(never)}" if never else "")
    with right:
        bench.headline(f"{sum(r['far'] for r in far):,} values lie far from all others" if far else "No number lies far from the others")
        if far:
            picked = table({"column": [r["column"] for r in far], "far out": [r["far"] for r in far], "lower fence": [r["low"] for r in far], "upper fence": [r["high"] for r in far], "lowest": [r["least"] for r in far], "highest": [r["most"] for r in far]}, "reporting-cleaning-far", clicks=True)
            quiet("Far out: beyond three times the middle half from its ends (Tukey's outer fences). Skewed numbers such as amounts have some by nature; look before mending.")
            if picked is not None and picked < len(far):
                outliers(view, name, far[picked])


def outliers(view: View, name: str, row: dict[str, Any]) -> None:
    """The rows beyond the fences."""
    facts, column = variables.selected(view, name), row["column"]
    found = facts.filter((facts[column] < row["low"]) | (facts[column] > row["high"]))
    kind = DATASETS[name]
    columns = [column, *(c for c in ("batch_id", "line", *kind.types) if c != column and c not in kind.personal)]
    rows = engine.rows(found.order_by(found[column].desc()).select(*columns).limit(500), now=view.now)
    table([{c: r[c] for c in columns if any(x[c] is not None for x in rows)} for r in rows], "reporting-cleaning-outliers", height=280)


@remembered
def _gaps(now: Revision, filters: Filters, name: str) -> tuple[int, dict[str, int], list[dict[str, Any]]]:
    facts, kind = variables.narrowed(name, filters), DATASETS[name]
    row = engine.rows(facts.aggregate(total=facts.count(), **{f"m_{c}": facts[c].isnull().sum().fill_null(0) for c in kind.types}), now=now)[0]
    missing = {c: int(row[f"m_{c}"]) for c in kind.types}
    numbers = [c for c, t in kind.types.items() if t in (int, float) and missing[c] < row["total"] and c not in variables.NOT_NUMBERS and not (name == "responses" and c == "score")]
    far: list[dict[str, Any]] = []
    if numbers:
        q = engine.rows(facts.aggregate(**{f"{p}_{c}": facts[c].cast("float64").quantile(p / 4) for c in numbers for p in (1, 3)}), now=now)[0]
        fences = {c: (q[f"1_{c}"] - 3 * (q[f"3_{c}"] - q[f"1_{c}"]), q[f"3_{c}"] + 3 * (q[f"3_{c}"] - q[f"1_{c}"])) for c in numbers if q[f"1_{c}"] is not None and q[f"3_{c}"] > q[f"1_{c}"]}
        if fences:
            counted = engine.rows(facts.aggregate(**{f"n_{c}": ((facts[c] < a) | (facts[c] > b)).sum().fill_null(0) for c, (a, b) in fences.items()}, **{f"a_{c}": facts[c].min() for c in fences}, **{f"b_{c}": facts[c].max() for c in fences}), now=now)[0]
            far = [{"column": c, "far": int(counted[f"n_{c}"]), "low": a, "high": b, "least": counted[f"a_{c}"], "most": counted[f"b_{c}"]} for c, (a, b) in fences.items() if counted[f"n_{c}"]]
    return int(row["total"]), missing, sorted(far, key=lambda r: -r["far"])
