"""What a survey has brought in so far, looked at anew whenever something arrives."""

from __future__ import annotations

import streamlit as st

from cx.facts import engine
from cx.facts.history import Revision, revision
from cx.settings import settings
from cx.surveys import results
from cx.surveys.results import Standing
from cx.ui import bench, charts
from cx.ui import format as words
from cx.ui.page import View, page
from cx.ui.remember import remembered
from cx.ui.text import outside, quiet

EVERY = 5.0  # seconds between two looks whether something arrived; the look costs one question to the store


def watch(view: View) -> None:
    """Draw the page anew when answers came in since it was drawn."""
    token = view.now.token

    def look() -> None:
        if revision().token != token:
            st.rerun()

    st.fragment(look, run_every=EVERY)()


def show(view: View, standing: Standing) -> None:
    """The score with its interval, how many answered of how many asked, the spread of scores, the latest comments."""
    survey = standing.survey
    if not standing.answers:
        bench.headline(f"{survey.name} has not been answered yet")
        quiet("Look at its form and hand out the link, or ask customers by mail. Answers appear here a few seconds after they were sent.")
        return
    found = results.score(survey, view.now)
    rate = standing.rate
    tiles = [("Answers", f"{standing.answers:,}", f"the last {words.moment(standing.last)} UTC" if standing.last else "")]
    if found is not None:
        title, estimate = found
        note = f"{words.interval(estimate.low, estimate.high, estimate.unit)}, n {estimate.n:,}" if estimate.value is not None and estimate.low is not None and estimate.high is not None else estimate.warning or f"n {estimate.n:,}"
        tiles.insert(0, (title, words.value(estimate.value, estimate.unit), note))
    if rate is not None:
        told = f"{words.interval(rate.low, rate.high, '%')} of {rate.n:,} delivered" if rate.value is not None and rate.low is not None and rate.high is not None else rate.warning
        tiles.append(("Response rate", words.value(rate.value, "%"), told))
    if standing.invited:
        tiles.append(("Invited", f"{standing.invited:,}", f"{standing.answered:,} of them answered here"))
    bench.tiles("surveys-tiles", tiles)
    left, right = st.columns([5, 4], gap="medium")
    with left:
        spread(survey.name, survey.metric, survey.scale_min, survey.scale_max, view.now)
    with right:
        said = results.comments(survey, view.now)
        few = standing.answers < settings().minimum_group
        bench.headline("The latest comments" if said else f"Comments are shown from {settings().minimum_group} answers on" if few else "Nobody has left a comment")
        for one in said:
            with st.container(border=True, gap="xsmall"):
                outside(one["comment"])
                quiet(f"{words.moment(one['answered_at'])} UTC" + (f" · {one['metric']} {one['score']:g}" + (f" of {one['scale_max']:g}" if one["scale_max"] else "") if one["score"] is not None else ""))
    st.page_link(page("data"), label="The batches these answers came in with", icon=":material/upload_file:", help="Each can be taken back there")


def spread(name: str, metric: str, low: int, high: int, now: Revision) -> None:
    """How often each score was given; hidden where they are so few that one could tell whose they are."""
    counts = given(name, metric, now)
    n = sum(counts.values())
    if n < settings().minimum_group:
        quiet(f"How the scores spread is shown from {settings().minimum_group} answers on.")
        return
    title = f"{words.plural(n, 'score')}, most often {max(counts, key=lambda s: (counts[s], s))}"
    if metric == "nps" and (low, high) == (0, 10):
        charts.nps_scale("surveys-spread", title, counts, alt=title)
    elif high - low <= 10:
        charts.scale("surveys-spread", title, counts, alt=title, groups={"Scores": range(low, high + 1)}, tones={"Scores": "data"}, note=words.plural(n, "score"))
    else:
        charts.histogram("surveys-spread", title, [float(s) for s, many in counts.items() for _ in range(min(many, 100))], alt=title)


@remembered
def given(name: str, metric: str, now: Revision) -> dict[int, int]:
    """Score -> how often it was given."""
    table = engine.tables()["responses"]
    table = table.filter(table.survey == name, table.metric == metric, table.score.notnull())
    counted = table.mutate(_score=table.score.round().cast("int64"))
    return {int(row["_score"]): int(row["n"]) for row in engine.rows(counted.group_by("_score").aggregate(n=counted.count()), now=now)}
