"""Records that are no answers: previews, tests, partials, spam, totals. They are left out and counted."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from cx.intake.cells import nothing, repeated
from cx.intake.plan import Exclusion
from cx.intake.words import plain

FEW = 5000


def reasons(rules: Sequence[Exclusion], frame: pl.DataFrame) -> pl.Series:
    """Why each record is left out, null where it is not; the first rule that holds names the reason."""
    out = repeated(None, frame.height, pl.String, "reason")
    for rule in rules:
        out = out.set(_hit(rule, frame[str(rule.index)]) & out.is_null(), rule.reason)
    return out


def kept(rules: Sequence[Exclusion], frame: pl.DataFrame) -> pl.DataFrame:
    """The records that no rule leaves out."""
    return frame.filter(reasons(rules, frame).is_null()) if rules else frame


def _hit(rule: Exclusion, cells: pl.Series) -> pl.Series:
    cells = cells.str.strip_chars()
    words = set(rule.values) | {plain(v) for v in rule.values if v}
    starts = tuple(v[:-1] for v in rule.values if v.endswith("*"))
    distinct = cells.unique()
    if len(distinct) > FEW and not starts:  # a column of moments, say: only exact values can be meant
        hit = cells.is_in(list(rule.values))
    else:
        matching = [v for v in distinct.to_list() if v in words or (v and plain(v) in words) or (starts and plain(v).startswith(starts))]
        hit = cells.is_in(matching) if matching else nothing(len(cells))
    return ~hit if rule.unless else hit
