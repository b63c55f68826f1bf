"""A wide survey export into rows: one row for each question a respondent answered."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from cx.facts.datasets import DATASETS
from cx.intake.cells import nothing, problem_of, repeated, scored, tidy
from cx.intake.keys import Occurrences, joined
from cx.intake.moments import moments
from cx.intake.plan import SCORES, Column, Plan
from cx.intake.properties import objects

DELIVERED = {
    "delivered": True, "sent": True, "opened": True, "clicked": True, "completed": True, "responded": True, "started": True, "accepted": True, "success": True,
    "bounced": False, "failed": False, "undelivered": False, "undeliverable": False, "rejected": False, "hard bounce": False, "soft bounce": False, "error": False,
    "not delivered": False, "blocked": False, "dropped": False, "true": True, "false": False, "yes": True, "no": False, "1": True, "0": False,
    "zugestellt": True, "nicht zugestellt": False, "failure": False, "invalid": False,
}  # fmt: skip
PLAIN = ("customer_id", "segment", "persona", "channel", "touchpoint", "product", "team", "agent", "country", "survey", "survey_kind", "response_id")
Problems = list[tuple[Column, pl.Series, str]]


def rows(plan: Plan, frame: pl.DataFrame, counts: Occurrences) -> tuple[pl.DataFrame, Problems, int]:
    """(rows, problems by column over the records given, records without any answer).

    A row for each score, text and choice answered; the comment stands beside the first score of its record, or is a text
    of its own. Other columns are properties of each score row, and of the first row of a record without a score. A
    record that answers neither a score nor an open question gives a row for each choice it made.
    """
    problems: Problems = []
    base, questions = _context(plan, frame, problems), []
    for column in plan.columns:
        if column.field in SCORES:
            values, bad = scored(column, frame[str(column.members[0])])
            problems.append((column, bad, problem_of(column, column.field == "nps")))
            questions.append((column, values))
        elif column.field in ("text", "choice"):
            questions.append((column, joined_options(column, frame) if column.labels else _known(tidy(frame[str(column.members[0])]), column)))
    remark = next((c for c in plan.columns if c.field == "comment"), None)
    comment = _known(tidy(frame[str(remark.members[0])]), remark) if remark else repeated(None, frame.height, pl.String)
    good = ~_any([bad for _, bad, _ in problems], frame.height)
    properties = objects(
        [(c.name, joined_options(c, frame) if c.labels else frame[str(c.members[0])]) for c in plan.columns if c.field == "property"], frame.height
    )
    if not any(c.field == "response_id" for c in plan.columns) or base["response_id"].null_count():
        tokens = counts.tokens([frame[str(i)] for i in range(plan.layout.columns)])
        base = base.with_columns(pl.coalesce(pl.col("response_id"), tokens))
    parts: list[pl.DataFrame] = []
    first = good
    scores = [(c, v) for c, v in questions if c.field in SCORES]
    texts = [(c, v) for c, v in questions if c.field not in SCORES]
    unsaid = comment.is_not_null()
    for column, values in scores:
        here = good & values.is_not_null()
        parts.append(_part(plan, base, here, column, values, comment.set(~unsaid, None), properties))
        unsaid, first = unsaid & ~here, first & ~here
    if remark is not None:
        texts.insert(0, (remark, comment.set(~unsaid, None)))
    for column, values in texts:
        here = good & values.is_not_null()
        parts.append(_part(plan, base, here, column, values, None, properties.set(~first, None)))
        first = first & ~here
    silent = first
    for column in [c for c in plan.columns if c.field == "property" and c.unit == "choice"] if silent.any() else []:
        values = joined_options(column, frame) if column.labels else _known(tidy(frame[str(column.members[0])]), column)
        here = silent & values.is_not_null()
        parts.append(_part(plan, base, here, replace(column, field="choice"), values, None, properties.set(~first, None)))
        first = first & ~here
    invited = first & (base["invited_at"].is_not_null() | base["delivered"].is_not_null()) & base["answered_at"].is_null()
    if invited.any():
        sent = Column("invitation", "Invitation", "invitation", ())
        parts.append(_part(plan, base, invited, sent, None, None, properties))
        first = first & ~invited
    names = [*DATASETS["responses"].arrow.names, "key", "line"]
    table = pl.concat(parts).sort("line", maintain_order=True) if len(parts) > 1 else parts[0] if parts else None
    if table is None:
        table = _part(plan, base, nothing(frame.height), Column("", "", "text", ()), None, None, properties)
    return table.select(names), problems, int(first.sum())


def _known(cells: pl.Series, column: Column) -> pl.Series:
    return cells.set(cells.is_in(list(column.missing)), None) if column.missing else cells


def _any(masks: list[pl.Series], height: int) -> pl.Series:
    result = nothing(height)
    for mask in masks:
        result = result | mask.fill_null(False)
    return result


def joined_options(column: Column, frame: pl.DataFrame) -> pl.Series:
    """The options ticked, joined by "; ": a cell counts when it holds its option, free text, or a word for yes."""
    pieces = {}
    for label, index in zip(column.labels, column.members, strict=True):
        cells = tidy(frame[str(index)])
        low = cells.str.to_lowercase()
        no = low.is_in(["no", "n", "nein", "non", "não", "nao", "0", "false", "unchecked", "not selected", "not quoted", "n/a"])
        yes = low.is_in(["yes", "y", "ja", "oui", "si", "sí", "sim", "1", "true", "checked", "selected", "quoted", "x"])
        pieces[str(index)] = cells.set(no.fill_null(False), None).set(yes.fill_null(False), label)
    ticked = pl.DataFrame(pieces).select(pl.concat_str(pl.all(), separator="; ", ignore_nulls=True)).to_series()
    return ticked.set(ticked == "", None)


def _context(plan: Plan, frame: pl.DataFrame, problems: Problems) -> pl.DataFrame:
    """What all rows of a record share: who, when, which survey, and the breakdown columns."""
    height = frame.height
    types = DATASETS["responses"].arrow
    base = {name: repeated(None, height, pl.String, name) for name in (*PLAIN, "language")}
    base |= {name: repeated(None, height, pl.Datetime("us"), name) for name in ("invited_at", "answered_at")}
    base["delivered"] = repeated(None, height, pl.Boolean)
    email = None
    for column in plan.columns:
        if column.field in ("answered_at", "invited_at"):
            values, bad = moments(frame[str(column.members[0])], column.form, plan.zone, column.missing)
            problems.append((column, bad, "is no date as the rest of the column writes it"))
            base[column.field] = values
        elif column.field == "delivered":
            cells = tidy(frame[str(column.members[0])])
            low = cells.str.to_lowercase().str.replace_all("_", " ", literal=True).str.replace_all("-", " ", literal=True)
            base["delivered"] = low.replace_strict(list(DELIVERED), list(DELIVERED.values()), default=None, return_dtype=pl.Boolean)
        elif column.field == "language":
            base["language"] = tidy(frame[str(column.members[0])]).str.to_lowercase().str.slice(0, 2)
        elif column.field == "email":
            email = _known(tidy(frame[str(column.members[0])]), column).str.to_lowercase()
        elif column.field in PLAIN:
            base[column.field] = _known(tidy(frame[str(column.members[0])]), column)
    for name, value in plan.constants:
        if name in types.names and base[name].null_count() == height:
            base[name] = repeated(value, height, pl.String)
    if email is not None:
        base["customer_id"] = base["customer_id"].zip_with(base["customer_id"].is_not_null(), email)
    base["survey"] = base["survey"].fill_null(plan.survey)
    base["line"] = frame["line"]
    return pl.DataFrame({name: cells.alias(name) for name, cells in base.items()})


def _part(plan: Plan, base: pl.DataFrame, here: pl.Series, column: Column, values: pl.Series | None, comment: pl.Series | None, properties: pl.Series) -> pl.DataFrame:
    """The rows of one question, for the records where `here` holds."""
    kept = base.filter(here)
    scored_ = column.field in SCORES
    metric = "text" if column.field == "comment" else column.field
    cells = values.filter(here) if values is not None else None
    none = pl.lit(None, dtype=pl.String)
    return kept.select(
        pl.col("response_id"), pl.col("survey"), pl.col("survey_kind"), pl.lit(column.name).alias("question"), pl.lit(column.text or column.name).alias("question_text"),
        pl.lit(metric).alias("metric"), (cells.alias("score") if scored_ and cells is not None else pl.lit(None, dtype=pl.Float64).alias("score")),
        pl.lit(column.scale_min, dtype=pl.Float64).alias("scale_min"), pl.lit(column.scale_max, dtype=pl.Float64).alias("scale_max"),
        pl.lit(column.higher_is_better, dtype=pl.Boolean).alias("higher_is_better"),
        (cells.alias("answer") if not scored_ and cells is not None else none.alias("answer")),
        (comment.filter(here).alias("comment") if comment is not None else none.alias("comment")),
        *[pl.col(name) for name in ("customer_id", "segment", "persona", "channel", "touchpoint", "product", "team", "agent", "language", "country", "invited_at", "delivered", "answered_at")],
        properties.filter(here).alias("properties"), joined([kept["survey"], kept["response_id"], column.name]).alias("key"), pl.col("line"),
    )  # fmt: skip
