"""Experiments that test a need: numbers entered or counted in the data, the right test, and the verdict it supports."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from scipy import stats

from cx.analytics.contingency import proportions
from cx.analytics.estimate import CONFIDENCE, Estimate
from cx.analytics.finding import Finding, figure, magnitude, refused, said
from cx.analytics.sample_size import per_group_for_means, per_group_for_shares
from cx.analytics.segment_rules import parse, predicate
from cx.errors import CxError
from cx.facts import engine
from cx.facts.history import Revision
from cx.records.needs import Experiment

TIME = {"responses": "answered_at", "interactions": "happened_at"}
Side = tuple[int, float, float]  # n, successes or mean, standard deviation


def needed(kind: str, baseline: float | None, effect: float | None, spread: float | None, power: float = 0.8) -> tuple[int | None, str]:
    """Observations needed a group to find the smallest effect worth finding at 5 %, or the reason why there is none."""
    if baseline is None or not effect:
        return None, "give a baseline and the smallest effect worth finding"
    try:
        if kind == "proportion":
            return per_group_for_shares(baseline, baseline + effect, power=power), ""
        if not spread:
            return None, "give a standard deviation"
        return per_group_for_means(effect, spread, power=power)[0], ""
    except CxError as refused_:
        return None, str(refused_)


def trial(kind: str, control: Side, test: Side, what: str = "the metric") -> Finding:
    """The test of two groups from their summaries: shares by chi-square or Fisher, means by Welch's t.

    A side is (n, successes, 0) for shares and (n, mean, standard deviation) for means.
    """
    (n1, v1, s1), (n2, v2, s2) = control, test
    if kind == "proportion":
        if not (0 <= v1 <= n1 and 0 <= v2 <= n2):
            return refused("chi-square test", "two shares", "successes must lie between 0 and the number of each group", n1 + n2)
        return proportions((round(v1), round(v2)), (n1, n2), ("control", "test"), what)
    if min(n1, n2) < 2 or s1 <= 0 or s2 <= 0:
        return refused("Welch's t test", "two means", "each group needs two observations or more and a standard deviation above 0", n1 + n2)
    result = stats.ttest_ind_from_stats(v2, s2, n2, v1, s1, n1, equal_var=False)
    a, b = s1**2 / n1, s2**2 / n2
    df = (a + b) ** 2 / (a**2 / (n1 - 1) + b**2 / (n2 - 1))
    half = float(stats.t.ppf(0.5 + CONFIDENCE / 2, df)) * math.sqrt(a + b)
    gap, p = v2 - v1, float(result.pvalue)
    d = gap / math.sqrt(((n1 - 1) * s1**2 + (n2 - 1) * s2**2) / (n1 + n2 - 2))
    size = magnitude(d, 0.2, 0.5, 0.8)
    text = f"{what} is {figure(abs(gap))} {'higher' if gap > 0 else 'lower'} in the test group than in control ({said(p)}; a {size} effect)." if p < 0.05 else f"No difference in {what} could be shown ({said(p)})."
    effect = Estimate(gap, gap - half, gap + half, n1 + n2)
    return Finding("Welch's t test", "two means from summaries, spreads allowed to differ", p, text, float(result.statistic), (float(df),), effect, "difference of means",
                   Estimate(float(d), n=n1 + n2), "Cohen's d", size, None, n1 + n2)  # fmt: skip


def verdict(row: Experiment, found: Finding) -> tuple[str, str]:
    """confirmed, rejected or testing, with the reason: the effect must lie the way of the smallest effect worth finding.

    Rejected needs the planned sample: a small study that shows nothing shows nothing.
    """
    if found.p is None or found.effect is None or found.effect.value is None:
        return "testing", found.sentence
    right = (found.effect.value > 0) == ((row.effect or 1) > 0)
    smallest = min(row.control_n or 0, row.test_n or 0)
    if found.significant:
        return ("confirmed", "the effect lies the way it was expected") if right else ("rejected", "the effect lies the other way")
    if row.sample and smallest >= row.sample:
        return "rejected", f"the planned {row.sample:,} a group were reached and no effect was found"
    return "testing", f"no effect yet, with {smallest:,} of {row.sample:,} a group" if row.sample else "no effect yet, and no sample size was planned"


def counted(now: Revision, dataset: str, rule: Mapping[str, Any], start: date | None, end: date | None) -> tuple[Side, Side]:
    """Both sides counted in the facts.

    `rule`: `control` and `test` are segment rules over the columns of the dataset; `success` such a rule (a share), or
    `value` the name of a number (a mean). Rows without a customer count each for itself; a customer counts once.
    """
    table = engine.tables()[dataset]
    moment = table[TIME[dataset]]
    if start:
        table = table.filter(moment >= datetime.combine(start, time()))
    if end:
        table = table.filter(table[TIME[dataset]] <= datetime.combine(end, time.max))
    sides: list[Side] = []
    for name in ("control", "test"):
        chosen = table.filter(predicate(parse(rule[name]), table))
        if rule.get("value"):
            x = chosen[rule["value"]].cast("float64")
            row = engine.rows(chosen.aggregate(n=x.count(), mean=x.mean(), spread=x.std(how="sample")), now=now)[0]
            sides.append((int(row["n"]), float(row["mean"] or 0), float(row["spread"] or 0)))
        else:
            met = predicate(parse(rule["success"]), chosen)
            people = chosen.mutate(_met=met.cast("int8"), _who=chosen["customer_id"].fill_null(chosen["key"])).group_by("_who").aggregate(_met=lambda t: t["_met"].max())
            row = engine.rows(people.aggregate(n=people.count(), hits=people["_met"].sum().fill_null(0)), now=now)[0]
            sides.append((int(row["n"]), float(row["hits"]), 0.0))
    return sides[0], sides[1]
