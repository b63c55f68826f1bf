"""Brand promise: each promise held against scores at its touchpoint, the tone of mentions and the words customers use."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cx import scorecard
from cx.analytics.estimate import Estimate
from cx.analytics.measure import Scope
from cx.blueprint.catalogue import KPIS, kpi
from cx.errors import MeasureError
from cx.facts import engine
from cx.records.lookup import records
from cx.ui import format as words
from cx.ui import readings, verbatims
from cx.ui.bench import headline
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import quiet


def show(view: View) -> None:
    """Draw the step."""
    promises = [row for row in records("brand_promise") if row.kind == "promise"]
    if promises:
        held(view, promises)
    else:
        quiet("No promise is written down yet. Write below what the brand says, where customers live through it and the words that speak of it; it is then held against what they say.")
    spoken(view)
    emotions()
    registers(view, "marketing-brand", "brand_promise", "touchpoint")


def held(view: View, promises: list[Any]) -> None:
    """A row a promise: score, tone, comments, verdict."""
    rows = [judged(view, row) for row in promises]
    broken = [row for row in rows if row["verdict"] == "broken"]
    with st.container(border=True):
        headline(f"{len(broken)} of {len(rows)} promises are broken: {'; '.join(row['promise'] for row in broken[:2])}" if broken else f"None of {len(rows)} promises is clearly broken")
        picked = table(
            {"Promise": [r["promise"] for r in rows], "Verdict": [r["verdict"] for r in rows], "Touchpoint": [r["touchpoint"] for r in rows], "Score": [r["score"] for r in rows], "Target": [r["target"] for r in rows],
             "95 % interval": [r["interval"] for r in rows], "Tone of mentions": [r["tone"] for r in rows], "Comments on it": [r["comments"] for r in rows], "low ones": [r["low"] for r in rows], "Emotion to evoke": [r["emotion"] for r in rows]},
            "marketing-brand-promises", clicks=True, help={"Verdict": "broken: the whole interval lies on the wrong side of the target", "Tone of mentions": "-1 to 1, of mentions at this touchpoint"},
        )  # fmt: skip
        quiet("kept or broken: the whole interval lies on one side of the target; open: it does not, or there is no target.")
        if picked is not None and rows[picked]["touchpoint"]:
            verbatims.show(view, "marketing-brand-said", {"touchpoint": rows[picked]["touchpoint"]}, f"What customers say at {rows[picked]['touchpoint']}")


def judged(view: View, row: Any) -> dict[str, Any]:
    """One promise against its KPI (satisfaction where it names none) at its touchpoint."""
    key = row.kpi if row.kpi in KPIS else "csat"
    e = at_touchpoint(view, key, row.touchpoint)
    goal = row.target if row.target is not None else readings.aimed(view, key).target
    verdict = "open"
    if goal is not None and e.low is not None and e.high is not None:
        high_is_good = KPIS[key].better != "lower"
        verdict = "kept" if (e.low >= goal if high_is_good else e.high <= goal) else "broken" if (e.high < goal if high_is_good else e.low > goal) else "open"
    comments, low = speak(view, row.words)
    tone = at_touchpoint(view, "mention_sentiment", row.touchpoint) if "mention_sentiment" in KPIS and row.touchpoint else None
    return {"promise": row.promise, "touchpoint": row.touchpoint, "score": f"{KPIS[key].title} {words.value(e.value, e.unit)}" if e.value is not None else e.warning or words.MISSING, "target": words.value(goal, e.unit) if goal is not None else None,
            "interval": words.interval(e.low, e.high, e.unit), "tone": words.number(tone.value, 2) if tone and tone.value is not None else None, "comments": comments, "low": low, "emotion": row.emotion, "verdict": verdict}  # fmt: skip


def at_touchpoint(view: View, key: str, touchpoint: str | None) -> Estimate:
    """A KPI at one touchpoint; the whole where it cannot be told apart."""
    try:
        if touchpoint is None:
            return scorecard.read(key, view.filters, now=view.now)[0].estimate
        found = {r.key("touchpoint"): r.estimate for r in scorecard.read(key, view.filters, ("touchpoint",), now=view.now)}
    except MeasureError as error:
        return Estimate(None, warning=str(error))
    return found.get(touchpoint, Estimate(None, warning="nobody answered there"))


def speak(view: View, terms: list[str]) -> tuple[int, int]:
    """How many comments use one of the words, and how many of these came with a low score."""
    if not terms or not view.now.rows("responses"):
        return 0, 0
    from cx.ui.low_scores import is_low

    tables, _ = view.filters.apply(engine.tables())
    table_ = Scope(view.filters.start, view.filters.end).during(tables["responses"], "answered_at").filter(lambda t: t["comment"].notnull())
    hit = table_["comment"].lower().contains(terms[0].lower())
    for term in terms[1:]:
        hit = hit | table_["comment"].lower().contains(term.lower())
    said = table_.filter(hit)
    bad = is_low(said["score"], said["metric"].fill_null(""), said["scale_min"], said["scale_max"].nullif(said["scale_min"]), said["higher_is_better"].fill_null(True))
    found = engine.rows(said.aggregate(n=said.count(), low=bad.fill_null(False).cast("int64").sum()), now=view.now)[0]
    return int(found["n"]), int(found["low"] or 0)


def spoken(view: View) -> None:
    """The tone of mentions over time and by touchpoint."""
    if not view.now.rows("mentions"):
        quiet("The tone of mentions is read from reviews and mentions; there are none yet.")
        return
    left, right = st.columns([6, 5], gap="small")
    key = "mention_negative" if "mention_negative" in KPIS else "mention_volume"
    if key not in KPIS:
        return
    with left.container(border=True, height="stretch"):
        e = scorecard.read(key, view.filters, now=view.now)[0].estimate
        readings.trend(view, kpi(key), f"{words.value(e.value, e.unit)} of mentions are negative" if e.value is not None and e.unit == "%" else kpi(key).title, "marketing-brand-trend")
    with right.container(border=True, height="stretch"):
        readings.compare_groups(view, kpi(key), "touchpoint", "marketing-brand-touchpoints")


def emotions() -> None:
    """The emotion each touchpoint should evoke, where somebody wrote it down."""
    wanted = [(row.touchpoint, row.emotion, row.promise) for row in records("brand_promise") if row.touchpoint and row.emotion]
    if wanted:
        with st.container(border=True):
            headline(f"{len({t for t, _, _ in wanted})} touchpoints have an emotion to evoke")
            table({"Touchpoint": [t for t, _, _ in wanted], "Emotion": [e for _, e, _ in wanted], "because we say": [p for *_, p in wanted]}, "marketing-brand-emotions", csv=False)
